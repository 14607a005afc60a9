import { withoutCounters } from "../sync/counters.ts";
import { canonicalValue } from "./canonicalValue.ts";
import type { Entry } from "./entry.ts";
import { canonicalShape } from "./canonicalShape.ts";

/**
 * What an entry says, as text, equal for entries of one identity that say the same: but for a cookie's expiry, which is given out
 * earlier than it is where a project keeps its items for a time only, and for what counts itself.
 */
export function entryContent(entry: Entry): string {
  switch (entry.kind) {
    case "cookie":
      return JSON.stringify([entry.value, entry.secure, entry.httpOnly, entry.sameSite]);
    case "local":
    case "session":
      return entry.value;
    case "database": {
      const bare = withoutCounters(entry);
      return JSON.stringify(bare.kind === "database" ? canonicalShape(bare.shape) : null);
    }
    case "record":
      return JSON.stringify(canonicalValue(entry.value));
  }
}
