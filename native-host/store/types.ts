import type { Cookie, CookieChange, CookieId, Project, ProjectId, ProjectPatch, Tally, VaultStatus } from "../../shared/models.ts";
import type { Home } from "../home.ts";
import type { ContainerUpdate, Mark, Registry } from "../../shared/protocol/store.ts";

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

/**
 * The store, opened and unlocked. Every method is synchronous and runs in one transaction (`BEGIN IMMEDIATE` for
 * writes); what it returns is committed and on disk. Throws SteadError: `unknownProject`, `projectExists`, `badName`,
 * `conflict`, `diskFull`, `storeBusy`, `storeDamaged`, `vaultLocked`.
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
  /** Destroys the project's data key and rows. */
  removeProject(id: ProjectId): { name: string; items: number; rules: number };

  active(): ActiveProject;
  /** Ignored when an active project with a later `at` is recorded. */
  setActive(active: ActiveProject): void;

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
