import { describe, expect, it } from "vitest";
import { shortcutOf } from "../../../extension/core/options/shortcutOf.ts";
import type { ShortcutPress } from "../../../extension/core/options/shortcutsModel.ts";

const press = (key: string, code: string, held = "", mac = false): ShortcutPress => ({
  key, code, ctrl: held.includes("c"), meta: held.includes("m"), shift: held.includes("s"), alt: held.includes("a"), mac,
});

describe("pressed keys as a shortcut", () => {
  it.each([
    [press("P", "KeyP", "as"), "Alt+Shift+P"],
    [press("p", "KeyP", "c"), "Ctrl+P"],
    [press("!", "Digit1", "as"), "Alt+Shift+1"],
    [press(">", "Period", "as"), "Alt+Shift+Period"],
    [press(",", "Comma", "c"), "Ctrl+Comma"],
    [press("ArrowUp", "ArrowUp", "ca"), "Ctrl+Alt+Up"],
    [press(" ", "Space", "cs"), "Ctrl+Shift+Space"],
    [press("F8", "F8"), "F8"],
    [press("F8", "F8", "cs"), "Ctrl+Shift+F8"],
    [press("p", "KeyP", "m", true), "Command+P"],
    [press("p", "KeyP", "cs", true), "MacCtrl+Shift+P"],
    [press("π", "KeyP", "ma", true), "Command+Alt+P"],
  ])("%o are %s", (pressed, keys) => expect(shortcutOf(pressed)).toEqual({ kind: "keys", keys }));

  it.each(["Control", "Shift", "Alt", "Meta"])("waits for more after %s", (key) => expect(shortcutOf(press(key, key, "c"))).toEqual({ kind: "pending" }));

  it.each([
    [press("p", "KeyP"), "optionsKeysNeedModifier"],
    [press("P", "KeyP", "s"), "optionsKeysNeedModifier"],
    [press("F8", "F8", "s"), "optionsKeysNeedModifier"],
    [press("p", "KeyP", "m"), "optionsKeysNeedModifier"],
    [press("p", "KeyP", "cm"), "optionsKeyUnusable"],
    [press("P", "KeyP", "cas"), "optionsKeyUnusable"],
    [press("Enter", "Enter", "c"), "optionsKeyUnusable"],
    [press("ü", "BracketLeft", "c"), "optionsKeyUnusable"],
  ])("%o are refused: %s", (pressed, why) => expect(shortcutOf(pressed)).toEqual({ kind: "refused", why }));
});
