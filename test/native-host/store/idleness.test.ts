import { describe, expect, it } from "vitest";
import { idleAt, isIdle, isWorthStamping } from "../../../native-host/store/idleness.ts";

const minute = 60_000;

describe("a vault that locks itself after ten minutes", () => {
  const lockAfter = 10 * minute;
  const used = 1000 * minute;

  it.each([
    ["a minute later", 1001, false],
    ["just before", 1009.999, false],
    ["on time", 1010, true],
    ["much later, after a sleep", 9000, true],
    ["before the last use, by a clock that was put back a little", 995, false],
    ["before the last use, by a clock that was put back by as much", 990, true],
  ])("is idle: %s", (_, at, expected) => {
    expect(isIdle({ lockAfter, used }, at * minute)).toBe(expected);
  });

  it("records a use now and then, not each one", () => {
    expect(isWorthStamping({ lockAfter, used }, used + 9_999)).toBe(false);
    expect(isWorthStamping({ lockAfter, used }, used + 10_000)).toBe(true);
    expect(isWorthStamping({ lockAfter, used: null }, used)).toBe(true);
    expect(isWorthStamping({ lockAfter: null, used }, used + lockAfter)).toBe(false);
  });

  it("says when", () => {
    expect(idleAt({ lockAfter, used })).toBe(1010 * minute);
    expect([idleAt({ lockAfter: null, used }), isIdle({ lockAfter: null, used: 0 }, used)]).toEqual([null, false]);
  });
});
