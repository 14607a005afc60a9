import type { Tally } from "../../shared/models.ts";

/** One tally per reason. */
export function mergeTallies(tallies: readonly Tally[]): Tally[] {
  const counts = new Map<string, number>();
  for (const { reason, count } of tallies) counts.set(reason, (counts.get(reason) ?? 0) + count);
  return [...counts].map(([reason, count]) => ({ reason, count }));
}
