import type { ErrorShape } from "../../../shared/errors.ts";
import type { RulesChange } from "../../../shared/protocol/store.ts";
import type { Rule, RuleDraft, RuleId } from "../../../shared/rules/rule.ts";
import { draftProject } from "./draftProject.ts";
import { gridMoved } from "./gridKey.ts";
import { call, type OptionsEffect, type OptionsModel, type RulesCall, type Step } from "./optionsModel.ts";
import { readRulePattern } from "./ruleFault.ts";
import { modelPlan } from "./modelPlan.ts";
import { ruleRows } from "./ruleRows.ts";
import { type Cell, columns, type Editing, head, type RuleDraftFields, type RulesEvent, type RulesModel } from "./rulesModel.ts";
import { rowsSeen } from "./ruleWindow.ts";

const focusCell: OptionsEffect = { kind: "focusCell" };
const focusPattern: OptionsEffect = { kind: "focus", id: "new-pattern" };

export function rulesUpdate(model: OptionsModel, event: RulesEvent): Step {
  switch (event.kind) {
    case "filter":
      return [arranged(within(model, { query: event.query, scroll: { ...model.rules.scroll, top: 0 } })), [{ kind: "scrollToTop" }]];
    case "sort": {
      const { sort } = model.rules;
      return [arranged(within(model, { sort: { by: event.by, down: sort.by === event.by && !sort.down } })), []];
    }
    case "scrolled":
      return [within(model, { scroll: { top: event.top, height: event.height } }), []];
    case "move":
      return [moved(model, event.move), [focusCell]];
    case "at":
      return [at(model, event.cell), []];
    case "edit":
      return edit(model, event.cell);
    case "edited":
      return [editing(model, { value: event.value, fault: undefined }), []];
    case "commit":
      return commit(model, event.stay);
    case "cancelEdit":
      return [within(model, { editing: undefined }), [focusCell]];
    case "ask":
      return ask(model, event.id, event.ask);
    case "remove":
      return remove(model, event.id);
    case "undo":
      return undo(model);
    case "draft":
      return [draft(model, { ...event.draft, fault: undefined }), []];
    case "add":
      return add(model);
    case "openPaste":
      return [within(model, { paste: event.text, pasteFault: undefined }), [{ kind: "focus", id: "paste" }]];
    case "closePaste":
      return [within(model, { paste: undefined, pasteFault: undefined }), [{ kind: "focus", id: "open-paste" }]];
    case "pasted":
      return [within(model, { paste: event.text, pasteFault: undefined }), []];
    case "addPasted":
      return addPasted(model);
    case "try":
      return [within(model, { url: event.url }), []];
    case "apply":
      return [{ ...model, note: undefined }, [call({ kind: "applyRules", rules: event.rules })]];
  }
}

/** The rules as the background page says they are now. */
export function rulesChanged(model: OptionsModel, change: Pick<RulesChange, "all" | "set" | "removed">): OptionsModel {
  if (!model.rules.all && !change.all) return model;
  const all = new Map(change.all ? [] : model.rules.all);
  for (const rule of change.set) all.set(rule.id, rule);
  for (const id of change.removed) all.delete(id);
  return arranged(within(model, { all }));
}

/** Filters and sorts anew; the active cell follows its rule, or stays where that was. */
export function arranged(model: OptionsModel): OptionsModel {
  const { all, query, sort, active, activePlace } = model.rules;
  if (!all) return model;
  const rows = ruleRows(all, model.state?.projects ?? [], query, sort);
  const places = new Map(rows.map((rule, place) => [rule.id, place]));
  const column = active?.column ?? "pattern";
  if (active?.row === head) return within(model, { rows, places });
  const place = (active && places.get(active.row)) ?? Math.min(activePlace, rows.length - 1);
  const row = rows[place];
  return within(model, { rows, places, active: row ? { row: row.id, column } : undefined, activePlace: Math.max(place, 0) });
}

