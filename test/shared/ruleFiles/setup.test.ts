import fc from "fast-check";
import * as z from "zod/mini";
import { describe, expect, it } from "vitest";
import type { Project } from "../../../shared/models.ts";
import { planSetup } from "../../../shared/ruleFiles/planSetup.ts";
import { readSetup, SetupDocument, writeSetup } from "../../../shared/ruleFiles/setup.ts";
import { formatPattern } from "../../../shared/rules/formatPattern.ts";
import { parsePattern } from "../../../shared/rules/parsePattern.ts";
import type { Rule } from "../../../shared/rules/rule.ts";
import { defaultSettings, type Settings } from "../../../shared/settings.ts";
import { siteText } from "../rules/arbitraries.ts";

const acme: Project = { id: "00000000-0000-4000-8000-000000000001", name: "acme", color: "green", icon: "briefcase" };
const beta: Project = { id: "00000000-0000-4000-8000-000000000002", name: "Beta Two", color: "red", icon: "cart" };
const rule = (project: Project, pattern: string, ask = false): Rule => ({ id: crypto.randomUUID(), project: project.id, pattern, ask });

const settings: Settings = {
  external: { kind: "project", project: beta.id }, strict: [acme.id], inherit: ["accounts.google.com"], answers: { "github.com": beta.id },
};
const document = {
  stead: "setup",
  version: 1,
  projects: [
    { name: "acme", color: "green", icon: "briefcase", strict: true, rules: [{ pattern: "*.acme.test", ask: false }, { pattern: "!blog.acme.test", ask: false }] },
    { name: "Beta Two", color: "red", icon: "cart", strict: false, rules: [{ pattern: "/https://x .*/", ask: true }] },
  ],
  settings: { external: { kind: "project", project: "Beta Two" }, inherit: ["accounts.google.com"], answers: [{ pattern: "github.com", project: "Beta Two" }] },
};
const parts = { projects: [acme, beta], settings, rules: [rule(acme, "*.acme.test"), rule(beta, "/https://x .*/", true), rule(acme, "!blog.acme.test")] };
const nothing: Settings = { external: { kind: "stay" }, strict: [], inherit: [], answers: {} };

function counter(): () => string {
  let next = 0;
  return () => `00000000-0000-4000-9000-${String(++next).padStart(12, "0")}`;
}

