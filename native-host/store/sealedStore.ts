import * as z from "zod/mini";
import { SteadError } from "../../shared/errors.ts";
import { type Cookie, type CookieChange, type CookieId, type KeySourceKind, ProjectId } from "../../shared/models.ts";
import type { Project, ProjectPatch, Tally, VaultStatus } from "../../shared/models.ts";
import type { ContainerUpdate, Mark, Registry, RulesChange } from "../../shared/protocol/store.ts";
import type { Rule } from "../../shared/rules/rule.ts";
import type { Settings, SettingsPatch } from "../../shared/settings.ts";
import type { EntryChange } from "../../shared/state/entry.ts";
import { merge, type Theirs } from "../../shared/sync/merge.ts";
import { reconcile } from "../../shared/sync/reconcile.ts";
import { keyEncryptionKey } from "../vault/keys.ts";
import type { StoreDatabase } from "./database.ts";
import { DataKeys, registryOwner } from "./dataKeys.ts";
import { type Change, History } from "./history.ts";
import { type HistoryLimits, historyLimits, setHistoryLimits } from "./historyLimits.ts";
import { Endings } from "./endings.ts";
import { forget } from "./forget.ts";
import { listHeld } from "./held.ts";
import { idleAt, idleLocked, isIdle, isWorthStamping, lockIfIdle, setLockAfter, stampUse } from "./idleness.ts";
import { ItemRows } from "./itemRows.ts";
import { Instances } from "./instances.ts";
import { type Conflicts, Items, type Writer } from "./items.ts";
import { Leases } from "./leases.ts";
import { Links } from "./links.ts";
import { type KeyState, nextRevision, readKeyState, readRevision } from "./meta.ts";
import { type NewProject, Projects } from "./projects.ts";
import { changesBack, listChanges } from "./past.ts";
import { Rules } from "./rules.ts";
import { StoredSettings } from "./settings.ts";
import type { Ttl } from "./ttl.ts";
import { Ttls } from "./ttls.ts";
import type { ActiveProject, Checkin, Checkout, KnownInstance, Lease, RuleChange, Store, StoredEntry, StoredItem } from "./types.ts";

/** Rows of a removed project that go in one transaction, so that the log stays small on a full disk. */
const erasedAtOnce = 500;
/** What has expired or outlived its time goes in such portions, so that nobody waits long. */
const endedAtOnce = 256;
/** To SQLite, no limit. */
const all = -1;

const noneActive: ActiveProject = { project: null, at: 0, pending: false };
const Active = z.object({ project: z.nullable(ProjectId), at: z.number(), pending: z.boolean() });
const activePlace = { kind: "active project", owner: registryOwner, id: "", revision: 0 };

export interface SealedStoreOptions {
  db: StoreDatabase;
  id: string;
  /** Copied from, not kept. */
  root: Buffer;
  /** Of the key-encryption key. */
  epoch: number;
  /** The root key that the store has now, for one who opened it before a rotation; undefined where that takes more than a call. */
  reload: () => Buffer | undefined;
  source: KeySourceKind;
  now: () => number;
  /** Whether what is done is no use of the vault that keeps it from locking itself. */
  passive?: boolean | undefined;
  /** How often one data key seals before the next is made; tests set it. */
  sealLimit?: number | undefined;
}

/** The store as the rest of Stead sees it: who may call, in which transaction; the parts do the work. Use openStore(). */
export class SealedStore implements Store {
  readonly path: string;
  readonly id: string;
  readonly #db: StoreDatabase;
  readonly #source: KeySourceKind;
  readonly #now: () => number;
  readonly #passive: boolean;
  readonly #reload: () => Buffer | undefined;
  readonly #keys: DataKeys;
  readonly #projects: Projects;
  readonly #history: History;
  readonly #ttls: Ttls;
  readonly #items: Items;
  readonly #endings: Endings;
  readonly #leases: Leases;
  readonly #rules: Rules;
  readonly #settings: StoredSettings;
  readonly #links: Links;
  readonly #instances: Instances;
  #forgotten = false;
  /** As the last transaction saw it. */
  #state: KeyState | undefined;
  #closed = false;

