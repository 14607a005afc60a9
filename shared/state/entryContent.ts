import type { Entry } from "./entry.ts";
import { entryDigest } from "./entryDigest.ts";

/**
 * What an entry says, as text, equal for entries of one identity that say the same: but for a cookie's expiry, which is given out
 * earlier than it is where a project keeps its items for a time only, and for what counts itself.
 */
export function entryContent(entry: Entry): string {
  if (entry.kind !== "cookie") return entryDigest(entry);
  return JSON.stringify([entry.value, entry.secure, entry.httpOnly, entry.sameSite]);
}
