import { h, type VNode } from "snabbdom";
import type { OptionsModel } from "../../core/options/optionsModel.ts";
import { draftProject } from "../../core/options/draftProject.ts";
import { faultView, invalid, typedIn } from "../../ui/fields.ts";
import { glyph } from "../../ui/glyphs.ts";
import { button } from "../../ui/parts.ts";
import { counted, localized, text } from "../../ui/text.ts";
import { card, projectSelect, type Send } from "./parts.ts";
import { pastePanel } from "./pastePanel.ts";
import { ruleTable } from "./ruleTable.ts";
import { tryCard } from "./tryCard.ts";

export function rulesSection(model: OptionsModel, send: Send): VNode {
  const { all, query, rows, paste } = model.rules;
  return h("div.section", { key: "rules" }, [
    h("p.lead", text("optionsRulesLead")),
    addCard(model, send),
    paste === undefined ? undefined : pastePanel(paste, model, send),
    h("section.card.table-card", { key: "table", attrs: { "aria-labelledby": "rules-title" } }, [
      h("div.toolbar", [
        h("h2", { attrs: { id: "rules-title" } }, text("optionsRules")),
        h("span.muted", { attrs: { role: "status" } }, all ? foundWords(all.size, rows.length) : text("loading")),
        h("div.search", [
          glyph("search"),
          h("input", {
            attrs: { id: "rules-filter", type: "search", "aria-label": text("optionsFilter"), placeholder: text("optionsFilter"), autocomplete: "off", spellcheck: "false" },
            props: { value: query },
            on: {
              input: (event) => send({ to: "rules", kind: "filter", query: typedIn(event) }),
              keydown: (event) => {
                if (event.key === "ArrowDown" && rows.length > 0) {
                  event.preventDefault();
                  send({ to: "rules", kind: "move", move: "gridStart" });
                }
              },
            },
          }),
        ]),
      ]),
      rows.length > 0 ? ruleTable(model, send) : undefined,
      all && rows.length === 0 ? h("p.nothing", text(all.size === 0 ? "optionsNoRules" : "optionsNoRuleFound")) : undefined,
      rows.length > 0 ? h("p.hint.keys-hint", text("optionsRulesKeys")) : undefined,
    ]),
    tryCard(model, send),
  ]);
}

function foundWords(all: number, found: number): string {
  return all === found ? counted("optionsRuleCount", all) : text("optionsRulesFound", localized(found), localized(all));
}

function addCard(model: OptionsModel, send: Send): VNode {
  const { draft, paste } = model.rules;
  const projects = model.state?.projects ?? [];
  const submit = (event: Event) => {
    event.preventDefault();
    send({ to: "rules", kind: "add" });
  };
  /** Several lines are no pattern: they are looked at first. */
  const pasted = (event: ClipboardEvent) => {
    const given = event.clipboardData?.getData("text/plain").trim() ?? "";
    if (!given.includes("\n")) return;
    event.preventDefault();
    send({ to: "rules", kind: "openPaste", text: given });
  };
  return card("add-rule", text("optionsAddRule"), [
    h("form.add.add-rule", { attrs: { novalidate: true }, on: { submit } }, [
      h("div.labelled.grows", [
        h("label", { attrs: { for: "new-pattern" } }, text("optionsPattern")),
        h("input", {
          attrs: {
            id: "new-pattern", type: "text", autocomplete: "off", spellcheck: "false", dir: "ltr", placeholder: text("optionsPatternExample"),
            ...invalid("new-pattern-fault", draft.fault),
          },
          props: { value: draft.pattern },
          on: { input: (event) => send({ to: "rules", kind: "draft", draft: { pattern: typedIn(event) } }), paste: pasted },
        }),
      ]),
      h("div.labelled", [
        h("label", { attrs: { for: "new-rule-project" } }, text("optionsProject")),
        projectSelect({ id: "new-rule-project" }, projects, draftProject(model), (project) => send({ to: "rules", kind: "draft", draft: { project } })),
      ]),
      h("label.check", { attrs: { title: text("optionsAskHint") } }, [
        h("input", {
          attrs: { type: "checkbox" },
          props: { checked: draft.ask },
          on: {
            change: (event) => {
              if (event.target instanceof HTMLInputElement) send({ to: "rules", kind: "draft", draft: { ask: event.target.checked } });
            },
          },
        }),
        h("span", text("optionsAsk")),
      ]),
      h("button.button.primary", { attrs: { type: "submit", "aria-busy": String(draft.busy) } }, text("optionsAdd")),
    ]),
    faultView("new-pattern-fault", draft.fault),
    h("div.after", [
      h("p.hint", text("optionsPatternHint")),
      button(".quiet", text("optionsPasteMany"), () => send(paste === undefined ? { to: "rules", kind: "openPaste", text: "" } : { to: "rules", kind: "closePaste" }), {
        id: "open-paste", "aria-expanded": String(paste !== undefined),
      }),
    ]),
  ]);
}
