import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "../../../shared/rules/decide.ts";
import type { Rule } from "../../../shared/rules/rule.ts";
import { buildRules } from "../../../shared/rules/ruleIndex.ts";
import { rulesOf, siteText, urlText } from "./arbitraries.ts";
import { decideLinearly } from "./linearModel.ts";

/** Rules of one-letter projects: `"a example.com"`, with `ask` behind it where it asks. The id is the rule's place. */
function rules(...lines: string[]): Rule[] {
  return lines.map((line, place) => {
    const [project = "", pattern = "", ask] = line.split(" ");
    return { id: String(place), project, pattern, ask: ask === "ask" };
  });
}

/** The projects a URL may open in, or the kind of decision where there is none. */
function outcome(list: readonly Rule[], url: string): string {
  const decision = decide(buildRules(list), url);
  switch (decision.kind) {
    case "none":
    case "excluded":
      return decision.kind;
    case "project":
      return decision.project;
    case "ask":
      return `ask ${decision.projects.join(" ")}`;
  }
}

const org = rules(
  "a github.com", "b github.com/acme", "c github.com/acme/site", "d *.github.com", "e https://github.com", "f github.com:8443", "g *.com", "h *.gist.github.com/x",
);
const ports = rules("a localhost:3000", "b localhost:5170-5179", "c localhost", "d localhost:5175", "e localhost:5174-5176", "f 10.0.0.1:18080", "g http://localhost:3000");
const cut = rules(
  "a *.example.com", "a !blog.example.com", "b *.com", "a !https://example.com/private", "c blog.example.com/c", "a blog.example.com/a", "c !*.example.com:8443",
);
const shared = rules("b example.com", "a example.com", "a !example.com/b", "c ask.test ask", "d twice.test", "d twice.test", "e *.ask.test", "f half.test", "f half.test ask");

describe("decide", () => {
  it.each([
    [org, "https://github.com/", "e"],
    [org, "http://github.com/", "a"],
    [org, "https://github.com:8443/", "f"],
    [org, "https://github.com/acme/x", "b"],
    [org, "https://github.com/acme/site/", "c"],
    [org, "https://github.com/acme-labs", "e"],
    [org, "https://api.github.com/acme", "d"],
    [org, "https://gist.github.com/y", "d"],
    [org, "https://a.gist.github.com/x", "h"],
    [org, "https://notgithub.com/acme", "g"],
    [org, "https://github.com.evil.test/acme", "none"],
    [ports, "http://localhost:3000/", "g"],
    [ports, "https://localhost:3000/", "a"],
    [ports, "http://localhost:5170/", "b"],
    [ports, "http://localhost:5174/", "e"],
    [ports, "http://localhost:5175/", "d"],
    [ports, "http://localhost/", "c"],
    [ports, "http://10.0.0.1:18080/", "f"],
    [ports, "http://10.0.0.11:8080/", "none"],
    [cut, "https://www.example.com/", "a"],
    [cut, "https://blog.example.com/", "b"],
    [cut, "https://blog.example.com/a", "b"],
    [cut, "https://blog.example.com/c", "c"],
    [cut, "https://blog.example.com:8443/c", "b"],
    [cut, "https://example.com/private/x", "b"],
    [cut, "http://example.com/private/x", "a"],
    [shared, "https://example.com/", "ask b a"],
    [shared, "https://example.com/b/x", "b"],
    [shared, "https://ask.test/", "ask c"],
    [shared, "https://twice.test/", "d"],
    [shared, "https://half.test/", "ask f"],
    [rules("a *.example.com", "a !example.com/x"), "https://example.com/x", "excluded"],
    [rules("a !example.com"), "https://example.com/", "none"],
    [rules("a example.com"), "about:blank", "none"],
    [rules("a example.com"), "moz-extension://example.com/", "none"],
    [rules("a example.com"), "no URL", "none"],
    [[], "https://example.com/", "none"],
  ])("of %# sends %s to %s", (list, url, expected) => {
    expect(outcome(list, url)).toBe(expected);
  });

  it("names the rule, the rules to choose from, and the exclusions", () => {
    const [first, second, third, , , , , ...others] = shared;
    const choice = decide(buildRules([third, second, ...others, first].filter((rule) => rule !== undefined)), "https://example.com/");
    expect(choice).toEqual({ kind: "ask", projects: ["b", "a"], rules: [first, second] });
    const [rule, exclusion] = rules("a example.com", "a !*.example.com");
    expect(decide(buildRules(rules("a example.com")), "https://example.com/")).toEqual({ kind: "project", project: "a", rule });
    expect(decide(buildRules(rules("a example.com", "a !*.example.com")), "https://example.com/")).toEqual({ kind: "excluded", rules: [exclusion] });
  });

  it("is what trying every rule in turn gives, in whatever order they came", () => {
    fc.assert(
      fc.property(rulesOf(siteText).chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))), fc.array(urlText, { minLength: 1, maxLength: 8 }), ([list, shuffled], urls) => {
        const index = buildRules(shuffled);
        for (const url of [...urls, ...urls]) expect(decide(index, url)).toEqual(decideLinearly(list, url));
      }),
      { numRuns: 1500 },
    );
  });

  it("does not depend on what was added and removed on the way", () => {
    fc.assert(
      fc.property(rulesOf(siteText), rulesOf(siteText), fc.array(urlText, { maxLength: 6 }), (kept, gone, urls) => {
        const index = buildRules(gone);
        for (const url of urls) decide(index, url);
        for (const rule of kept) index.add(rule);
        for (const { id } of gone) expect(index.remove(id)).toBe(true);
        expect(index.rules.size).toBe(kept.length);
        for (const url of urls) expect(decide(index, url)).toEqual(decideLinearly(kept, url));
      }),
      { numRuns: 300 },
    );
  });
});

describe("RuleIndex", () => {
  it("puts a rule in the place of the one with its id", () => {
    const index = buildRules(rules("a example.com"));
    index.add({ id: "0", project: "b", pattern: "other.test", ask: false });
    expect(decide(index, "https://example.com/")).toEqual({ kind: "none" });
    expect(decide(index, "https://other.test/")).toMatchObject({ project: "b" });
    expect(index.rules.size).toBe(1);
  });

  it("keeps nothing of a rule that was removed", () => {
    const list = rules("a example.com:80/x/y", "a !*.example.com", "b *.example.com:1-2/x", "b example.com", "a !example.com/z");
    const index = buildRules(list);
    for (const { id } of list) expect(index.remove(id)).toBe(true);
    expect(index.remove("0")).toBe(false);
    expect(index.inclusions.exact.size + index.inclusions.below.size + index.exclusions.size + index.rules.size).toBe(0);
  });

  it("goes on without a rule it cannot read, and says why", () => {
    const list = rules("a gopher://example.com", "b example.com");
    const index = buildRules(list);
    expect([...index.refused]).toEqual([["0", expect.objectContaining({ code: "badPattern" })]]);
    expect(decide(index, "https://example.com/")).toMatchObject({ project: "b" });
    expect(index.remove("0")).toBe(true);
    expect(index.refused.size).toBe(0);
  });

  it("remembers a bounded number of origins, and none with a password", () => {
    const index = buildRules(rules("a *.example.com"));
    for (let host = 0; host < 2000; host++) decide(index, `https://h${host}.example.com/?token=1`);
    decide(index, "https://me:secret@example.com/");
    expect(index.origins.size).toBeLessThanOrEqual(512);
    expect([...index.origins.keys()].filter((key) => !/^https:\/\/h\d+\.example\.com$/.test(key))).toEqual([]);
  });
});
