import * as z from "zod/mini";
import { cookieId, isExpired } from "../../shared/cookie.ts";
import { Cookie, CookieId, type ProjectId } from "../../shared/models.ts";
import { DatabaseShape, type Entry, type EntryChange, type EntryId } from "../../shared/state/entry.ts";
import { entryContent } from "../../shared/state/entryContent.ts";
import { entryId } from "../../shared/state/entryId.ts";
import { entryKey } from "../../shared/state/entryKey.ts";
import { entrySite } from "../../shared/state/entrySite.ts";
import type { Value } from "../../shared/state/value.ts";
import type { DataKeys, Place } from "./dataKeys.ts";
import type { StoredEntry } from "./types.ts";

/** Authentic since it opened, and the work of a Stead that had checked it: a walk over megabytes would tell nothing new. */
const StoredValue = z.custom<Value>();
const made = { at: z.number(), by: z.string(), ended: z.optional(z.string()) };
const key = { origin: z.string(), key: z.string() };
const database = { origin: z.string(), database: z.string() };
const record = { ...database, store: z.string(), key: StoredValue };

/** What is sealed of an item: its identity, and its content unless it is a tombstone. */
const Payload = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("cookie"), id: CookieId, cookie: z.optional(Cookie), ...made }),
  z.object({ kind: z.enum(["local", "session"]), id: z.object(key), value: z.optional(z.string()), ...made }),
  z.object({ kind: z.literal("database"), id: z.object(database), shape: z.optional(DatabaseShape), ...made }),
  z.object({ kind: z.literal("record"), id: z.object(record), value: z.optional(StoredValue), ...made }),
]);
type Payload = z.infer<typeof Payload>;

/** What is there after a change, before it has a revision. */
export type NewEntry = Omit<StoredEntry, "revision" | "fence">;

/** An item's content, whoever changed it to that. Setting a cookie that has expired removes it. */
export function changedEntry(change: EntryChange, by: string, now: number): NewEntry {
  const { at } = change;
  if (change.kind === "remove") return { id: entryId(change.id), at, by };
  const { entry } = change;
  const isGone = entry.kind === "cookie" && isExpired(entry, now);
  return { id: entryId(entry), ...(!isGone && { entry }), at, by };
}

export function encodeEntry(entry: NewEntry): Buffer {
  return Buffer.from(JSON.stringify(toPayload(entry)));
}

/** Throws for what encodeEntry() did not make. */
export function decodeEntry(plain: Buffer): NewEntry {
  return fromPayload(Payload.parse(JSON.parse(plain.toString())));
}

/**
 * Whether what was sealed certainly has another value than the entry: a search, where decoding would cost more than opening it
 * did. JSON writes a text in one way alone, so a value that is the same is found.
 */
export function hasOtherValue(plain: Buffer, { entry }: NewEntry): boolean {
  if (entry === undefined || entry.kind === "database" || entry.kind === "record") return false;
  return !plain.includes(`"value":${JSON.stringify(entry.value)}`);
}

/** Milliseconds since 1970; null for what does not expire, a tombstone too. */
export function expiryOf({ entry }: NewEntry): number | null {
  return entry?.kind === "cookie" && entry.expires !== undefined ? entry.expires * 1000 : null;
}

/** Where an item is sealed, in `item` and then in `history`. */
export function placeOfEntry(project: ProjectId, hash: Buffer, revision: number): Place {
  return { kind: "item", owner: project, id: hash.toString("hex"), revision };
}

/** The keyed hashes that items are found by. They stand in every store: entryKey() may never change what it answers. */
export class EntryHashes {
  readonly #keys: DataKeys;

  constructor(keys: DataKeys) {
    this.#keys = keys;
  }

  key(project: ProjectId, id: EntryId): Buffer {
    return this.ofKey(project, id.kind, entryKey(id));
  }

  /** As key(), for one whose entryKey() is at hand. */
  ofKey(project: ProjectId, kind: EntryId["kind"], key: string): Buffer {
    return this.#keys.hash(project, kind === "cookie" ? "cookie" : "entry", key);
  }

  site(project: ProjectId, site: string): Buffer {
    return this.#keys.hash(project, "site", site);
  }

  siteOf(project: ProjectId, id: EntryId): Buffer {
    return this.#keys.recall(project, `site of ${id.kind === "cookie" ? id.domain : id.origin}`, () => this.site(project, entrySite(id)));
  }

  origin(project: ProjectId, origin: string): Buffer {
    return this.#keys.hash(project, "origin", origin);
  }

  originOf(project: ProjectId, id: EntryId): Buffer | null {
    return id.kind === "cookie" ? null : this.#keys.recall(project, `origin ${id.origin}`, () => this.origin(project, id.origin));
  }

  /** One for each item that is no cookie: an origin's localStorage, sessionStorage or IndexedDB. */
  areaOf(project: ProjectId, id: EntryId): Buffer | null {
    if (id.kind === "cookie") return null;
    const area = JSON.stringify([id.kind === "record" ? "database" : id.kind, id.origin]);
    return this.#keys.recall(project, `area ${area}`, () => this.#keys.hash(project, "area", area));
  }

  /** What tells that an entry is the one that has outlived its time, and not a newer one. */
  ended(project: ProjectId, entry: Entry): string {
    return this.#keys.hash(project, "ended", entryContent(entry)).toString("hex");
  }
}

function toPayload({ id, entry, at, by, ended }: NewEntry): Payload {
  const made = { at, by, ...(ended !== undefined && { ended }) };
  switch (id.kind) {
    case "cookie":
      return { kind: id.kind, id: cookieId(id), ...(entry?.kind === "cookie" && { cookie: plainCookie(entry) }), ...made };
    case "local":
    case "session":
      return { kind: id.kind, id: { origin: id.origin, key: id.key }, ...(entry?.kind === id.kind && { value: entry.value }), ...made };
    case "database":
      return { kind: id.kind, id: { origin: id.origin, database: id.database }, ...(entry?.kind === id.kind && { shape: entry.shape }), ...made };
    case "record": {
      const { origin, database, store, key } = id;
      return { kind: id.kind, id: { origin, database, store, key }, ...(entry?.kind === id.kind && { value: entry.value }), ...made };
    }
  }
}

function fromPayload(payload: Payload): NewEntry {
  const { at, by, ended } = payload;
  const made = { at, by, ...(ended !== undefined && { ended }) };
  switch (payload.kind) {
    case "cookie": {
      const { kind, id, cookie } = payload;
      return { id: { kind, ...id }, ...(cookie && { entry: { kind, ...cookie } }), ...made };
    }
    case "local":
    case "session": {
      const { kind, id, value } = payload;
      return { id: { kind, ...id }, ...(value !== undefined && { entry: { kind, ...id, value } }), ...made };
    }
    case "database": {
      const { kind, id, shape } = payload;
      return { id: { kind, ...id }, ...(shape && { entry: { kind, ...id, shape } }), ...made };
    }
    case "record": {
      const { kind, id, value } = payload;
      return { id: { kind, ...id }, ...(value !== undefined && { entry: { kind, ...id, value } }), ...made };
    }
  }
}

/** As cookies have always been sealed, and as callers that know of cookies only have them. */
export function plainCookie(cookie: Cookie): Cookie {
  const { value, secure, httpOnly, sameSite, expires } = cookie;
  // The spreads come last: V8 makes an object ten times as slowly whose first part is one.
  return { value, secure, httpOnly, sameSite, ...(expires !== undefined && { expires }), ...cookieId(cookie) };
}
