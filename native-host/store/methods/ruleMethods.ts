import type { ProjectId } from "../../../shared/models.ts";
import type { RulesChange } from "../../../shared/protocol/store.ts";
import type { Rule, RuleDraft, RuleId } from "../../../shared/rules/rule.ts";
import type { Settings, SettingsPatch } from "../../../shared/settings.ts";
import type { StoreParts } from "../storeParts.ts";

/** Drafts to put and rules to remove, as one change. */
export interface RuleChange {
  put: readonly RuleDraft[];
  remove: readonly RuleId[];
}

/** Which project an address belongs to: by the rules, by the settings, by a link. */
export interface RuleMethods {
  /** Every rule, or one project's, in the order they were made. */
  rules(project?: ProjectId): Rule[];
  /**
   * What changed above `since` in the store of the id `store`. All there is (`all`) where that says nothing: for another
   * store, from the beginning, from a future that this store never saw, or over the removal of a project.
   */
  rulesSince(store: string | null, since: number): RulesChange;
  /**
   * Removes, then puts draft by draft, as one revision; what changes nothing is left out and takes no revision. A draft that
   * makes a rule like another one replaces that. `put`: for each draft the rule it has become; `removed`: how many of `remove`
   * there were; `revision`: the last at which rules changed.
   */
  changeRules(change: RuleChange): { put: Rule[]; removed: number; revision: number };

  /** Without what named projects that are no more. */
  settings(): Settings;
  /** Patterns are kept as canonical text. `inherit` takes sites only: no expressions, no exclusions (`badPattern`). */
  setSettings(patch: SettingsPatch): Settings;

  /** An `ext+stead:` link that opens the address in the project without asking; only this store takes it for signed. */
  signLink(project: ProjectId, url: string): string;
  readLink(link: string): { url: string; project: ProjectId | null; signed: boolean };
}

export function ruleMethods({ id, read, write, links, projects, rules, settings }: StoreParts): RuleMethods {
  return {
    rules: (project) =>
      read(() => {
        if (project !== undefined) projects.expect(project);
        return rules.list(project);
      }),
    rulesSince: (store, since) => read(() => ({ store: id, revision: rules.latest(), ...rules.since(store === id ? since : 0) })),
    changeRules: (change) => write(() => ({ ...rules.change(change), revision: rules.latest() }), { frees: change.put.length === 0 }),

    settings: () => read(() => settings.read()),
    setSettings: (patch) => write(() => settings.change(patch)),

    signLink: (project, url) => read(() => links.sign(project, url)),
    readLink: (link) => read(() => links.read(link)),
  };
}
