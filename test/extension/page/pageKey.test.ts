import { describe, expect, it } from "vitest";
import { pageKey, type PageKeyPress } from "../../../extension/core/page/pageKey.ts";

const plain: PageKeyPress = { key: "", code: "", ctrl: false, meta: false, shift: false, alt: false, repeat: false, composing: false, focus: "other" };
const press = (rest: Partial<PageKeyPress>) => pageKey({ ...plain, ...rest });

describe("pageKey", () => {
  it.each([
    [{ key: "1", code: "Digit1" }, { kind: "digit", digit: 1 }],
    [{ key: "0", code: "Digit0" }, { kind: "digit", digit: 0 }],
    [{ key: "7", code: "Numpad7" }, { kind: "digit", digit: 7 }],
    [{ key: "&", code: "Digit1" }, { kind: "digit", digit: 1 }],
    [{ key: "3", code: "" }, { kind: "digit", digit: 3 }],
    [{ key: "ArrowDown", code: "ArrowDown" }, { kind: "move", to: "next" }],
    [{ key: "ArrowUp", code: "ArrowUp", focus: "field" }, { kind: "move", to: "previous" }],
    [{ key: "Home", code: "Numpad7" }, { kind: "move", to: "first" }],
    [{ key: "r", code: "KeyR" }, { kind: "remember" }],
    [{ key: "R", code: "KeyR", shift: true }, { kind: "remember" }],
    [{ key: "/", code: "Digit7", shift: true }, { kind: "find" }],
    [{ key: "Enter", code: "Enter" }, { kind: "open" }],
    [{ key: "Enter", code: "Enter", focus: "field" }, { kind: "open" }],
    [{ key: "Escape", code: "Escape", focus: "field" }, { kind: "leave" }],
    [{ key: "Escape", code: "Escape", focus: "button" }, { kind: "leave" }],
  ] as const)("takes %j as %j", (rest, intent) => {
    expect(press(rest)).toEqual(intent);
  });

  it.each([
    { key: "1", code: "Digit1", ctrl: true },
    { key: "1", code: "Digit1", alt: true },
    { key: "1", code: "Digit1", focus: "field" },
    { key: "r", code: "KeyR", focus: "field" },
    { key: "r", code: "KeyR", repeat: true },
    { key: "r", code: "KeyR", meta: true },
    { key: "/", code: "Slash", focus: "field" },
    { key: "Home", code: "Home", focus: "field" },
    { key: "ArrowDown", code: "ArrowDown", shift: true },
    { key: "Enter", code: "Enter", focus: "button" },
    { key: "Enter", code: "Enter", repeat: true },
    { key: "Enter", code: "Enter", composing: true },
    { key: "x", code: "KeyX" },
  ] as const)("leaves %j to the page or the browser", (rest) => {
    expect(press(rest)).toBeUndefined();
  });
});
