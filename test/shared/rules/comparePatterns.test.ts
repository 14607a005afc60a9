import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { comparePatterns, decisiveCriterion } from "../../../shared/rules/comparePatterns.ts";
import { formatPattern } from "../../../shared/rules/formatPattern.ts";
import { parsePattern } from "../../../shared/rules/parsePattern.ts";
import { siteText } from "./arbitraries.ts";

const compare = (a: string, b: string): number => Math.sign(comparePatterns(parsePattern(a), parsePattern(b)));

describe("comparePatterns", () => {
  it.each([
    ["example.com", "*.example.com/a/b/c", "host"],
    ["*.a.example.com", "*.example.com/a/b", "host"],
    ["example.com/a/b", "https://example.com:443/a", "path"],
    ["example.com:3000", "https://example.com:3000-3001", "port"],
    ["example.com:3000-3001", "https://example.com:3000-3002", "port"],
    ["example.com:3000-3001", "https://example.com:3001-3002", "port"],
    ["example.com:1-65535", "https://example.com", "port"],
    ["https://example.com", "example.com", "scheme"],
    ["http://example.com", "https://example.com", "text"],
    ["!example.com", "example.com", "text"],
  ] as const)("puts %s before %s for the %s", (first, second, by) => {
    expect(compare(first, second)).toBe(-1);
    expect(compare(second, first)).toBe(1);
    expect(decisiveCriterion(parsePattern(first), parsePattern(second))).toBe(by);
  });

  it("is a total order in which only equal patterns are level", () => {
    fc.assert(
      fc.property(siteText, siteText, siteText, (a, b, c) => {
        expect(compare(a, b)).toBe(0 - compare(b, a));
        expect(compare(a, b) === 0).toBe(formatPattern(parsePattern(a)) === formatPattern(parsePattern(b)));
        const [x = "", y = "", z = ""] = [a, b, c].sort(compare);
        expect([compare(x, y), compare(y, z), compare(x, z)].every((order) => order <= 0)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
