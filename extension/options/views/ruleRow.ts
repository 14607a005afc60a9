import { h, type VNode } from "snabbdom";
import type { Color } from "../../../shared/models.ts";
import type { PopupProject } from "../../../shared/protocol/popup.ts";
import type { Rule } from "../../../shared/rules/rule.ts";
import type { Column, Editing } from "../../core/options/rulesModel.ts";
import { rowHeight } from "../../core/options/ruleWindow.ts";
import { faultView, invalid, typedIn } from "../../ui/fields.ts";
import { glyph } from "../../ui/glyphs.ts";
import { disc } from "../../ui/parts.ts";
import { text } from "../../ui/text.ts";
import { projectSelect, type Send } from "./parts.ts";

/** One line of the table. `active`: the column that Tab leads to, if it is in this line. */
export function ruleRow(
  rule: Rule,
  place: number,
  name: string | undefined,
  color: Color | undefined,
  active: Column | undefined,
  editing: Editing | undefined,
  projects: readonly PopupProject[] | undefined,
  send: Send,
): VNode {
  const excludes = rule.pattern.startsWith("!");
  return h(
    "div.tr",
    {
      key: rule.id,
      class: { active: active !== undefined, editing: editing !== undefined },
      attrs: { role: "row", "aria-rowindex": place + 2 },
      style: { transform: `translateY(${place * rowHeight}px)` },
    },
    [
      cell(rule, "pattern", active, editing?.column === "pattern" ? [patternField(rule, editing, place, send)] : [h("code", { attrs: { dir: "ltr", title: rule.pattern } }, rule.pattern)]),
      cell(
        rule,
        "project",
        active,
        editing?.column === "project"
          ? [projectField(rule, editing, place, projects ?? [], send)]
          : [color && name !== undefined ? disc(name, color) : undefined, h("bdi", name ?? text("optionsUnknownProject"))],
      ),
      // An exclusion gives no page to anyone: there is nothing to ask.
      excludes
        ? cell(rule, "ask", active, [h("span.muted", text("optionsExclusion"))])
        : holder(rule, "ask", [
            h("input", {
              attrs: { type: "checkbox", "aria-label": text("optionsAskFor", rule.pattern), ...stop(active === "ask") },
              props: { checked: rule.ask },
            }),
          ]),
      holder(rule, "remove", [
        h(
          "button.icon-button",
          { attrs: { type: "button", "aria-label": text("optionsRemoveRule", rule.pattern), title: text("optionsRemoveRule", rule.pattern), ...stop(active === "remove") } },
          [glyph("trash")],
        ),
      ]),
    ],
  );
}

/** A cell that takes the focus itself. */
function cell(rule: Rule, column: Column, active: Column | undefined, children: (VNode | undefined)[]): VNode {
  const editing = children.some((child) => child?.sel === "div.field");
  return h(`div.td.${column}`, { attrs: { role: "gridcell", ...place(rule, column), ...(!editing && stop(active === column)) } }, children);
}

/** A cell whose widget takes the focus. */
function holder(rule: Rule, column: Column, children: VNode[]): VNode {
  return h(`div.td.${column}`, { attrs: { role: "gridcell", ...place(rule, column) } }, children);
}

function place(rule: Rule, column: Column): Record<string, string> {
  return { "data-row": rule.id, "data-column": column };
}

function stop(here: boolean): Record<string, string | number> {
  return here ? { tabindex: 0, "data-active": "true" } : { tabindex: -1 };
}

function patternField(rule: Rule, { value, fault }: Editing, row: number, send: Send): VNode {
  return h("div.field", { class: { low: row > 3 } }, [
    h("input", {
      key: "edited",
      attrs: { id: "edited", type: "text", autocomplete: "off", spellcheck: "false", dir: "ltr", "aria-label": text("optionsEditPattern", rule.pattern), ...invalid("edited-fault", fault) },
      props: { value },
      on: {
        input: (event) => send({ to: "rules", kind: "edited", value: typedIn(event) }),
        blur: () => send({ to: "rules", kind: "commit", stay: false }),
      },
    }),
    faultView("edited-fault", fault),
  ]);
}

/**
 * By keyboard, arrows go through the projects before one is chosen with Enter; by pointer, what is picked is chosen.
 * Firefox keeps the keys of an open list to itself.
 */
function projectField(rule: Rule, { value, fault }: Editing, row: number, projects: readonly PopupProject[], send: Send): VNode {
  let byKey = false;
  const select = projectSelect({ id: "edited", "aria-label": text("optionsEditProject", rule.pattern), ...invalid("edited-fault", fault) }, projects, value, (id) => {
    send({ to: "rules", kind: "edited", value: id });
    if (!byKey) send({ to: "rules", kind: "commit", stay: true });
    byKey = false;
  });
  select.data = {
    ...select.data,
    on: {
      ...select.data?.on,
      keydown: (event) => {
        byKey = !["Enter", " ", "F4"].includes(event.key);
      },
      blur: () => send({ to: "rules", kind: "commit", stay: false }),
    },
  };
  return h("div.field", { class: { low: row > 3 } }, [select, faultView("edited-fault", fault)]);
}
