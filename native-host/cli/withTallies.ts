import type { Tally } from "../../shared/models.ts";
import type { Answer } from "./context.ts";

/** The answer, and what connected Firefoxes could not take over: named on stderr, exit status 3. */
export function withTallies(answer: Answer, tallies: readonly Tally[]): Answer {
  if (tallies.length === 0) return answer;
  const notes = tallies.map(({ reason, count }) => `Not applied in Firefox: ${reason} (${count})`);
  return { ...answer, notes: [...(answer.notes ?? []), ...notes], exit: 3 };
}
