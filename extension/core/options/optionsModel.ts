import type { ErrorShape } from "../../../shared/errors.ts";
import type { Color, Icon, Project, ProjectId, ProjectPatch } from "../../../shared/models.ts";
import type { OptionsState } from "../../../shared/protocol/options.ts";
import type { SwitchRequest } from "../../../shared/protocol/extensionHost.ts";
import type { RulesChange } from "../../../shared/protocol/store.ts";
import type { Rule, RuleDraft, RuleId } from "../../../shared/rules/rule.ts";
import type { Settings, SettingsPatch } from "../../../shared/settings.ts";
import { type BehaviourEvent, type BehaviourModel, firstBehaviour } from "./behaviourModel.ts";
import type { ImportPlan } from "./importPlan.ts";
import { firstProjects, type ProjectsEvent, type ProjectsModel } from "./projectsModel.ts";
import { firstRules, type RulesEvent, type RulesModel } from "./rulesModel.ts";
import type { Place, Section } from "./section.ts";
import { firstShortcuts, type Shortcut, type ShortcutsEvent, type ShortcutsModel } from "./shortcutsModel.ts";
import { firstTransfer, type TransferEvent, type TransferModel } from "./transferModel.ts";

/** All the options page knows; what it shows is a function of this. */
export interface OptionsModel {
  section: Section;
  /** Undefined until the background page has answered. */
  state: OptionsState | undefined;
  projects: ProjectsModel;
  rules: RulesModel;
  shortcuts: ShortcutsModel;
  behaviour: BehaviourModel;
  transfer: TransferModel;
  /** The call of the host section that is under way. */
  retrying: boolean;
  /** The background page could not be reached, or refused what has no field of its own. */
  error: ErrorShape | undefined;
  /** What was just done, with what can be done about it. */
  note: Note | undefined;
}

export type Note =
  | { kind: "rulesRemoved"; rules: readonly Rule[] }
  | { kind: "rulesAdded"; rules: readonly RuleId[] }
  | { kind: "tabsMoved"; tabs: number }
  | { kind: "undone"; rules: number }
  | { kind: "projectAdded" | "projectRemoved"; name: string }
  | { kind: "copied" };

/** What a text that was typed is refused for; shown beside its field. */
export type Fault =
  /** A message of _locales. */
  | { kind: "text"; name: string; value?: string }
  /** What the rule language or the background page says. */
  | { kind: "error"; error: ErrorShape };

/** What the options page asks of the background page, or of Firefox (the shortcuts). */
export type OptionsCall =
  | { kind: "state" }
  | { kind: "rules" }
  | { kind: "addProject"; project: { name: string; color: Color; icon?: Icon } }
  | { kind: "updateProject"; id: ProjectId; patch: ProjectPatch }
  | { kind: "removeProject"; id: ProjectId }
  | { kind: "switch"; request: SwitchRequest }
  | RulesCall
  | { kind: "applyRules"; rules: readonly RuleId[] }
  /** `before`: what to go back to when it is refused. */
  | { kind: "setSettings"; patch: SettingsPatch; before: Settings; why: "strict" | "external" | "inherit" | "answers" }
  /** What a file or a pasted text does, in one go. */
  | { kind: "import"; plan: ImportPlan; from: "paste" | "file" }
  | { kind: "retry" }
  | { kind: "shortcuts" }
  | { kind: "setShortcut"; name: string; shortcut: string }
  | { kind: "resetShortcut"; name: string };

/** `before`: the rules as they were, to go back to when it is refused. */
export interface RulesCall {
  kind: "changeRules";
  put: readonly RuleDraft[];
  remove: readonly RuleId[];
  why: "add" | "edit" | "remove" | "undo";
  before: readonly Rule[];
}

export type OptionsAnswer =
  | { kind: "state"; state: OptionsState }
  | { kind: "rules"; change: RulesChange }
  | { kind: "addProject"; project: Project }
  | { kind: "updateProject"; project: Project }
  | { kind: "removeProject"; name: string }
  | { kind: "changeRules"; call: RulesCall; put: readonly Rule[] }
  | { kind: "applyRules"; moved: number }
  | { kind: "import"; from: "paste" | "file"; projects: number; rules: readonly RuleId[] }
  | { kind: "setSettings"; settings: Settings }
  | { kind: "shortcuts"; shortcuts: readonly Shortcut[] }
  | { kind: "switched" }
  | { kind: "retried" };

export type PageEvent =
  | { to: "page"; kind: "go"; place: Place }
  | { to: "page"; kind: "answered"; answer: OptionsAnswer }
  | { to: "page"; kind: "failed"; call: OptionsCall; error: ErrorShape }
  /** The background page pushed its state. */
  | { to: "page"; kind: "changed"; state: OptionsState }
  | { to: "page"; kind: "rulesChanged"; change: RulesChange }
  | { to: "page"; kind: "lost"; error: ErrorShape }
  | { to: "page"; kind: "reload" | "retry" | "dismiss" | "forgetNote" | "grant" | "firstRun" }
  | { to: "page"; kind: "copy"; text: string };

export type OptionsEvent = PageEvent | ProjectsEvent | RulesEvent | ShortcutsEvent | BehaviourEvent | TransferEvent;

export type OptionsEffect =
  | { kind: "call"; call: OptionsCall }
  /** Once drawn: the element with this id. */
  | { kind: "focus"; id: string; select?: boolean }
  /** Once drawn: the active cell of the table, brought into sight. */
  | { kind: "focusCell" }
  /** The table from its first row on. */
  | { kind: "scrollToTop" }
  | { kind: "copy"; text: string }
  /** Sends the event after a while without another of the same kind. */
  | { kind: "later"; event: OptionsEvent }
  | { kind: "grant" }
  | { kind: "openFirstRun" }
  | { kind: "openShortcutSettings" }
  | { kind: "download"; name: string; type: string; text: string };

export type Step = readonly [OptionsModel, readonly OptionsEffect[]];

export const firstModel: OptionsModel = {
  section: "projects",
  state: undefined,
  projects: firstProjects,
  rules: firstRules,
  shortcuts: firstShortcuts,
  behaviour: firstBehaviour,
  transfer: firstTransfer,
  retrying: false,
  error: undefined,
  note: undefined,
};

export function call(call: OptionsCall): OptionsEffect {
  return { kind: "call", call };
}
