import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readRules } from "../../../shared/ruleFiles/index.ts";
import { convertContainerise } from "../../../shared/ruleFiles/containerisePattern.ts";
import { anywhere, foreignSyntax, withinHost } from "../../../shared/ruleFiles/portableExpression.ts";
import { matches } from "../../../shared/rules/matches.ts";
import { parsePattern } from "../../../shared/rules/parsePattern.ts";

describe("a pattern of Containerise's", () => {
  it.each([
    ["amazon.co.uk", "amazon.co.uk"],
    ["*.example.com", "*.example.com"],
    ["github.com/acme", "github.com/acme"],
    ["github.com/acme/*", "github.com/acme/*"],
    ["!*.amazon.co.uk", "*.amazon.co.uk"],
    ["!*amazon.co.uk", "*.amazon.co.uk"],
    ["!duckduckgo.com", "*.duckduckgo.com"],
    ["!*://*.example.com/*", "*.example.com/*"],
    ["!https://*.example.com/team/*", "https://*.example.com/team/*"],
    ["!*.example.com/team", "*.example.com/team"],
    ["!127.0.0.1:8080", "127.0.0.1:8080"],
    ["!google.*", String.raw`/.*google\..*/`],
    ["!*google.co*", String.raw`/.*google\.co.*/`],
    ["!*.example.com/team*", String.raw`/.*\.example\.com/team.*/`],
    ["!app-?.example.com", String.raw`/.*app-.?\.example\.com.*/`],
    [String.raw`@^https://foo\.com/.*$`, String.raw`/https://foo\.com/.*/`],
    [String.raw`@example\.(com|org)/`, String.raw`/.*example\.(com|org)/.*/`],
    [String.raw`@^https://a\.test|b\.test`, String.raw`/.*(?:^https://a\.test|b\.test).*/`],
    [String.raw`@.+\.amazon\.co\.uk$`, String.raw`/https?://[^/]+\.amazon\.co\.uk/.*/`],
  ])("%s becomes %s", (given, pattern) => {
    const converted = convertContainerise(given);
    expect(converted).toMatchObject({ kind: "pattern", pattern });
    parsePattern(pattern);
  });

  it.each([
    ["!(foo|bar).example.com", "regular expression"],
    ["@", "no expression"],
    [String.raw`@(a)\1`, "back-reference"],
    [String.raw`@\Qx\E`, "letter"],
    ["@[[:alpha:]]", "class by name"],
    [String.raw`@\S+\.example\.com$`, "host alone"],
    ["/example.com/", "before the path"],
  ])("%s is refused", (given, reason) => {
    expect(convertContainerise(given)).toMatchObject({ kind: "refused", reason: expect.stringContaining(reason) as string });
  });

  it("takes an expression for the host's where its setting says so", () => {
    expect(convertContainerise("@example", { hostOnly: true })).toEqual({ kind: "pattern", pattern: "/https?://[^/]*example[^/]*/.*/" });
    expect(convertContainerise("@example$", { hostOnly: false })).toEqual({ kind: "pattern", pattern: "/.*example/" });
  });

  it("does not match hosts that only look alike, as Containerise does", () => {
    const converted = convertContainerise("!*.example.com");
    if (converted.kind === "refused") throw new Error(converted.reason);
    const pattern = parsePattern(converted.pattern);
    expect(["https://example.com/", "https://a.example.com/", "https://notexample.com/", "https://evil.test/?x.example.com"].map((url) => matches(pattern, url)))
      .toEqual([true, true, false, false]);
  });
});

