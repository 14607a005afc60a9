import * as z from "zod/mini";
import { Cookie, CookieId } from "../models.ts";
import { canonicalKey } from "./recordKey.ts";
import { shapeFault } from "./shapeFault.ts";
import { Value } from "./value.ts";

/** A serialised origin (HTML, "serialization of an origin"): `https://example.com`, the port unless it is the scheme's own. */
export const OriginText = z.string().check(
  z.regex(/^https?:\/\/[^/?#\s]+$/),
  z.refine((origin) => URL.canParse(origin) && new URL(origin).origin === origin, { error: "an origin such as https://example.com" }),
);

/** As IndexedDB has it: a name, names by position, or null for keys of their own (out-of-line). */
export const KeyPath = z.nullable(z.union([z.string(), z.array(z.string())]));
export type KeyPath = z.infer<typeof KeyPath>;

/** A record's key: a number, string, date, binary or array of those (Indexed Database API 3.0, section 2.4). */
export const RecordKey = Value.check(z.refine((key) => canonicalKey(key) !== undefined, { error: "a number, a date, a string, binary data or an array of these" }));

/** One database without its records: what `onupgradeneeded` would make. */
export const DatabaseShape = z
  .object({
    version: z.number(),
    stores: z.array(
      z.object({
        name: z.string(),
        keyPath: KeyPath,
        autoIncrement: z.boolean(),
        /** The next key the generator gives, where it can be told; absent: above the highest there is. */
        nextKey: z.optional(z.number()),
        indexes: z.array(z.object({ name: z.string(), keyPath: z.union([z.string(), z.array(z.string())]), unique: z.boolean(), multiEntry: z.boolean() })),
      }),
    ),
  })
  .check(({ value, issues }) => {
    const expected = shapeFault(value);
    if (expected !== undefined) issues.push({ code: "custom", message: expected, input: value });
  });
export type DatabaseShape = z.infer<typeof DatabaseShape>;

export const LocalId = z.object({ kind: z.literal("local"), origin: OriginText, key: z.string() });
export const SessionId = z.object({ kind: z.literal("session"), origin: OriginText, key: z.string() });
export const DatabaseId = z.object({ kind: z.literal("database"), origin: OriginText, database: z.string() });
export const RecordId = z.object({ kind: z.literal("record"), origin: OriginText, database: z.string(), store: z.string(), key: RecordKey });

/**
 * What is stored, merged, leased and counted by its own identity: one cookie, one key of an origin's localStorage or
 * sessionStorage, one database's shape, one record. A change costs the entry it touches, not the origin.
 */
export const EntryId = z.discriminatedUnion("kind", [z.extend(CookieId, { kind: z.literal("cookie") }), LocalId, SessionId, DatabaseId, RecordId]);
export type EntryId = z.infer<typeof EntryId>;

export const LocalEntry = z.extend(LocalId, { value: z.string() });
export const SessionEntry = z.extend(SessionId, { value: z.string() });
export const DatabaseEntry = z.extend(DatabaseId, { shape: DatabaseShape });
export const RecordEntry = z.extend(RecordId, { value: Value });

/** An entry that is there. `id` says what it is of; the rest is its content. */
export const Entry = z.discriminatedUnion("kind", [
  z.extend(Cookie, { kind: z.literal("cookie") }), LocalEntry, SessionEntry, DatabaseEntry, RecordEntry,
]);
export type Entry = z.infer<typeof Entry>;

/** One entry that changed, in milliseconds since 1970. A removal leaves a tombstone. */
export const EntryChange = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("set"), entry: Entry, at: z.number() }),
  z.object({ kind: z.literal("remove"), id: EntryId, at: z.number() }),
]);
export type EntryChange = z.infer<typeof EntryChange>;
