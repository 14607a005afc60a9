import type { ErrorShape } from "../../../shared/errors.ts";
import type { Color, ProjectId } from "../../../shared/models.ts";
import type { OptionsState } from "../../../shared/protocol/options.ts";
import type { RulesChange } from "../../../shared/protocol/store.ts";
import type { Rule, RuleId } from "../../../shared/rules/rule.ts";
import type { Fault, OptionsAnswer, OptionsCall } from "../options/optionsModel.ts";

/** All the first-run page knows; what it shows is a function of this. */
export interface FirstRunModel {
  /** Undefined until the background page has answered. */
  state: OptionsState | undefined;
  rules: ReadonlyMap<RuleId, Rule>;
  name: string;
  /** Undefined: the colour that fewest projects have. */
  color: Color | undefined;
  nameFault: Fault | undefined;
  making: boolean;
  /** The project that the further steps are about. */
  project: ProjectId | undefined;
  pattern: string;
  patternFault: Fault | undefined;
  adding: boolean;
  /** Addresses of the open tabs, the latest first. */
  tabs: readonly string[];
  retrying: boolean;
  /** Asking which container the project is to have. */
  adopting: boolean;
  switching: boolean;
  error: ErrorShape | undefined;
}

export type FirstRunEvent =
  | { kind: "changed"; state: OptionsState }
  | { kind: "rulesChanged"; change: Pick<RulesChange, "all" | "set" | "removed"> }
  | { kind: "tabs"; urls: readonly string[] }
  | { kind: "answered"; answer: OptionsAnswer }
  | { kind: "failed"; call: OptionsCall; error: ErrorShape }
  | { kind: "lost"; error: ErrorShape }
  | { kind: "reload" }
  | { kind: "named"; name: string }
  | { kind: "color"; color: Color }
  | { kind: "make" }
  | { kind: "choose"; id: ProjectId }
  | { kind: "another" }
  | { kind: "typed"; pattern: string }
  | { kind: "add"; pattern: string }
  | { kind: "removeRule"; id: RuleId }
  | { kind: "retry" }
  | { kind: "copy"; text: string }
  | { kind: "finish"; adopt?: boolean }
  | { kind: "keep" };

export type FirstRunEffect =
  | { kind: "call"; call: OptionsCall }
  | { kind: "focus"; id: string }
  | { kind: "copy"; text: string }
  /** The switch is made: the page has done its work. */
  | { kind: "close" };

export const firstRun: FirstRunModel = {
  state: undefined,
  rules: new Map(),
  name: "",
  color: undefined,
  nameFault: undefined,
  making: false,
  project: undefined,
  pattern: "",
  patternFault: undefined,
  adding: false,
  tabs: [],
  retrying: false,
  adopting: false,
  switching: false,
  error: undefined,
};