describe("an expression of JavaScript's", () => {
  const atom = fc.constantFrom("a", "b", String.raw`\.`, ".", String.raw`\d`, String.raw`\w`, "[ab.-]", "[^a]", "(a|b)", "(?:b)", ":", "x", String.raw`\b`);
  const body = fc.array(fc.tuple(atom, fc.constantFrom("", "", "", "*", "+", "?", "+?")).map(([one, times]) => (one === String.raw`\b` ? one : one + times)), { minLength: 1, maxLength: 6 });
  const source = fc
    .record({ begin: fc.constantFrom("", "^", "^https?://", "/"), body, choice: fc.constantFrom("", "", "|b", "|^x"), end: fc.constantFrom("", "$", "/", "/.*", ".*$", String.raw`\$`) })
    .map((parts) => parts.begin + parts.body.join("") + parts.choice + parts.end);
  const url = fc
    .record({ scheme: fc.constantFrom("http", "https"), host: fc.constantFrom("a.test", "ab.test", "x.b", "b-a.x", "1a.b:8080"), path: fc.constantFrom("/", "/a", "/b.x/a", "/x.a?b=a.b", "/a:1") })
    .map(({ scheme, host, path }) => `${scheme}://${host}${path}`);

  it("matches the same addresses as there", () => {
    fc.assert(
      fc.property(source, url, (text, address) => {
        fc.pre(foreignSyntax(text) === undefined);
        expect(matches(parsePattern(`/${anywhere(text)}/`), address)).toBe(new RegExp(text).test(address));
      }),
      { numRuns: 1000 },
    );
  });

  it("matches by the host alone as there", () => {
    let held = 0;
    fc.assert(
      fc.property(source, url, (text, address) => {
        const within = withinHost(text);
        if (within === undefined || foreignSyntax(text) !== undefined) return;
        held++;
        expect(matches(parsePattern(`/${within}/`), address)).toBe(new RegExp(text).test(new URL(address).host));
      }),
      { numRuns: 1000 },
    );
    expect(held).toBeGreaterThan(100);
  });
});

describe("Containerise's CSV", () => {
  it("is recognised, and gives rules by the containers' names", () => {
    const text = "# mine\namazon.co.uk , Shopping\n!*.bank.test, My Bank\nx.test,Shopping\n";
    expect(readRules(text)).toMatchObject({
      format: "containerise",
      rules: [
        { project: "Shopping", pattern: "amazon.co.uk", ask: false },
        { project: "My Bank", pattern: "*.bank.test", ask: false },
        { project: "Shopping", pattern: "x.test", ask: false },
      ],
      skipped: [],
      notes: [{ count: 1 }],
    });
  });

  it("keeps commas within a pattern", () => {
    expect(readRules("@a{1,2}b, Shopping", { format: "containerise" }).rules).toEqual([{ project: "Shopping", pattern: "/.*a{1,2}b.*/", ask: false }]);
  });

  it.each([
    ["no comma", "amazon.co.uk Shopping", "expected a pattern, a comma"],
    ["no container", "amazon.co.uk,", "expected a pattern, a comma"],
    ["no pattern", ", Shopping", "expected a pattern, a comma"],
    ["the container No Container", "amazon.co.uk, No Container", "no container at all"],
    ["a star within", "www.*.com, Shopping", "Expected a * only"],
    ["look-ahead", "@(?=x), Shopping", "regular expression"],
  ])("names a line with %s", (_what, line, reason) => {
    expect(readRules(line, { format: "containerise" })).toMatchObject({ rules: [], skipped: [{ line: 1, reason: expect.stringContaining(reason) as string }] });
  });

  it("says that paths are compared by case", () => {
    expect(readRules("github.com/acme, Work\ngithub.com, Work").notes).toEqual([{ reason: expect.stringContaining("lower case") as string, count: 1 }]);
  });
});

describe("Containerise's storage", () => {
  it("names containers by what the storage says", () => {
    const storage = {
      "map=a.test": { host: "a.test", cookieStoreId: "firefox-container-1", containerName: "Work", enabled: true },
      "map=b.test": { host: "b.test", cookieStoreId: "firefox-default", enabled: true },
      "map=c.test": { host: "c.test", cookieStoreId: "firefox-container-9" },
      "map=d.test": null,
      "pref=keepOldTabs": { key: "keepOldTabs", value: true },
    };
    const read = readRules(JSON.stringify(storage, null, 2));
    expect(read).toMatchObject({ format: "containerise", rules: [{ project: "Work", pattern: "a.test", ask: false }] });
    expect(read.skipped).toEqual([
      { line: 8, reason: expect.stringContaining("no container at all") as string },
      { line: 13, reason: expect.stringContaining("c.test") as string },
      { line: 17, reason: expect.stringContaining("d.test") as string },
    ]);
  });
});
