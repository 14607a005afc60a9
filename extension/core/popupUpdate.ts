import { ProjectName, type ProjectPatch } from "../../shared/models.ts";
import type { PopupProject, PopupState } from "../../shared/protocol/popup.ts";
import { movesTabs, newPageRule, ruleOf } from "./pageRule.ts";
import { type KeyIntent, movedTo } from "./popupKey.ts";
import type { Page, PopupAnswer, PopupCall, PopupEffect, PopupEvent, PopupModel, Said } from "./popupModel.ts";
import { popupRows, type Row } from "./popupRows.ts";
import { popupShare } from "./popupShare.ts";

type Step = readonly [PopupModel, readonly PopupEffect[]];

const focusField: PopupEffect = { kind: "focus", target: "field" };
const focusPage: PopupEffect = { kind: "focus", target: "page" };

/** The popup's next model after an event, and what is to be done outside it. */
export function popupUpdate(model: PopupModel, event: PopupEvent): Step {
  switch (event.kind) {
    case "changed":
      return known(model, event.state);
    case "answered":
      if (event.answer.kind === "state") return known({ ...model, error: undefined }, event.answer.state);
      return answered({ ...model, busy: undefined, error: undefined }, event.answer);
    case "failed":
      return failed(event.call.kind === "state" ? model : { ...model, busy: undefined }, event);
    case "typed":
      return [typed(model, event.query), []];
    case "intent":
      return intended(model, event.intent);
    case "clicked":
      return choose({ ...model, active: event.row }, event.bind);
    case "edit":
      return edit(model, rowOf(model, event.row));
    case "askRemove":
      return askRemove(model, rowOf(model, event.row));
    case "askTakeBack":
      return askTakeBack(model, rowOf(model, event.row));
    case "takeBack":
      return takeBack(model);
    case "drafted":
      if (model.page.kind !== "edit") return [model, []];
      return [{ ...model, page: { ...model.page, draft: { ...model.page.draft, ...event.draft }, nameRefused: false } }, []];
    case "reopen":
      return reopen(model);
    case "rule":
      return openRule(model);
    case "ruleDrafted":
      if (model.page.kind !== "rule") return [model, []];
      return [{ ...model, page: { ...model.page, draft: { ...model.page.draft, ...event.draft } } }, []];
    case "dismissNotice":
      return begin(model, { kind: "dismissNotice" });
    case "dismissConflict": {
      const conflict = model.state?.conflict;
      return conflict ? begin(model, { kind: "dismissConflict", project: conflict.project, revision: conflict.revision }) : [model, []];
    }
    case "options":
      return [model, [{ kind: "options" }]];
    case "save":
      return model.page.kind === "rule" ? saveRule(model) : save(model);
    case "remove":
      return model.page.kind === "remove" ? begin(model, { kind: "remove", id: model.page.project.id }) : [model, []];
    case "adopt": {
      if (model.page.kind !== "adopt") return [model, []];
      const { id, name, bind } = model.page;
      return begin(model, switchCall(id, name, bind, event.adopt));
    }
    case "back":
      return [{ ...model, page: { kind: "list" }, error: undefined }, [focusField]];
    case "unbind":
      return begin(model, { kind: "unbind" });
    case "retry":
      return begin(model, { kind: "retry" });
    case "reload":
      return [{ ...model, error: undefined }, [{ kind: "call", call: { kind: "state" } }, focusField]];
    case "grant":
      return [model, [{ kind: "grant" }]];
    case "dismiss":
      return [{ ...model, error: undefined }, [model.page.kind === "list" ? focusField : focusPage]];
    case "copy":
      return [{ ...model, said: { kind: "copied" } }, [{ kind: "copy", text: event.text }]];
  }
}

/** The highlighted row, where there is one. */
export function activeRow(model: PopupModel): Row | undefined {
  return rowOf(model, model.active);
}

/** The highlighted project, where the tab's page can be opened in it: there is one, and it is not there already. */
export function reopensIn(model: PopupModel): PopupProject | undefined {
  const row = activeRow(model);
  const page = model.state?.page;
  return page && row?.kind === "project" && row.id !== page.project ? row.project : undefined;
}

function rowOf(model: PopupModel, id: Row["id"] | undefined): Row | undefined {
  return model.rows.find((row) => row.id === id);
}

function begin(model: PopupModel, call: PopupCall): Step {
  if (model.busy) return [model, []];
  return [{ ...model, busy: call, error: undefined, said: undefined }, [{ kind: "call", call }]];
}

function known(model: PopupModel, state: PopupState): Step {
  const next = { ...withState(model, state), early: undefined };
  return model.early && next.page.kind === "list" ? choose(next, model.early.bind) : [next, []];
}

