import * as z from "zod/mini";
import { ProjectId } from "../models.ts";
import { OriginText } from "../state/entry.ts";
import { EntryName } from "../state/entryName.ts";
import { PageChange, PageEntry, PageEntryId } from "../state/pageEntry.ts";
import { method } from "../wire/table.ts";
import { Revision } from "./store.ts";

/** Whose storage it is: an origin's, in the container that carries the project in a Firefox profile (`instance`). */
const place = { instance: z.string(), project: ProjectId, origin: OriginText };

/** What an origin has of an item, without the item: entryDigest(). */
export const HeldEntry = z.object({ id: PageEntryId, digest: z.string().check(z.regex(/^[0-9a-f]{32}$/)) });
export type HeldEntry = z.infer<typeof HeldEntry>;

/** An item that changed in the container while the host could not be told. `at` in milliseconds since 1970. */
export const PageMark = z.object({ id: PageEntryId, at: z.number(), removed: z.boolean() });
export type PageMark = z.infer<typeof PageMark>;

/** What of an origin cannot be carried, by its kind and never by content: "CryptoKey in IndexedDB", … */
export const Gap = z.object({ what: z.string().check(z.maxLength(200)), count: z.number().check(z.int(), z.positive()) });
export type Gap = z.infer<typeof Gap>;

/** What an origin of a container must take over from the store. */
export const OriginUpdate = z.object({
  /** The store's revision this brings the origin to. */
  revision: Revision,
  set: z.array(PageEntry),
  remove: z.array(PageEntryId),
});
export type OriginUpdate = z.infer<typeof OriginUpdate>;

/** An origin for which the store has what its container does not have yet. */
export const PendingOrigin = z.object({ project: ProjectId, origin: OriginText, revision: Revision });
export type PendingOrigin = z.infer<typeof PendingOrigin>;

/** The store's methods for page storage, on the way of the others in store.ts: extension → host → store worker. */
export const pageStorageMethods = {
  /**
   * Items of one origin that changed in the container, in order, merged three ways against what the origin last had of the store:
   * of what others changed too the newer stands, and the other is in history. Acknowledged only when committed.
   */
  "storage.delta": method(
    z.object({ ...place, changes: z.array(PageChange) }),
    z.object({ revision: Revision, conflicts: z.array(EntryName) }),
  ),
  /**
   * A whole origin against the store, when it is seen for the first time since Firefox started, or after the host was away. Answers what
   * the origin must take over, and the items whose content the store wants (`want`), to be sent as a delta.
   */
  "storage.compare": method(
    z.object({
      ...place,
      held: z.array(HeldEntry),
      /** Kinds of storage that were looked at; of the others nothing is said. */
      areas: z.array(z.enum(["local", "session", "indexedDB"])),
      /** Databases that were not looked at, for their size. */
      skipped: z.array(z.string()),
      marks: z.array(PageMark),
      /** The container may be older than the store (shared/sync/reconcile.ts). */
      stale: z.boolean(),
      now: z.number(),
    }),
    z.extend(OriginUpdate, { want: z.array(PageEntryId) }),
  ),
  /** What others changed since the origin was last in step. */
  "storage.update": method(z.object(place), OriginUpdate),
  /** The origin has taken over everything up to `revision`. */
  "storage.synced": method(z.object({ ...place, revision: Revision }), z.object({})),
  /** The container is new, or was emptied: none of its origins has anything of the store. */
  "storage.reset": method(z.object({ instance: z.string(), project: ProjectId }), z.object({})),
  /** What of the origin could not be carried, all of it each time: exports name it. */
  "storage.gaps": method(z.object({ project: ProjectId, origin: OriginText, gaps: z.array(Gap) }), z.object({})),
  /** Every origin with something for this instance. */
  "storage.pending": method(z.object({ instance: z.string() }), z.object({ pending: z.array(PendingOrigin) })),
} as const;

/** host → extension, beside those of extensionHost.ts. */
export const pageStorageNotes = {
  /**
   * All that is pending now, after another hand changed the store. Answers when the origins that are open have taken it over:
   * `waiting` is how many others take it at their next load.
   */
  "storage.pending": method(
    z.object({ pending: z.array(PendingOrigin) }),
    z.object({ waiting: z.number(), failed: z.array(z.object({ reason: z.string(), count: z.number() })) }),
  ),
} as const;
