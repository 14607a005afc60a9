import { SteadError } from "../errors.ts";
import type { ProjectId } from "../models.ts";
import { getOrMake } from "./getOrMake.ts";
import { parsePattern } from "./parsePattern.ts";
import type { Pattern } from "./pattern.ts";
import type { Rule, RuleId } from "./rule.ts";
import { addToTree, isEmptyTree, makeRuleTree, removeFromTree, type RuleTree } from "./ruleTree.ts";
import type { OriginCache } from "./target.ts";

export function buildRules(rules: Iterable<Rule>): RuleIndex {
  const index = new RuleIndex();
  for (const rule of rules) index.add(rule);
  return index;
}

/** Rules arranged for decide() and explain(). A change costs itself, whatever the number of rules; their order means nothing. */
export class RuleIndex {
  readonly inclusions: RuleTree = makeRuleTree();
  readonly exclusions = new Map<ProjectId, RuleTree>();
  readonly origins: OriginCache = new Map();
  readonly #rules = new Map<RuleId, Rule>();
  readonly #refused = new Map<RuleId, SteadError>();

  get rules(): ReadonlyMap<RuleId, Rule> {
    return this.#rules;
  }

  /** Rules whose pattern this build does not read, and why: they decide nothing, and stop no other rule. */
  get refused(): ReadonlyMap<RuleId, SteadError> {
    return this.#refused;
  }

  /** Adds the rule; one with the same id goes. */
  add(rule: Rule): void {
    this.remove(rule.id);
    this.#rules.set(rule.id, rule);
    try {
      const pattern = parsePattern(rule.pattern);
      addToTree(this.#treeOf(pattern, rule.project), pattern, rule);
    } catch (error) {
      if (!(error instanceof SteadError)) throw error;
      this.#refused.set(rule.id, error);
    }
  }

  /** Whether there was such a rule. */
  remove(id: RuleId): boolean {
    const rule = this.#rules.get(id);
    if (rule === undefined) return false;
    this.#rules.delete(id);
    if (this.#refused.delete(id)) return true;
    const pattern = parsePattern(rule.pattern);
    const tree = this.#treeOf(pattern, rule.project);
    removeFromTree(tree, pattern, rule);
    if (pattern.exclude && isEmptyTree(tree)) this.exclusions.delete(rule.project);
    return true;
  }

  #treeOf(pattern: Pattern, project: ProjectId): RuleTree {
    return pattern.exclude ? getOrMake(this.exclusions, project, makeRuleTree) : this.inclusions;
  }
}