export function rulesAnswered(model: OptionsModel, { why, remove: gone }: RulesCall, put: readonly Rule[]): Step {
  const written = rulesChanged(model, { all: false, set: [...put], removed: [] });
  switch (why) {
    case "add":
      return [
        { ...draft(written, { pattern: "", ask: false, fault: undefined, busy: false }), note: { kind: "rulesAdded", rules: put.map(({ id }) => id) } },
        [focusPattern],
      ];
    case "edit":
      return [written, []];
    case "remove":
      return [rulesChanged(model, { all: false, set: [], removed: [...gone] }), []];
    case "undo":
      return [{ ...written, note: { kind: "undone", rules: put.length } }, []];
  }
}

export function rulesFailed(model: OptionsModel, failed: RulesCall, error: ErrorShape): Step {
  const restored = rulesChanged(model, { all: false, set: [...failed.before], removed: [] });
  const fault = { kind: "error", error } as const;
  switch (failed.why) {
    case "add":
      return [draft(model, { busy: false, fault }), [focusPattern]];
    case "edit":
      return refusedEdit(restored, failed, error);
    case "remove":
      return [{ ...within(restored, { removed: model.rules.removed.slice(0, -1) }), note: undefined, error }, []];
    case "undo":
      return [{ ...within(model, { removed: [...model.rules.removed, failed.put.flatMap((one) => (one.id === undefined ? [] : [{ ...one, id: one.id }]))] }), error }, []];
  }
}

/** What was typed comes back into its cell, with what speaks against it. */
function refusedEdit(model: OptionsModel, { put, before }: RulesCall, error: ErrorShape): Step {
  const [wanted, was] = [put[0], before[0]];
  if (!wanted || !was || model.rules.editing || (wanted.pattern === was.pattern && wanted.project === was.project)) return [{ ...model, error }, []];
  const column = wanted.pattern === was.pattern ? "project" : "pattern";
  return [within(model, { editing: { id: was.id, column, value: wanted[column], fault: { kind: "error", error } } }), [{ kind: "focus", id: "edited" }]];
}

export function pasteImported(model: OptionsModel, rules: readonly RuleId[]): Step {
  return [{ ...within(model, { paste: undefined, pasting: false, pasteFault: undefined }), note: { kind: "rulesAdded", rules } }, [{ kind: "focus", id: "open-paste" }]];
}

export function pasteFailed(model: OptionsModel, error: ErrorShape): Step {
  return [within(model, { pasting: false, pasteFault: { kind: "error", error } }), []];
}

function within(model: OptionsModel, change: Partial<RulesModel>): OptionsModel {
  return { ...model, rules: { ...model.rules, ...change } };
}

function draft(model: OptionsModel, change: Partial<RuleDraftFields>): OptionsModel {
  return within(model, { draft: { ...model.rules.draft, ...change } });
}

function editing(model: OptionsModel, change: Partial<Editing>): OptionsModel {
  return model.rules.editing ? within(model, { editing: { ...model.rules.editing, ...change } }) : model;
}

function at(model: OptionsModel, cell: Cell): OptionsModel {
  const { active } = model.rules;
  if (active?.row === cell.row && active.column === cell.column) return model;
  return within(model, { active: cell, activePlace: model.rules.places.get(cell.row) ?? model.rules.activePlace });
}

function moved(model: OptionsModel, move: Parameters<typeof gridMoved>[0]): OptionsModel {
  const { rows, places, active, scroll } = model.rules;
  const from = {
    row: active === undefined ? 0 : active.row === head ? -1 : (places.get(active.row) ?? 0),
    column: columns.indexOf(active?.column ?? "pattern"),
  };
  const to = gridMoved(move, from, { rows: rows.length, columns: columns.length, page: rowsSeen(scroll.height) });
  // The last title has nothing to press.
  const column = columns[to.row === -1 ? Math.min(to.column, columns.length - 2) : to.column] ?? "pattern";
  return at(model, { row: rows[to.row]?.id ?? head, column });
}

