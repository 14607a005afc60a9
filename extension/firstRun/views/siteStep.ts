import { h, type VNode } from "snabbdom";
import type { PopupProject } from "../../../shared/protocol/popup.ts";
import type { FirstRunModel } from "../../core/firstRun/firstRunModel.ts";
import { suggestions } from "../../core/firstRun/suggestions.ts";
import { faultView, invalid, typedIn } from "../../ui/fields.ts";
import { glyph } from "../../ui/glyphs.ts";
import { named } from "../../ui/parts.ts";
import { text } from "../../ui/text.ts";
import type { Send } from "./firstRunView.ts";
import { step } from "./step.ts";

/** The project's first site, typed or taken from an open tab. */
export function siteStep(model: FirstRunModel, project: PopupProject | undefined, send: Send): VNode {
  if (!project) return step(2, text("firstRunSite"), "later", [h("p.hint", text("firstRunSiteWaits"))]);
  const rules = [...model.rules.values()].filter((rule) => rule.project === project.id);
  const submit = (event: Event) => {
    event.preventDefault();
    send({ kind: "add", pattern: model.pattern });
  };
  return step(2, text("firstRunSite"), rules.length > 0 ? "done" : "now", [
    h("p.hint", named("firstRunSiteHint", project.name)),
    rules.length === 0
      ? undefined
      : h("ul.first-rules", { attrs: { "aria-label": text("optionsRules") } }, rules.slice(0, 20).map((rule) =>
          h("li", { key: rule.id }, [
            h("code", { attrs: { dir: "ltr" } }, rule.pattern),
            h(
              "button.icon-button",
              {
                attrs: { type: "button", "aria-label": text("optionsRemoveRule", rule.pattern), title: text("optionsRemoveRule", rule.pattern) },
                on: { click: () => send({ kind: "removeRule", id: rule.id }) },
              },
              [glyph("close")],
            ),
          ]))),
    h("form.name-line", { attrs: { novalidate: true }, on: { submit } }, [
      h("label.unseen", { attrs: { for: "first-pattern" } }, text("optionsPattern")),
      h("input", {
        attrs: {
          id: "first-pattern", type: "text", autocomplete: "off", spellcheck: "false", dir: "ltr", placeholder: text("firstRunSiteExample"),
          ...invalid("first-pattern-fault", model.patternFault),
        },
        props: { value: model.pattern },
        on: { input: (event) => send({ kind: "typed", pattern: typedIn(event) }) },
      }),
      h("button.button.primary", { attrs: { type: "submit", "aria-busy": String(model.adding) } }, text("optionsAdd")),
    ]),
    faultView("first-pattern-fault", model.patternFault),
    fromTabs(model, send),
  ]);
}

function fromTabs(model: FirstRunModel, send: Send): VNode | undefined {
  const found = suggestions(model.tabs, model.rules);
  if (found.length === 0) return undefined;
  return h("div.others", { attrs: { role: "group", "aria-labelledby": "tabs-title" } }, [
    h("p.hint", { attrs: { id: "tabs-title" } }, text("firstRunFromTabs")),
    h("div.suggestions", found.map((pattern) =>
      h("button.suggestion", { key: pattern, attrs: { type: "button" }, on: { click: () => send({ kind: "add", pattern }) } }, [glyph("add"), h("bdi", pattern)]))),
  ]);
}
