import type { CliContext } from "../cliContext.ts";
import { withApplied } from "../applyRules.ts";
import type { Answer } from "../context.ts";
import { withName } from "../namedRules.ts";
import { withTallies } from "../withTallies.ts";

export interface RuleAddOptions {
  project: string;
  pattern: string;
  ask?: boolean;
  apply?: boolean;
}

/** `stead rule add`: makes the rule, or makes the one that is there ask or not. Throws `unknownProject`, `badPattern`. */
export async function addRule(context: CliContext, options: RuleAddOptions): Promise<Answer> {
  const project = await context.project(options.project);
  const store = await context.store();
  const before = new Map(store.rules(project.id).map((rule) => [rule.id, rule]));
  const { put } = store.changeRules({ put: [{ project: project.id, pattern: options.pattern, ask: options.ask ?? false }], remove: [] });
  const [made] = put;
  if (!made) throw new Error("The store put no rule.");
  const rule = withName(made, project.name);
  const old = before.get(made.id);
  const done = old === undefined ? "Added" : old.ask === made.ask ? "There already:" : "Changed";
  const answer = { json: { rule }, text: `${done} ${rule.pattern} for ${project.name}${rule.ask ? ", asking first" : ""}.` };
  const told = withTallies(answer, (await context.poke(store.revision())).failed);
  return options.apply === true ? withApplied(context, { ...told, json: { rule } }, [made.id]) : told;
}
