import { describe, expect, it } from "vitest";
import { readSiteLines } from "../../../extension/core/options/siteLines.ts";
import { defaultSettings } from "../../../shared/settings.ts";
import { after, failure, from } from "./run.ts";
import { projectId, state } from "./scenes.ts";

const typed = (text: string) => ({ to: "behaviour", kind: "sitesTyped", text }) as const;
const save = { to: "behaviour", kind: "saveSites" } as const;

describe("sites one a line", () => {
  it("are read in canonical text, each once, without empty lines", () => {
    expect(readSiteLines(" Example.COM \n\n*.b.example\nexample.com.\nexample.com/login/\r\n")).toEqual({
      sites: ["example.com", "*.b.example", "example.com/login"], faults: [],
    });
  });

  it.each([
    ["a.example\nfoo*bar", 2, "error"],
    ["!a.example", 1, "text"],
    ["\n\n/expression/", 3, "text"],
    ["a.example?x", 1, "error"],
  ])("of %o line %i is refused", (text, line, kind) => {
    expect(readSiteLines(text).faults).toMatchObject([{ line, fault: { kind } }]);
  });
});

describe("the sites that stay in the calling project", () => {
  it("are saved when typing rests", () => {
    const rested = after(typed("a.example"));
    expect(rested.effects).toEqual([{ kind: "later", event: save }]);
    expect(from(rested.model, save).call).toMatchObject({ kind: "setSettings", patch: { inherit: ["a.example"] }, why: "inherit" });
  });

  it("are not saved while a line is refused, and nothing typed is lost", () => {
    const { model, call } = after(typed("a.example\n*x*"), save);
    expect(call).toBeUndefined();
    expect(model.behaviour).toMatchObject({ sites: "a.example\n*x*", siteFaults: [{ line: 2 }], saved: false });
    expect(model.state?.settings.inherit).toEqual(state.settings.inherit);
  });

  it("say that they are saved once they are, and follow other hands from then on", () => {
    const begun = after(typed("a.example\nb.example"), save);
    const settings = { ...state.settings, inherit: ["a.example", "b.example"] };
    const { model } = from(begun.model, { to: "page", kind: "answered", answer: { kind: "setSettings", settings } });
    expect(model.behaviour).toMatchObject({ sites: undefined, saved: true });
  });

  it("keep what was typed meanwhile", () => {
    const begun = after(typed("a.example"), save);
    const more = from(begun.model, typed("a.example\nb."), { to: "page", kind: "answered", answer: { kind: "setSettings", settings: { ...state.settings, inherit: ["a.example"] } } });
    expect(more.model.behaviour).toMatchObject({ sites: "a.example\nb.", saved: false });
  });

  it("keep what was typed when the store refuses it", () => {
    const begun = after(typed("a.example"), save);
    const { model } = from(begun.model, failure(begun.call));
    expect(model.behaviour).toMatchObject({ sites: "a.example", siteFaults: [{ fault: { kind: "error" } }] });
    expect(model.state?.settings.inherit).toEqual(state.settings.inherit);
  });

  it("go back to the list that comes with Stead", () => {
    expect(after(typed("*x*"), { to: "behaviour", kind: "resetSites" })).toMatchObject({ call: { patch: { inherit: defaultSettings.inherit } }, model: { behaviour: { siteFaults: [] } } });
  });
});

describe("links from other programs and remembered answers", () => {
  it("are written at once", () => {
    const external = { kind: "project", project: projectId(2) } as const;
    const { model, call } = after({ to: "behaviour", kind: "external", external });
    expect(call).toMatchObject({ patch: { external } });
    expect(model.state?.settings.external).toEqual(external);
    expect(after({ to: "behaviour", kind: "forget", pattern: "github.com" }).call).toMatchObject({ patch: { answers: { "portal.example": projectId(3) } } });
    expect(after({ to: "behaviour", kind: "forgetAll" }).call).toMatchObject({ patch: { answers: {} } });
  });
});