function edit(model: OptionsModel, cell: Cell): Step {
  const rule = ruleOf(model, cell.row);
  const here = at(model, cell);
  if (!rule) return [model, []];
  switch (cell.column) {
    case "ask":
      return ask(here, rule.id, !rule.ask);
    case "remove":
      return remove(here, rule.id);
    case "pattern":
    case "project": {
      const value = cell.column === "pattern" ? rule.pattern : rule.project;
      return [
        within(here, { editing: { id: rule.id, column: cell.column, value, fault: undefined } }),
        [{ kind: "focus", id: "edited", select: true }],
      ];
    }
  }
}

function commit(model: OptionsModel, stay: boolean): Step {
  const { editing: now, all } = model.rules;
  const rule = now && all?.get(now.id);
  if (!now || !all) return [model, []];
  // Removed by another hand meanwhile.
  if (!rule) return [within(model, { editing: undefined }), []];
  const wanted = now.column === "pattern" ? { ...rule, pattern: now.value } : { ...rule, project: now.value };
  const read = readRulePattern(all, wanted);
  if ("fault" in read) return [editing(model, { fault: read.fault }), stay ? [{ kind: "focus", id: "edited" }] : []];
  const put: Rule = { ...wanted, pattern: read.pattern };
  const effects = stay ? [focusCell] : [];
  const closed = within(model, { editing: undefined });
  if (put.pattern === rule.pattern && put.project === rule.project) return [closed, effects];
  return [
    rulesChanged(closed, { all: false, set: [put], removed: [] }),
    [change({ put: [put], why: "edit", before: [rule] }), ...effects],
  ];
}

function ask(model: OptionsModel, id: RuleId, value: boolean): Step {
  const rule = ruleOf(model, id);
  // An exclusion has nothing to ask.
  if (!rule || rule.ask === value || rule.pattern.startsWith("!")) return [model, []];
  const put = { ...rule, ask: value };
  return [rulesChanged(model, { all: false, set: [put], removed: [] }), [change({ put: [put], why: "edit", before: [rule] })]];
}

function remove(model: OptionsModel, id: RuleId): Step {
  const rule = ruleOf(model, id);
  if (!rule) return [model, []];
  const gone = rulesChanged(within(model, { editing: undefined }), { all: false, set: [], removed: [id] });
  return [
    { ...within(gone, { removed: [...gone.rules.removed, [rule]] }), note: { kind: "rulesRemoved", rules: [rule] } },
    [change({ remove: [id], why: "remove", before: [rule] }), focusCell],
  ];
}

function undo(model: OptionsModel): Step {
  const last = model.rules.removed.at(-1);
  if (!last) return [model, []];
  return [{ ...within(model, { removed: model.rules.removed.slice(0, -1) }), note: undefined }, [change({ put: last, why: "undo", before: [] })]];
}

function add(model: OptionsModel): Step {
  const { all, draft: typed } = model.rules;
  const project = draftProject(model);
  if (!all || typed.busy) return [model, []];
  if (project === undefined) return [draft(model, { fault: { kind: "text", name: "optionsRuleNeedsProject" } }), []];
  const read = readRulePattern(all, { pattern: typed.pattern, project });
  if ("fault" in read) return [draft(model, { fault: read.fault }), [focusPattern]];
  const put: RuleDraft = { project, pattern: read.pattern, ask: typed.ask };
  return [{ ...draft(model, { busy: true, project }), note: undefined }, [change({ put: [put], why: "add", before: [] })]];
}

function addPasted(model: OptionsModel): Step {
  const { paste, pasting } = model.rules;
  const plan = paste === undefined ? undefined : modelPlan(model, paste);
  if (!plan || "error" in plan || pasting || plan.put.length === 0) return [model, []];
  return [{ ...within(model, { pasting: true, pasteFault: undefined }), note: undefined }, [call({ kind: "import", plan, from: "paste" })]];
}

function change({ put = [], remove = [], why, before }: Partial<RulesCall> & Pick<RulesCall, "why" | "before">): OptionsEffect {
  return call({ kind: "changeRules", put, remove, why, before });
}

function ruleOf(model: OptionsModel, row: Cell["row"]): Rule | undefined {
  return row === head ? undefined : model.rules.all?.get(row);
}
