import type { ProjectId } from "../models.ts";
import type { Rule } from "./rule.ts";
import type { RuleIndex } from "./ruleIndex.ts";
import { findSlot } from "./ruleTree.ts";
import type { Slot } from "./slot.ts";
import { readTarget, type Target } from "./target.ts";

/** Which project a URL belongs to. */
export type Decision =
  /** No rule matches it, or it is no http or https URL. */
  | { kind: "none" }
  | { kind: "project"; project: ProjectId; rule: Rule }
  /** Several projects have the same pattern, or a rule says to ask. By the rules' ids; every project once. */
  | { kind: "ask"; projects: readonly ProjectId[]; rules: readonly Rule[] }
  /** Rules match it, and each one's project takes it out again; `rules` are the exclusions that did, one of each project. */
  | { kind: "excluded"; rules: readonly Rule[] };

/** The most specific rule (comparePatterns) of a project that does not exclude the URL wins. */
export function decide(index: RuleIndex, url: string): Decision {
  const target = readTarget(url, index.origins);
  return target === undefined ? none : decideTarget(index, target);
}

export function decideTarget(index: RuleIndex, target: Target): Decision {
  if (index.exclusions.size === 0) {
    const slot = findSlot(index.inclusions, target, takeAny, undefined);
    return slot === undefined ? none : decisionOf(slot.rules);
  }
  const search: Search = { index, target, open: [], excluded: undefined };
  if (findSlot(index.inclusions, target, takeOpen, search) !== undefined) return decisionOf(search.open);
  return search.excluded === undefined ? none : { kind: "excluded", rules: [...search.excluded.values()] };
}

/** The exclusion by which the project takes the URL out of its rules, the most specific if there are more. */
export function exclusionOf(index: RuleIndex, project: ProjectId, target: Target): Rule | undefined {
  const tree = index.exclusions.get(project);
  return tree && findSlot(tree, target, takeAny, undefined)?.rules[0];
}

interface Search {
  index: RuleIndex;
  target: Target;
  /** Of the slot looked at: its rules whose project does not exclude the URL. */
  open: Rule[];
  excluded: Map<ProjectId, Rule> | undefined;
}

function takeAny(): boolean {
  return true;
}

function takeOpen(slot: Slot, search: Search): boolean {
  for (const rule of slot.rules) {
    if (search.excluded?.has(rule.project) === true) continue;
    const exclusion = exclusionOf(search.index, rule.project, search.target);
    if (exclusion === undefined) search.open.push(rule);
    else (search.excluded ??= new Map<ProjectId, Rule>()).set(rule.project, exclusion);
  }
  return search.open.length > 0;
}

/** `rules` have one pattern, and there is at least one. */
function decisionOf(rules: readonly Rule[]): Decision {
  const [first] = rules;
  if (first === undefined) return none;
  if (rules.length === 1 && !first.ask) return { kind: "project", project: first.project, rule: first };
  const projects = [...new Set(rules.map(({ project }) => project))];
  if (projects.length === 1 && !rules.some(({ ask }) => ask)) return { kind: "project", project: first.project, rule: first };
  return { kind: "ask", projects, rules: [...rules] };
}

const none: Decision = Object.freeze({ kind: "none" });
