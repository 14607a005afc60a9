import { describe, expect, it } from "vitest";
import { type KeyPress, movedTo, popupKey } from "../../../extension/core/popupKey.ts";

const plain: KeyPress = {
  key: "", ctrl: false, meta: false, shift: false, alt: false, repeat: false, composing: false, inField: true, caretAtEnd: true,
};
const press = (key: string, rest: Partial<KeyPress> = {}) => popupKey({ ...plain, key, ...rest });

describe("popupKey", () => {
  it.each([
    ["Enter", {}, { kind: "choose", bind: false }],
    ["Enter", { ctrl: true }, { kind: "choose", bind: true }],
    ["Enter", { meta: true }, { kind: "choose", bind: true }],
    ["ArrowDown", {}, { kind: "move", to: "next" }],
    ["ArrowDown", { repeat: true }, { kind: "move", to: "next" }],
    ["ArrowUp", {}, { kind: "move", to: "previous" }],
    ["Home", {}, { kind: "move", to: "first" }],
    ["End", {}, { kind: "move", to: "last" }],
    ["PageDown", {}, { kind: "move", to: "pageDown" }],
    ["PageUp", {}, { kind: "move", to: "pageUp" }],
    ["F2", {}, { kind: "edit" }],
    ["F2", { inField: false }, { kind: "edit" }],
    ["Delete", {}, { kind: "remove" }],
    ["Delete", { inField: false, caretAtEnd: false }, { kind: "remove" }],
    ["Enter", { alt: true }, { kind: "reopen" }],
    ["F4", {}, { kind: "rule" }],
    ["F4", { inField: false }, { kind: "rule" }],
    ["F8", {}, { kind: "takeBack" }],
    ["F8", { inField: false }, { kind: "takeBack" }],
    ["Escape", {}, { kind: "leave" }],
  ] as const)("takes %s %j as %j", (key, rest, intent) => {
    expect(press(key, rest)).toEqual(intent);
  });

  it.each([
    ["a", {}],
    ["Enter", { inField: false }],
    ["Enter", { repeat: true }],
    ["Enter", { composing: true }],
    ["Enter", { shift: true }],
    ["Delete", { caretAtEnd: false }],
    ["Delete", { repeat: true }],
    ["Home", { shift: true }],
    ["ArrowDown", { alt: true }],
    ["Enter", { alt: true, repeat: true }],
    ["Enter", { alt: true, ctrl: true }],
    ["Enter", { alt: true, inField: false }],
    ["F4", { alt: true }],
    ["F4", { ctrl: true }],
    ["F8", { alt: true }],
    ["F8", { shift: true }],
    ["F8", { repeat: true }],
    ["ArrowUp", { ctrl: true }],
    ["Escape", { composing: true }],
  ] as const)("leaves %s %j to the field or the browser", (key, rest) => {
    expect(press(key, rest)).toBeUndefined();
  });
});

describe("movedTo", () => {
  it.each([
    ["next", 0, 1],
    ["next", 19, 0],
    ["next", -1, 0],
    ["previous", 0, 19],
    ["previous", -1, 19],
    ["first", 7, 0],
    ["last", 7, 19],
    ["pageDown", 3, 11],
    ["pageDown", 15, 19],
    ["pageUp", 3, 0],
    ["pageUp", 12, 4],
  ] as const)("goes %s from %i of 20 to %i", (move, from, to) => {
    expect(movedTo(move, from, 20)).toBe(to);
  });

  it("goes nowhere in an empty list", () => {
    expect(movedTo("next", -1, 0)).toBe(-1);
  });
});
