import type { ProjectLease } from "../../shared/protocol/store.ts";

/** The leases that are good at `now`, and how long the first of them to end is; times in milliseconds. */
export function goodLeases(leases: readonly ProjectLease[], now: number): { good: readonly ProjectLease[]; endsIn: number | undefined } {
  const good = leases.filter(({ expiresAt }) => expiresAt > now);
  return { good, endsIn: good.length === 0 ? undefined : Math.min(...good.map(({ expiresAt }) => expiresAt - now)) };
}
