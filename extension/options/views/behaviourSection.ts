import { h, type VNode } from "snabbdom";
import type { OptionsState } from "../../../shared/protocol/options.ts";
import type { SiteFault } from "../../core/options/behaviourModel.ts";
import type { OptionsModel } from "../../core/options/optionsModel.ts";
import { faultWords, typedIn } from "../../ui/fields.ts";
import { glyph } from "../../ui/glyphs.ts";
import { button, disc } from "../../ui/parts.ts";
import { counted, text } from "../../ui/text.ts";
import { card, projectSelect, type Send } from "./parts.ts";

export function behaviourSection(model: OptionsModel, send: Send): VNode | undefined {
  const { state } = model;
  return h("div.section", { key: "behaviour" }, state ? [externalCard(state, send), sitesCard(model, state, send), answersCard(state, send)] : []);
}

function externalCard({ settings: { external }, projects }: OptionsState, send: Send): VNode {
  const chosen = external.kind === "project" ? external.project : projects[0]?.id;
  const radio = (kind: typeof external.kind, label: string, choose: () => void, disabled = false): VNode =>
    h("label.check", [
      h("input", {
        attrs: { type: "radio", name: "external", value: kind, disabled },
        props: { checked: external.kind === kind },
        on: { change: choose },
      }),
      h("span", text(label)),
    ]);
  const set = (kind: "stay" | "ask" | "active") => () => send({ to: "behaviour", kind: "external", external: { kind } });
  const setProject = (project: string) => send({ to: "behaviour", kind: "external", external: { kind: "project", project } });
  return card("external", text("optionsExternal"), [
    h("p.hint", text("optionsExternalHint")),
    h("div.radios", { attrs: { role: "radiogroup", "aria-labelledby": "external-title" } }, [
      radio("stay", "optionsExternalStay", set("stay")),
      radio("ask", "optionsExternalAsk", set("ask")),
      radio("active", "optionsExternalActive", set("active")),
      h("div.radio-with", [
        radio("project", "optionsExternalProject", () => chosen !== undefined && setProject(chosen), chosen === undefined),
        external.kind === "project" ? projectSelect({ "aria-label": text("optionsExternalProject") }, projects, chosen, setProject) : undefined,
      ]),
    ]),
  ]);
}

function sitesCard({ behaviour }: OptionsModel, { settings }: OptionsState, send: Send): VNode {
  const shown = behaviour.sites ?? settings.inherit.join("\n");
  return card("inherit", text("optionsInherit"), [
    h("p.hint", { attrs: { id: "inherit-hint" } }, text("optionsInheritHint")),
    h("textarea", {
      attrs: {
        id: "inherit-sites", rows: Math.min(14, Math.max(6, shown.split("\n").length + 1)), spellcheck: "false", dir: "ltr", "aria-labelledby": "inherit-title",
        "aria-describedby": "inherit-hint inherit-faults", "aria-invalid": String(behaviour.siteFaults.length > 0),
      },
      props: { value: shown },
      on: {
        input: (event) => send({ to: "behaviour", kind: "sitesTyped", text: typedIn(event) }),
        change: () => send({ to: "behaviour", kind: "saveSites" }),
      },
    }),
    h("div.fault-region", { attrs: { id: "inherit-faults", role: "alert" } }, behaviour.siteFaults.map(siteFault)),
    h("div.after", [
      h("span.saved", { attrs: { role: "status" } }, behaviour.saved && behaviour.siteFaults.length === 0 ? [glyph("check"), text("optionsSaved")] : []),
      button(".quiet", text("optionsResetSites"), () => send({ to: "behaviour", kind: "resetSites" })),
    ]),
  ]);
}

function siteFault({ line, text: typed, fault }: SiteFault): VNode {
  const where = line === undefined ? [] : [h("strong", text("optionsLine", line)), " ", h("code", typed), " – "];
  return h("p.fault", [...where, ...faultWords(fault)]);
}

function answersCard({ settings: { answers }, projects }: OptionsState, send: Send): VNode {
  const entries = Object.entries(answers).sort(([a], [b]) => (a < b ? -1 : 1));
  return card("answers", text("optionsAnswers"), [
    h("p.hint", text("optionsAnswersHint")),
    entries.length === 0
      ? h("p.nothing", text("optionsNoAnswers"))
      : h(
          "ul.answers",
          { attrs: { "aria-labelledby": "answers-title" } },
          entries.map(([pattern, id]) => {
            const project = projects.find((one) => one.id === id);
            return h("li", { key: pattern }, [
              h("code", { attrs: { dir: "ltr" } }, pattern),
              h("span.to", [project && disc(project.name, project.color), h("bdi", project?.name ?? text("optionsUnknownProject"))]),
              h(
                "button.icon-button",
                {
                  attrs: { type: "button", "aria-label": text("optionsForget", pattern), title: text("optionsForget", pattern) },
                  on: { click: () => send({ to: "behaviour", kind: "forget", pattern }) },
                },
                [glyph("close")],
              ),
            ]);
          }),
        ),
    entries.length > 1
      ? h("div.after", [h("span.muted", counted("optionsAnswerCount", entries.length)), button(".quiet", text("optionsForgetAll"), () => send({ to: "behaviour", kind: "forgetAll" }))])
      : undefined,
  ]);
}
