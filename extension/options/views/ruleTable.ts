import { h, thunk, type VNode } from "snabbdom";
import type { PopupProject } from "../../../shared/protocol/popup.ts";
import type { Rule } from "../../../shared/rules/rule.ts";
import { gridKey } from "../../core/options/gridKey.ts";
import type { OptionsModel } from "../../core/options/optionsModel.ts";
import { type Cell, type Column, columns, type Editing, head, type RulesModel, type SortColumn } from "../../core/options/rulesModel.ts";
import { rowHeight, ruleWindow } from "../../core/options/ruleWindow.ts";
import { glyph } from "../../ui/glyphs.ts";
import { text } from "../../ui/text.ts";
import { ruleRow } from "./ruleRow.ts";
import type { Send } from "./parts.ts";

const titles: Readonly<Record<Column, string>> = { pattern: "optionsPattern", project: "optionsProject", ask: "optionsAsk", remove: "remove" };

/**
 * The rules as a grid after the WAI-ARIA practices: one stop of Tab, arrows inside. Only the rows in sight are in the
 * document, and the active one, so that the focus stays where it is while one scrolls.
 */
export function ruleTable({ rules, state }: OptionsModel, send: Send): VNode {
  const { rows, active } = rules;
  const projects = state?.projects ?? [];
  return h(
    "div.grid",
    {
      attrs: {
        id: "rules-grid", role: "grid", "aria-labelledby": "rules-title", "aria-rowcount": rows.length + 1, "aria-colcount": columns.length,
        "aria-keyshortcuts": "Enter F2 Delete Control+Z",
      },
      on: {
        keydown: (event) => keyDown(event, rules, send),
        focusin: (event) => {
          const cell = cellOf(event.target);
          if (cell) send({ to: "rules", kind: "at", cell });
        },
        dblclick: (event) => {
          const cell = cellOf(event.target);
          if (cell && (cell.column === "pattern" || cell.column === "project")) send({ to: "rules", kind: "edit", cell });
        },
        click: (event) => {
          const cell = cellOf(event.target);
          if (cell?.column === "remove" && cell.row !== head && event.target instanceof Element && event.target.closest("button")) {
            send({ to: "rules", kind: "remove", id: cell.row });
          }
        },
        change: (event) => {
          const cell = cellOf(event.target);
          if (cell?.column === "ask" && cell.row !== head && event.target instanceof HTMLInputElement) {
            send({ to: "rules", kind: "ask", id: cell.row, ask: event.target.checked });
          }
        },
      },
    },
    [
      h("div.grid-head", { attrs: { role: "rowgroup" } }, [
        h("div.tr", { attrs: { role: "row", "aria-rowindex": 1 } }, columns.map((column) => title(column, rules, send))),
      ]),
      h(
        "div.grid-body",
        {
          attrs: { role: "rowgroup", id: "rule-rows" },
          style: { "--rows": String(rows.length) },
          hook: { insert: (vnode) => watch(vnode, rules.scroll.top, send), destroy: unwatch },
          on: { scroll: (event) => scrolled(event.currentTarget, send) },
        },
        [
          h(
            "div.sizer",
            { attrs: { role: "presentation" }, style: { height: `${rows.length * rowHeight}px` } },
            drawnRows(rules).map(([rule, place]) => row(rule, place, active, rules.editing, projects, send)),
          ),
        ],
      ),
    ],
  );
}

/** The rows in sight with their places, and the active one wherever it stands. */
function drawnRows({ rows, places, active, scroll }: RulesModel): [Rule, number][] {
  const { first, end } = ruleWindow(scroll, rows.length);
  const drawn = rows.slice(first, end).map((rule, at): [Rule, number] => [rule, first + at]);
  const place = active === undefined ? 0 : places.get(active.row);
  const rule = place === undefined ? undefined : rows[place];
  if (rule === undefined || place === undefined || (place >= first && place < end)) return drawn;
  return place < first ? [[rule, place], ...drawn] : [...drawn, [rule, place]];
}

