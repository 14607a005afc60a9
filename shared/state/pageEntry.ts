import * as z from "zod/mini";
import { DatabaseEntry, DatabaseId, LocalEntry, LocalId, RecordEntry, RecordId, SessionEntry, SessionId } from "./entry.ts";

/** The identity of an item of page storage: of everything but cookies. */
export const PageEntryId = z.discriminatedUnion("kind", [LocalId, SessionId, DatabaseId, RecordId]);
export type PageEntryId = z.infer<typeof PageEntryId>;

/** An item of page storage that is there. */
export const PageEntry = z.discriminatedUnion("kind", [LocalEntry, SessionEntry, DatabaseEntry, RecordEntry]);
export type PageEntry = z.infer<typeof PageEntry>;

/** One item of page storage that changed, in milliseconds since 1970. A removal leaves a tombstone. */
export const PageChange = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("set"), entry: PageEntry, at: z.number() }),
  z.object({ kind: z.literal("remove"), id: PageEntryId, at: z.number() }),
]);
export type PageChange = z.infer<typeof PageChange>;
