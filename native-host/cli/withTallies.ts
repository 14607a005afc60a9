import type { Tally } from "../../shared/models.ts";
import type { Answer } from "./context.ts";

/** The answer, and what connected Firefoxes could not take over: named on stderr, exit status 3. */
export function withTallies(answer: Answer, tallies: readonly Tally[]): Answer {
  if (tallies.length === 0) return answer;
  const notes = tallies.map(({ reason, count }) => `Not applied in Firefox: ${reason} (${count})`);
  return { ...answer, notes: [...(answer.notes ?? []), ...notes], exit: 3 };
}

/** One tally per reason. */
export function mergeTallies(tallies: readonly Tally[]): Tally[] {
  const counts = new Map<string, number>();
  for (const { reason, count } of tallies) counts.set(reason, (counts.get(reason) ?? 0) + count);
  return [...counts].map(([reason, count]) => ({ reason, count }));
}
