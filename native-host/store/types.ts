import type { Cookie, CookieChange, CookieId, Project, ProjectId, ProjectPatch, Tally, VaultStatus } from "../../shared/models.ts";
import type { Home } from "../home.ts";
import type { ContainerUpdate, Mark, Registry, RulesChange } from "../../shared/protocol/store.ts";
import type { Rule, RuleDraft, RuleId } from "../../shared/rules/rule.ts";
import type { Settings, SettingsPatch } from "../../shared/settings.ts";

/** One cookie as stored. A tombstone has no `cookie`. Other kinds of item join this union later. */
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
  /** Live items over all projects. */
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

  /** The whole container of an instance against the store: shared/sync/reconcile.ts decides, this performs. */
  reconcile(request: { instance: string; project: ProjectId; cookies: readonly Cookie[]; marks: readonly Mark[]; stale?: boolean | undefined; now: number }): ContainerUpdate;
  /** What other hands changed since the instance was last in step, per project; empty updates are left out. */
  updatesFor(instance: string): ContainerUpdate[];
  /** The instance's container now has everything of the project up to `revision`. Never goes back. */
  setSynced(instance: string, project: ProjectId, revision: number): void;

  /** Decrypts everything; counts what its tag does not confirm. */
  verify(): { items: number; damaged: Tally[] };
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
