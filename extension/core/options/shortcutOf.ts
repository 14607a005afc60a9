import type { ShortcutPress } from "./shortcutsModel.ts";

export type ReadShortcut =
  /** In Firefox's words. */
  | { kind: "keys"; keys: string }
  /** Only modifiers so far. */
  | { kind: "pending" }
  /** The name of the message that says what is missing. */
  | { kind: "refused"; why: "optionsKeysNeedModifier" | "optionsKeyUnusable" };

/** The pressed keys as the manifest's `commands` writes them (MDN: commands, "Shortcut values"). */
export function shortcutOf(press: ShortcutPress): ReadShortcut {
  if (["Control", "Shift", "Alt", "Meta", "AltGraph", "OS"].includes(press.key)) return { kind: "pending" };
  const key = keyName(press);
  if (key === undefined) return { kind: "refused", why: "optionsKeyUnusable" };
  // On a Mac "Ctrl" is the Command key, and "MacCtrl" the Control key.
  const modifiers = press.mac
    ? [press.meta && "Command", press.ctrl && "MacCtrl", press.alt && "Alt"]
    : [press.ctrl && "Ctrl", press.alt && "Alt"];
  const main = modifiers.filter((one) => one !== false);
  if (main.length === 0 && (press.shift || !/^F\d+$/.test(key))) return { kind: "refused", why: "optionsKeysNeedModifier" };
  if (!press.mac && press.meta) return { kind: "refused", why: "optionsKeyUnusable" };
  if (main.length + Number(press.shift) > 2) return { kind: "refused", why: "optionsKeyUnusable" };
  return { kind: "keys", keys: [...main, ...(press.shift ? ["Shift"] : []), key].join("+") };
}

const named: Readonly<Record<string, string>> = {
  Comma: "Comma", Period: "Period", Home: "Home", End: "End", PageUp: "PageUp", PageDown: "PageDown", Space: "Space",
  Insert: "Insert", Delete: "Delete", ArrowUp: "Up", ArrowDown: "Down", ArrowLeft: "Left", ArrowRight: "Right",
};

function keyName({ key, code }: ShortcutPress): string | undefined {
  // Letters by what is written on the key; digits and signs by their place: with Shift they write something else.
  if (/^[a-z]$/i.test(key)) return key.toUpperCase();
  const digit = /^Digit(\d)$/.exec(code)?.[1];
  if (digit !== undefined) return digit;
  if (/^F(?:[1-9]|1\d)$/.test(key)) return key;
  if (key === "," || key === ".") return key === "," ? "Comma" : "Period";
  return named[code] ?? letterOf(code);
}

/** With Alt a Mac writes a sign instead of the letter. */
function letterOf(code: string): string | undefined {
  return /^Key([A-Z])$/.exec(code)?.[1];
}
