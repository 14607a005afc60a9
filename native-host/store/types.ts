import type { Cookie, CookieId, ProjectId } from "../../shared/models.ts";
import type { Entry, EntryId } from "../../shared/state/entry.ts";
import type { EntryName } from "../../shared/state/entryName.ts";
import type { Home } from "../home.ts";
import type { AuditMethods } from "./methods/auditMethods.ts";
import type { EndingMethods } from "./methods/endingMethods.ts";
import type { HistoryMethods } from "./methods/historyMethods.ts";
import type { LeaseMethods } from "./methods/leaseMethods.ts";
import type { PageMethods } from "./methods/pageMethods.ts";
import type { ProjectMethods } from "./methods/projectMethods.ts";
import type { RepairMethods } from "./methods/repairMethods.ts";
import type { RuleMethods } from "./methods/ruleMethods.ts";
import type { StateMethods } from "./methods/stateMethods.ts";
import type { SyncMethods } from "./methods/syncMethods.ts";
import type { VaultMethods } from "./methods/vaultMethods.ts";

export type { ActiveProject } from "./activeProject.ts";
export type { AuditEvent } from "./methods/auditMethods.ts";
export type { NamedDamage } from "./methods/repairMethods.ts";
export type { RuleChange } from "./methods/ruleMethods.ts";
export type { EntryFilter, WriteOptions } from "./methods/stateMethods.ts";
export type { KnownInstance } from "./methods/syncMethods.ts";

/** One cookie as stored. A tombstone has no `cookie`. */
export interface StoredItem {
  kind: "cookie";
  id: CookieId;
  cookie?: Cookie;
  revision: number;
  /** When the change was made, in milliseconds since 1970, by the clock of who made it. */
  at: number;
  /** Who made it: an instance's id, `import`, `cli` … */
  by: string;
  /** Of a tombstone: that the item outlived its time, and what tells it from a newer one of its name. */
  ended?: string;
}

/** One item of any kind as stored. A tombstone has no `entry`. */
export interface StoredEntry {
  id: EntryId;
  entry?: Entry;
  revision: number;
  /** When the change was made, in milliseconds since 1970, by the clock of who made it. */
  at: number;
  by: string;
  /** Of a tombstone: that the item outlived its time, and what tells it from a newer one of its name. */
  ended?: string;
  /** Of the lease it was written under. */
  fence?: number;
}

/** A consumer's right to check a project in; times in milliseconds since 1970. */
export interface Lease {
  project: ProjectId;
  holder: string;
  /** When it was checked out. */
  since: number;
  expiresAt: number;
  /** Of the store, when it was checked out. */
  revision: number;
}

export interface Checkout {
  /** Names the lease and proves the right to it: a secret. */
  token: string;
  revision: number;
  expiresAt: number;
  entries: Entry[];
}

export interface Checkin {
  revision: number;
  /** How many items it changed. */
  applied: number;
  /** What both sides changed; the newer stands, the other is in history. */
  conflicts: EntryName[];
}

export interface Snapshot {
  revision: number;
  entries: Entry[];
}

/**
 * The store, opened and unlocked. Every method is synchronous and runs in one transaction (`BEGIN IMMEDIATE` for
 * writes); what it returns is committed and on disk. Throws SteadError: `unknownProject`, `projectExists`, `badName`,
 * `badPattern`, `badUrl`, `badLink`, `conflict`, `diskFull`, `storeBusy`, `storeDamaged`, `vaultLocked`.
 */
export interface Store
  extends VaultMethods, ProjectMethods, RuleMethods, StateMethods, HistoryMethods, LeaseMethods,
    EndingMethods, AuditMethods, SyncMethods, PageMethods, RepairMethods {
  readonly path: string;
  /** The store's own random id, part of everything sealed. */
  readonly id: string;
  /** Grows by one with every committed change; 0 for a new store. */
  revision(): number;
  close(): void;
}

export interface OpenOptions {
  /** From homeFrom(). */
  home: Home;
  env: NodeJS.ProcessEnv;
  /** Milliseconds since 1970. */
  now?: () => number;
  /** Whether what is done with the store is no use of the vault that keeps it from locking itself. */
  passive?: boolean;
  /** Visible warnings, such as a key in a plain file; the caller prints them on stderr. */
  warn?: (message: string) => void;
}
