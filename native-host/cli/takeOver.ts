import type { NewProject } from "../../shared/ruleFiles/planRules.ts";
import type { Rule, RuleDraft } from "../../shared/rules/rule.ts";
import type { SettingsPatch } from "../../shared/settings.ts";
import type { Store } from "../store/types.ts";

/** What a file brings into the store. */
export interface Plan {
  projects: readonly NewProject[];
  put: readonly RuleDraft[];
  settings: SettingsPatch;
}

/** All of it or nothing: what fails half-way is taken back. The rules, as they are then. */
export function takeOver(store: Store, { projects, put, settings }: Plan): Rule[] {
  const before = store.settings();
  const undo: (() => void)[] = [];
  try {
    for (const project of projects) {
      store.addProject(project);
      undo.push(() => void store.removeProject(project.id, { by: "cli" }));
    }
    if (Object.keys(settings).length > 0) {
      store.setSettings(settings);
      undo.push(() => void store.setSettings(before));
    }
    return store.changeRules({ put, remove: [] }).put;
  } catch (error) {
    for (const step of undo.reverse()) step();
    throw error;
  }
}
