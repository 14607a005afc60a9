import { type Move, moves } from "../popupKey.ts";

/** A key as it went down on a page that asks. */
export interface PageKeyPress {
  key: string;
  /** The key's place on the keyboard: where digits need Shift, their keys are meant all the same. */
  code: string;
  ctrl: boolean;
  meta: boolean;
  shift: boolean;
  alt: boolean;
  /** Held down and repeating. */
  repeat: boolean;
  /** An input method is composing: the key is its own. */
  composing: boolean;
  /** What has the focus: the field that finds projects, a button or a link, or anything else. */
  focus: "field" | "button" | "other";
}

export type PageIntent =
  | { kind: "move"; to: Move }
  | { kind: "digit"; digit: number }
  | { kind: "remember" }
  | { kind: "find" }
  | { kind: "open" }
  | { kind: "leave" };

/** What a key asks for; undefined leaves it to the field, the button or the browser. */
export function pageKey(press: PageKeyPress): PageIntent | undefined {
  if (press.composing || press.ctrl || press.meta || press.alt) return undefined;
  if (press.key === "Escape") return { kind: "leave" };
  if (press.key === "Enter") return press.focus === "button" || press.repeat ? undefined : { kind: "open" };
  const to = moves.get(press.key);
  // Beginning and end are of what is typed.
  if (to !== undefined && !press.shift && !(press.focus === "field" && (to === "first" || to === "last"))) return { kind: "move", to };
  if (press.focus === "field") return undefined;
  if (press.key === "/") return { kind: "find" };
  if (press.key === "r" || press.key === "R") return press.repeat ? undefined : { kind: "remember" };
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(press.code)?.[1] ?? /^\d$/.exec(press.key)?.[0];
  return digit === undefined ? undefined : { kind: "digit", digit: Number(digit) };
}
