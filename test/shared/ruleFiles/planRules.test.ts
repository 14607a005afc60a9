import { describe, expect, it } from "vitest";
import { planRules } from "../../../shared/ruleFiles/planRules.ts";
import type { NamedRule } from "../../../shared/ruleFiles/types.ts";

const acme = { id: "00000000-0000-4000-8000-000000000001", name: "acme" };
const upper = { id: "00000000-0000-4000-8000-000000000002", name: "Straße" };

function plan(rules: NamedRule[], more: Partial<Parameters<typeof planRules>[0]> & Partial<Parameters<typeof planRules>[1]> = {}) {
  let next = 0;
  const { containers = [], ...present } = more;
  const read = { rules, containers, strict: [] };
  return planRules({ ...read, strict: more.strict ?? [] }, { projects: [acme, upper], rules: [], ...present, strict: [acme.id] }, () => `new ${++next}`);
}

describe("planning rules of a file", () => {
  it("finds projects by their very name, then by one that a person would take for it, and makes the others once", () => {
    const names = ["acme", "ACME", "straße", "Globex", "globex", "Globex"];
    const { put, projects } = plan(names.map((project, at) => ({ project, pattern: `${at}.test`, ask: false })));
    expect(put.map(({ project }) => project)).toEqual([acme.id, acme.id, upper.id, "new 1", "new 1", "new 1"]);
    expect(projects).toEqual([{ id: "new 1", name: "Globex", color: undefined, icon: undefined }]);
  });

  it("gives a new project its container's look, and makes none for a container without rules", () => {
    const containers = [{ name: "globex", color: "red" as const, icon: "cart" as const }, { name: "Unused" }];
    expect(plan([{ project: "Globex", pattern: "a.test", ask: false }], { containers }).projects).toEqual([{ id: "new 1", name: "Globex", color: "red", icon: "cart" }]);
  });

  it("makes projects strict that are not yet", () => {
    expect(plan([], { strict: ["acme", "Straße", "straße"] }).strict).toEqual([upper.id]);
  });

  it("knows an expression with blanks by the text it was written as", () => {
    const rules = [{ id: "1", project: acme.id, pattern: "/a b/", ask: true }];
    const given = [{ project: "acme", pattern: String.raw`/a\x20b/`, ask: false }, { project: "Straße", pattern: String.raw`/a\x20b/`, ask: false }];
    expect(plan(given, { rules }).put.map(({ pattern }) => pattern)).toEqual(["/a b/", String.raw`/a\x20b/`]);
  });
});
