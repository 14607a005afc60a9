import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileExpression } from "../../../shared/rules/compileExpression.ts";
import { decide } from "../../../shared/rules/decide.ts";
import { explain } from "../../../shared/rules/explain.ts";
import { formatPattern } from "../../../shared/rules/formatPattern.ts";
import { matches } from "../../../shared/rules/matches.ts";
import { parsePattern } from "../../../shared/rules/parsePattern.ts";
import { buildRules } from "../../../shared/rules/ruleIndex.ts";
import { rulesOf, siteText, urlText } from "./arbitraries.ts";
import { decideLinearly } from "./linearModel.ts";

const expressionText = fc.constantFrom(
  "/https://example\\.com/.*/", "/https?://(a|b\\.a)\\.example\\.com(:[0-9]+)?/.*/", "/.*/", "/.*/acme/", "!/.*acme-labs.*/", "!/http://.*/", "/https://[^/]*/[^/]*/",
);

describe("an expression", () => {
  it.each([
    ["/https://(dev|stage)-\\d+\\.acme\\.test/.*/", "https://dev-12.acme.test/x?y"],
    ["/https://example\\.com/.*\\?(.*&)?tenant=acme(&.*)?/", "https://Example.com.:443/x?a=b&tenant=acme#f"],
    ["/https://example\\.com/a/", "https://me:secret@example.com/%61"],
    ["/a|https://example\\.com/|b/", "https://example.com/"],
    ["/https://example\\.com/(?i)ACME/", "https://example.com/acme"],
    ["/^https://example\\.com/$/", "https://example.com/"],
    ["!/.*logout.*/", "https://example.com/logout"],
  ])("%s matches %s", (text, url) => {
    expect(matches(parsePattern(text), url)).toBe(true);
    expect(formatPattern(parsePattern(text))).toBe(text);
  });

  it.each([
    ["/example\\.com/", "https://example.com/"],
    ["/https://example\\.com/", "https://example.com/x"],
    ["/https://example\\.com/ACME/", "https://example.com/acme"],
    ["/https://example\\.com/.*/", "https://example.com.evil.test/"],
    ["/.*#token/", "https://example.com/#token"],
    ["/.*secret.*/", "https://me:secret@example.com/"],
    ["/.*/", "about:blank"],
    ["/.*/", `https://example.com/${"a".repeat(8192)}`],
  ])("%s does not match %s", (text, url) => {
    expect(matches(parsePattern(text), url)).toBe(false);
  });

  it.each(["[", "(a", "a**b)", "(?=a)", "(?!a)", "(?<=a)b", "(a)\\1", "a{1001}", "(a{500}){2}", "((((a{9}){9}){9}){9})", "\\", "a".repeat(1001)])("is refused: %s", (source) => {
    expect(() => parsePattern(`/${source}/`)).toThrow(expect.objectContaining({ code: "badPattern" }));
  });

  it.each(["(a+)+$", "(a|a)*$", "(a|aa)+$", "(.*)*x", "([a-z]+)*\\d", ".*.*.*.*.*x", "(.*a){20}x", ".*a.{200}x", "(x+x+)+y", "(.?){50}a{50}x"])("answers in time whatever the text: %s", (source) => {
    const test = compileExpression(source);
    for (const text of ["a".repeat(8000), "ab".repeat(4000), `${"a".repeat(8000)}!`, Array.from({ length: 8000 }, (_, at) => ((at * at * 31) % 7 < 3 ? "a" : "b")).join("")]) {
      const begin = performance.now();
      test(text);
      // A backtracking engine needs longer than the sun has; measured here: 0.02 to 220 ms.
      expect(performance.now() - begin).toBeLessThan(3000);
    }
  });

  it("loses to every host, and wins by its text", () => {
    const index = buildRules([
      { id: "0", project: "a", pattern: "/https://example\\.com/.*/", ask: false },
      { id: "1", project: "b", pattern: "*.com", ask: false },
      { id: "2", project: "c", pattern: "/.*/", ask: false },
    ]);
    expect(decide(index, "https://example.com/")).toMatchObject({ project: "b" });
    expect(decide(index, "https://example.test/")).toMatchObject({ project: "c" });
    expect(explain(index, "https://example.com/").verdicts.map(({ rule, outcome }) => [rule.project, outcome.kind, "by" in outcome && outcome.by])).toEqual([
      ["b", "wins", "host"],
      ["c", "loses", "host"],
      ["a", "loses", "host"],
    ]);
  });

  it("is decided like every other pattern", () => {
    fc.assert(
      fc.property(rulesOf(fc.oneof(siteText, expressionText)), fc.array(urlText, { minLength: 1, maxLength: 5 }), (list, urls) => {
        const index = buildRules(list);
        for (const url of urls) expect(decide(index, url)).toEqual(decideLinearly(list, url));
        for (const { id } of list) index.remove(id);
        expect(index.inclusions.expressions).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it("means what RegExp takes it for", () => {
    const source = fc.array(fc.constantFrom("a", "b", ".", "(", ")", "|", "*", "+", "?", "[ab]", "[^a]", "{2}", "\\.", "/"), { maxLength: 10 }).map((parts) => parts.join(""));
    const text = fc.string({ unit: fc.constantFrom("a", "b", ".", "/"), maxLength: 8 });
    fc.assert(
      fc.property(source, fc.array(text, { minLength: 1, maxLength: 5 }), (expression, texts) => {
        const plain = regExp(expression);
        let test: (text: string) => boolean;
        try {
          test = compileExpression(expression);
        } catch {
          return;
        }
        if (plain !== undefined) for (const one of texts) expect({ one, is: test(one) }).toEqual({ one, is: plain.test(one) });
      }),
      { numRuns: 2000 },
    );
  });
});

function regExp(source: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${source})$`);
  } catch {
    return undefined;
  }
}
