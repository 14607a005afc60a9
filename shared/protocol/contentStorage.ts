import * as z from "zod/mini";
import { PageEntry, PageEntryId } from "../state/pageEntry.ts";
import { method } from "../wire/table.ts";
import { Gap, HeldEntry } from "./pageStorage.ts";
import { None } from "./store.ts";

/** Kinds of storage a document may have; one that the user or the page's sandbox has closed is not looked at. */
export const Area = z.enum(["local", "session", "indexedDB"]);
export type Area = z.infer<typeof Area>;

/** All that a document's origin holds, by identity and digest. */
export const StorageReport = z.object({
  held: z.array(HeldEntry),
  areas: z.array(Area),
  /** Databases that were not looked at, for their size. */
  skipped: z.array(z.string()),
  gaps: z.array(Gap),
});
export type StorageReport = z.infer<typeof StorageReport>;

/** One item that changed while the document was looked at, with what it is from then on. */
export const SeenChange = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("set"), entry: PageEntry, digest: z.string(), at: z.number() }),
  z.object({ kind: z.literal("remove"), id: PageEntryId, at: z.number() }),
]);
export type SeenChange = z.infer<typeof SeenChange>;

/** content script in a document of a project's container → background */
export const documentMethods = {
  /** A document stands, and none of its scripts has run where it was held. Answers when what was pending is in its storage. */
  opened: method(
    z.object({
      origin: z.string(),
      visible: z.boolean(),
      /** It has just been made; false when it came back, or the background page did. */
      isNew: z.boolean(),
    }),
    None,
  ),
  /** The document has loaded, or came back: all that is there. */
  report: method(StorageReport, None),
  /** What has changed since. Answered when the background page has it. */
  changed: method(z.object({ changes: z.array(SeenChange), gaps: z.array(Gap) }), None),
  /** It came in front, or went behind. */
  shown: method(z.object({ visible: z.boolean() }), None),
} as const;

/** background → content script */
export const contentMethods = {
  /** Writes into the document's storage. Items the page changed in this moment stay; they come as a change. */
  apply: method(
    z.object({
      set: z.array(PageEntry),
      remove: z.array(PageEntryId),
      /** No document of the origin can have a database open: they may be deleted and made anew. */
      alone: z.boolean(),
    }),
    z.object({ changed: z.number(), failed: z.array(z.object({ id: PageEntryId, reason: z.string() })) }),
  ),
  report: method(None, StorageReport),
  /** The content of items, as far as they are there. */
  values: method(z.object({ ids: z.array(PageEntryId) }), z.object({ entries: z.array(PageEntry) })),
  /** What was written came too late for the page's first script. */
  reload: method(None, None),
} as const;
