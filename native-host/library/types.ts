import type { Color, Icon, ProjectId, Tally } from "../../shared/models.ts";
import type { Entry, EntryId } from "../../shared/state/entry.ts";
import type { EntryName } from "../../shared/state/entryName.ts";
import type { StateDocument } from "../../shared/formats/state.ts";

export type { Color, Cookie, CookieId, Icon, Tally } from "../../shared/models.ts";
export type { Entry, EntryId } from "../../shared/state/entry.ts";
export type { EntryName } from "../../shared/state/entryName.ts";
export type { StateDocument } from "../../shared/formats/state.ts";

/** Milliseconds, or a time such as `90s`, `10m`, `24h`, `7d`. */
export type Duration = number | `${number}${"s" | "m" | "h" | "d"}`;

/** What a project's state is given as, by the name of the format. */
export interface States {
  /** For Playwright's `newContext({ storageState })`. */
  playwright: StorageState;
  /** Stead's own, which holds everything (docs/formats.md). */
  json: StateDocument;
  /** The text of a file: cookies alone. */
  netscape: string;
  wget: string;
  curl: string;
}

export type StateFormat = keyof States;

/** The formats that can be read back. */
export type ImportFormat = Exclude<StateFormat, "curl">;

/** A state as it comes back: an object as it was given or as Playwright's `storageState()` answers it, or a document's text. */
export type State = StorageState | StateDocument | string;

/** Playwright's storage state, with the types that Playwright gives it. */
export interface StorageState {
  cookies: StorageCookie[];
  origins: StorageOrigin[];
}

export interface StorageCookie {
  name: string;
  value: string;
  /** With a leading dot for the hosts below it too. */
  domain: string;
  path: string;
  /** Seconds since 1970; -1 for a session cookie. */
  expires: number;
  httpOnly: boolean;
  secure: boolean;
  /** Not there for a cookie that has none, which Playwright takes though its types do not say so. */
  sameSite: "Strict" | "Lax" | "None";
  partitionKey?: string;
}

export interface StorageOrigin {
  origin: string;
  localStorage: { name: string; value: string }[];
  /** Playwright passes over it; other agents' browsers do not. */
  sessionStorage?: { name: string; value: string }[];
  /** There where the origin has databases. */
  indexedDB?: unknown[];
}

/** One item that is to be set or removed. `at`: when it was changed, in milliseconds since 1970; now unless said. */
export type Change = { kind: "set"; entry: Entry; at?: number } | { kind: "remove"; id: EntryId; at?: number };

export interface OpenOptions {
  /** One directory for everything Stead keeps, as STEAD_HOME. */
  home?: string;
  /** In place of process.env. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Who reads and writes, for `stead history` and others to tell: 1 to 64 visible characters; `library` unless said. */
  name?: string;
  /** Told, in a sentence, of what a person should know, such as a key in a plain file; process.emitWarning() unless said. */
  warn?: (message: string) => void;
}

export interface ProjectInfo {
  id: ProjectId;
  name: string;
  color: Color;
  icon: Icon;
  items: number;
  rules: number;
}

export interface GivenState<F extends StateFormat> {
  state: States[F];
  /** Of the store at that moment: the `base` of an update. */
  revision: number;
  /** Whole items that the format has no place for, by reason. */
  dropped: Tally[];
  /** Attributes that it has no place for. */
  lost: Tally[];
}

/** What became of changes that were brought in. */
export interface Merged {
  /** Of the store now. */
  revision: number;
  /** How many items were changed. */
  applied: number;
  /** What others had changed too: the newer stands, the other is in history. */
  conflicts: EntryName[];
  /** What was understood differently from how it was written. */
  repaired: Tally[];
  /** What was left out. */
  dropped: Tally[];
  /** What connected Firefoxes could not take over; the store has it. */
  unapplied: Tally[];
  /** How many origins take theirs over when Firefox next opens them. */
  waiting: number;
}

export interface Imported extends Omit<Merged, "applied" | "conflicts"> {
  cookies: number;
  origins: number;
  format: ImportFormat;
}

export interface Exported {
  /** The absolute path. */
  file: string;
  cookies: number;
  origins: number;
  dropped: Tally[];
  lost: Tally[];
}

export interface Revision {
  revision: number;
  at: Date;
  /** A Firefox profile, the holder of a lease, or who else made it. */
  by: string;
  items: number;
  conflicts?: EntryName[];
}

