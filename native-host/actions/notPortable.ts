import type { Tally } from "../../shared/models.ts";
import type { Gap } from "../../shared/protocol/pageStorage.ts";

/** What no document can hold, since it never left Firefox. */
export function notPortable(gaps: readonly Gap[]): Tally[] {
  return gaps.map(({ what, count }) => ({ reason: `${what}: not portable`, count }));
}
