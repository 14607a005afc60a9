import { isExpired } from "../cookie.ts";
import type { Cookie } from "../models.ts";
import { Tallies } from "./tallies.ts";
import type { State, WriteOptions, Written } from "./types.ts";

/** Why a format cannot hold a cookie. The first that is found counts. */
export interface Limit {
  reason: string;
  beyond: (cookie: Cookie) => boolean;
}

export const partitioned: Limit = {
  reason: "partitioned by top-level site",
  beyond: (cookie) => cookie.partitionKey !== undefined,
};
export const firstParty: Limit = {
  reason: "isolated by first-party domain",
  beyond: (cookie) => (cookie.firstPartyDomain ?? "") !== "",
};

/** What of a state a format with these limits can hold, and counts of the rest; `attributes` are lost from those it holds. */
export function select(
  state: State,
  options: WriteOptions,
  limits: readonly Limit[],
  attributes: readonly Limit[],
): { cookies: Cookie[] } & Pick<Written, "dropped" | "lost" | "expired"> {
  const dropped = new Tallies();
  const lost = new Tallies();
  const live = state.cookies.filter((cookie) => !isExpired(cookie, options.now));
  const cookies = live.filter((cookie) => {
    const limit = limits.find(({ beyond }) => beyond(cookie));
    if (limit) dropped.add(limit.reason);
    return !limit;
  });
  for (const { reason, beyond } of attributes) lost.add(reason, cookies.filter(beyond).length);
  return { cookies, dropped: dropped.list(), lost: lost.list(), expired: state.cookies.length - live.length };
}
