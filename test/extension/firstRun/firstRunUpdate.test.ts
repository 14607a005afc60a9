import { describe, expect, it } from "vitest";
import { firstRun, type FirstRunEffect, type FirstRunEvent, type FirstRunModel } from "../../../extension/core/firstRun/firstRunModel.ts";
import { chosenProject, firstRunUpdate } from "../../../extension/core/firstRun/firstRunUpdate.ts";
import { suggestions } from "../../../extension/core/firstRun/suggestions.ts";
import type { OptionsCall } from "../../../extension/core/options/optionsModel.ts";
import { projectId, rule, scenes } from "../options/scenes.ts";

function from(model: FirstRunModel, ...events: FirstRunEvent[]): { model: FirstRunModel; effects: readonly FirstRunEffect[]; call: OptionsCall | undefined } {
  let effects: readonly FirstRunEffect[] = [];
  for (const event of events) [model, effects] = firstRunUpdate(model, event);
  return { model, effects, call: effects.flatMap((effect) => (effect.kind === "call" ? [effect.call] : []))[0] };
}

const fresh = from(firstRun, { kind: "changed", state: scenes.first.state }).model;
const made = { id: projectId(9), name: "Acme", color: "blue", icon: "circle" } as const;
const withProject = from(fresh, { kind: "named", name: "Acme" }, { kind: "make" }, { kind: "answered", answer: { kind: "addProject", project: made } }).model;
const refusal = { code: "storeBusy", message: "No.", hint: "Again." } as const;

describe("the first step", () => {
  it("makes the project with the name and colour that were chosen", () => {
    expect(from(fresh, { kind: "named", name: " Acme " }, { kind: "color", color: "red" }, { kind: "make" }).call).toEqual({ kind: "addProject", project: { name: "Acme", color: "red" } });
    expect(chosenProject(withProject)?.name).toBe("Acme");
  });

  it("keeps the project that was made when the background page tells of it, before or after the answer", () => {
    const told = { ...scenes.first.state, projects: [{ ...made, tabs: 0, items: null, rules: null, adoptable: true }] };
    const { model } = from(withProject, { kind: "changed", state: told });
    expect(chosenProject(model)).toMatchObject({ name: "Acme", adoptable: true });
    expect(chosenProject(from(model, { kind: "changed", state: scenes.first.state }).model)).toBeUndefined();
  });

  it("refuses a name beside its field, its own refusals and the store's alike", () => {
    expect(from(fresh, { kind: "named", name: "-" }, { kind: "make" })).toMatchObject({ call: undefined, model: { name: "-", nameFault: { kind: "text" } } });
    const begun = from(fresh, { kind: "named", name: "Acme" }, { kind: "make" });
    if (!begun.call) throw new Error("Nothing was called.");
    expect(from(begun.model, { kind: "failed", call: begun.call, error: refusal }).model).toMatchObject({ name: "Acme", making: false, nameFault: { kind: "error" } });
  });

  it("may be about a project that is there", () => {
    const some = from(firstRun, { kind: "changed", state: scenes.few.state }, { kind: "choose", id: projectId(2) }).model;
    expect(chosenProject(some)?.id).toBe(projectId(2));
    expect(chosenProject(from(some, { kind: "another" }).model)).toBeUndefined();
  });
});

describe("the second step", () => {
  it("gives the project a site, typed or suggested", () => {
    expect(from(withProject, { kind: "add", pattern: "GitHub.com/acme/" }).call).toMatchObject({ kind: "changeRules", put: [{ project: projectId(9), pattern: "github.com/acme", ask: false }] });
    expect(from(fresh, { kind: "add", pattern: "github.com" }).call).toBeUndefined();
  });

  it("keeps a pattern that is refused", () => {
    expect(from(withProject, { kind: "typed", pattern: "x*y" }, { kind: "add", pattern: "x*y" }).model).toMatchObject({ pattern: "x*y", patternFault: { kind: "error" } });
    const begun = from(withProject, { kind: "add", pattern: "a.example" });
    if (!begun.call) throw new Error("Nothing was called.");
    expect(from(begun.model, { kind: "failed", call: begun.call, error: refusal }).model).toMatchObject({ pattern: "a.example", adding: false, patternFault: { kind: "error" } });
  });

  it("suggests hosts of open tabs that no rule names, each once and as patterns", () => {
    const rules = new Map([rule(1, "*.acme.example")].map((one) => [one.id, one]));
    const urls = ["https://www.acme.example/", "http://localhost:3000/a", "http://localhost:3000/b", "about:config", "https://Bücher.example/", "https://a.example", "file:///x"];
    expect(suggestions(urls, rules)).toEqual(["localhost:3000", "xn--bcher-kva.example", "a.example"]);
    expect(suggestions(urls, rules, 1)).toEqual(["localhost:3000"]);
  });
});

describe("the end", () => {
  it("switches to the project and then closes the page", () => {
    const begun = from(withProject, { kind: "finish" });
    expect(begun.call).toEqual({ kind: "switch", request: { project: projectId(9) } });
    expect(from(begun.model, { kind: "finish" }).call).toBeUndefined();
    expect(from(begun.model, { kind: "answered", answer: { kind: "switched" } }).effects).toEqual([{ kind: "close" }]);
  });

  it("does not close the page because the host answered", () => {
    expect(from(withProject, { kind: "retry" }, { kind: "finish" }, { kind: "answered", answer: { kind: "retried" } }).effects).toEqual([]);
  });

  it("waits for a project", () => {
    expect(from(fresh, { kind: "finish" }).call).toBeUndefined();
  });

  it("asks which container to use, and stays when switching is refused", () => {
    const begun = from(withProject, { kind: "finish" });
    if (!begun.call) throw new Error("Nothing was called.");
    const asked = from(begun.model, { kind: "failed", call: begun.call, error: { ...refusal, code: "adoptionNeeded" } }).model;
    expect(asked).toMatchObject({ adopting: true, switching: false });
    expect(from(asked, { kind: "finish", adopt: true }).call).toMatchObject({ request: { adopt: true } });
    expect(from(begun.model, { kind: "failed", call: begun.call, error: refusal }).model).toMatchObject({ switching: false, error: refusal });
  });
});
