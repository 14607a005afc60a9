import type { Rule, RuleId } from "../../../shared/rules/rule.ts";
import { type Explanation, explain } from "../../../shared/rules/explain.ts";
import { buildRules, type RuleIndex } from "../../../shared/rules/ruleIndex.ts";

/** What the rules make of a typed address; undefined when it is none that rules can name. */
export function tryUrl(all: ReadonlyMap<RuleId, Rule>, typed: string): Explanation | undefined {
  const text = typed.trim();
  if (text === "") return undefined;
  // People type addresses as they see them in the address bar.
  const url = /^[a-z][a-z0-9+.-]*:(?:\/\/|[^0-9])/iu.test(text) ? text : `https://${text}`;
  const explanation = explain(indexOf(all), url);
  return explanation.url === undefined ? undefined : explanation;
}

/** Built once for one set of rules. */
function indexOf(all: ReadonlyMap<RuleId, Rule>): RuleIndex {
  const known = indexes.get(all);
  if (known) return known;
  const index = buildRules(all.values());
  indexes.set(all, index);
  return index;
}

const indexes = new WeakMap<ReadonlyMap<RuleId, Rule>, RuleIndex>();
