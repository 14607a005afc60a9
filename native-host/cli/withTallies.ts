import type { Tally } from "../../shared/models.ts";
import type { Delivery } from "../host/delivery.ts";
import type { Answer } from "./context.ts";
import { counted } from "./tallyNotes.ts";

/** The answer, and what connected Firefoxes could not take over: named on stderr, exit status 3. */
export function withTallies(answer: Answer, tallies: readonly Tally[]): Answer {
  if (tallies.length === 0) return answer;
  const notes = tallies.map(({ reason, count }) => `Not applied in Firefox: ${reason} (${count})`);
  return { ...answer, notes: [...(answer.notes ?? []), ...notes], exit: 3 };
}

/** The answer to a change of state: as withTallies(), and how many origins have theirs still to come, which is no failure. */
export function withDelivery(answer: Answer, { failed, waiting }: Delivery): Answer {
  const told = withTallies(answer, failed);
  if (waiting === 0) return told;
  const note = `${counted(waiting, "origin")} ${waiting === 1 ? "is" : "are"} written when ${waiting === 1 ? "it is" : "they are"} next opened`;
  return { ...told, notes: [...(told.notes ?? []), note] };
}
