import type { ProjectId } from "../../../shared/models.ts";
import type { Rule, RuleId } from "../../../shared/rules/rule.ts";
import type { GridMove } from "./gridKey.ts";
import type { Fault } from "./optionsModel.ts";

export const columns = ["pattern", "project", "ask", "remove"] as const;
export type Column = (typeof columns)[number];
export type SortColumn = Exclude<Column, "remove">;

export interface Sort {
  by: SortColumn;
  down: boolean;
}

/** A place in the table that the keyboard is at; the row is a rule, or `head`. */
/** The line of titles, beside the rules' ids. */
export const head = "head";

export interface Cell {
  row: RuleId;
  column: Column;
}

export interface RulesModel {
  /** Undefined until the background page has answered. Never changed in place: whoever holds it may keep what follows from it. */
  all: ReadonlyMap<RuleId, Rule> | undefined;
  query: string;
  sort: Sort;
  /** Those that answer the query, in order, and at which place each stands. */
  rows: readonly Rule[];
  places: ReadonlyMap<RuleId, number>;
  /** Undefined: the first cell, once there are rows. */
  active: Cell | undefined;
  /** Where the active row stands, so that its neighbour takes over when it goes. */
  activePlace: number;
  /** In pixels, as the table's scrolling part has it. */
  scroll: { top: number; height: number };
  editing: Editing | undefined;
  draft: RuleDraftFields;
  /** The panel for many rules at once; undefined: closed. */
  paste: string | undefined;
  pasting: boolean;
  pasteFault: Fault | undefined;
  /** The address whose rules are explained. */
  url: string;
  /** Removed, the latest last: what undo brings back. */
  removed: readonly (readonly Rule[])[];
}

export interface Editing {
  id: RuleId;
  column: "pattern" | "project";
  /** What is typed, or the id of the project. */
  value: string;
  fault: Fault | undefined;
}

/** The rule to be added. */
export interface RuleDraftFields {
  pattern: string;
  /** Undefined: the current project, else the first one. */
  project: ProjectId | undefined;
  ask: boolean;
  fault: Fault | undefined;
  busy: boolean;
}

export const firstRules: RulesModel = {
  all: undefined,
  query: "",
  sort: { by: "pattern", down: false },
  rows: [],
  places: new Map(),
  active: undefined,
  activePlace: 0,
  scroll: { top: 0, height: 600 },
  editing: undefined,
  draft: { pattern: "", project: undefined, ask: false, fault: undefined, busy: false },
  paste: undefined,
  pasting: false,
  pasteFault: undefined,
  url: "",
  removed: [],
};

export type RulesEvent =
  | { to: "rules"; kind: "filter"; query: string }
  | { to: "rules"; kind: "sort"; by: SortColumn }
  | { to: "rules"; kind: "scrolled"; top: number; height: number }
  | { to: "rules"; kind: "move"; move: GridMove }
  /** By a click, or because the focus came there. */
  | { to: "rules"; kind: "at"; cell: Cell }
  | { to: "rules"; kind: "edit"; cell: Cell }
  | { to: "rules"; kind: "edited"; value: string }
  /** `stay`: the keyboard goes back to the cell; else it has gone elsewhere. */
  | { to: "rules"; kind: "commit"; stay: boolean }
  | { to: "rules"; kind: "cancelEdit" }
  | { to: "rules"; kind: "ask"; id: RuleId; ask: boolean }
  | { to: "rules"; kind: "remove"; id: RuleId }
  | { to: "rules"; kind: "undo" }
  | { to: "rules"; kind: "draft"; draft: Partial<Pick<RuleDraftFields, "pattern" | "project" | "ask">> }
  | { to: "rules"; kind: "add" }
  | { to: "rules"; kind: "openPaste"; text: string }
  | { to: "rules"; kind: "closePaste" }
  | { to: "rules"; kind: "pasted"; text: string }
  | { to: "rules"; kind: "addPasted" }
  | { to: "rules"; kind: "try"; url: string }
  | { to: "rules"; kind: "apply"; rules: readonly RuleId[] };
