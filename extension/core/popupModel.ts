import type { ErrorShape } from "../../shared/errors.ts";
import type { Color, Icon, Project, ProjectId, ProjectPatch } from "../../shared/models.ts";
import type { PopupProject, PopupState } from "../../shared/protocol/popup.ts";
import type { SwitchRequest } from "../../shared/protocol/extensionHost.ts";
import type { RuleDraft } from "../../shared/rules/rule.ts";
import type { KeyIntent } from "./popupKey.ts";
import { popupRows, type Row, type Rows } from "./popupRows.ts";
import type { PageRule, PageRuleDraft } from "./pageRule.ts";

/** All the popup knows; what it shows is a function of this. */
export interface PopupModel extends Rows {
  /** Undefined until the background page has answered. */
  state: PopupState | undefined;
  query: string;
  /** Enter came before the projects were known: choose when they are. */
  early: { bind: boolean } | undefined;
  /** The highlighted row. */
  active: Row["id"] | undefined;
  page: Page;
  /** The call under way; a second is not begun. */
  busy: PopupCall | undefined;
  error: ErrorShape | undefined;
  /** What the live region says. */
  said: Said | undefined;
}

export type Page =
  | { kind: "list" }
  /** Without `id` the draft is of a project to be made. */
  | { kind: "edit"; id: ProjectId | undefined; draft: Draft; nameRefused: boolean }
  | { kind: "remove"; project: PopupProject }
  /** From `holder`, who has the project checked out. */
  | { kind: "takeBack"; id: ProjectId; holder: string }
  /** Firefox has a container of the project's name that Stead did not make. */
  | { kind: "adopt"; id: ProjectId; name: string; bind: boolean }
  /** A rule for the page in the tab. */
  | ({ kind: "rule" } & PageRule);

export interface Draft {
  name: string;
  color: Color;
  icon: Icon;
}

export type Said =
  | { kind: "found"; projects: number }
  | { kind: "saved" | "removed" | "gone"; name: string }
  | { kind: "takenBack"; name: string; holder: string }
  /** The lease that was asked about is no more. */
  | { kind: "leaseOver"; name: string }
  | { kind: "unbound" }
  | { kind: "copied" }
  | { kind: "ruled"; pattern: string; project: string; moved: number };

/** What the popup asks of the background page. */
export type PopupCall =
  | { kind: "state" }
  | { kind: "switch"; request: SwitchRequest; name: string }
  | { kind: "add"; project: { name: string; color: Color; icon?: Icon }; bind: boolean }
  | { kind: "update"; id: ProjectId; patch: ProjectPatch }
  | { kind: "remove"; id: ProjectId }
  | { kind: "unbind" }
  | { kind: "retry" }
  | { kind: "reopen"; tab: number; project: ProjectId }
  | { kind: "addRule"; rule: RuleDraft; apply: boolean; name: string }
  | { kind: "dismissNotice" }
  | { kind: "takeBack"; id: ProjectId; name: string; holder: string }
  | { kind: "dismissConflict"; project: ProjectId; revision: number };

export type PopupAnswer =
  | { kind: "state"; state: PopupState }
  | { kind: "switched" }
  | { kind: "added"; project: Project; bind: boolean }
  | { kind: "updated"; project: Project }
  | { kind: "removed"; name: string }
  | { kind: "unbound" }
  | { kind: "retried" }
  | { kind: "reopened" }
  | { kind: "ruled"; pattern: string; project: string; moved: number }
  | { kind: "noticeDismissed" }
  | { kind: "takenBack"; name: string; holder: string }
  | { kind: "conflictDismissed" };

export type PopupEvent =
  | { kind: "answered"; answer: PopupAnswer }
  | { kind: "failed"; call: PopupCall; error: ErrorShape }
  /** The background page pushed its state. */
  | { kind: "changed"; state: PopupState }
  | { kind: "typed"; query: string }
  | { kind: "intent"; intent: KeyIntent }
  | { kind: "clicked"; row: Row["id"]; bind: boolean }
  | { kind: "edit" | "askRemove" | "askTakeBack"; row: Row["id"] | undefined }
  | { kind: "drafted"; draft: Partial<Draft> }
  | { kind: "reopen" }
  | { kind: "rule" }
  | { kind: "ruleDrafted"; draft: Partial<PageRuleDraft> }
  | { kind: "dismissNotice" }
  | { kind: "dismissConflict" }
  | { kind: "takeBack" }
  | { kind: "options" }
  | { kind: "save" }
  | { kind: "remove" }
  | { kind: "adopt"; adopt: boolean }
  | { kind: "back" }
  | { kind: "unbind" }
  | { kind: "retry" }
  /** Ask for the state again: the background page could not be reached. */
  | { kind: "reload" }
  /** Let the user give back the right to read sites' cookies. */
  | { kind: "grant" }
  | { kind: "dismiss" }
  | { kind: "copy"; text: string };

export type PopupEffect =
  | { kind: "call"; call: PopupCall }
  /** Once drawn. `page`: whatever the page is to be begun with. */
  | { kind: "focus"; target: "field" | "page" }
  | { kind: "copy"; text: string }
  | { kind: "grant" }
  /** Opens the options page, and closes. */
  | { kind: "options" }
  | { kind: "close" };

export const firstModel: PopupModel = {
  state: undefined,
  query: "",
  early: undefined,
  ...popupRows([], ""),
  active: undefined,
  page: { kind: "list" },
  busy: undefined,
  error: undefined,
  said: undefined,
};
