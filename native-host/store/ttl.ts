import { isWithin, normalizeHost } from "../../shared/site.ts";
import type { Entry, EntryId } from "../../shared/state/entry.ts";
import { entryHost } from "../../shared/state/entryName.ts";
import { expiryOf, type NewEntry } from "./sealedEntry.ts";

/** How long a project keeps what was not changed: all of it, or what belongs to a host and those below it. */
export interface Ttl {
  /** Null: everything that no other is for. */
  domain: string | null;
  seconds: number;
}

/** Bounds of a time to live, in seconds: below a minute nothing could be worked with; ten years are as good as none. */
export const shortestTtl = 60;
export const longestTtl = 10 * 365 * 24 * 60 * 60;

/** In milliseconds; undefined without one. The one of the longest host that the entry's is within counts. */
export function ttlOf(ttls: readonly Ttl[], id: EntryId): number | undefined {
  if (ttls.length === 0) return undefined;
  const host = entryHost(id);
  const meant = ttls.filter(({ domain }) => domain === null || isWithin(host, domain));
  const nearest = meant.toSorted((a, b) => lengthOf(b) - lengthOf(a))[0];
  return nearest && nearest.seconds * 1000;
}

/**
 * When an entry ends, in milliseconds since 1970: so long after it was last changed, or when the cookie itself expires, whichever
 * is earlier; null for what does not end, a tombstone too.
 */
export function endOf(entry: NewEntry, ttls: readonly Ttl[]): number | null {
  const own = expiryOf(entry);
  const ttl = entry.entry && ttlOf(ttls, entry.id);
  if (ttl === undefined) return own;
  return Math.min(own ?? Infinity, entry.at + ttl);
}

/** The entry as it is given out: a cookie that expires does so no later than the entry ends. A session cookie stays one. */
export function endingAt(entry: Entry, end: number | null): Entry {
  if (entry.kind !== "cookie" || entry.expires === undefined || end === null || entry.expires * 1000 <= end) return entry;
  return { ...entry, expires: end / 1000 };
}

function lengthOf({ domain }: Ttl): number {
  return domain === null ? -1 : normalizeHost(domain).length;
}