  constructor({ db, id, root, epoch, reload, source, now, passive = false, sealLimit }: SealedStoreOptions) {
    this.path = db.path;
    this.id = id;
    this.#db = db;
    this.#source = source;
    this.#now = now;
    this.#passive = passive;
    this.#reload = reload;
    this.#keys = new DataKeys(db, { storeId: id, kek: keyEncryptionKey(root, id, epoch), epoch, sealLimit });
    this.#projects = new Projects(db, this.#keys);
    this.#history = new History(db, this.#keys);
    this.#ttls = new Ttls(db, this.#keys);
    const rows = new ItemRows(db, this.#keys);
    this.#items = new Items(db, { keys: this.#keys, rows, history: this.#history, ttls: this.#ttls });
    this.#endings = new Endings(db, rows, this.#history, this.#ttls);
    this.#leases = new Leases(db, this.#keys);
    this.#rules = new Rules(db, this.#keys, this.#projects);
    this.#settings = new StoredSettings(db, this.#keys, this.#projects);
    this.#links = new Links(this.#keys, this.#projects);
    this.#instances = new Instances(db, this.#keys);
  }

  vault(): VaultStatus {
    const isOpen = !this.#forgotten && this.#db.read(() => !isClosed(readKeyState(this.#db), this.#now()));
    return { state: isOpen ? "unlocked" : "locked", source: this.#source };
  }

  revision(): number {
    return this.#db.read(() => readRevision(this.#db));
  }

  itemCount(): number {
    return this.#read(() => this.#projects.list().reduce((sum, project) => sum + this.#items.count(project.id, this.#now()), 0));
  }

  registry(): Registry {
    return this.#read(() => ({
      projects: this.#projects
        .list()
        .map((project) => ({ ...project, items: this.#items.count(project.id, this.#now()), rules: this.#rules.count(project.id) })),
      active: this.#readActive().project,
      vault: { state: "unlocked", source: this.#source },
      removed: this.#projects.removed(),
      settings: this.#settings.read(),
      rules: { store: this.id, revision: this.#rules.latest() },
    }));
  }

  addProject(project: NewProject): Project {
    return this.#write(() => this.#projects.add(project));
  }

  updateProject(id: ProjectId, patch: ProjectPatch): Project {
    return this.#write(() => this.#projects.update(id, patch));
  }

  removeProject(id: ProjectId): { name: string; items: number; rules: number } {
    const removed = this.#write(
      () => {
        const { name } = this.#projects.get(id);
        const items = this.#items.count(id, this.#now());
        const rules = this.#rules.count(id);
        if (this.#readActive().project === id) this.#writeActive({ project: null, at: this.#now(), pending: false });
        this.#projects.destroy(id);
        this.#db.run("UPDATE meta SET shredding = 1");
        return { name, items, rules };
      },
      { frees: true },
    );
    this.finishShredding();
    return removed;
  }

  /**
   * The rows that a removed project's destroyed keys had sealed, and the log pages that still show the wrapped keys. Does
   * what it can: while another process reads, or the disk is full, the rest waits for the next opening.
   */
  finishShredding(): void {
    try {
      if (this.#db.read(() => this.#db.get<{ shredding: number }>("SELECT shredding FROM meta"))?.shredding === 0) return;
      for (const rows of [this.#items, this.#history, this.#leases, this.#ttls, this.#rules]) {
        for (const orphan of this.#db.read(() => rows.orphans())) {
          while (this.#db.write(() => rows.erase(orphan, erasedAtOnce), { frees: true }) > 0) this.#db.truncateLog();
        }
      }
      if (this.#db.truncateLog()) this.#db.write(() => this.#db.run("UPDATE meta SET shredding = 0"), { frees: true });
    } catch (error) {
      if (!(error instanceof SteadError) || (error.code !== "storeBusy" && error.code !== "diskFull")) throw error;
    }
  }

  active(): ActiveProject {
    return this.#read(() => this.#readActive());
  }

  setActive(active: ActiveProject): void {
    this.#write(() => {
      if (active.project !== null) this.#projects.expect(active.project);
      const before = this.#readActive();
      if (before.at > active.at) return;
      if (before.project === active.project && before.pending === active.pending && before.at === active.at) return;
      this.#writeActive(active);
      nextRevision(this.#db);
    });
  }

  rules(project?: ProjectId): Rule[] {
    return this.#read(() => {
      if (project !== undefined) this.#projects.expect(project);
      return this.#rules.list(project);
    });
  }

  rulesSince(store: string | null, since: number): RulesChange {
    return this.#read(() => ({ store: this.id, revision: this.#rules.latest(), ...this.#rules.since(store === this.id ? since : 0) }));
  }

  changeRules(change: RuleChange): { put: Rule[]; removed: number; revision: number } {
    return this.#write(() => ({ ...this.#rules.change(change), revision: this.#rules.latest() }), { frees: change.put.length === 0 });
  }

  settings(): Settings {
    return this.#read(() => this.#settings.read());
  }

  setSettings(patch: SettingsPatch): Settings {
    return this.#write(() => this.#settings.change(patch));
  }

  signLink(project: ProjectId, url: string): string {
    return this.#read(() => this.#links.sign(project, url));
  }

  readLink(link: string): { url: string; project: ProjectId | null; signed: boolean } {
    return this.#read(() => this.#links.read(link));
  }

  meetInstance(id: string, browser: string): KnownInstance {
    return this.#write(() => this.#instances.meet(id, browser));
  }

  items(project: ProjectId, filter: { since?: number; site?: string; tombstones?: boolean } = {}): StoredItem[] {
    return this.#read(() => {
      this.#projects.expect(project);
      return this.#items.cookies(project, this.#now(), filter);
    });
  }

  entries(project: ProjectId, filter: { since?: number; site?: string; origin?: string; tombstones?: boolean } = {}): StoredEntry[] {
    return this.#read(() => {
      this.#projects.expect(project);
      return this.#items.list(project, this.#now(), filter);
    });
  }

  write(project: ProjectId, changes: readonly CookieChange[], options: { by: string; expected?: number }): { revision: number; applied: number } {
    return this.writeEntries(project, changes.map(toEntryChange), options);
  }

  writeEntries(
    project: ProjectId,
    changes: readonly EntryChange[],
    { by, expected }: { by: string; expected?: number },
  ): { revision: number; applied: number } {
    const frees = changes.every((change) => change.kind === "remove");
    return this.#write(
      () => {
        this.#projects.expect(project);
        const latest = this.#items.latest(project);
        if (expected !== undefined && latest > expected) {
          throw new SteadError("conflict", `The project was expected to be at revision ${expected}, and is at ${latest}.`);
        }
        const applied = this.#change(project, changes, { by });
        return { revision: readRevision(this.#db), applied };
      },
      { frees },
    );
  }

  history(project: ProjectId, { domain }: { domain?: string } = {}): Change[] {
    return this.#read(() => {
      this.#projects.expect(project);
      const names = this.#instances.names();
      return listChanges(this.#items, this.#history, { project, domain, now: this.#now() }).map((change) => ({
        ...change,
        by: names.get(change.by) ?? change.by,
      }));
    });
  }

  restore(
    project: ProjectId,
    to: { revision: number } | { time: number },
    { by, domain, force }: { by: string; domain?: string; force?: boolean },
  ): { revision: number; restored: number; expired: number } {
    return this.#write(() => {
      this.#projects.expect(project);
      const now = this.#now();
      this.#dropEnded(project, all);
      const ttls = this.#ttls.of(project);
      const back = changesBack(this.#items, this.#history, { project, to, latest: readRevision(this.#db), domain, now, ttls });
      if (back.emptied > 0 && force !== true) {
        throw new SteadError("conflict", `That state has no items; it would remove all ${back.emptied} that are there now.`, {
          hint: "Repeat with --force to empty the project; nothing was changed.",
        });
      }
      const restored = this.#change(project, back.changes, { by });
      return { revision: readRevision(this.#db), restored, expired: back.expired };
    });
  }

  checkout(project: ProjectId, options: { holder: string; ttlMs: number }): Checkout {
    return this.#write(() => {
      const { name } = this.#projects.get(project);
      if (this.#instances.isKnown(options.holder)) throw new SteadError("usage", "A Firefox profile's id is no holder's name.");
      const revision = readRevision(this.#db);
      const { token, expiresAt } = this.#leases.grant({ project, name, revision, now: this.#now(), ...options });
      const entries = this.#items.list(project, this.#now()).flatMap(({ entry }) => entry ?? []);
      return { token, revision, expiresAt, entries };
    });
  }

  checkin(project: ProjectId, theirs: Theirs, { token, keep, force }: { token: string; keep?: boolean; force?: boolean }): Checkin {
    return this.#write(() => {
      const { name } = this.#projects.get(project);
      const lease = this.#leases.expect({ project, name, token, now: this.#now() });
      if (keep !== true) this.#leases.end(project);
      return this.#merge(project, theirs, { by: lease.holder, fence: lease.fence }, { base: lease.revision, force });
    });
  }

  update(project: ProjectId, changes: readonly EntryChange[], { by, base }: { by: string; base: number }): Checkin {
    return this.#write(() => {
      const { name } = this.#projects.get(project);
      expectBase(base, readRevision(this.#db));
      this.#leases.expectNone({ project, name, now: this.#now() });
      return this.#merge(project, { kind: "changes", changes }, { by }, { base });
    });
  }

  renewLease(project: ProjectId, { token, ttlMs }: { token: string; ttlMs: number }): Lease {
    return this.#write(() => {
      const { name } = this.#projects.get(project);
      return this.#leases.renew({ project, name, token, ttlMs, now: this.#now() });
    });
  }

  releaseLease(project: ProjectId, { token }: { token: string }): void {
    this.#write(() => {
      const { name } = this.#projects.get(project);
      this.#leases.expect({ project, name, token, now: this.#now() });
      this.#leases.end(project);
    });
  }

  revokeLease(project: ProjectId): Lease | undefined {
    return this.#write(() => {
      this.#projects.expect(project);
      const lease = this.#leases.current(project, this.#now());
      this.#leases.end(project);
      return lease;
    });
  }

  leases(): Lease[] {
    return this.#read(() => this.#projects.ids().flatMap((project) => this.#leases.current(project, this.#now()) ?? []));
  }

  forget(project: ProjectId, { by, domain }: { by: string; domain?: string }): { revision: number; forgotten: number } {
    const result = this.#write(
      () => {
        this.#projects.expect(project);
        this.#dropEnded(project, all);
        const forgotten = forget(this.#items, this.#history, { project, domain, now: this.#now() }, (changes) => this.#change(project, changes, { by }));
        this.#leases.end(project);
        this.#db.run("UPDATE meta SET shredding = 1");
        return { revision: readRevision(this.#db), forgotten };
      },
      { frees: true },
    );
    // What was deleted is in the log still.
    this.finishShredding();
    return result;
  }

  ttls(project: ProjectId): Ttl[] {
    return this.#read(() => {
      this.#projects.expect(project);
      return this.#ttls.of(project);
    });
  }

  setTtl(project: ProjectId, ttl: { domain: string | null; seconds: number | null }): { revision: number; ended: number } {
    this.#write(
      () => {
        this.#projects.expect(project);
        this.#ttls.set(project, ttl);
        this.#endings.retime(project);
      },
      { frees: ttl.seconds === null },
    );
    return { ended: this.endOutlived(), revision: this.revision() };
  }

  endOutlived(): number {
    let total = 0;
    try {
      for (const project of this.#read(() => this.#ttls.projects())) {
        // A look first: who has nothing to end waits for no writer.
        while (this.#read(() => this.#endings.isDue(project, this.#now()))) {
          total += this.#write(
            () => {
              this.#endings.trimHistory(project, this.#now());
              return this.#dropEnded(project);
            },
            { frees: true },
          );
        }
      }
      if (total > 0) this.finishShredding();
    } catch (error) {
      if (!(error instanceof SteadError) || (error.code !== "storeBusy" && error.code !== "diskFull")) throw error;
    }
    return total;
  }

  nextEnd(): number | null {
    return this.#read(() => {
      const projects = this.#ttls.projects().filter((project) => !this.#ttls.isDamaged(project));
      return projects.length === 0 ? null : Math.min(...projects.map((project) => this.#endings.next(project)));
    });
  }

  use(): void {
    const state = this.#read(() => readKeyState(this.#db));
    if (isWorthStamping(state, this.#now())) this.#stamp();
  }

  setLockAfter(after: number | null): void {
    this.#write(() => setLockAfter(this.#db, after, this.#now()));
  }

  locksAt(): number | null {
    return this.#read(() => idleAt(readKeyState(this.#db)));
  }

  historyLimits(): HistoryLimits {
    return this.#read(() => historyLimits(this.#db));
  }

  setHistoryLimits(limits: HistoryLimits): void {
    this.#write(() => {
      setHistoryLimits(this.#db, limits);
      for (const project of this.#projects.ids()) this.#history.trim(project, this.#now());
    });
  }

  reconcile({ instance, project, cookies, marks, stale, now }: {
    instance: string;
    project: ProjectId;
    cookies: readonly Cookie[];
    marks: readonly Mark[];
    stale?: boolean | undefined;
    now: number;
  }): ContainerUpdate {
    return this.#write(() => {
      this.#projects.expect(project);
      this.#dropEnded(project);
      const before = this.#items.latest(project);
      const { toStore, set, remove } = reconcile({
        container: cookies,
        stored: this.#items.cookies(project, now, { tombstones: true, own: true }).map(({ ended, ...item }) => ({
          ...item,
          ...(ended !== undefined && { ended: (one: Cookie) => this.#items.isEnded(project, { ended }, { kind: "cookie", ...one }) }),
        })),
        marks,
        synced: this.#instances.synced(instance, project),
        stale,
        now,
      });
      this.#items.write(project, toStore.map(toEntryChange), { by: instance }, now);
      const revision = this.#items.latest(project);
      if (set.length === 0 && remove.length === 0) this.#instances.setSynced(instance, project, revision);
      else this.#advance(instance, project, before);
      return { project, revision, set, remove };
    });
  }

  updatesFor(instance: string): ContainerUpdate[] {
    return this.#read(() => this.#projects.list().map(({ id }) => this.#updateFor(instance, id)).filter((update) => !isEmpty(update)));
  }

  setSynced(instance: string, project: ProjectId, revision: number): void {
    this.#write(() => {
      this.#projects.expect(project);
      // A revision that is still to come would hide what is written until then.
      this.#instances.setSynced(instance, project, Math.min(revision, readRevision(this.#db)));
    });
  }

  verify(): { items: number; damaged: Tally[] } {
    return this.#read(() => {
      const { items, damaged } = this.#items.check();
      const counts: Tally[] = [
        { reason: "item", count: damaged },
        { reason: "history", count: this.#history.countDamaged() },
        { reason: "lease", count: this.#leases.countDamaged() },
        { reason: "time to live", count: this.#ttls.countDamaged() },
        { reason: "project", count: this.#projects.countDamaged() },
        { reason: "rule", count: this.#rules.countDamaged() },
        { reason: "settings", count: this.#settings.isDamaged() ? 1 : 0 },
        { reason: "instance", count: this.#instances.countDamaged() },
        { reason: "data key", count: this.#keys.countDamaged() },
        { reason: "database structure", count: this.#db.findDamage().length },
        { reason: "active project", count: this.#tryReadActive() ? 0 : 1 },
        { reason: "revision", count: this.#countFutureRevisions() },
      ];
      return { items, damaged: counts.filter((tally) => tally.count > 0) };
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#keys.wipe();
    this.#db.close();
  }

  #read<T>(work: () => T): T {
    const result = this.#kept(() => this.#db.read(() => this.#guarded(work)));
    if (!this.#passive && this.#state && isWorthStamping(this.#state, this.#now())) this.#stamp();
    return result;
  }

  #write<T>(work: () => T, options: { frees?: boolean } = {}): T {
    return this.#kept(() =>
      this.#db.write(() => {
        const result = this.#guarded(work);
        if (!this.#passive && this.#state && isWorthStamping(this.#state, this.#now())) stampUse(this.#db, this.#now());
        return result;
      }, options),
    );
  }

  /**
   * Another process may have locked the vault or rotated its keys, or nobody used it for too long: seen in the same transaction,
   * so that nothing is read or written after it with what held before.
   */
  #guarded<T>(work: () => T): T {
    const state = readKeyState(this.#db);
    this.#state = state;
    if (!this.#forgotten && !isClosed(state, this.#now())) {
      if (state.epoch !== this.#keys.epoch || state.id !== this.id) this.#follow(state);
      return work();
    }
    this.#forgotten = true;
    this.#keys.wipe();
    throw state.locked || !isIdle(state, this.#now()) ? locked() : idleLocked(state);
  }

  /** A vault that nobody used for too long is locked for good, whatever another process or the clock does next. */
  #kept<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (this.#forgotten && this.#state?.locked === false) this.#quietly(() => lockIfIdle(this.#db, this.#now()));
      throw error;
    }
  }

  /** Without it nothing is lost but time. */
  #stamp(): void {
    this.#quietly(() => stampUse(this.#db, this.#now()));
  }

  #quietly(work: () => unknown): void {
    try {
      this.#db.write(work, { frees: true });
    } catch (error) {
      if (!(error instanceof SteadError)) throw error;
    }
  }

  #follow({ id, epoch }: KeyState): void {
    const root = id === this.id ? this.#reload() : undefined;
    if (!root) throw new SteadError("keyChanged", "The store's keys were changed since it was opened.");
    this.#keys.follow(keyEncryptionKey(root, id, epoch), epoch);
    root.fill(0);
  }

  #merge(project: ProjectId, theirs: Theirs, writer: Writer, { base, force }: { base: number; force?: boolean | undefined }): Checkin {
    const now = this.#now();
    this.#dropEnded(project, all);
    const held = listHeld(this.#items, this.#history, { project, now, theirs, seen: { revision: base, fence: writer.fence }, ttls: this.#ttls.of(project) });
    const merged = merge({ held, theirs, force, now });
    if (merged.kind === "emptied") {
      throw new SteadError("conflict", `The state is empty; it would remove all ${merged.entries} items that it was checked out with.`, {
        hint: "Repeat with --force to empty the project; nothing was changed.",
      });
    }
    const applied = this.#change(project, merged.changes, writer, merged);
    return { revision: readRevision(this.#db), applied, conflicts: merged.conflicts };
  }

  #change(project: ProjectId, changes: readonly EntryChange[], writer: Writer, conflicts?: Conflicts): number {
    this.#dropEnded(project);
    const latest = this.#items.latest(project);
    const applied = this.#items.write(project, changes, writer, this.#now(), conflicts);
    if (applied > 0) this.#advance(writer.by, project, latest);
    return applied;
  }

  /** Before a writer is held to have what there is: it has none of what this does. How many items have outlived their time. */
  #dropEnded(project: ProjectId, limit = endedAtOnce): number {
    const { ended } = this.#endings.drop(project, this.#now(), limit);
    // What was destroyed is in the log still.
    if (ended > 0) this.#db.run("UPDATE meta SET shredding = 1");
    return ended;
  }

  /** A writer has what it wrote: when it was in step before, it still is. */
  #advance(by: string, project: ProjectId, latestBefore: number): void {
    if (!this.#instances.isKnown(by) || this.#instances.synced(by, project) < latestBefore) return;
    this.#instances.setSynced(by, project, this.#items.latest(project));
  }

  #updateFor(instance: string, project: ProjectId): ContainerUpdate {
    const since = this.#instances.synced(instance, project);
    const others = this.#items.cookies(project, this.#now(), { since, tombstones: true, own: true }).filter((item) => item.by !== instance);
    return {
      project,
      revision: this.#items.latest(project),
      set: others.flatMap((item) => item.cookie ?? []),
      remove: others.flatMap((item): CookieId[] => (item.cookie ? [] : [item.id])),
    };
  }

  #readActive(): ActiveProject {
    const active = this.#tryReadActive();
    if (!active) throw new SteadError("storeDamaged", "The record of the active project is damaged or was changed.");
    return active;
  }

  #tryReadActive(): ActiveProject | undefined {
    const row = this.#db.get<{ active: Buffer | null; active_key: number | null }>("SELECT active, active_key FROM meta");
    if (!row) return undefined;
    if (row.active === null || row.active_key === null) return noneActive;
    const plain = this.#keys.unseal(activePlace, { keyVersion: row.active_key, sealed: row.active });
    return plain && Active.parse(JSON.parse(plain.toString()));
  }

  #writeActive({ project, at, pending }: ActiveProject): void {
    const plain = Buffer.from(JSON.stringify({ project, at, pending } satisfies ActiveProject));
    const { keyVersion, sealed } = this.#keys.seal(activePlace, plain);
    this.#db.run("UPDATE meta SET active = ?, active_key = ?", sealed, keyVersion);
  }

  /** Rows with a revision that was never given out. */
  #countFutureRevisions(): number {
    const sql = `SELECT
      (SELECT count(*) FROM item WHERE revision > meta.revision) + (SELECT count(*) FROM project WHERE revision > meta.revision) +
      (SELECT count(*) FROM rule WHERE revision > meta.revision) + (SELECT count(*) FROM settings WHERE revision > meta.revision) +
      (SELECT count(*) FROM history WHERE until > meta.revision) +
      (SELECT count(*) FROM instance_sync WHERE revision > meta.revision) AS n FROM meta`;
    return this.#db.get<{ n: number }>(sql)?.n ?? 0;
  }
}

function expectBase(base: unknown, latest: number): void {
  if (typeof base === "number" && Number.isSafeInteger(base) && base >= 0 && base <= latest) return;
  throw new SteadError("usage", `A revision up to ${latest} was expected that the changes were made to.`, {
    hint: "Name the revision that the state was read at, or check the project out.",
  });
}

function toEntryChange(change: CookieChange): EntryChange {
  const { at } = change;
  return change.kind === "set"
    ? { kind: "set", entry: { kind: "cookie", ...change.cookie }, at }
    : { kind: "remove", id: { kind: "cookie", ...change.id }, at };
}

function isEmpty(update: ContainerUpdate): boolean {
  return update.set.length === 0 && update.remove.length === 0;
}

function isClosed(state: KeyState, now: number): boolean {
  return state.locked || isIdle(state, now);
}

function locked(): SteadError {
  return new SteadError("vaultLocked", "The vault is locked.");
}
