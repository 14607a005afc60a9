import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rowHeight, ruleWindow } from "../../../extension/core/options/ruleWindow.ts";

describe("the rows that are drawn", () => {
  it("hold every row in sight and few others, wherever one scrolls", () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.integer({ min: 0, max: 2000 }), fc.nat(4_000_000), (rows, height, wanted) => {
        const top = Math.min(wanted, Math.max(0, rows * rowHeight - height));
        const { first, end } = ruleWindow({ top, height }, rows);
        const seen = { first: Math.floor(top / rowHeight), end: Math.min(rows, Math.ceil((top + height) / rowHeight)) };
        expect(first).toBeLessThanOrEqual(seen.first);
        expect(end).toBeGreaterThanOrEqual(seen.end);
        expect(end - first).toBeLessThanOrEqual(height / rowHeight + 14);
        expect(first).toBeGreaterThanOrEqual(0);
        expect(end).toBeLessThanOrEqual(rows);
      }),
    );
  });

  it("are still some when the list has become shorter than the place scrolled to", () => {
    expect(ruleWindow({ top: 360_000, height: 360 }, 20)).toEqual({ first: 13, end: 20 });
  });
});
