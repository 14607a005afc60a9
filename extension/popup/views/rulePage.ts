import { h, type VNode } from "snabbdom";
import type { Suggestion } from "../../../shared/protocol/popup.ts";
import type { Page, PopupModel } from "../../core/popupModel.ts";
import { movesTabs } from "../../core/pageRule.ts";
import { button } from "../../ui/parts.ts";
import { text } from "../../ui/text.ts";
import { pageHead, type Send } from "./parts.ts";

const covers: Readonly<Record<Suggestion["covers"], string>> = {
  host: "coversHost",
  port: "coversPort",
  site: "coversSite",
  path: "coversPath",
};

/** A rule for the page in the tab: which pages, which project, and how. */
export function rulePage({ suggestions, draft }: Extract<Page, { kind: "rule" }>, model: PopupModel, send: Send): VNode {
  const submit = (event: Event) => {
    event.preventDefault();
    send({ kind: "save" });
  };
  return h("main.rule-page", { key: "rule" }, [
    pageHead([text("popupAlways")], send),
    h("form", { attrs: { novalidate: true, "aria-labelledby": "page-title" }, on: { submit } }, [
      h("fieldset.patterns", [h("legend", text("popupRulePages")), ...suggestions.map((one) => suggestion(one, one.pattern === draft.pattern, send))]),
      h("label.project-field", [
        h("span", text("popupRuleProject")),
        h(
          "select",
          {
            on: {
              change: (event) => {
                if (event.target instanceof HTMLSelectElement) send({ kind: "ruleDrafted", draft: { project: event.target.value } });
              },
            },
          },
          model.state?.projects.map(({ id, name }) => h("option", { key: id, attrs: { value: id }, props: { selected: id === draft.project } }, name)),
        ),
      ]),
      checkbox(text("popupRuleAsk"), draft.ask, (ask) => send({ kind: "ruleDrafted", draft: { ask } })),
      checkbox(text("popupRuleApply"), movesTabs(draft, model.state?.page), (apply) => send({ kind: "ruleDrafted", draft: { apply } })),
      h("div.buttons", [
        button(".quiet", text("cancel"), () => send({ kind: "back" })),
        h("button.button.primary", { attrs: { type: "submit", "aria-busy": String(model.busy !== undefined) } }, text("popupRuleSave")),
      ]),
    ]),
  ]);
}

function suggestion({ pattern, covers: what }: Suggestion, chosen: boolean, send: Send): VNode {
  return h("label.pattern", { key: pattern }, [
    h("input", {
      attrs: { type: "radio", name: "pattern", value: pattern, ...(chosen && { "data-begin": true }) },
      props: { checked: chosen },
      on: { change: () => send({ kind: "ruleDrafted", draft: { pattern } }) },
    }),
    h("code", { attrs: { dir: "ltr", translate: "no", title: pattern } }, pattern),
    h("span.covers", text(covers[what])),
  ]);
}

function checkbox(label: string, checked: boolean, change: (checked: boolean) => void): VNode {
  return h("label.check", [
    h("input", {
      attrs: { type: "checkbox" },
      props: { checked },
      on: {
        change: (event) => {
          if (event.target instanceof HTMLInputElement) change(event.target.checked);
        },
      },
    }),
    h("span", label),
  ]);
}
