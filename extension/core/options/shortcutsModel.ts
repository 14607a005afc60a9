import type { Fault } from "./optionsModel.ts";

/** A command of the manifest and the keys it has now, in Firefox's words ("Alt+Shift+P"); empty: none. */
export interface Shortcut {
  name: string;
  description: string;
  keys: string;
}

export interface ShortcutsModel {
  /** Undefined until Firefox has answered. */
  list: readonly Shortcut[] | undefined;
  /** The command that waits for keys. */
  capturing: string | undefined;
  /** What speaks against the keys last pressed, and for which command. */
  refused: { name: string; fault: Fault } | undefined;
}

export const firstShortcuts: ShortcutsModel = { list: undefined, capturing: undefined, refused: undefined };

export type ShortcutsEvent =
  | { to: "shortcuts"; kind: "capture"; name: string }
  | { to: "shortcuts"; kind: "cancel"; stay: boolean }
  | { to: "shortcuts"; kind: "pressed"; press: ShortcutPress }
  | { to: "shortcuts"; kind: "clear" | "reset"; name: string }
  | { to: "shortcuts"; kind: "changed" }
  | { to: "shortcuts"; kind: "openSettings" };

/** A key as it went down while a command waits for keys. */
export interface ShortcutPress {
  /** As KeyboardEvent has them. */
  key: string;
  code: string;
  ctrl: boolean;
  meta: boolean;
  shift: boolean;
  alt: boolean;
  mac: boolean;
}
