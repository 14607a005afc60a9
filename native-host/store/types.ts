import type { Cookie, CookieChange, CookieId, Project, ProjectId, ProjectPatch, Tally, VaultStatus } from "../../shared/models.ts";
import type { Entry, EntryChange, EntryId } from "../../shared/state/entry.ts";
import type { EntryName } from "../../shared/state/entryName.ts";
import type { Theirs } from "../../shared/sync/merge.ts";
import type { Home } from "../home.ts";
import type { Access, AuditAction, AuditFilter } from "./audit.ts";
import type { AuditLimits } from "./auditLimits.ts";
import type { AuditLine } from "./auditLines.ts";
import type { Change } from "./changes.ts";
import type { HistoryLimits } from "./historyLimits.ts";
import type { PageChange, PageEntryId } from "../../shared/state/pageEntry.ts";
import type { Look } from "../../shared/sync/compareOrigin.ts";
import type { Gap, OriginUpdate, PendingOrigin } from "../../shared/protocol/pageStorage.ts";
import type { OriginPlace } from "./origins.ts";
import type { Ttl } from "./ttl.ts";
import type { QuarantinedRow } from "./repair.ts";
import type { ContainerUpdate, Mark, Registry, RulesChange } from "../../shared/protocol/store.ts";
import type { Rule, RuleDraft, RuleId } from "../../shared/rules/rule.ts";
import type { Settings, SettingsPatch } from "../../shared/settings.ts";

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

/** One line of the audit; times in milliseconds since 1970. `count`: how many items it was about. */
export interface AuditEvent extends AuditLine {
  at: number;
  /** The last time: the same actor's same actions within a minute are one event. */
  until: number;
  /** An instance's name, a lease's holder, `cli` … */
  actor: string;
  action: string;
  /** Its name; null for what is about the store. */
  project: string | null;
}

export interface ActiveProject {
  project: ProjectId | null;
  at: number;
  pending: boolean;
}

/** A Firefox profile the store has met. */
export interface KnownInstance {
  id: string;
  /** Unique, as `stead status` lists it: "firefox", "firefox-2" … */
  name: string;
}

export interface EntryFilter {
  since?: number;
  site?: string;
  origin?: string;
  tombstones?: boolean;
}

export interface WriteOptions {
  by: string;
  action?: Extract<AuditAction, "write" | "import">;
  expected?: number;
}

/** Something that does not open, or is not what it says. */
export interface NamedDamage {
  /** Its name, or its id where the name is damaged too; null for what is no project's. */
  project: string | null;
  /** `cookie`, `page storage`, `history`, `lease`, `rule`, `project`, `settings`, `instance`, `active project`, `data key`, `revision`, `database structure` … */
  kind: string;
  /** Null for what has none. */
  revision: number | null;
}

/** Drafts to put and rules to remove, as one change. */
export interface RuleChange {
  put: readonly RuleDraft[];
  remove: readonly RuleId[];
}

/**
 * The store, opened and unlocked. Every method is synchronous and runs in one transaction (`BEGIN IMMEDIATE` for
 * writes); what it returns is committed and on disk. Throws SteadError: `unknownProject`, `projectExists`, `badName`,
 * `badPattern`, `badUrl`, `badLink`, `conflict`, `diskFull`, `storeBusy`, `storeDamaged`, `vaultLocked`.
 */
export interface Store {
  readonly path: string;
  /** The store's own random id, part of everything sealed. */
  readonly id: string;
  vault(): VaultStatus;
  /** Grows by one with every committed change; 0 for a new store. */
  revision(): number;
  /** Over all projects: each cookie, and each origin's localStorage, sessionStorage and IndexedDB. */
  itemCount(): number;

  registry(): Registry;
  addProject(project: { id?: ProjectId | undefined; name: string; color?: Project["color"] | undefined; icon?: Project["icon"] | undefined }): Project;
  updateProject(id: ProjectId, patch: ProjectPatch): Project;
  /** Destroys the project's data key, items and rules, and its audit but for one line that it was removed. */
  removeProject(id: ProjectId, options: { by: string }): { name: string; items: number; rules: number };

  active(): ActiveProject;
  /** Ignored when an active project with a later `at` is recorded. */
  setActive(active: ActiveProject): void;

  /** Every rule, or one project's, in the order they were made. */
  rules(project?: ProjectId): Rule[];
  /**
   * What changed above `since` in the store of the id `store`. All there is (`all`) where that says nothing: for another
   * store, from the beginning, from a future that this store never saw, or over the removal of a project.
   */
  rulesSince(store: string | null, since: number): RulesChange;
  /**
   * Removes, then puts draft by draft, as one revision; what changes nothing is left out and takes no revision. A draft that
   * makes a rule like another one replaces that. `put`: for each draft the rule it has become; `removed`: how many of `remove`
   * there were; `revision`: the last at which rules changed.
   */
  changeRules(change: RuleChange): { put: Rule[]; removed: number; revision: number };

