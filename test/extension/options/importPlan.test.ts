import { describe, expect, it } from "vitest";
import { importPlan, type ImportPlan, withIds } from "../../../extension/core/options/importPlan.ts";
import { writeSetup } from "../../../shared/ruleFiles/setup.ts";
import { defaultSettings } from "../../../shared/settings.ts";
import { after, failure, from, known } from "./run.ts";
import { projectId, scenes, state } from "./scenes.ts";

const base = { projects: state.projects, rules: new Map(scenes.few.rules.map((one) => [one.id, one])), settings: state.settings, project: "Acme" };

function plan(text: string): ImportPlan {
  const read = importPlan(text, base);
  if ("error" in read) throw new Error(read.error.message);
  return read;
}

describe("a text to be taken over", () => {
  it("gives rules, projects to be made, and what is left out", () => {
    expect(plan("new.example Acme\n?other.example New client\ngithub.com/acme acme\nx*y Acme\n")).toMatchObject({
      format: "rules",
      projects: [{ id: "new-0", name: "New client" }],
      put: [{ project: projectId(1), pattern: "new.example", ask: false }, { project: "new-0", pattern: "other.example", ask: true }],
      known: 1,
      settings: {},
      skipped: [{ line: 4 }],
    });
  });

  it("changes a rule that asks otherwise", () => {
    expect(plan("?github.com/acme Acme")).toMatchObject({ put: [{ project: projectId(1), pattern: "github.com/acme", ask: true }], known: 0 });
  });

  it("of patterns alone is for the given project", () => {
    expect(plan("a.example\nb.example").put.map(({ project }) => project)).toEqual([projectId(1), projectId(1)]);
  });

  it("may be Containerise's CSV", () => {
    expect(plan("a.example , Acme\n*.b.example , New\n")).toMatchObject({ format: "containerise", projects: [{ name: "New" }] });
  });

  it("may be this page's own export, which changes nothing where it came from", () => {
    const text = writeSetup({ projects: state.projects, rules: scenes.few.rules, settings: state.settings });
    expect(plan(text)).toMatchObject({ format: "setup", projects: [], put: [], known: scenes.few.rules.length, changes: [] });
  });

  it("brings a whole set-up to an empty store", () => {
    const text = writeSetup({ projects: state.projects, rules: scenes.few.rules, settings: state.settings });
    const read = importPlan(text, { projects: [], rules: new Map(), settings: defaultSettings });
    if ("error" in read) throw new Error(read.error.message);
    expect(read.projects.map(({ name, color }) => [name, color])).toEqual(state.projects.map(({ name, color }) => [name, color]));
    expect(read.put).toHaveLength(scenes.few.rules.length);
    const ids = new Map(read.projects.map(({ id }, n) => [id, projectId(n + 1)]));
    const { put, settings } = withIds(read, ids);
    expect(put.map(({ project, pattern }) => `${project} ${pattern}`).sort()).toEqual(scenes.few.rules.map(({ project, pattern }) => `${project} ${pattern}`).sort());
    expect(settings).toEqual({ external: state.settings.external, strict: state.settings.strict, answers: state.settings.answers });
  });

  it.each(['{"stead": "setup", "version": 99, "projects": []}', '{"some": "JSON"}', "{"])("is refused as a whole when it is %o", (text) => {
    expect(importPlan(text, base)).toMatchObject({ error: { code: "fileFormat" } });
  });
});

describe("the import of a file", () => {
  const read = { to: "transfer", kind: "read", name: "rules.txt", text: "new.example Acme" } as const;

  it("changes nothing until it is told to", () => {
    const shown = after(read);
    expect(shown.call).toBeUndefined();
    expect(from(shown.model, { to: "transfer", kind: "import" }).call).toMatchObject({ kind: "import", from: "file", plan: { put: [{ pattern: "new.example" }] } });
    expect(from(shown.model, { to: "transfer", kind: "cancel" }).model.transfer.file).toBeUndefined();
  });

  it("keeps the file when the store refuses, so that it can be tried again", () => {
    const begun = after(read, { to: "transfer", kind: "import" });
    const refused = from(begun.model, failure(begun.call)).model;
    expect(refused.transfer).toMatchObject({ busy: false, fault: { kind: "error" }, file: { name: "rules.txt" } });
  });

  it("imports nothing of a file that is refused", () => {
    expect(after({ ...read, text: "{" }, { to: "transfer", kind: "import" }).call).toBeUndefined();
  });
});

describe("the export", () => {
  it("is everything but state, and reads back", () => {
    const { effects } = from(known(), { to: "transfer", kind: "export" });
    const [download] = effects;
    if (download?.kind !== "download") throw new Error("Nothing was saved.");
    expect(download.name).toBe("stead-setup.json");
    expect(plan(download.text)).toMatchObject({ put: [], known: scenes.few.rules.length });
  });

  it("of the rules is text, and reads back", () => {
    const [download] = after({ to: "transfer", kind: "exportRules" }).effects;
    if (download?.kind !== "download") throw new Error("Nothing was saved.");
    expect(plan(download.text)).toMatchObject({ format: "rules", put: [], known: scenes.few.rules.length, skipped: [] });
  });
});
