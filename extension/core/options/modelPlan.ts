import type { ErrorShape } from "../../../shared/errors.ts";
import { importPlan, type ImportPlan } from "./importPlan.ts";
import type { OptionsModel } from "./optionsModel.ts";
import { draftProject } from "./draftProject.ts";

/** What a text would do to what there is now; a pattern alone is for the project that new rules are offered for. */
export function modelPlan({ state, rules }: OptionsModel, text: string): ImportPlan | { error: ErrorShape } | undefined {
  if (!state || !rules.all) return undefined;
  const chosen = draftProject({ state, rules });
  const project = state.projects.find(({ id }) => id === chosen)?.name;
  const key = [text, state.projects, rules.all, state.settings, project] as const;
  if (!last?.key.every((part, at) => part === key[at])) last = { key, plan: importPlan(text, { projects: state.projects, rules: rules.all, settings: state.settings, project }) };
  return last.plan;
}

/** Reading ten thousand lines takes longer than drawing what came of it. */
let last: { key: readonly unknown[]; plan: ImportPlan | { error: ErrorShape } } | undefined;
