import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type RuleBookHead, settleDrafts, shelfKeys, shelfOf, withUnsent } from "../../../extension/core/ruleBook.ts";
import { SteadError } from "../../../shared/errors.ts";
import type { Rule, RuleDraft } from "../../../shared/rules/rule.ts";
import { defaultSettings } from "../../../shared/settings.ts";

const acme = "00000000-0000-4000-8000-00000000000a";
const beta = "00000000-0000-4000-8000-00000000000b";

function id(number: number): string {
  return `${number.toString(16).padStart(8, "0")}-0000-4000-8000-000000000000`;
}

function rule(number: number, project: string, pattern: string, ask = false): Rule {
  return { id: id(number), project, pattern, ask };
}

function settle(rules: readonly Rule[], drafts: readonly RuleDraft[]): { put: Rule[]; removed: string[] } {
  let next = 100;
  return settleDrafts(new Map(rules.map((one) => [one.id, one])), drafts, () => id(next++));
}

describe("settleDrafts", () => {
  const there = [rule(1, acme, "example.com"), rule(2, acme, "*.example.com"), rule(3, beta, "example.com")];

  it.each<{ what: string; drafts: RuleDraft[]; put: Rule[]; removed: string[] }>([
    { what: "makes a new rule, its pattern in canonical text", drafts: [{ project: acme, pattern: "Example.ORG./a/*", ask: false }], put: [rule(100, acme, "example.org/a")], removed: [] },
    { what: "changes the project's rule of the same pattern", drafts: [{ project: acme, pattern: "EXAMPLE.com", ask: true }], put: [rule(1, acme, "example.com", true)], removed: [] },
    { what: "leaves another project's rule of that pattern alone", drafts: [{ project: beta, pattern: "*.example.com", ask: false }], put: [rule(100, beta, "*.example.com")], removed: [] },
    { what: "changes the rule of that id", drafts: [{ id: id(1), project: beta, pattern: "new.test", ask: false }], put: [rule(1, beta, "new.test")], removed: [] },
    { what: "removes the rule whose place is taken", drafts: [{ id: id(2), project: acme, pattern: "example.com", ask: false }], put: [rule(2, acme, "example.com")], removed: [id(1)] },
    {
      what: "makes one rule of two drafts of one place",
      drafts: [{ project: acme, pattern: "a.test", ask: false }, { project: acme, pattern: "A.test", ask: true }],
      put: [rule(100, acme, "a.test", true), rule(100, acme, "a.test", true)],
      removed: [],
    },
    {
      what: "lets a place that was left be taken",
      drafts: [{ id: id(1), project: acme, pattern: "moved.test", ask: false }, { project: acme, pattern: "example.com", ask: false }],
      put: [rule(1, acme, "moved.test"), rule(100, acme, "example.com")],
      removed: [],
    },
  ])("$what", ({ drafts, put, removed }) => {
    expect(settle(there, drafts)).toEqual({ put, removed });
  });

  it("refuses all when one pattern cannot be read", () => {
    expect(() => settle(there, [{ project: acme, pattern: "fine.test", ask: false }, { project: acme, pattern: "a*b", ask: false }])).toThrow(SteadError);
  });

  it("never leaves two rules of one pattern in one project", () => {
    const draft = fc.record({
      id: fc.option(fc.integer({ min: 1, max: 6 }).map(id), { nil: undefined }),
      project: fc.constantFrom(acme, beta),
      pattern: fc.constantFrom("a.test", "b.test", "example.com"),
      ask: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(draft, { maxLength: 12 }), (drafts) => {
        const rules = new Map(there.map((one) => [one.id, one]));
        const { put, removed } = settle(there, drafts.map(({ id: wanted, ...rest }) => (wanted === undefined ? rest : { id: wanted, ...rest })));
        for (const one of removed) rules.delete(one);
        for (const one of put) rules.set(one.id, one);
        const places = [...rules.values()].map(({ project, pattern }) => `${project} ${pattern}`);
        expect(new Set(places).size).toBe(places.length);
      }),
    );
  });
});

describe("shelfOf", () => {
  it("finds every id a shelf that is read back, by the id alone", () => {
    const used = new Set(Array.from({ length: 256 }, (_, number) => shelfOf(`${number.toString(16).padStart(2, "0")}000000-0000-4000-8000-000000000000`)));
    expect([...used].sort()).toEqual([...shelfKeys].sort());
  });
});

describe("withUnsent", () => {
  const head: RuleBookHead = { store: null, revision: 0, settings: defaultSettings, unsentSettings: [], unsent: { put: [], removed: [] } };

  it("tells a rule that came and went as gone, and one that went and came as there", () => {
    const gone = withUnsent(withUnsent(head, [id(1)], []), [], [id(1)]);
    expect(gone.unsent).toEqual({ put: [], removed: [id(1)] });
    expect(withUnsent(gone, [id(1)], []).unsent).toEqual({ put: [id(1)], removed: [] });
  });
});
