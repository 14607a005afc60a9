import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ProjectName } from "../../../shared/models.ts";
import { formatRulesText, type NamedRule, readRules } from "../../../shared/ruleFiles/index.ts";
import { withoutBlanks } from "../../../shared/ruleFiles/withoutBlanks.ts";
import { formatPattern } from "../../../shared/rules/formatPattern.ts";
import { matches } from "../../../shared/rules/matches.ts";
import { parsePattern } from "../../../shared/rules/parsePattern.ts";
import { siteText } from "../rules/arbitraries.ts";

const expressions = fc.constantFrom("/a b/", String.raw`/x\ y[ z]/`, String.raw`/\Qa b\E c/`, String.raw`/\Q\\E x/`, String.raw`/\\ \Q c/`, "!/.*#.*/", "/,/");
const name = fc.oneof(
  fc.constantFrom("acme", "Acme & Sons, Ltd", "# one", "?", "a  b", "/x/", "漢字 二", "x\u00A0y"),
  fc.string({ unit: "grapheme", maxLength: 64 }).filter((text) => ProjectName.safeParse(text).success),
);
const rules: fc.Arbitrary<NamedRule[]> = fc.uniqueArray(
  fc.record({
    project: name,
    pattern: fc.oneof({ weight: 4, arbitrary: siteText }, expressions).map((text) => withoutBlanks(formatPattern(parsePattern(text)))),
    ask: fc.boolean(),
  }),
  // Two names that a person would take for the same are one project's.
  { selector: ({ project, pattern }) => `${pattern} ${project.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC").trim()}`, maxLength: 20 },
);

describe("the rules text", () => {
  it("is read back as it was written", () => {
    fc.assert(
      fc.property(rules, (given) => {
        const text = formatRulesText(given);
        const read = readRules(text, { format: "rules" });
        expect(read).toMatchObject({ rules: given, skipped: [], notes: [] });
        expect(formatRulesText(read.rules)).toBe(text);
      }),
      { numRuns: 300 },
    );
  });

  it("has one blank before the project, whatever the pattern", () => {
    expect(formatRulesText([{ project: "Beta Two", pattern: "!/a b/", ask: true }])).toBe("?!/a\\x20b/ Beta Two\n");
  });

  it.each([
    ["a b", "a b", "ab"],
    [String.raw`a\ b`, "a b", String.raw`a\b`],
    ["[ x]+", " x ", "y"],
    [String.raw`\Qa b\E.c`, "a b.c", "a bc"],
    [String.raw`\Qa\ b`, String.raw`a\ b`, "a b"],
    [String.raw`\\ \Q\\E c`, String.raw`\ \ c`, String.raw`\ c`],
  ])("writes the blanks of /%s/ so that it matches the same", (source, yes, no) => {
    const written = withoutBlanks(`/${source}/`);
    expect(written).not.toContain(" ");
    const pattern = parsePattern(written);
    if (pattern.kind !== "expression") throw new Error("Expected an expression.");
    expect([pattern.matches(yes), pattern.matches(no)]).toEqual([true, false]);
  });

  it.each<[string, string, NamedRule | string]>([
    ["a rule", "example.com acme", { project: "acme", pattern: "example.com", ask: false }],
    ["another spelling", "  HTTPS://Example.COM./a/*\tAcme  and Sons \r", { project: "Acme  and Sons", pattern: "https://example.com/a", ask: false }],
    ["a question", "?example.com acme", { project: "acme", pattern: "example.com", ask: true }],
    ["a question apart", "? example.com acme", { project: "acme", pattern: "example.com", ask: true }],
    ["an exclusion", "!example.com acme", { project: "acme", pattern: "!example.com", ask: false }],
    ["an IPv6 host", "[::1]:3000 acme", { project: "acme", pattern: "[::1]:3000", ask: false }],
    ["no pattern", "? ", "Expected a pattern"],
    ["a bad pattern", "exa*mple.com acme", "Expected a * only"],
    ["a bad name", `example.com ${"x".repeat(65)}`, "cannot be a project's name"],
    ["an option for a name", "example.com --ask", "cannot be a project's name"],
    ["a query", "example.com/?token=cAnArY acme", "query"],
  ])("reads %s", (_what, line, expected) => {
    const read = readRules(line, { format: "rules", project: "home" });
    if (typeof expected === "string") {
      expect(read).toMatchObject({ rules: [], skipped: [{ line: 1, reason: expect.stringContaining(expected) as string }] });
      expect(JSON.stringify(read)).not.toContain("cAnArY");
    } else expect(read).toMatchObject({ rules: [expected], skipped: [] });
  });

  it("passes over comments and blank lines, and counts them as lines", () => {
    expect(readRules("\uFEFF# acme's\n\n   \na.test acme\n  # b\nnot/a*b acme\n")).toMatchObject({
      format: "rules",
      rules: [{ pattern: "a.test" }],
      skipped: [{ line: 6 }],
    });
  });

  it("gives a pattern alone to the project that is named, and skips it without one", () => {
    expect(readRules("a.test\nb.test beta", { project: "home" }).rules.map(({ project }) => project)).toEqual(["home", "beta"]);
    expect(readRules("a.test\nb.test beta")).toMatchObject({ rules: [{ project: "beta" }], skipped: [{ line: 1 }] });
  });

  it("takes the last of two rules of one pattern, and says so", () => {
    expect(readRules("a.test acme\n?A.test ACME")).toMatchObject({ rules: [{ project: "acme", pattern: "a.test", ask: true }], notes: [{ count: 1 }] });
  });

  it("names each bad line of ten thousand and keeps the rest", () => {
    const lines = Array.from({ length: 10_000 }, (_, at) => (at % 1000 === 999 ? "*bad*.test acme" : `host-${at}.test acme`));
    const read = readRules(lines.join("\n"));
    expect(read.rules).toHaveLength(9990);
    expect(read.skipped.map(({ line }) => line)).toEqual([1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 10_000]);
  });
});

describe("a list of patterns", () => {
  it.each([
    ["example.com", "example.com"],
    ["https://example.com/a?b=c#d", "https://example.com/a"],
    ["*.example.com", "*.example.com"],
    ["!example.com/x?y", "!example.com/x"],
    ["/https://x\\.test/\\?q=.*/", "/https://x\\.test/\\?q=.*/"],
    ["localhost:3000", "localhost:3000"],
  ])("reads %s as %s", (line, pattern) => {
    expect(readRules(line, { format: "list", project: "acme" })).toMatchObject({ rules: [{ project: "acme", pattern, ask: false }], skipped: [] });
  });

  it("says where only a part of an address was taken", () => {
    expect(readRules("https://a.test/?x=1\nb.test", { project: "acme" })).toMatchObject({ format: "list", notes: [{ count: 1 }] });
  });

  it("has every line of another kind named", () => {
    expect(readRules("a.test\nmailto:x@a.test\nhttps://me:cAnArY@a.test/", { project: "acme" }).skipped.map(({ line }) => line)).toEqual([2, 3]);
    expect(JSON.stringify(readRules("https://me:cAnArY@a.test/", { project: "acme" }))).not.toContain("cAnArY");
  });
});

it("matches the same with and without blanks", () => {
  expect(matches(parsePattern(withoutBlanks("/https://a b.*|https://x.test/.*/")), "https://x.test/")).toBe(true);
});