  /** Without what named projects that are no more. */
  settings(): Settings;
  /** Patterns are kept as canonical text. `inherit` takes sites only: no expressions, no exclusions (`badPattern`). */
  setSettings(patch: SettingsPatch): Settings;

  /** An `ext+stead:` link that opens the address in the project without asking; only this store takes it for signed. */
  signLink(project: ProjectId, url: string): string;
  readLink(link: string): { url: string; project: ProjectId | null; signed: boolean };

  /** Names the instance at its first connection and remembers the name. */
  meetInstance(id: string, browser: string): KnownInstance;

  /**
   * Hands items of every kind to `by`, in the order of their revisions, and says so in the audit before. `since`: only those above it.
   * `domain`: only what concerns this host. `site`: only this registrable domain. `origin`: only this origin's page storage.
   * Tombstones only with `tombstones`.
   */
  entries(
    project: ProjectId,
    options: { by: string; action: Extract<AuditAction, "export" | "read" | "backup">; domain?: string | undefined } & EntryFilter,
  ): StoredEntry[];
  /** For what Stead decides itself: values that are read so must not leave the process. `items` are cookies alone. */
  readonly unaudited: {
    items(project: ProjectId, filter?: Omit<EntryFilter, "origin">): StoredItem[];
    entries(project: ProjectId, filter?: EntryFilter): StoredEntry[];
    snapshot(project: ProjectId): Snapshot;
  };
  /**
   * Writes changes in order as one revision; what changes nothing is left out and takes no revision.
   * `expected`: refuse with `conflict` when the project has a row above this revision. `action`: what the audit calls it.
   */
  write(project: ProjectId, changes: readonly CookieChange[], options: WriteOptions): { revision: number; applied: number };
  /** As write(), of every kind. A database's removal removes its records, and so does a shape without their object store. */
  writeEntries(project: ProjectId, changes: readonly EntryChange[], options: WriteOptions): { revision: number; applied: number };

  /**
   * Hands the items that there are to `by`, with the store's revision at that moment: what changes are made to, for update(). Said in the
   * audit before. `domain`: only what concerns this host.
   */
  snapshot(project: ProjectId, options: { by: string; action: Extract<AuditAction, "export" | "read">; domain?: string | undefined }): Snapshot;

  /**
   * The project's revisions that can be had again, the newest first; `items`: how many each changed. `domain`, a host: only
   * what concerns it, with the counts of what is still known. `by` is an instance's name where an instance made the change.
   */
  history(project: ProjectId, filter?: { domain?: string }): Change[];
  /**
   * Makes the project what it was at a revision or a time (milliseconds since 1970), as a new revision: undone by restoring
   * the one before. Only what concerns the host `domain`, where given. `expired`: what was there and has expired since.
   * Throws `usage` for what is not in history, and `conflict` for a state without items unless `force`.
   */
  restore(
    project: ProjectId,
    to: { revision: number } | { time: number },
    options: { by: string; domain?: string; force?: boolean },
  ): { revision: number; restored: number; expired: number };
  /**
   * Leases a project to one consumer: its state, and the token that checks it in. `ttlMs` from a second to 30 days. Throws
   * `conflict` while another has it, `usage` for a holder's name or a time that will not do.
   */
  checkout(project: ProjectId, options: { holder: string; ttlMs: number }): Checkout;
  /**
   * Merges what the holder of a lease has (shared/sync/merge.ts) as one revision, and ends the lease unless `keep`. Throws
   * `conflict` for a token that is no longer good, and for an empty state unless `force`.
   */
  checkin(project: ProjectId, theirs: Theirs, options: { token: string; keep?: boolean; force?: boolean }): Checkin;
  /**
   * For those without a lease: merges what was made of the project as it was at revision `base`. Throws `usage` without a base,
   * `conflict` while the project is leased, and for an empty state unless `force`.
   */
  update(project: ProjectId, theirs: Theirs, options: { by: string; base: number; force?: boolean }): Checkin;
  /** From now on. Throws `conflict` for a token that is no longer good. */
  renewLease(project: ProjectId, options: { token: string; ttlMs: number }): Lease;
  /** Throws `conflict` for a token that is no longer good. */
  releaseLease(project: ProjectId, options: { token: string }): void;
  /** Takes the project back from whoever has it; undefined when nobody has. */
  revokeLease(project: ProjectId, options: { by: string }): Lease | undefined;
  /** Those that are good now. */
  leases(): Lease[];

