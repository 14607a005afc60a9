import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isQuiet, scanDelay, type Watched } from "../../../../extension/core/pageStorage/scanDelay.ts";

const minute = 60_000;

describe("scanDelay", () => {
  it.each<[string, Watched, number]>([
    ["looks every second", { visible: true, costMs: 1, quietMs: 0 }, 1000],
    ["looks every second at what is in front, however quiet", { visible: true, costMs: 1, quietMs: 60 * minute }, 1000],
    ["looks every second behind others, for five minutes", { visible: false, costMs: 1, quietMs: 5 * minute }, 1000],
    ["looks seldom at what is behind and has long been quiet", { visible: false, costMs: 1, quietMs: 5 * minute + 1 }, 10_000],
    ["waits twenty times what a look took", { visible: true, costMs: 200, quietMs: 0 }, 4000],
    ["waits so long too where it looks seldom", { visible: false, costMs: 1000, quietMs: 6 * minute }, 20_000],
  ])("%s", (_title, watched, expected) => {
    expect(scanDelay(watched)).toBe(expected);
    expect(isQuiet(watched)).toBe(expected >= 10_000);
  });

  it("never takes more than a twentieth of the page's time", () => {
    const any = fc.record({ visible: fc.boolean(), costMs: fc.double({ min: 0, max: 1e6, noNaN: true }), quietMs: fc.double({ min: 0, max: 1e9, noNaN: true }) });
    fc.assert(
      fc.property(any, (watched) => {
        const delay = scanDelay(watched);
        return delay >= 1000 && watched.costMs / delay <= 1 / 20;
      }),
    );
  });
});
