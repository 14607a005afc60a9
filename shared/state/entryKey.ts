import { cookieKey, sameCookie } from "../cookie.ts";
import type { Entry, EntryId } from "./entry.ts";

/** The identity as one string: equal exactly for entries that would replace each other. */
export function entryKey(id: EntryId): string {
  switch (id.kind) {
    case "cookie":
      return `cookie ${cookieKey(id)}`;
    case "local":
    case "session":
      return JSON.stringify([id.kind, id.origin, id.key]);
    case "database":
      return JSON.stringify([id.kind, id.origin, id.database]);
    case "record":
      return JSON.stringify([id.kind, id.origin, id.database, id.store, canonical(id.key)]);
  }
}

/** Whether two entries of one identity also say the same. */
export function sameEntry(a: Entry, b: Entry): boolean {
  if (a.kind === "cookie" && b.kind === "cookie") return sameCookie(a, b);
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (key, part: unknown) => (key === "id" ? undefined : part));
}
