import * as z from "zod/mini";
import type { Cookie, Tally } from "../models.ts";
import { DatabaseShape, OriginText, RecordKey } from "../state/entry.ts";
import { Value } from "../state/value.ts";

const StorageItem = z.object({ name: z.string(), value: z.string() });
export type StorageItem = z.infer<typeof StorageItem>;

/** `shape` may be missing where only records of a database are known. */
const Database = z.object({
  name: z.string(),
  shape: z.optional(DatabaseShape),
  records: z._default(z.array(z.object({ store: z.string(), key: RecordKey, value: Value })), []),
});
export type Database = z.infer<typeof Database>;

/** A file or folder of an origin private file system, as Playwright has it. Carried through as it is; nothing stores it yet. */
export const OpfsEntry = z.looseObject({ path: z.string(), type: z.enum(["file", "directory"]), base64: z.optional(z.string()) });

/** A passkey, as Playwright has it. Carried through as it is; nothing stores it yet. */
export const Credential = z.looseObject({});
export type Credential = z.infer<typeof Credential>;

/** One origin's page storage. */
export const Origin = z.object({
  origin: OriginText,
  localStorage: z._default(z.array(StorageItem), []),
  sessionStorage: z._default(z.array(StorageItem), []),
  databases: z._default(z.array(Database), []),
  opfs: z.optional(z.array(OpfsEntry)),
});
export type Origin = z.infer<typeof Origin>;

/** What the formats write and read: the state of one project, without its history. entries.ts makes one of entries, and back. */
export interface State {
  cookies: readonly Cookie[];
  origins: readonly Origin[];
  credentials?: readonly Credential[] | undefined;
}

export interface WriteOptions {
  /** Milliseconds since 1970: what has expired by then is left out. */
  now: number;
  /** The project's name, for the formats that say whose state they hold. */
  project: string;
  /** The host of --domain, in canonical form, for the one format that is made for a single host. */
  host?: string | undefined;
}

/** A written document and what became of what it could not hold. */
export interface Written {
  document: string;
  /** How many cookies and origins the document holds. */
  cookies: number;
  origins: number;
  /** Whole items the format has no place for: the result is partial. */
  dropped: Tally[];
  /** Attributes the format has no place for, of cookies that it holds. */
  lost: Tally[];
  /** How many had expired, and so were no longer state. */
  expired: number;
}

export interface ReadOptions {
  /** Milliseconds since 1970: what has expired by then is dropped. */
  now: number;
}

/** An object store of a database. */
export interface StorePlace {
  origin: string;
  database: string;
  store: string;
}

export interface Read {
  cookies: Cookie[];
  origins: Origin[];
  credentials?: Credential[];
  /** What was understood differently from how it was written. */
  repaired: Tally[];
  /** What was left out. */
  dropped: Tally[];
  /** Where records were left out that cannot be told: that another is not in the document says nothing there. */
  unclear?: StorePlace[];
}

/** A format by what it does; pure functions of their arguments. `read` throws `fileFormat`. */
export interface Format {
  readonly write: (state: State, options: WriteOptions) => Written;
  /** Absent where the format says too little to be read back. */
  readonly read?: (text: string, options: ReadOptions) => Read;
}
