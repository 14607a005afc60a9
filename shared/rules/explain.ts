import { comparePatterns, decisiveCriterion, type Criterion } from "./comparePatterns.ts";
import { decideTarget, exclusionOf, type Decision } from "./decide.ts";
import { slotsOfHost } from "./hostNode.ts";
import { mismatch, type Mismatch } from "./mismatch.ts";
import type { Rule } from "./rule.ts";
import type { RuleIndex } from "./ruleIndex.ts";
import { findSlot, nodesFor, type RuleTree } from "./ruleTree.ts";
import type { Slot } from "./slot.ts";
import { readTarget, type Target } from "./target.ts";

export interface Explanation {
  /** The URL as expressions see it; undefined when it is no http or https URL. */
  url: string | undefined;
  /** The same as decide() gives. */
  decision: Decision;
  /** Every rule that matches, most specific first; then exclusions that match; then rules of the same host that do not match. */
  verdicts: readonly Verdict[];
}

export interface Verdict {
  rule: Rule;
  outcome: Outcome;
}

export type Outcome =
  /** `by`: what sets it above the next rule; undefined where there is no other. Several rules win when the user is asked. */
  | { kind: "wins"; by: Criterion | undefined }
  | { kind: "loses"; to: Rule; by: Criterion }
  /** It matches, and so does an exclusion of its project. */
  | { kind: "excluded"; by: Rule }
  /** An exclusion that matches. */
  | { kind: "excludes" }
  /** The host is right; what else the pattern asks for is not there. */
  | { kind: "misses"; at: Mismatch };

/** Which rule wins and why, which lose and why. At most `misses` rules that do not match are named, the most specific. */
export function explain(index: RuleIndex, url: string, { misses = 20 }: { misses?: number } = {}): Explanation {
  const target = readTarget(url, index.origins);
  if (target === undefined) return { url: undefined, decision: { kind: "none" }, verdicts: [] };
  const exclusions = [...index.exclusions.values()].flatMap((tree) => matching(tree, target));
  return {
    url: target.text,
    decision: decideTarget(index, target),
    verdicts: [
      ...judgeMatching(index, target),
      ...exclusions.flatMap(({ rules }) => rules.map((rule): Verdict => ({ rule, outcome: { kind: "excludes" } }))),
      ...judgeMissing(index, target).slice(0, misses),
    ],
  };
}

function judgeMatching(index: RuleIndex, target: Target): Verdict[] {
  const entries = matching(index.inclusions, target).flatMap(({ pattern, rules }) =>
    rules.map((rule) => ({ pattern, rule, exclusion: exclusionOf(index, rule.project, target) })),
  );
  const [best, ...others] = entries.filter(({ exclusion }) => exclusion === undefined);
  const runnerUp = best && others.find(({ pattern }) => pattern !== best.pattern);
  return entries.map(({ pattern, rule, exclusion }): Verdict => {
    if (exclusion !== undefined) return { rule, outcome: { kind: "excluded", by: exclusion } };
    const by = best && decisiveCriterion(best.pattern, pattern);
    if (best !== undefined && by !== undefined) return { rule, outcome: { kind: "loses", to: best.rule, by } };
    return { rule, outcome: { kind: "wins", by: runnerUp && decisiveCriterion(pattern, runnerUp.pattern) } };
  });
}

function judgeMissing(index: RuleIndex, target: Target): Verdict[] {
  return nodesFor(index.inclusions, target.origin)
    .flatMap((node) => [...slotsOfHost(node)])
    .sort((a, b) => comparePatterns(a.pattern, b.pattern))
    .flatMap(({ pattern, rules }) => {
      const at = mismatch(pattern, target);
      return at === undefined ? [] : rules.map((rule): Verdict => ({ rule, outcome: { kind: "misses", at } }));
    });
}

function matching(tree: RuleTree, target: Target): Slot[] {
  const slots: Slot[] = [];
  findSlot(tree, target, collect, slots);
  return slots;
}

function collect(slot: Slot, slots: Slot[]): boolean {
  slots.push(slot);
  return false;
}
