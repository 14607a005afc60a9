import { isExpired } from "../cookie.ts";
import type { Cookie } from "../models.ts";
import { lastExpiry } from "./expiry.ts";
import { Tallies } from "./tallies.ts";
import type { State, WriteOptions, Written } from "./types.ts";

/** Why a format cannot hold this cookie; undefined when it can. */
export type Limit = (cookie: Cookie) => string | undefined;

/** An attribute a format has no place for, and which cookies have it. */
export interface Attribute {
  name: string;
  on: (cookie: Cookie) => boolean;
}

export const partitioned: Limit = (cookie) => (cookie.partitionKey ? "partitioned by top-level site" : undefined);
export const firstParty: Limit = (cookie) => (cookie.firstPartyDomain ? "isolated by first-party domain" : undefined);
/** curl, wget and Chromium's protocol cut or refuse these. */
export const blankEdges: Limit = (cookie) =>
  [cookie.name, cookie.value].some((text) => /^[ \t]|[ \t]$/.test(text)) ? "name or value begins or ends with a blank" : undefined;
export const tab: Limit = (cookie) =>
  [cookie.name, cookie.value, cookie.path].some((text) => text.includes("\t")) ? "a tab in name, value or path" : undefined;

export const sameSite: Attribute = { name: "SameSite", on: (cookie) => cookie.sameSite !== "unspecified" };
export const httpOnly: Attribute = { name: "HttpOnly", on: (cookie) => cookie.httpOnly };
export const fraction: Attribute = {
  name: "the expiry's fraction of a second",
  on: ({ expires }) => expires !== undefined && expires <= lastExpiry && !Number.isInteger(expires),
};
export const lateExpiry: Attribute = {
  name: "an expiry after the year 9999",
  on: ({ expires }) => expires !== undefined && expires > lastExpiry,
};

type Selection = { cookies: Cookie[] } & Pick<Written, "dropped" | "lost" | "expired">;

/** What of a state a format with these limits holds, and counts of the rest; `attributes` are lost from the cookies it holds. */
export function select(state: State, options: WriteOptions, limits: readonly Limit[], attributes: readonly Attribute[]): Selection {
  const dropped = new Tallies();
  const lost = new Tallies();
  const live = state.cookies.filter((cookie) => !isExpired(cookie, options.now));
  const cookies = live.filter((cookie) => {
    const reason = first(limits, cookie);
    if (reason !== undefined) dropped.add(reason);
    return reason === undefined;
  });
  for (const { name, on } of attributes) lost.add(name, cookies.filter(on).length);
  return { cookies, dropped: dropped.list(), lost: lost.list(), expired: state.cookies.length - live.length };
}

/** What is there beside cookies by kind, counted for the formats that hold cookies only. */
export function withoutStorage(state: State, dropped: Written["dropped"]): Written["dropped"] {
  const tallies = new Tallies(dropped);
  for (const { localStorage, sessionStorage, databases, opfs = [] } of state.origins) {
    tallies.add("an item of localStorage", localStorage.length);
    tallies.add("an item of sessionStorage", sessionStorage.length);
    tallies.add("an IndexedDB database", databases.filter(({ shape }) => shape).length);
    tallies.add("an IndexedDB record", databases.reduce((count, { records }) => count + records.length, 0));
    tallies.add("a file or folder of the origin private file system", opfs.length);
  }
  tallies.add("a passkey", state.credentials?.length ?? 0);
  return tallies.list();
}

function first(limits: readonly Limit[], cookie: Cookie): string | undefined {
  for (const limit of limits) {
    const reason = limit(cookie);
    if (reason !== undefined) return reason;
  }
  return undefined;
}
