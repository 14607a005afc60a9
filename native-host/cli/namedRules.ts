import type { ProjectId } from "../../shared/models.ts";
import type { Rule } from "../../shared/rules/rule.ts";
import type { Store } from "../store/types.ts";

/** A rule as the command line answers it: with the project's name. */
export interface RuleWithName extends Omit<Rule, "project"> {
  project: string;
}

/** The rules, project by project in the registry's order, each project's in the order they were made. */
export function namedRules(store: Store, project?: ProjectId): RuleWithName[] {
  const rules = store.rules(project);
  const byProject = new Map<ProjectId, Rule[]>();
  for (const rule of rules) {
    const own = byProject.get(rule.project);
    if (own) own.push(rule);
    else byProject.set(rule.project, [rule]);
  }
  return store.registry().projects.flatMap(({ id, name }) => (byProject.get(id) ?? []).map((rule) => withName(rule, name)));
}

export function withName({ id, pattern, ask }: Rule, name: string): RuleWithName {
  return { id, project: name, pattern, ask };
}
