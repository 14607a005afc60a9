import type { Cookie, CookieChange, CookieId, Project, ProjectId, ProjectPatch, Tally, VaultStatus } from "../../shared/models.ts";
import type { Entry, EntryChange, EntryId } from "../../shared/state/entry.ts";
import type { EntryName } from "../../shared/state/entryName.ts";
import type { Theirs } from "../../shared/sync/merge.ts";
import type { Home } from "../home.ts";
import type { Change } from "./history.ts";
import type { HistoryLimits } from "./historyLimits.ts";
import type { PageChange, PageEntryId } from "../../shared/state/pageEntry.ts";
import type { Look } from "../../shared/sync/compareOrigin.ts";
import type { Gap, OriginUpdate, PendingOrigin } from "../../shared/protocol/pageStorage.ts";
import type { OriginPlace } from "./origins.ts";
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
}

/** One item of any kind as stored. A tombstone has no `entry`. */
export interface StoredEntry {
  id: EntryId;
  entry?: Entry;
  revision: number;
  /** When the change was made, in milliseconds since 1970, by the clock of who made it. */
  at: number;
  by: string;
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
  /** Destroys the project's data key, items and rules. */
  removeProject(id: ProjectId): { name: string; items: number; rules: number };

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
   * Items by revision. `since`: only those above it. `site`: only this registrable domain. Tombstones only with
   * `tombstones`.
   */
  items(project: ProjectId, filter?: { since?: number; site?: string; tombstones?: boolean }): StoredItem[];
  /**
   * Writes changes in order as one revision; what changes nothing is left out and takes no revision.
   * `expected`: refuse with `conflict` when the project has a row above this revision.
   */
  write(project: ProjectId, changes: readonly CookieChange[], options: { by: string; expected?: number }): { revision: number; applied: number };

  /** As items(), of every kind. `origin`: only this origin's page storage. */
  entries(project: ProjectId, filter?: { since?: number; site?: string; origin?: string; tombstones?: boolean }): StoredEntry[];
  /** As write(), of every kind. A database's removal removes its records, and so does a shape without their object store. */
  writeEntries(project: ProjectId, changes: readonly EntryChange[], options: { by: string; expected?: number }): { revision: number; applied: number };

  /** The items that there are, and the store's revision at that moment: what changes are made to, for update(). `site`: only of this registrable domain. */
  snapshot(project: ProjectId, filter?: { site?: string }): Snapshot;

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
  revokeLease(project: ProjectId): Lease | undefined;
  /** Those that are good now. */
  leases(): Lease[];

  /**
   * Removes all items, or those of the host `domain` and the hosts below it, with their history: this cannot be undone. Ends
   * the lease, whose holder has them still. What stays is that something of that name was removed, for Firefox to be told.
   */
  forget(project: ProjectId, options: { by: string; domain?: string }): { revision: number; forgotten: number };
  historyLimits(): HistoryLimits;
  /** For every project; what is over the limits is gone at once. */
  setHistoryLimits(limits: HistoryLimits): void;

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
  /** Visible warnings, such as a key in a plain file; the caller prints them on stderr. */
  warn?: (message: string) => void;
}
