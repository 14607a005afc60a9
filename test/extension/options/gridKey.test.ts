import { describe, expect, it } from "vitest";
import { gridKey, type GridMove, gridMoved, type GridPlace, type GridPress } from "../../../extension/core/options/gridKey.ts";

const press = (key: string, modifiers: Partial<GridPress> = {}): GridPress => ({ key, ctrl: false, meta: false, shift: false, alt: false, ...modifiers });

describe("a key in the table of rules", () => {
  it.each([
    ["ArrowLeft", {}, "left"], ["ArrowRight", {}, "right"], ["ArrowUp", {}, "up"], ["ArrowDown", {}, "down"],
    ["PageUp", {}, "pageUp"], ["PageDown", {}, "pageDown"], ["Home", {}, "rowStart"], ["End", {}, "rowEnd"],
    ["Home", { ctrl: true }, "gridStart"], ["End", { ctrl: true }, "gridEnd"], ["End", { meta: true }, "gridEnd"],
  ] as const)("%s with %o moves %s", (key, modifiers, move) => {
    expect(gridKey(press(key, modifiers))).toEqual({ kind: "move", move });
  });

  it.each([["Enter", {}, "edit"], ["F2", {}, "edit"], ["Delete", {}, "remove"], ["z", { ctrl: true }, "undo"], ["z", { meta: true }, "undo"]] as const)(
    "%s with %o is %s", (key, modifiers, kind) => expect(gridKey(press(key, modifiers))).toEqual({ kind }));

  it.each([["a", {}], ["Tab", {}], ["Escape", {}], [" ", {}], ["ArrowDown", { alt: true }], ["ArrowDown", { shift: true }], ["z", { ctrl: true, shift: true }], ["f", { ctrl: true }]] as const)(
    "%s with %o is left to the browser", (key, modifiers) => expect(gridKey(press(key, modifiers))).toBeUndefined());
});

describe("a move in the table", () => {
  const size = { rows: 100, columns: 4, page: 10 };
  const at = (row: number, column: number): GridPlace => ({ row, column });
  it.each<[GridMove, GridPlace, GridPlace]>([
    ["left", at(5, 2), at(5, 1)], ["left", at(5, 0), at(5, 0)], ["right", at(5, 3), at(5, 3)],
    ["up", at(5, 2), at(4, 2)], ["up", at(0, 2), at(-1, 2)], ["up", at(-1, 2), at(-1, 2)], ["down", at(-1, 1), at(0, 1)], ["down", at(99, 1), at(99, 1)],
    ["pageDown", at(0, 1), at(9, 1)], ["pageDown", at(95, 1), at(99, 1)], ["pageUp", at(95, 1), at(86, 1)], ["pageUp", at(3, 1), at(0, 1)], ["pageUp", at(-1, 1), at(-1, 1)],
    ["rowStart", at(7, 3), at(7, 0)], ["rowEnd", at(7, 0), at(7, 3)], ["gridStart", at(7, 3), at(0, 0)], ["gridEnd", at(7, 0), at(99, 3)],
  ])("%s from %o leads to %o", (move, place, target) => expect(gridMoved(move, place, size)).toEqual(target));

  it("stays in the titles when there are no rows", () => {
    for (const move of ["gridStart", "gridEnd", "down", "pageDown"] as const) expect(gridMoved(move, at(-1, 0), { ...size, rows: 0 }).row).toBe(-1);
  });
});
