import { describe, expect, it } from "vitest";
import type { OptionsEvent } from "../../../extension/core/options/optionsModel.ts";
import type { ProjectsEvent } from "../../../extension/core/options/projectsModel.ts";
import { after, failure, from, known } from "./run.ts";
import { projectId, scenes, state } from "./scenes.ts";

type Bare = ProjectsEvent extends infer E ? (E extends ProjectsEvent ? Omit<E, "to"> : never) : never;
const projects = (event: Bare): OptionsEvent => ({ to: "projects", ...event });
const open = projects({ kind: "toggle", id: projectId(1) });

describe("adding a project", () => {
  const add = (name: string) => after(projects({ kind: "typed", name }), projects({ kind: "add" }));

  it("makes it in a colour that few have, and opens its details", () => {
    const begun = add("  New client ");
    expect(begun.call).toEqual({ kind: "addProject", project: { name: "New client", color: "green" } });
    const made = { id: projectId(9), name: "New client", color: "green", icon: "circle" } as const;
    const { model, effects } = from(begun.model, { to: "page", kind: "answered", answer: { kind: "addProject", project: made } });
    expect(model.projects).toMatchObject({ name: "", open: projectId(9), adding: false });
    expect(effects).toEqual([{ kind: "focus", id: `open-${projectId(9)}` }]);
  });

  it.each([["", "nameRefused"], ["-x", "nameRefused"], ["ACME", "optionsNameTaken"]])("refuses the name %o and keeps it in the field", (name, why) => {
    const { model, call, effects } = add(name);
    expect(call).toBeUndefined();
    expect(model.projects).toMatchObject({ name, nameFault: { kind: "text", name: why } });
    expect(effects).toEqual([{ kind: "focus", id: "new-project" }]);
  });

  it("keeps the name when the store refuses it, and begins nothing twice", () => {
    const begun = add("New client");
    expect(from(begun.model, projects({ kind: "add" })).call).toBeUndefined();
    expect(from(begun.model, failure(begun.call)).model.projects).toMatchObject({ name: "New client", adding: false, nameFault: { kind: "error" } });
  });
});

describe("changing a project", () => {
  const rename = projects({ kind: "rename" });

  it("writes a new name when the field is left, and nothing for the old one", () => {
    expect(after(open, projects({ kind: "renamed", name: " Acme Inc " }), rename).call).toEqual({ kind: "updateProject", id: projectId(1), patch: { name: "Acme Inc" } });
    const same = after(open, projects({ kind: "renamed", name: "Acme " }), rename);
    expect(same.call).toBeUndefined();
    expect(same.model.projects.typed).toBeUndefined();
  });

  it("may change the case of its own name, and not take another's", () => {
    expect(after(open, projects({ kind: "renamed", name: "ACME" }), rename).call).toMatchObject({ patch: { name: "ACME" } });
    const taken = after(open, projects({ kind: "renamed", name: "side PROJECT" }), rename);
    expect(taken.call).toBeUndefined();
    expect(taken.model.projects).toMatchObject({ typed: "side PROJECT", typedFault: { name: "optionsNameTaken", value: "Side project" } });
  });

  it("keeps what was typed when the store refuses it", () => {
    const begun = after(open, projects({ kind: "renamed", name: "Other" }), rename);
    expect(from(begun.model, failure(begun.call)).model.projects).toMatchObject({ typed: "Other", typedFault: { kind: "error" } });
  });

  it("writes colour and icon at once", () => {
    expect(after(projects({ kind: "color", id: projectId(1), color: "red" })).call).toMatchObject({ patch: { color: "red" } });
    expect(after(projects({ kind: "icon", id: projectId(1), icon: "pet" })).call).toMatchObject({ patch: { icon: "pet" } });
  });

  it("writes strictness at once, beside that of others, and takes it back when refused", () => {
    const begun = after(projects({ kind: "strict", id: projectId(1), strict: true }));
    expect(begun.call).toMatchObject({ kind: "setSettings", patch: { strict: [projectId(3), projectId(1)] } });
    expect(begun.model.state?.settings.strict).toContain(projectId(1));
    const refused = from(begun.model, failure(begun.call)).model;
    expect(refused.state?.settings.strict).toEqual([projectId(3)]);
    expect(refused.error).toBeDefined();
    expect(after(projects({ kind: "strict", id: projectId(3), strict: false })).call).toMatchObject({ patch: { strict: [] } });
  });

  it("closes its details when another hand removes it", () => {
    const gone = { ...state, projects: state.projects.slice(1) };
    expect(after(open, projects({ kind: "askRemove", id: projectId(1) }), { to: "page", kind: "changed", state: gone }).model.projects).toMatchObject({ open: undefined, removing: undefined });
  });
});

describe("removing a project", () => {
  it("asks first, removes once, and says so", () => {
    const asked = after(projects({ kind: "askRemove", id: projectId(2) }));
    expect(asked.call).toBeUndefined();
    const begun = from(asked.model, projects({ kind: "remove" }));
    expect(begun.call).toEqual({ kind: "removeProject", id: projectId(2) });
    expect(from(begun.model, projects({ kind: "remove" })).call).toBeUndefined();
    const { model } = from(begun.model, { to: "page", kind: "answered", answer: { kind: "removeProject", name: "Bäckerei Schön" } });
    expect(model).toMatchObject({ projects: { removing: undefined }, note: { kind: "projectRemoved", name: "Bäckerei Schön" } });
  });

  it("keeps the question open when it is refused, and gives the focus back when it is left", () => {
    const begun = after(projects({ kind: "askRemove", id: projectId(2) }), projects({ kind: "remove" }));
    const refused = from(begun.model, failure(begun.call)).model;
    expect(refused.projects).toMatchObject({ removing: projectId(2), removalBusy: false, removalFault: { kind: "error" } });
    expect(from(refused, projects({ kind: "keep" })).effects).toEqual([{ kind: "focus", id: `remove-${projectId(2)}` }]);
  });
});

describe("switching to a project", () => {
  it("asks which container to use where one of its name is there, known beforehand or by the refusal", () => {
    const adoptable = from(known(), { to: "page", kind: "changed", state: scenes.adoptable.state }).model;
    const asked = from(adoptable, projects({ kind: "open", id: projectId(1) }));
    expect(asked.call).toBeUndefined();
    expect(asked.model.projects.adopting).toBe(projectId(1));
    expect(from(asked.model, projects({ kind: "open", id: projectId(1), adopt: false })).call).toEqual({ kind: "switch", request: { project: projectId(1), adopt: false } });

    const begun = after(projects({ kind: "open", id: projectId(1) }));
    expect(from(begun.model, failure(begun.call, "adoptionNeeded")).model).toMatchObject({ projects: { adopting: projectId(1) }, error: undefined });
  });
});
