/** A key as it went down on the list's page. */
export interface KeyPress {
  key: string;
  ctrl: boolean;
  meta: boolean;
  shift: boolean;
  alt: boolean;
  /** Held down and repeating. */
  repeat: boolean;
  /** An input method is composing: the key is its own. */
  composing: boolean;
  /** In the field, rather than on a button. */
  inField: boolean;
  /** Nothing is selected and nothing follows the caret: Delete has nothing to delete. */
  caretAtEnd: boolean;
}

export type Move = "next" | "previous" | "first" | "last" | "pageDown" | "pageUp";

export type KeyIntent =
  | { kind: "move"; to: Move }
  | { kind: "choose"; bind: boolean }
  | { kind: "edit" }
  | { kind: "remove" }
  /** The tab's page in the highlighted project. */
  | { kind: "reopen" }
  /** A rule for the tab's page. */
  | { kind: "rule" }
  /** From whoever has the highlighted project checked out. */
  | { kind: "takeBack" }
  | { kind: "leave" };

export const moves: ReadonlyMap<string, Move> = new Map([
  ["ArrowDown", "next"],
  ["ArrowUp", "previous"],
  ["Home", "first"],
  ["End", "last"],
  ["PageDown", "pageDown"],
  ["PageUp", "pageUp"],
]);

/** What a key asks for; undefined leaves it to the field, the button or the browser. */
export function popupKey(press: KeyPress): KeyIntent | undefined {
  if (press.composing) return undefined;
  const command = press.ctrl || press.meta;
  if (press.alt) return press.key === "Enter" && press.inField && !press.shift && !command && !press.repeat ? { kind: "reopen" } : undefined;
  if (press.key === "Enter" && press.inField && !press.shift) {
    // Held down, Enter would answer the question that the first press raised.
    return press.repeat ? undefined : { kind: "choose", bind: command };
  }
  if (command || press.shift) return undefined;
  const to = moves.get(press.key);
  if (to) return { kind: "move", to };
  switch (press.key) {
    case "F2":
      return { kind: "edit" };
    case "F4":
      return { kind: "rule" };
    case "F8":
      return press.repeat ? undefined : { kind: "takeBack" };
    case "Delete":
      return (press.inField && !press.caretAtEnd) || press.repeat ? undefined : { kind: "remove" };
    case "Escape":
      return { kind: "leave" };
    default:
      return undefined;
  }
}

const pageLength = 8;

/** The place reached from `from` (−1: none) in a list of `length`; arrows go round, pages stop at the ends. */
export function movedTo(move: Move, from: number, length: number): number {
  if (length === 0) return -1;
  switch (move) {
    case "next":
      return (from + 1) % length;
    case "previous":
      return from <= 0 ? length - 1 : from - 1;
    case "first":
      return 0;
    case "last":
      return length - 1;
    case "pageDown":
      return Math.min(from + pageLength, length - 1);
    case "pageUp":
      return Math.max(from - pageLength, 0);
  }
}