describe("the set-up document", () => {
  it("names everything but state, readably", () => {
    const text = writeSetup(parts);
    expect(JSON.parse(text)).toEqual(document);
    expect(text).toMatch(/^\{\n {2}"stead": "setup",\n {2}"version": 1,\n {2}"projects": \[\n/);
    expect(text).not.toContain(acme.id);
    expect(writeSetup(parts)).toBe(text);
  });

  it("gives an empty store the very same set-up", () => {
    const projects = fc.uniqueArray(fc.record({ id: fc.uuid({ version: 4 }), name: fc.constantFrom("acme", "Beta Two", "漢字", "x#y"), color: fc.constantFrom("red" as const, "blue" as const), icon: fc.constant("tree" as const) }), {
      selector: ({ name }) => name, minLength: 1,
    });
    fc.assert(
      fc.property(projects, fc.uniqueArray(siteText.map((text) => formatPattern(parsePattern(text))), { maxLength: 12 }), fc.nat(), fc.boolean(), (made, patterns, seed, ask) => {
        const at = (index: number): Project => made[(index + seed) % made.length] ?? acme;
        const given = {
          projects: made,
          rules: patterns.map((pattern, index) => ({ ...rule(at(index), pattern), ask })),
          settings: {
            external: seed % 2 === 0 ? { kind: "ask" as const } : { kind: "project" as const, project: at(1).id },
            strict: made.filter((_, index) => index % 2 === 0).map(({ id }) => id),
            inherit: patterns.filter((pattern) => !pattern.startsWith("!")),
            answers: Object.fromEntries(patterns.slice(0, 3).map((pattern, index) => [pattern, at(index).id])),
          },
        };
        const text = writeSetup(given);
        const plan = planSetup(readSetup(text, []), { projects: [], settings: nothing, makeId: counter() });
        const again = writeSetup({
          projects: plan.projects.map(({ id, name, color = "toolbar", icon = "fence" }) => ({ id, name, color, icon })),
          rules: plan.put.map((draft) => ({ id: crypto.randomUUID(), project: draft.project, pattern: draft.pattern, ask: draft.ask })),
          settings: {
            external: plan.settings.external ?? nothing.external, strict: plan.settings.strict ?? [],
            inherit: plan.settings.inherit ?? [], answers: plan.settings.answers ?? {},
          },
        });
        expect(again).toBe(text);
      }),
    );
  });

  it("says little in its shortest form", () => {
    expect(readSetup('{"stead":"setup","version":1,"projects":[{"name":"acme","rules":[{"pattern":"Example.COM/a/*"}]}]}', [])).toEqual({
      stead: "setup", version: 1, settings: undefined,
      projects: [{ name: "acme", strict: false, rules: [{ pattern: "example.com/a", ask: false }] }],
    });
  });

  const changed = (change: (copy: typeof document) => object): string => JSON.stringify(change(structuredClone(document)));
  it.each<[string, string, string]>([
    ["broken JSON", "{", "valid JSON"],
    ["another document", '{"format": "stead-state"}', "at stead: expected \"setup\""],
    ["a newer version", changed((copy) => ({ ...copy, version: 2, more: 1 })), "version 2; this Stead reads version 1"],
    ["an older version", changed((copy) => ({ ...copy, version: 0 })), "at version: expected 1"],
    ["no projects", changed(({ stead, version }) => ({ stead, version })), "at projects: expected an array"],
    ["a misspelt field", changed((copy) => ({ ...copy, projects: [{ name: "acme", strct: true }] })), 'at projects[0]: expected no field "strct"'],
    ["an unknown setting", changed((copy) => ({ ...copy, settings: { theme: "dark" } })), 'at settings: expected no field "theme"'],
    ["a name that is none", changed((copy) => ({ ...copy, projects: [{ name: "-x" }] })), "at projects[0].name: expected 1 to 64 visible characters"],
    ["a colour that is none", changed((copy) => ({ ...copy, projects: [{ name: "x", color: "mauve" }] })), 'at projects[0].color: expected "blue" or'],
    ["two projects of one name", changed((copy) => ({ ...copy, projects: [{ name: "acme" }, { name: "ACME" }] })), "at projects[1].name: expected a name of its own, but got that of projects[0]"],
    ["a bad pattern", changed((copy) => ({ ...copy, settings: {}, projects: [{ name: "x", rules: [{ pattern: "a.test" }, { pattern: "a*.test" }] }] })), "at projects[0].rules[1].pattern: Expected a * only"],
    ["a pattern alone", changed((copy) => ({ ...copy, projects: [{ name: "x", rules: ["a.test"] }] })), "at projects[0].rules[0]: expected an object"],
    ["a link to nobody", changed((copy) => ({ ...copy, settings: { external: { kind: "project", project: "nobody" } } })), "at settings.external.project: expected a project of the document or of this store"],
    ["an answer for nobody", changed((copy) => ({ ...copy, settings: { answers: [{ pattern: "a.test", project: "nobody" }] } })), "at settings.answers[0].project: expected a project"],
    ["an exclusion that inherits", changed((copy) => ({ ...copy, settings: { inherit: ["!a.test"] } })), "at settings.inherit[0]: expected a site"],
    ["an expression that inherits", changed((copy) => ({ ...copy, settings: { inherit: ["/a.*/"] } })), "at settings.inherit[0]: expected a site"],
  ])("refuses %s with its place", (_what, text, message) => {
    expect(() => readSetup(text, [{ name: "known" }])).toThrow(message);
  });

  it("takes names of projects that are there", () => {
    const text = JSON.stringify({ ...document, projects: [], settings: { external: { kind: "project", project: "KNOWN" } } });
    expect(readSetup(text, [{ name: "known" }]).settings?.external).toEqual({ kind: "project", project: "KNOWN" });
  });

  it("is described by docs/setup.schema.json (vitest -u writes it anew)", async () => {
    const schema = {
      title: "Stead set-up",
      description: "What `stead project export` writes and `stead project import` reads; docs/formats.md.",
      ...z.toJSONSchema(SetupDocument, { io: "input" }),
    };
    await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot("../../../docs/setup.schema.json");
  });
});

describe("taking a set-up over", () => {
  const setup = readSetup(writeSetup(parts), []);

  it("makes missing projects with their look, and keeps those that are there", () => {
    const there: Project = { ...acme, id: "00000000-0000-4000-8000-0000000000aa", name: "ACME", color: "pink" };
    const plan = planSetup(setup, { projects: [there], settings: nothing, makeId: counter() });
    expect(plan.projects).toEqual([{ id: "00000000-0000-4000-9000-000000000001", name: "Beta Two", color: "red", icon: "cart" }]);
    expect(plan.put.map(({ project, pattern }) => [project === there.id, pattern])).toEqual([[true, "*.acme.test"], [true, "!blog.acme.test"], [false, "/https://x .*/"]]);
  });

  it("tells each setting that changes, and changes no other", () => {
    const before: Settings = { ...settings, strict: [beta.id], inherit: ["login.live.com"], answers: { "a.test": acme.id } };
    const plan = planSetup(setup, { projects: [acme, beta], settings: before, makeId: counter() });
    expect(plan.changes).toEqual([
      { kind: "inherit", added: ["accounts.google.com"], removed: ["login.live.com"] },
      { kind: "strict", added: ["acme"], removed: ["Beta Two"] },
      { kind: "answers", added: ["github.com: Beta Two"], removed: [] },
    ]);
    expect(plan.settings).toEqual({ inherit: ["accounts.google.com"], strict: [acme.id], answers: { "a.test": acme.id, "github.com": beta.id } });
  });

  it("changes nothing the second time", () => {
    const plan = planSetup(setup, { projects: [acme, beta], settings, makeId: counter() });
    expect(plan).toMatchObject({ projects: [], settings: {}, changes: [] });
  });

  it("leaves settings that the document does not speak of", () => {
    const plan = planSetup(readSetup('{"stead":"setup","version":1,"projects":[]}', []), { projects: [acme], settings: { ...defaultSettings, strict: [acme.id] }, makeId: counter() });
    expect(plan).toEqual({ projects: [], put: [], settings: {}, changes: [] });
  });
});
