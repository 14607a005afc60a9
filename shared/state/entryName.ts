import * as z from "zod/mini";
import type { EntryId } from "./entry.ts";

/** An entry as it is named to people and programs: never its value. A record is named by its database and store alone, since its key may be a value. */
export const EntryName = z.object({
  kind: z.enum(["cookie", "local", "session", "database", "record"]),
  /** The host it belongs to; a cookie's with the leading dot of a domain cookie. */
  domain: z.string(),
  name: z.string(),
});
export type EntryName = z.infer<typeof EntryName>;

export function entryName(id: EntryId): EntryName {
  switch (id.kind) {
    case "cookie":
      return { kind: id.kind, domain: id.domain, name: id.name };
    case "local":
    case "session":
      return { kind: id.kind, domain: hostOf(id.origin), name: id.key };
    case "database":
      return { kind: id.kind, domain: hostOf(id.origin), name: id.database };
    case "record":
      return { kind: id.kind, domain: hostOf(id.origin), name: `${id.database}/${id.store}` };
  }
}

/** The host of a cookie or of an origin. */
export function entryHost(id: EntryId): string {
  return id.kind === "cookie" ? id.domain : hostOf(id.origin);
}

function hostOf(origin: string): string {
  return new URL(origin).hostname;
}