function row(rule: Rule, place: number, active: Cell | undefined, editing: Editing | undefined, projects: readonly PopupProject[], send: Send): VNode {
  const project = projects.find(({ id }) => id === rule.project);
  // Until the keyboard has been anywhere, Tab leads to the first cell.
  const column = active?.row === rule.id ? active.column : active === undefined && place === 0 ? "pattern" : undefined;
  const edited = editing?.id === rule.id ? editing : undefined;
  return thunk("div.tr", rule.id, ruleRow, [rule, place, project?.name, project?.color, column, edited, edited && projects, send]);
}

function title(column: Column, { sort, active }: RulesModel, send: Send): VNode {
  if (column === "remove") return h("div.th.remove", { attrs: { role: "columnheader" } }, [h("span.unseen", text("remove"))]);
  const sorted = sort.by === column;
  const here = active?.row === head && active.column === column;
  return h(
    `div.th.${column}`,
    { attrs: { role: "columnheader", "data-row": head, "data-column": column, ...(sorted && { "aria-sort": sort.down ? "descending" : "ascending" }) } },
    [
      h(
        "button.sorter",
        {
          attrs: { type: "button", tabindex: here ? 0 : -1, ...(here && { "data-active": "true" }) },
          on: { click: () => sortBy(column, send) },
        },
        [text(titles[column]), sorted ? glyph(sort.down ? "down" : "up") : undefined],
      ),
    ],
  );
}

function sortBy(by: SortColumn, send: Send): void {
  send({ to: "rules", kind: "sort", by });
}

function keyDown(event: KeyboardEvent, { active }: RulesModel, send: Send): void {
  const { target, key } = event;
  if (target instanceof Element && target.id === "edited") {
    if (key === "Enter" && !event.isComposing) {
      event.preventDefault();
      send({ to: "rules", kind: "commit", stay: true });
    } else if (key === "Escape" && !event.isComposing) {
      event.preventDefault();
      send({ to: "rules", kind: "cancelEdit" });
    }
    return;
  }
  const cell = cellOf(target) ?? active;
  const intent = gridKey({ key, ctrl: event.ctrlKey, meta: event.metaKey, shift: event.shiftKey, alt: event.altKey });
  if (!intent || !cell) return;
  // A title is a button: Enter presses it.
  if (cell.row === head && (intent.kind === "edit" || intent.kind === "remove")) return;
  event.preventDefault();
  switch (intent.kind) {
    case "move":
      send({ to: "rules", kind: "move", move: intent.move });
      return;
    case "edit":
      send({ to: "rules", kind: "edit", cell });
      return;
    case "remove":
      if (cell.row !== head) send({ to: "rules", kind: "remove", id: cell.row });
      return;
    case "undo":
      send({ to: "rules", kind: "undo" });
  }
}

/** The cell that an element stands in. */
function cellOf(target: EventTarget | null): Cell | undefined {
  const element = target instanceof Element ? target.closest("[data-row]") : null;
  const row = element?.getAttribute("data-row");
  const column = columns.find((one) => one === element?.getAttribute("data-column"));
  return row === null || row === undefined || column === undefined ? undefined : { row, column };
}

const watchers = new WeakMap<Element, ResizeObserver>();

/** Tells how much of the table is seen, now and whenever that changes. */
function watch({ elm }: VNode, top: number, send: Send): void {
  if (!(elm instanceof HTMLElement)) return;
  elm.scrollTop = top;
  const watcher = new ResizeObserver(() => scrolled(elm, send));
  watcher.observe(elm);
  watchers.set(elm, watcher);
}

function unwatch({ elm }: VNode): void {
  if (elm instanceof Element) watchers.get(elm)?.disconnect();
}

function scrolled(element: EventTarget | null, send: Send): void {
  if (element instanceof HTMLElement) send({ to: "rules", kind: "scrolled", top: element.scrollTop, height: element.clientHeight });
}
