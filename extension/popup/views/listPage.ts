import { h, thunk, type VNode } from "snabbdom";
import type { PopupState } from "../../../shared/protocol/popup.ts";
import type { PopupModel } from "../../core/popupModel.ts";
import type { Row } from "../../core/popupRows.ts";
import { activeRow } from "../../core/popupUpdate.ts";
import { text } from "../../ui/text.ts";
import { glyph, mark } from "../../ui/glyphs.ts";
import { named } from "../../ui/parts.ts";
import type { Send } from "./parts.ts";
import { currentPageView } from "./currentPage.ts";
import { conflictBanner } from "./conflictBanner.ts";
import { noticeView } from "./hostView.ts";
import { leaseStrip } from "./leaseStrip.ts";
import { leaseWords } from "./leaseWords.ts";
import { noticeBanner } from "./noticeBanner.ts";
import { createRow, projectRow, rowElementId } from "./row.ts";

export interface ListOptions {
  /** Names the key that binds: ⌘ on a Mac, Ctrl elsewhere. */
  mac: boolean;
  /** How many projects there were last time, for the height while they are being loaded. */
  expected: number;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** The field, the projects, and what can be done with the highlighted one. */
export function listPage(model: PopupModel, options: ListOptions, send: Send): VNode {
  const first = model.state?.projects.length === 0;
  return h("main.list-page", { key: "list" }, [
    h("h1.unseen", text("extName")),
    field(model, first, send),
    model.state && banner(model, model.state, send),
    boundBanner(model, send),
    h("div.list-area", { class: { alone: !activeRow(model) }, style: { "--rows": String(visibleRows(model, options)) } }, [
      listbox(model, options, send),
      model.rows.length === 0 ? instead(model, options) : undefined,
    ]),
    leaseStrip(model, options.now(), send),
    actions(model, options, send),
    currentPageView(model, options, send),
  ]);
}

/** The most pressing only: there is no room for more. A conflict can wait until all else is well. */
function banner(model: PopupModel, state: PopupState, send: Send): VNode | undefined {
  return noticeBanner(state, send) ?? (noticeView(state, model, send) ? undefined : conflictBanner(state, send));
}

/** Stays the same while the user types, so that nothing jumps. */
function visibleRows(model: PopupModel, options: ListOptions): number {
  const projects = model.state?.projects.length ?? options.expected;
  return projects === 0 ? 5 : Math.min(Math.max(projects, 3), 8);
}

function field(model: PopupModel, first: boolean, send: Send): VNode {
  const label = text(first ? "fieldLabelFirst" : "fieldLabel");
  return h("div.field", [
    glyph("search"),
    h("input", {
      attrs: {
        id: "field",
        type: "text",
        role: "combobox",
        "aria-label": label,
        "aria-expanded": String(model.rows.length > 0),
        "aria-controls": "projects",
        "aria-autocomplete": "list",
        "aria-haspopup": "listbox",
        autocomplete: "off",
        autocapitalize: "off",
        spellcheck: "false",
        dir: "auto",
        maxlength: 64,
        placeholder: label,
        ...(model.active !== undefined && { "aria-activedescendant": rowElementId(model.active) }),
      },
      props: { value: model.query },
      on: {
        input: (event) => {
          if (event.target instanceof HTMLInputElement) send({ kind: "typed", query: event.target.value });
        },
      },
    }),
  ]);
}

function boundBanner(model: PopupModel, send: Send): VNode | undefined {
  const bound = model.state?.projects.find((project) => project.id === model.state?.bound);
  if (!bound) return undefined;
  return h("div.bound-banner", { key: "bound" }, [
    glyph("pin"),
    h("span", named("boundTo", bound.name)),
    h("button.button.quiet", { attrs: { type: "button" }, on: { click: () => send({ kind: "unbind" }) } }, text("unbind")),
  ]);
}

function listbox(model: PopupModel, options: ListOptions, send: Send): VNode {
  return h(
    "ul.rows",
    {
      // Not a tab stop of its own, though it scrolls: the field moves it.
      attrs: { id: "projects", role: "listbox", tabindex: -1, "aria-label": text("projects"), "aria-busy": String(!model.state) },
      on: {
        // The focus stays in the field.
        mousedown: (event) => event.preventDefault(),
        click: (event) => clicked(event, send),
      },
    },
    model.rows.map((row) => rowView(row, model, options)),
  );
}

function rowView(row: Row, model: PopupModel, { now }: ListOptions): VNode {
  const active = row.id === model.active;
  if (row.kind === "create") return thunk("li.row.create", row.id, createRow, [row.name, row.color, active]);
  const { state } = model;
  const { lease } = row.project;
  const leased = lease ? leaseWords(lease, now()) : undefined;
  return thunk("li.row", row.id, projectRow, [row.project, row.ranges, active, row.id === state?.current, row.id === state?.bound, leased]);
}

function clicked(event: MouseEvent, send: Send): void {
  if (!(event.target instanceof Element)) return;
  const edited = event.target.closest("[data-edit]")?.getAttribute("data-edit");
  const row = event.target.closest("[data-row]")?.getAttribute("data-row");
  const leased = event.target.closest("[data-lease]")?.getAttribute("data-lease");
  if (edited) send({ kind: "edit", row: edited });
  else if (leased) send({ kind: "askTakeBack", row: leased });
  else if (row) send({ kind: "clicked", row, bind: event.ctrlKey || event.metaKey });
}

/** What stands where there are no rows: a skeleton, an invitation, or that nothing was found. */
function instead(model: PopupModel, options: ListOptions): VNode {
  if (!model.state) {
    return h(
      "div.skeleton",
      { key: "skeleton", attrs: { "aria-hidden": "true" } },
      Array.from({ length: Math.min(options.expected, 8) }, () => h("div.row", [h("span.line", [h("span.disc"), h("span.bar")])])),
    );
  }
  if (model.nameRefused) return h("p.nothing", { key: "nothing" }, text("nameRefused"));
  if (model.state.projects.length > 0) return h("p.nothing", { key: "nothing" }, text("foundNone"));
  return h("div.empty", { key: "empty" }, [mark(), h("h2", text("emptyTitle")), h("p", text("emptyText"))]);
}

interface Action {
  label: string;
  keys: string[];
  shortcut: string;
  title?: string;
  click: () => void;
}

function actions(model: PopupModel, options: ListOptions, send: Send): VNode | undefined {
  const row = activeRow(model);
  if (!row) return undefined;
  const name = row.kind === "create" ? row.name : row.project.name;
  return h(
    "div.actions",
    { key: "actions", attrs: { role: "group", "aria-label": text("actionsFor", name) } },
    actionsOf(row, name, options, send).map((action) =>
      h(
        "button.action",
        {
          attrs: { type: "button", "aria-keyshortcuts": action.shortcut, ...(action.title !== undefined && { title: action.title }) },
          on: { click: action.click },
        },
        [
          h("span.label", action.label),
          h("span.keys", { attrs: { "aria-hidden": "true" } }, action.keys.map((key) => h("kbd", key))),
        ],
      ),
    ),
  );
}

function actionsOf(row: Row, name: string, { mac }: ListOptions, send: Send): Action[] {
  const command = mac ? "⌘" : text("keyControl");
  const choose = (bind: boolean) => () => send({ kind: "clicked", row: row.id, bind });
  const create = row.kind === "create";
  const all: Action[] = [
    { label: text(create ? "createAction" : "switch"), keys: ["↵"], shortcut: "Enter", click: choose(false) },
    {
      label: text("bindWindow"),
      keys: [command, "↵"],
      shortcut: mac ? "Meta+Enter" : "Control+Enter",
      title: text("bindWindowHint", name),
      click: choose(true),
    },
    { label: text(create ? "details" : "edit"), keys: ["F2"], shortcut: "F2", click: () => send({ kind: "edit", row: row.id }) },
  ];
  if (!create) {
    all.push({ label: text("remove"), keys: [text("keyDelete")], shortcut: "Delete", click: () => send({ kind: "askRemove", row: row.id }) });
  }
  return all;
}
