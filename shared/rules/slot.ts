import { comparePatterns, compareText } from "./comparePatterns.ts";
import type { Pattern } from "./pattern.ts";
import type { Rule } from "./rule.ts";

/** One pattern and the rules that have it, by id; more than one when several projects want the same pages. */
export interface Slot<P extends Pattern = Pattern> {
  readonly pattern: P;
  readonly rules: Rule[];
}

/**
 * The slots, most specific first, with the rule in the slot of its pattern. Changes the array it is given, but for an
 * empty one: most stay at one slot, and a literal has no room to spare where a grown array has room for 17.
 */
export function withRule<P extends Pattern>(slots: Slot<P>[], pattern: P, rule: Rule): Slot<P>[] {
  if (slots.length === 0) return [{ pattern, rules: [rule] }];
  const at = firstIndex(slots, (slot) => comparePatterns(slot.pattern, pattern) >= 0);
  const slot = slots[at];
  if (slot === undefined || comparePatterns(slot.pattern, pattern) !== 0) slots.splice(at, 0, { pattern, rules: [rule] });
  else slot.rules.splice(firstIndex(slot.rules, (other) => compareText(other.id, rule.id) >= 0), 0, rule);
  return slots;
}

/** Takes the rule out, and its slot when it was the last. */
export function removeRule(slots: Slot[], pattern: Pattern, rule: Rule): void {
  const at = firstIndex(slots, (slot) => comparePatterns(slot.pattern, pattern) >= 0);
  const rules = slots[at]?.rules ?? [];
  const place = rules.indexOf(rule);
  if (place === -1) return;
  if (rules.length === 1) slots.splice(at, 1);
  else rules.splice(place, 1);
}

/** The first index at which the sorted array satisfies the predicate; its length where none does. */
function firstIndex<T>(items: readonly T[], isAtOrBehind: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && isAtOrBehind(item)) high = middle;
    else low = middle + 1;
  }
  return low;
}
