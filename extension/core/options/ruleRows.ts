import type { ProjectId } from "../../../shared/models.ts";
import { compareText } from "../../../shared/rules/comparePatterns.ts";
import type { Rule, RuleId } from "../../../shared/rules/rule.ts";
import type { Sort } from "./rulesModel.ts";

interface Named {
  id: ProjectId;
  name: string;
}

/** The rules that answer the query, sorted: every word of it stands in the pattern or in the project's name, whatever the case. */
export function ruleRows(all: ReadonlyMap<RuleId, Rule>, projects: readonly Named[], query: string, sort: Sort): readonly Rule[] {
  const words = query.toLowerCase().split(/\s+/u).filter((word) => word !== "");
  const names = new Map(projects.map(({ id, name }) => [id, name.toLowerCase()]));
  const answers = (rule: Rule): boolean => {
    const pattern = rule.pattern.toLowerCase();
    return words.every((word) => pattern.includes(word) || names.get(rule.project)?.includes(word) === true);
  };
  const sorted = sortedRules(all, projects, sort);
  return words.length === 0 ? sorted : sorted.filter(answers);
}

/** Every rule in order. Remembered for one set of rules, so that a query only filters. */
function sortedRules(all: ReadonlyMap<RuleId, Rule>, projects: readonly Named[], sort: Sort): readonly Rule[] {
  const key = `${sort.by} ${sort.down} ${sort.by === "project" ? projects.map(({ id, name }) => `${id} ${name}`).join("\n") : ""}`;
  const known = memory.get(all);
  if (known?.key === key) return known.rules;
  const order = new Map(projects.map(({ id }, place) => [id, place]));
  const place = (rule: Rule): number => order.get(rule.project) ?? projects.length;
  const texts = new Map([...all.values()].map((rule) => [rule, sortText(rule.pattern)]));
  const byPattern = (a: Rule, b: Rule): number => compareText(texts.get(a) ?? "", texts.get(b) ?? "") || compareText(a.id, b.id);
  const compare = {
    pattern: byPattern,
    project: (a: Rule, b: Rule) => place(a) - place(b) || byPattern(a, b),
    ask: (a: Rule, b: Rule) => Number(b.ask) - Number(a.ask) || byPattern(a, b),
  }[sort.by];
  const rules = [...all.values()].sort(compare);
  if (sort.down) rules.reverse();
  memory.set(all, { key, rules });
  return rules;
}

const memory = new WeakMap<ReadonlyMap<RuleId, Rule>, { key: string; rules: readonly Rule[] }>();

/** Patterns of one host stand together, whatever stands before it. */
function sortText(pattern: string): string {
  return pattern.replace(/^!?(?:https?:\/\/)?(?:\*\.)?/, "");
}
