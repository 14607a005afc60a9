import * as z from "zod/mini";
import { SteadError } from "../../shared/errors.ts";
import { type Cookie, type CookieChange, type CookieId, type KeySourceKind, ProjectId } from "../../shared/models.ts";
import type { Project, ProjectPatch, Tally, VaultStatus } from "../../shared/models.ts";
import type { ContainerUpdate, Mark, Registry, RulesChange } from "../../shared/protocol/store.ts";
import type { Rule } from "../../shared/rules/rule.ts";
import type { Gap, OriginUpdate, PendingOrigin } from "../../shared/protocol/pageStorage.ts";
import type { Settings, SettingsPatch } from "../../shared/settings.ts";
import type { Entry, EntryChange, EntryId } from "../../shared/state/entry.ts";
import { type EntryName, entryName } from "../../shared/state/entryName.ts";
import type { PageChange, PageEntryId } from "../../shared/state/pageEntry.ts";
import type { Look } from "../../shared/sync/compareOrigin.ts";
import { entryConcerns } from "../../shared/state/entryConcerns.ts";
import { commonSite } from "../../shared/formats/host.ts";
import { merge, type Theirs } from "../../shared/sync/merge.ts";
import { reconcile } from "../../shared/sync/reconcile.ts";
import { mergeTallies } from "../actions/mergeTallies.ts";
import { keyEncryptionKey } from "../vault/keys.ts";
import { type Access, Audit, type AuditAction, type AuditFilter } from "./audit.ts";
import { type AuditLimits, auditLimits, setAuditLimits } from "./auditLimits.ts";
import { linesOf, unnamedLine } from "./auditLines.ts";
import { type Damage, findDamage } from "./checkup.ts";
import type { StoreDatabase } from "./database.ts";
import { DataKeys, registryOwner } from "./dataKeys.ts";
import type { Change } from "./changes.ts";
import { History } from "./history.ts";
import { type HistoryLimits, historyLimits, setHistoryLimits } from "./historyLimits.ts";
import { Endings } from "./endings.ts";
import { forget } from "./forget.ts";
import { Gaps } from "./gaps.ts";
import { listHeld } from "./held.ts";
import { idleAt, idleLocked, isIdle, isWorthStamping, lockIfIdle, setLockAfter, stampUse } from "./idleness.ts";
import { ItemRows } from "./itemRows.ts";
import { Instances } from "./instances.ts";
import { type Conflicts, Items, type Writer } from "./items.ts";
import { Leases } from "./leases.ts";
import { Links } from "./links.ts";
import { type KeyState, nextRevision, readKeyState, readRestored, readRevision } from "./meta.ts";
import { type OriginPlace, Origins } from "./origins.ts";
import { PageStorage } from "./pageStorage.ts";
import { type NewProject, Projects } from "./projects.ts";
import { changesBack, listChanges } from "./past.ts";
import { type QuarantinedRow, repair } from "./repair.ts";
import { Rules } from "./rules.ts";
import { StoredSettings } from "./settings.ts";
import type { Ttl } from "./ttl.ts";
import { Ttls } from "./ttls.ts";
import type { ActiveProject, AuditEvent, Checkin, Checkout, KnownInstance, Lease, NamedDamage, RuleChange, Snapshot, Store, StoredEntry } from "./types.ts";

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
  readonly #audit: Audit;
  readonly #rules: Rules;
  readonly #settings: StoredSettings;
  readonly #links: Links;
  readonly #instances: Instances;
  readonly #origins: Origins;
  readonly #pages: PageStorage;
  readonly #gaps: Gaps;
  #forgotten = false;
  /** As the last transaction saw it. */
  #state: KeyState | undefined;
  #closed = false;

  readonly unaudited: Store["unaudited"] = {
    items: (project, filter = {}) =>
      this.#read(() => {
        this.#projects.expect(project);
        return this.#items.cookies(project, this.#now(), filter);
      }),
    entries: (project, filter = {}) =>
      this.#read(() => {
        this.#projects.expect(project);
        return this.#items.list(project, this.#now(), filter);
      }),
    snapshot: (project) =>
      this.#read(() => {
        this.#projects.expect(project);
        return { revision: readRevision(this.#db), entries: this.#listEntries(project) };
      }),
  };

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
    this.#items = new Items(db, { rows, history: this.#history, ttls: this.#ttls });
    this.#endings = new Endings(db, rows, this.#history, this.#ttls);
    this.#leases = new Leases(db, this.#keys);
    this.#audit = new Audit(db, this.#keys);
    this.#rules = new Rules(db, this.#keys, this.#projects);
    this.#settings = new StoredSettings(db, this.#keys, this.#projects);
    this.#links = new Links(this.#keys, this.#projects);
    this.#instances = new Instances(db, this.#keys);
    this.#origins = new Origins(db, this.#keys);
    this.#pages = new PageStorage(db, {
      items: this.#items, history: this.#history, origins: this.#origins, ttls: this.#ttls, record: (project, access, ids) => this.#record(project, access, ids),
    });
    this.#gaps = new Gaps(db, this.#keys);
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
      leases: this.#leases.list(this.#now()),
      conflicts: this.#history.changes.conflicts(this.#now()),
    }));
  }

  addProject(project: NewProject): Project {
    return this.#write(() => this.#projects.add(project));
  }

  updateProject(id: ProjectId, patch: ProjectPatch): Project {
    return this.#write(() => this.#projects.update(id, patch));
  }

  removeProject(id: ProjectId, { by }: { by: string }): { name: string; items: number; rules: number } {
    const removed = this.#write(
      () => {
        const { name } = this.#projects.get(id);
        const items = this.#items.count(id, this.#now());
        const rules = this.#rules.count(id);
        if (this.#readActive().project === id) this.#writeActive({ project: null, at: this.#now(), pending: false });
        this.#projects.destroy(id);
        // Its own lines went with its key.
        this.#audit.record(registryOwner, { by, action: "remove", now: this.#now(), lines: [unnamedLine(items)], name });
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
      for (const rows of [this.#items, this.#history, this.#gaps, this.#leases, this.#ttls, this.#rules, this.#audit]) {
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

  entries(project: ProjectId, { by, action, domain, ...filter }: Parameters<Store["entries"]>[1]): StoredEntry[] {
    const site = domain === undefined ? filter.site : commonSite(domain);
    const all = this.unaudited.entries(project, { ...filter, ...(site !== undefined && { site }) });
    const entries = domain === undefined ? all : all.filter(({ id }) => entryConcerns(id, domain));
    // No line, no values: when this throws, nothing leaves the store.
    this.#write(() => this.#record(project, { by, action }, entries.filter(({ entry }) => entry).map(({ id }) => id)));
    return entries;
  }

  write(project: ProjectId, changes: readonly CookieChange[], options: Parameters<Store["write"]>[2]): { revision: number; applied: number } {
    return this.writeEntries(project, changes.map(toEntryChange), options);
  }

  writeEntries(
    project: ProjectId,
    changes: readonly EntryChange[],
    { by, action = "write", expected }: Parameters<Store["writeEntries"]>[2],
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
        if (applied.length > 0) this.#record(project, { by, action }, applied);
        return { revision: readRevision(this.#db), applied: applied.length };
      },
      { frees },
    );
  }

  snapshot(project: ProjectId, { by, action, domain }: Parameters<Store["snapshot"]>[1]): Snapshot {
    const site = domain === undefined ? undefined : commonSite(domain);
    // No line, no values: when this throws, nothing leaves the store.
    return this.#write(() => {
      this.#projects.expect(project);
      const all = this.#listEntries(project, site);
      const entries = domain === undefined ? all : all.filter((entry) => entryConcerns(entry, domain));
      const revision = readRevision(this.#db);
      this.#record(project, { by, action }, entries);
      return { revision, entries };
    });
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
      this.#record(project, { by, action: "restore" }, restored);
      return { revision: readRevision(this.#db), restored: restored.length, expired: back.expired };
    });
  }

  checkout(project: ProjectId, options: { holder: string; ttlMs: number }): Checkout {
    return this.#write(() => {
      const { name } = this.#projects.get(project);
      if (this.#instances.isKnown(options.holder)) throw new SteadError("usage", "A Firefox profile's id is no holder's name.");
      const revision = readRevision(this.#db);
      const { token, expiresAt } = this.#leases.grant({ project, name, revision, now: this.#now(), ...options });
      const entries = this.#listEntries(project);
      this.#record(project, { by: options.holder, action: "checkout" }, entries);
      return { token, revision, expiresAt, entries };
    });
  }

  checkin(project: ProjectId, theirs: Theirs, { token, keep, force }: { token: string; keep?: boolean; force?: boolean }): Checkin {
    return this.#write(() => {
      const { name } = this.#projects.get(project);
      const lease = this.#leases.expect({ project, name, token, now: this.#now() });
      if (keep !== true) this.#leases.end(project);
      return this.#merge(project, theirs, { by: lease.holder, fence: lease.fence, action: "checkin" }, { base: lease.revision, force });
    });
  }

  update(project: ProjectId, theirs: Theirs, { by, base, force }: { by: string; base: number; force?: boolean }): Checkin {
    return this.#write(() => {
      const { name } = this.#projects.get(project);
      expectBase(base, { latest: readRevision(this.#db), restored: readRestored(this.#db) });
      this.#leases.expectNone({ project, name, now: this.#now() });
      return this.#merge(project, theirs, { by, action: "write" }, { base, force });
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
      const { holder } = this.#leases.expect({ project, name, token, now: this.#now() });
      this.#leases.end(project);
      this.#record(project, { by: holder, action: "release" });
    });
  }

  revokeLease(project: ProjectId, { by }: { by: string }): Lease | undefined {
    return this.#write(() => {
      this.#projects.expect(project);
      const lease = this.#leases.current(project, this.#now());
      this.#leases.end(project);
      if (lease) this.#record(project, { by, action: "revoke" });
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
        const forgotten = forget(this.#items, this.#history, { project, domain, now: this.#now() }, (changes) => this.#change(project, changes, { by }).length);
        this.#gaps.forget(project, domain);
        this.#leases.end(project);
        // The line must not name again what was forgotten.
        this.#audit.forget(project, domain);
        this.#audit.record(project, { by, action: "forget", now: this.#now(), lines: [unnamedLine(forgotten)] });
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

  audit(filter: AuditFilter = {}): { events: AuditEvent[]; damaged: number } {
    return this.#read(() => {
      if (filter.project !== undefined) this.#projects.expect(filter.project);
      const names = new Map(this.#projects.list().map(({ id, name }) => [id, name]));
      const instances = this.#instances.names();
      const { batches, damaged } = this.#audit.list(filter);
      const events = batches.flatMap(({ by, action, at, until, owner, name, lines }) =>
        lines.map((line) => ({ at, until, actor: instances.get(by) ?? by, action, project: name ?? names.get(owner) ?? null, ...line })),
      );
      return { events, damaged };
    });
  }

  recordAccess({ by, action, project, count = 0 }: Access & { project?: ProjectId; count?: number }): void {
    this.#write(() => {
      if (project !== undefined) this.#projects.expect(project);
      this.#audit.record(project ?? registryOwner, { by, action, now: this.#now(), lines: [unnamedLine(count)] });
    });
  }

  auditLimits(): AuditLimits {
    return this.#read(() => auditLimits(this.#db));
  }

  setAuditLimits(limits: AuditLimits): void {
    this.#write(() => {
      setAuditLimits(this.#db, limits);
      this.#audit.trim(this.#now());
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
      const before = this.#items.latestCookie(project);
      const { toStore, set, remove, lost } = reconcile({
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
      const kept = lost.map(toEntryChange);
      const conflicts = kept.map((change) => entryName(change.kind === "set" ? change.entry : change.id));
      const stored = this.#items.write(project, toStore.map(toEntryChange), { by: instance }, now, { lost: kept, conflicts });
      if (stored.length > 0) this.#record(project, { by: instance, action: "reconcile" }, stored);
      this.#recordDelivery(instance, { project, set });
      const revision = this.#items.latest(project);
      if (set.length === 0 && remove.length === 0) this.#instances.setSynced(instance, project, revision);
      else this.#advance(instance, project, before);
      return { project, revision, set, remove };
    });
  }

  updatesFor(instance: string): ContainerUpdate[] {
    const updates = this.#read(() => this.#projects.list().map(({ id }) => this.#updateFor(instance, id)).filter((update) => !isEmpty(update)));
    // No line, no values. Most of the time there are none, and nobody waits for another writer.
    if (updates.some(({ set }) => set.length > 0)) this.#write(() => updates.forEach((update) => this.#recordDelivery(instance, update)));
    return updates;
  }

  setSynced(instance: string, project: ProjectId, revision: number): void {
    this.#write(() => {
      this.#projects.expect(project);
      // A revision that is still to come would hide what is written until then.
      this.#instances.setSynced(instance, project, Math.min(revision, readRevision(this.#db)));
    });
  }

  changeOrigin({ changes, ...place }: OriginPlace & { changes: readonly PageChange[] }): { revision: number; conflicts: EntryName[] } {
    const frees = changes.every((change) => change.kind === "remove");
    return this.#write(
      () => {
        this.#projects.expect(place.project);
        this.#dropEnded(place.project);
        return this.#pages.change(place, changes, this.#now());
      },
      { frees },
    );
  }

  compareOrigin({ instance, project, origin, ...look }: OriginPlace & Look): OriginUpdate & { want: PageEntryId[] } {
    return this.#write(() => {
      this.#projects.expect(project);
      this.#dropEnded(project);
      return this.#pages.compare({ instance, project, origin }, look, this.#now());
    });
  }

  originUpdate(place: OriginPlace): OriginUpdate {
    return this.#write(() => {
      this.#projects.expect(place.project);
      return this.#pages.update(place, this.#now());
    });
  }

  setOriginSynced({ revision, ...place }: OriginPlace & { revision: number }): void {
    this.#write(() => {
      this.#projects.expect(place.project);
      // A revision that is still to come would hide what is written until then.
      this.#origins.setMark(place, Math.min(revision, readRevision(this.#db)));
    });
  }

  resetOrigins({ instance, project }: { instance: string; project: ProjectId }): void {
    this.#write(() => {
      this.#projects.expect(project);
      this.#origins.reset(instance, project, readRevision(this.#db));
    });
  }

  pendingOrigins(instance: string): PendingOrigin[] {
    return this.#read(() => this.#pages.pending(instance, this.#projects.ids()));
  }

  setGaps({ project, origin, gaps }: { project: ProjectId; origin: string; gaps: readonly Gap[] }): void {
    this.#write(
      () => {
        this.#projects.expect(project);
        this.#gaps.set(project, origin, gaps);
      },
      { frees: gaps.length === 0 },
    );
  }

  gaps(project: ProjectId, { domain }: { domain?: string } = {}): Gap[] {
    return this.#read(() => {
      this.#projects.expect(project);
      return this.#gaps.list(project, domain);
    });
  }

  verify(): { items: number; damaged: Tally[] } {
    return this.#read(() => {
      const { items, damaged } = this.#findDamage();
      return { items, damaged: mergeTallies(damaged.map(({ what }) => ({ reason: what, count: 1 }))) };
    });
  }

  examine(): { items: number; damaged: NamedDamage[] } {
    return this.#read(() => {
      const { items, damaged } = this.#findDamage();
      return { items, damaged: damaged.map((one) => this.#named(one)) };
    });
  }

  repair(keep: (rows: QuarantinedRow[]) => void): NamedDamage[] {
    const remaining = this.#write(() => {
      const parts = { items: this.#items, history: this.#history, leases: this.#leases, rules: this.#rules, projects: this.#projects };
      repair(this.#db, this.#keys, parts, () => this.#findDamage().damaged, keep);
      this.#db.run("UPDATE meta SET shredding = 1");
      return this.#findDamage().damaged.map((one) => this.#named(one));
    });
    this.finishShredding();
    return remaining;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#keys.wipe();
    this.#db.close();
  }

  #listEntries(project: ProjectId, site?: string): Entry[] {
    return this.#items.list(project, this.#now(), { site }).flatMap(({ entry }) => entry ?? []);
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

  #merge(project: ProjectId, theirs: Theirs, writer: Writer & { action: AuditAction }, { base, force }: { base: number; force?: boolean | undefined }): Checkin {
    const now = this.#now();
    this.#dropEnded(project, all);
    const held = listHeld(this.#items, this.#history, { project, now, theirs, seen: { revision: base, fence: writer.fence }, ttls: this.#ttls.of(project) });
    const merged = merge({ held, theirs, force, now });
    if (merged.kind === "emptied") {
      throw new SteadError("conflict", `The state is empty; it would remove all ${merged.entries} items that it began with.`, {
        hint: "Repeat with --force to empty the project; nothing was changed.",
      });
    }
    const applied = this.#change(project, merged.changes, writer, merged);
    this.#record(project, writer, applied);
    return { revision: readRevision(this.#db), applied: applied.length, conflicts: merged.conflicts };
  }

  #change(project: ProjectId, changes: readonly EntryChange[], writer: Writer, conflicts?: Conflicts): EntryId[] {
    this.#dropEnded(project);
    const latest = this.#items.latestCookie(project);
    const applied = this.#items.write(project, changes, writer, this.#now(), conflicts);
    if (applied.length > 0) this.#advance(writer.by, project, latest);
    return applied;
  }

  /** Before a writer is held to have what there is: it has none of what this does. How many items have outlived their time. */
  #dropEnded(project: ProjectId, limit = endedAtOnce): number {
    const { ended } = this.#endings.drop(project, this.#now(), limit);
    // What was destroyed is in the log still.
    if (ended > 0) this.#db.run("UPDATE meta SET shredding = 1");
    return ended;
  }

  /**
   * A line in the audit for each registrable domain and kind of these items: in the transaction that writes them, and before one
   * that reads them ends. Whatever lets values in or out must call it.
   */
  #record(project: ProjectId, { by, action }: Access, ids: Iterable<EntryId> = []): void {
    this.#audit.record(project, { by, action, now: this.#now(), lines: linesOf(ids) });
  }

  /** Removals hand out no value, and must not name again what was forgotten. */
  #recordDelivery(instance: string, { project, set }: Pick<ContainerUpdate, "project" | "set">): void {
    if (set.length > 0) this.#record(project, { by: instance, action: "deliver" }, set.map((cookie) => ({ kind: "cookie", ...cookie })));
  }

  /** A container has the cookies that it wrote: when it was in step before, it still is. Page storage has marks of its own. */
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

  #findDamage(): { items: number; damaged: Damage[] } {
    return findDamage(this.#db, this.#keys, { item: this.#items, history: this.#history, change: this.#history.changes, rule: this.#rules, audit: this.#audit, project: this.#projects });
  }

  #named({ project, kind, revision }: Damage): NamedDamage {
    return { project: project && (this.#projects.nameOf(project) ?? project), kind, revision };
  }
}

function expectBase(base: unknown, { latest, restored }: { latest: number; restored: number }): void {
  if (typeof base !== "number" || !Number.isSafeInteger(base) || base < 0 || base > latest) {
    throw new SteadError("usage", `A revision up to ${latest} was expected that the changes were made to.`, {
      hint: "Name the revision that the state was read at, or check the project out.",
    });
  }
  if (base >= restored) return;
  throw new SteadError("conflict", `A backup was restored at revision ${restored}; revision ${base} was read before that.`);
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