export interface Restored {
  revision: number;
  restored: number;
  /** What has expired since. */
  dropped: Tally[];
  /** What connected Firefoxes could not take over; the store has it. */
  unapplied: Tally[];
  /** How many origins take theirs over when Firefox next opens them. */
  waiting: number;
}

export interface Switched {
  project: string;
  /** Empty when no Firefox is connected, and the project was recorded for the next one. */
  instances: { instance: string; shown: number; hidden: number }[];
}

/**
 * A project that is leased to this program, with its state as it was then. At its end (`await using`) it is released, unless it was
 * checked in. Printed or written as JSON it shows neither its token nor its state.
 */
export interface Lease<F extends StateFormat = "playwright"> extends AsyncDisposable {
  readonly project: string;
  readonly holder: string;
  /** Proves the right to check in: a secret. */
  readonly token: string;
  readonly revision: number;
  readonly expiresAt: Date;
  readonly state: States[F];
  /** Items that the format has no place for: a check-in leaves them as they are. */
  readonly dropped: readonly Tally[];
  /**
   * Merges what the program has now, item by item, with what the project has become, and ends the lease. An item that the state
   * lacks is deleted, where the state would have named it; changes touch what they name alone. `keep` goes on with the lease;
   * `force` lets a state without items empty the project. Throws `conflict` when the lease is no longer good.
   */
  checkin(state: State | readonly Change[], options?: { keep?: boolean; force?: boolean }): Promise<Merged>;
  /** From now on, an hour unless said; until when. Throws `conflict` when the lease is no longer good. */
  renew(options?: { ttl?: Duration }): Promise<Date>;
  /** Ends it without a check-in. Throws `conflict` when the lease is no longer good. */
  release(): Promise<void>;
}

/**
 * A user's projects. Every method rejects with a SteadError: beside what it names, `vaultLocked`, `keyUnavailable`, `unknownProject`
 * and what may befall a store. `project` is a project's exact name, `domain` a host: what concerns it alone.
 */
export interface Stead extends AsyncDisposable {
  /** Another one, of its own; opened at its first call. Throws `usage`. */
  open(options?: OpenOptions): Stead;
  projects(): Promise<ProjectInfo[]>;
  /** A project's state as it is now: `playwright` unless said. Throws `usage`. */
  state<F extends StateFormat = "playwright">(project: string, options?: { format?: F; domain?: string }): Promise<GivenState<F>>;
  /** Leases a project to this program; for an hour unless said. Throws `conflict`, which says who has it, while another has. */
  checkout<F extends StateFormat = "playwright">(project: string, options?: { ttl?: Duration; holder?: string; format?: F }): Promise<Lease<F>>;
  /**
   * For a program without a lease: merges what it made of the state of revision `base`, as a check-in does. A state that was only of
   * one host names it. Throws `usage` without a base, `conflict` while the project is leased, and for an empty state but with `force`.
   */
  update(project: string, state: State | readonly Change[], options: { base: number; domain?: string; force?: boolean }): Promise<Merged>;
  /**
   * Puts a state's items into what is there; `replace` makes it the whole of the kinds it speaks of. The format is recognised
   * unless said. Throws `fileFormat`, `conflict`.
   */
  import(project: string, state: State, options?: { format?: ImportFormat; replace?: boolean; force?: boolean }): Promise<Imported>;
  /** Writes a file that this user alone can read, `playwright` unless said. Throws `usage`, and what writing a file throws. */
  export(project: string, file: string, options?: { format?: StateFormat; domain?: string }): Promise<Exported>;
  /** What can be had again, the newest first. */
  history(project: string, options?: { domain?: string }): Promise<Revision[]>;
  /** Makes the project what it was at a revision or a time. Throws `usage` for what is not in history, `conflict` for no items but with `force`. */
  restore(project: string, options: { to: number | Date; domain?: string; force?: boolean }): Promise<Restored>;
  /** Shows a project's tabs in the Firefox focused last, or in `instance`. Throws `unknownInstance`, `adoptionNeeded`, `noFirefox`. */
  switch(project: string, options?: { instance?: string; window?: "bind" | "unbind"; adopt?: boolean }): Promise<Switched>;
  /** The current project's name; null when there is none. */
  current(): Promise<string | null>;
  /** Opens an http or https address in a project, or where the rules say. Throws `badUrl`, `noFirefox`, `unknownInstance`. */
  openUrl(url: string | URL, options?: { project?: string; instance?: string }): Promise<{ project: string | null; instance: string }>;
  /** Lets go of the store and forgets its keys when what is under way has ended. A later call opens it again. */
  close(): Promise<void>;
}
