import { registrableDomain } from "../site.ts";
import type { EntryId } from "./entry.ts";

/** The registrable domain it belongs to: what --domain, audit and limits go by. Apart from entryKey(): it brings the public suffix list along. */
export function entrySite(id: EntryId): string {
  return registrableDomain(id.kind === "cookie" ? id.domain : new URL(id.origin).hostname);
}