  /**
   * Removes all items, or those of the host `domain` and the hosts below it, with their history: this cannot be undone. Ends
   * the lease, whose holder has them still. What stays is that something of that name was removed, for Firefox to be told. The
   * audit's lines of them go too, for one that says how many were forgotten, and not of what.
   */
  forget(project: ProjectId, options: { by: string; domain?: string }): { revision: number; forgotten: number };
  /** How long the project keeps what was not changed; empty where that is for as long as it is good. */
  ttls(project: ProjectId): Ttl[];
  /**
   * Keeps what belongs to the host `domain` and those below it, or with null all that no other is for, so many seconds after it
   * was last changed; with null no longer than it is good. What has outlived that ends at once. `ended`: how many did. Throws
   * `usage` for less than a minute and more than ten years.
   */
  setTtl(project: ProjectId, ttl: { domain: string | null; seconds: number | null }): { revision: number; ended: number };
  /**
   * Ends what has outlived its time, in all projects; how many. Nothing shows it before either: this destroys it, with its
   * history, and lets Firefox be told.
   */
  endOutlived(): number;
  /** When the next item will have outlived its time, in milliseconds since 1970; Infinity while none will, null while no project has a time to live. */
  nextEnd(): number | null;
  /** Records that a person or a program uses the vault, for one that opened the store with `passive`. */
  use(): void;
  /** Has the vault lock itself when nobody used it for so many milliseconds; null: never. */
  setLockAfter(after: number | null): void;
  /** When the vault locks itself unless it is used, in milliseconds since 1970; null for never. */
  locksAt(): number | null;
  historyLimits(): HistoryLimits;
  /** For every project; what is over the limits is gone at once. */
  setHistoryLimits(limits: HistoryLimits): void;

  /**
   * Who read or wrote what, the newest last; `since` in milliseconds since 1970. Every method that lets values in or out writes it.
   * `damaged`: how many records did not open.
   */
  audit(filter?: AuditFilter): { events: AuditEvent[]; damaged: number };
  /** For what is done outside of these methods, such as a backup. */
  recordAccess(access: Access & { project?: ProjectId; count?: number }): void;
  auditLimits(): AuditLimits;
  /** What is over the limits is gone at once. */
  setAuditLimits(limits: AuditLimits): void;

  /** The whole container of an instance against the store: shared/sync/reconcile.ts decides, this performs. */
  reconcile(request: { instance: string; project: ProjectId; cookies: readonly Cookie[]; marks: readonly Mark[]; stale?: boolean | undefined; now: number }): ContainerUpdate;
  /** What other hands changed since the instance was last in step, per project; empty updates are left out. */
  updatesFor(instance: string): ContainerUpdate[];
  /** The instance's container now has everything of the project up to `revision`. Never goes back. */
  setSynced(instance: string, project: ProjectId, revision: number): void;

  /**
   * What a page changed in an origin of a container, merged against what the container last had of it: nothing is asked of leases.
   * Throws `badMessage` for a change of another origin.
   */
  changeOrigin(request: OriginPlace & { changes: readonly PageChange[] }): { revision: number; conflicts: EntryName[] };
  /** An origin of a container against the store: shared/sync/compareOrigin.ts decides. Throws `badMessage` for an item of another origin. */
  compareOrigin(request: OriginPlace & Look): OriginUpdate & { want: PageEntryId[] };
  /** What other hands changed of an origin since its container had it all. */
  originUpdate(place: OriginPlace): OriginUpdate;
  /** The container now has everything of the origin up to `revision`. Never goes back. */
  setOriginSynced(place: OriginPlace & { revision: number }): void;
  /** The container is new or was emptied: it has nothing of any origin, nor of what it wrote itself. */
  resetOrigins(container: { instance: string; project: ProjectId }): void;
  /** Every origin that originUpdate() has something for. Costs what there is, not what is stored. */
  pendingOrigins(instance: string): PendingOrigin[];
  /** Replaces what is known of an origin. */
  setGaps(request: { project: ProjectId; origin: string; gaps: readonly Gap[] }): void;
  /** What of the project's page storage cannot be carried; of the host `domain` and those below it, where given. */
  gaps(project: ProjectId, filter?: { domain?: string }): Gap[];

  /** Decrypts everything; counts what its tag does not confirm. */
  verify(): { items: number; damaged: Tally[] };
  /** As verify(), and names each. */
  examine(): { items: number; damaged: NamedDamage[] };
  /**
   * Takes out what does not open, so that everything else does. `keep` is given the rows that are damaged, as they were found, and
   * must have them on disk when it returns; what it throws is thrown on, and nothing was changed. Answers what is damaged still.
   */
  repair(keep: (rows: QuarantinedRow[]) => void): NamedDamage[];
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
