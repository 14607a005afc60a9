import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "../../../shared/rules/decide.ts";
import { explain, type Outcome } from "../../../shared/rules/explain.ts";
import { matches } from "../../../shared/rules/matches.ts";
import { parsePattern } from "../../../shared/rules/parsePattern.ts";
import type { Rule } from "../../../shared/rules/rule.ts";
import { buildRules } from "../../../shared/rules/ruleIndex.ts";
import { rulesOf, siteText, urlText } from "./arbitraries.ts";

function rules(...lines: string[]): Rule[] {
  return lines.map((line, place) => {
    const [project = "", pattern = ""] = line.split(" ");
    return { id: String(place), project, pattern, ask: false };
  });
}

/** One line for each verdict: the pattern, then the outcome. */
function told(list: readonly Rule[], url: string, options?: { misses: number }): string[] {
  return explain(buildRules(list), url, options).verdicts.map(({ rule, outcome }) => `${rule.project} ${rule.pattern} ${words(outcome)}`);
}

function words(outcome: Outcome): string {
  switch (outcome.kind) {
    case "wins":
      return `wins by ${outcome.by ?? "itself"}`;
    case "loses":
      return `loses to ${outcome.to.pattern} by ${outcome.by}`;
    case "excluded":
      return `excluded by ${outcome.by.pattern}`;
    case "excludes":
      return "excludes";
    case "misses":
      return `misses at ${outcome.at}`;
  }
}

describe("explain", () => {
  it("tells what set the winner above each of the others, and what the others of the host miss", () => {
    const list = rules("a *.github.com", "b github.com/acme", "c github.com", "d github.com/acme-labs", "e github.com:8443", "f http://github.com", "g *.gitlab.com", "h !github.com/x");
    expect(told(list, "https://github.com/acme/site?x#y")).toEqual([
      "b github.com/acme wins by path",
      "c github.com loses to github.com/acme by path",
      "a *.github.com loses to github.com/acme by host",
      "d github.com/acme-labs misses at path",
      "e github.com:8443 misses at port",
      "f http://github.com misses at scheme",
    ]);
    expect(told(list, "https://github.com/acme", { misses: 1 })).toHaveLength(4);
  });

  it("tells what an exclusion took away and who has it instead", () => {
    expect(told(rules("a blog.example.com", "a !*.example.com/p", "b *.example.com"), "https://blog.example.com/p")).toEqual([
      "a blog.example.com excluded by !*.example.com/p",
      "b *.example.com wins by itself",
      "a !*.example.com/p excludes",
    ]);
  });

  it("lets several rules win when the user is asked", () => {
    expect(told(rules("a example.com", "b example.com", "c *.com"), "https://example.com/")).toEqual([
      "a example.com wins by host",
      "b example.com wins by host",
      "c *.com loses to example.com by host",
    ]);
  });

  it("has nothing to tell of what is no http or https URL", () => {
    expect(explain(buildRules(rules("a example.com")), "about:config")).toEqual({ url: undefined, decision: { kind: "none" }, verdicts: [] });
  });

  it("agrees with the decision, and names every rule that matches once", () => {
    fc.assert(
      fc.property(rulesOf(siteText), urlText, (list, url) => {
        const index = buildRules(list);
        const { decision, verdicts } = explain(index, url);
        expect(decision).toEqual(decide(index, url));
        const winners = verdicts.filter(({ outcome }) => outcome.kind === "wins").map(({ rule }) => rule);
        if (decision.kind === "ask") expect(winners).toEqual(decision.rules);
        else if (decision.kind === "project") expect(winners[0]).toEqual(decision.rule);
        else expect(winners).toEqual([]);
        const named = verdicts.filter(({ outcome }) => outcome.kind !== "misses").map(({ rule }) => rule.id);
        const matching = list.filter(({ pattern }) => matches(parsePattern(pattern), url)).map(({ id }) => id);
        expect(named.sort()).toEqual(matching.sort());
      }),
      { numRuns: 500 },
    );
  });
});