function withState(model: PopupModel, next: PopupState): PopupModel {
  const state = popupShare(model.state, next);
  const rows = popupRows(state.projects, model.query);
  const changed = { ...model, ...rows, state, active: keptActive(model, rows.rows, state) };
  const gone = goneProject(model.page, state, model.state);
  if (gone !== undefined) return { ...changed, page: { kind: "list" }, said: { kind: "gone", name: gone } };
  const over = model.busy?.kind === "takeBack" ? undefined : endedLease(model.page, state);
  return over === undefined ? changed : { ...changed, page: { kind: "list" }, said: { kind: "leaseOver", name: over } };
}

/** The row that was highlighted; when it is gone, what stands in its place now; at first the current project. */
function keptActive(model: PopupModel, rows: readonly Row[], state: PopupState): Row["id"] | undefined {
  if (rows.some((row) => row.id === model.active)) return model.active;
  const before = model.rows.findIndex((row) => row.id === model.active);
  if (before >= 0) return rows[Math.min(before, rows.length - 1)]?.id;
  return model.query.trim() === "" ? homeRow(rows, state) : rows[0]?.id;
}

function homeRow(rows: readonly Row[], state: PopupState | undefined): Row["id"] | undefined {
  return (rows.find((row) => row.id === state?.current) ?? rows[0])?.id;
}

/** The name of the project a page is about, when another hand has removed it. */
function goneProject(page: Page, state: PopupState, before: PopupState | undefined): string | undefined {
  switch (page.kind) {
    case "edit":
      return page.id === undefined || has(state, page.id) ? undefined : page.draft.name;
    case "takeBack":
      return has(state, page.id) ? undefined : nameOf(before, page.id);
    case "remove":
      return has(state, page.project.id) ? undefined : page.project.name;
    case "rule":
      return has(state, page.draft.project) ? undefined : nameOf(before, page.draft.project);
    // A project just made may not have arrived yet.
    case "adopt":
    case "list":
      return undefined;
  }
}

/** The name of the project of the page's question, when the holder has it no longer. */
function endedLease(page: Page, { projects }: PopupState): string | undefined {
  if (page.kind !== "takeBack") return undefined;
  const project = projects.find(({ id }) => id === page.id);
  return project?.lease?.holder === page.holder ? undefined : project?.name;
}

function nameOf(state: PopupState | undefined, project: string): string {
  return state?.projects.find(({ id }) => id === project)?.name ?? "";
}

function has(state: PopupState, id: string): boolean {
  return state.projects.some((project) => project.id === id);
}

function typed(model: PopupModel, query: string): PopupModel {
  // Before the projects are known nothing is offered: the name may be taken.
  const rows = model.state ? popupRows(model.state.projects, query) : popupRows([], "");
  const blank = query.trim() === "";
  const found = rows.rows.filter((row) => row.kind === "project").length;
  return {
    ...model,
    ...rows,
    query,
    early: undefined,
    active: blank ? homeRow(rows.rows, model.state) : rows.rows[0]?.id,
    said: blank || !model.state ? undefined : { kind: "found", projects: found },
  };
}

function intended(model: PopupModel, intent: KeyIntent): Step {
  switch (intent.kind) {
    case "move": {
      const from = model.rows.findIndex((row) => row.id === model.active);
      return [{ ...model, active: model.rows[movedTo(intent.to, from, model.rows.length)]?.id }, [focusField]];
    }
    case "choose":
      return choose(model, intent.bind);
    case "edit":
      return edit(model, activeRow(model));
    case "remove":
      return askRemove(model, activeRow(model));
    case "reopen":
      return reopen(model);
    case "rule":
      return openRule(model);
    case "takeBack":
      return askTakeBack(model, activeRow(model));
    case "leave":
      if (model.error) return [{ ...model, error: undefined }, [focusField]];
      if (model.query !== "") return [typed(model, ""), [focusField]];
      return [model, [{ kind: "close" }]];
  }
}

function choose(model: PopupModel, bind: boolean): Step {
  if (!model.state) return [{ ...model, early: { bind } }, []];
  const row = activeRow(model);
  if (!row || model.busy) return [model, []];
  if (row.kind === "create") return begin(model, { kind: "add", project: { name: row.name, color: row.color }, bind });
  const { id, name, adoptable } = row.project;
  if (adoptable) return openPage(model, { kind: "adopt", id, name, bind });
  return begin(model, switchCall(id, name, bind));
}

function switchCall(id: string, name: string, bind: boolean, adopt?: boolean): PopupCall {
  const request = { project: id, ...(bind && { window: "bind" as const }), ...(adopt !== undefined && { adopt }) };
  return { kind: "switch", request, name };
}

function openPage(model: PopupModel, page: Page): Step {
  return [{ ...model, page, error: undefined, said: undefined }, [focusPage]];
}

function edit(model: PopupModel, row: Row | undefined): Step {
  if (!row || model.busy) return [model, []];
  if (row.kind === "create") {
    return openPage(model, { kind: "edit", id: undefined, draft: { name: row.name, color: row.color, icon: "circle" }, nameRefused: false });
  }
  const { id, name, color, icon } = row.project;
  return openPage({ ...model, active: id }, { kind: "edit", id, draft: { name, color, icon }, nameRefused: false });
}

function askRemove(model: PopupModel, row: Row | undefined): Step {
  if (row?.kind !== "project" || model.busy) return [model, []];
  return openPage({ ...model, active: row.id }, { kind: "remove", project: row.project });
}

function askTakeBack(model: PopupModel, row: Row | undefined): Step {
  if (row?.kind !== "project" || !row.project.lease || model.busy) return [model, []];
  return openPage({ ...model, active: row.id }, { kind: "takeBack", id: row.id, holder: row.project.lease.holder });
}

function takeBack(model: PopupModel): Step {
  const { page, state } = model;
  if (page.kind !== "takeBack") return [model, []];
  return begin(model, { kind: "takeBack", id: page.id, name: nameOf(state, page.id), holder: page.holder });
}

function reopen(model: PopupModel): Step {
  const project = reopensIn(model);
  const page = model.state?.page;
  return project && page ? begin(model, { kind: "reopen", tab: page.tab, project: project.id }) : [model, []];
}

function openRule(model: PopupModel): Step {
  const rule = model.state && newPageRule(model.state);
  return rule === undefined || model.busy ? [model, []] : openPage(model, { kind: "rule", ...rule });
}

function saveRule(model: PopupModel): Step {
  const { page, state } = model;
  if (page.kind !== "rule") return [model, []];
  const name = nameOf(state, page.draft.project);
  return begin(model, { kind: "addRule", rule: ruleOf(page.draft), apply: movesTabs(page.draft, state?.page), name });
}

function save(model: PopupModel): Step {
  const { page } = model;
  if (page.kind !== "edit") return [model, []];
  const name = page.draft.name.trim().normalize("NFC");
  if (!ProjectName.safeParse(name).success) return [{ ...model, page: { ...page, nameRefused: true } }, [focusPage]];
  if (page.id === undefined) return begin(model, { kind: "add", project: { ...page.draft, name }, bind: false });

  const before = model.state?.projects.find((project) => project.id === page.id);
  const patch = changes(before, { ...page.draft, name });
  if (Object.keys(patch).length === 0) return [{ ...model, page: { kind: "list" } }, [focusField]];
  return begin(model, { kind: "update", id: page.id, patch });
}

function changes(before: PopupProject | undefined, draft: Required<ProjectPatch>): ProjectPatch {
  return {
    ...(before?.name !== draft.name && { name: draft.name }),
    ...(before?.color !== draft.color && { color: draft.color }),
    ...(before?.icon !== draft.icon && { icon: draft.icon }),
  };
}

function answered(model: PopupModel, answer: Exclude<PopupAnswer, { kind: "state" }>): Step {
  const home = (said: Said): Step => [{ ...model, page: { kind: "list" }, said }, [focusField]];
  switch (answer.kind) {
    case "switched":
      return [model, [{ kind: "close" }]];
    case "added": {
      // Should the switch be refused, the list is there with the new project highlighted.
      const { id, name } = answer.project;
      const shown: PopupModel = { ...typed(model, ""), page: { kind: "list" }, active: id };
      return begin(shown, switchCall(id, name, answer.bind));
    }
    case "updated":
      return home({ kind: "saved", name: answer.project.name });
    case "removed":
      return home({ kind: "removed", name: answer.name });
    case "unbound":
      return home({ kind: "unbound" });
    case "retried":
      return [model, []];
    case "reopened":
      return [model, [{ kind: "close" }]];
    case "ruled":
    case "takenBack":
      return home(answer);
    case "conflictDismissed":
    case "noticeDismissed":
      return [model, [focusField]];
  }
}

function failed(model: PopupModel, { call, error }: Extract<PopupEvent, { kind: "failed" }>): Step {
  if (call.kind === "switch" && error.code === "adoptionNeeded" && call.request.adopt === undefined) {
    return openPage(model, { kind: "adopt", id: call.request.project, name: call.name, bind: call.request.window === "bind" });
  }
  return [{ ...model, error }, []];
}
