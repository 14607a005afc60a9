import { SteadError } from "../../shared/errors.ts";
import type { OriginUpdate, PendingOrigin } from "../../shared/protocol/pageStorage.ts";
import type { ProjectId } from "../../shared/models.ts";
import type { EntryChange, EntryId } from "../../shared/state/entry.ts";
import type { EntryName } from "../../shared/state/entryName.ts";
import { entryDigest } from "../../shared/state/entryDigest.ts";
import { entryKey } from "../../shared/state/entryKey.ts";
import type { PageChange, PageEntry, PageEntryId } from "../../shared/state/pageEntry.ts";
import { compareOrigin, databaseOf, databasesFirst, hasMoved, type Look, markedRemovals, type StoredPageEntry } from "../../shared/sync/compareOrigin.ts";
import { merge } from "../../shared/sync/merge.ts";
import type { Access } from "./audit.ts";
import type { StoreDatabase } from "./database.ts";
import { bases, listHeld } from "./held.ts";
import { type History, knows, type Seen } from "./history.ts";
import type { Items } from "./items.ts";
import { readRevision } from "./meta.ts";
import type { OriginPlace, Origins } from "./origins.ts";
import type { Ttls } from "./ttls.ts";
import type { StoredEntry } from "./types.ts";

/** An item of page storage as stored. */
type StoredPage = StoredEntry & { id: PageEntryId; entry?: PageEntry };

interface Parts {
  items: Items;
  history: History;
  origins: Origins;
  ttls: Ttls;
  /** A line in the audit, in the transaction that values come or go in. */
  record: (project: ProjectId, access: Access, ids: readonly EntryId[]) => void;
}

/**
 * Page storage between the store and the origins of containers. A container knows of an origin what the store had up to its mark, and
 * what it wrote itself. The mark goes on only past what the container has. Every method belongs in a transaction of the caller's.
 */
export class PageStorage {
  readonly #db: StoreDatabase;
  readonly #items: Items;
  readonly #history: History;
  readonly #origins: Origins;
  readonly #ttls: Ttls;
  readonly #record: Parts["record"];

  constructor(db: StoreDatabase, parts: Parts) {
    this.#db = db;
    this.#items = parts.items;
    this.#history = parts.history;
    this.#origins = parts.origins;
    this.#ttls = parts.ttls;
    this.#record = parts.record;
  }

  /** Throws `badMessage` for a change of another origin. */
  change(place: OriginPlace, changes: readonly PageChange[], now: number): { revision: number; conflicts: EntryName[] } {
    expectOrigin(place.origin, changes.map((change) => (change.kind === "set" ? change.entry : change.id)));
    const before = readRevision(this.#db);
    const seen = this.#seen(place);
    const conflicts = this.#merge(place, changes, seen, now);
    const revision = readRevision(this.#db);
    if (!this.#isBehind(place, seen, before)) this.#origins.setMark(place, revision);
    return { revision, conflicts };
  }

  /** Throws `badMessage` for an item of another origin. */
  compare(place: OriginPlace, look: Look, now: number): OriginUpdate & { want: PageEntryId[] } {
    expectOrigin(place.origin, [...look.held, ...look.marks].map(({ id }) => id));
    const seen = this.#seen(place);
    const removals = markedRemovals(look);
    if (removals.length > 0) this.#merge(place, removals, seen, now);
    const baseOf = bases(this.#history, { project: place.project, seen, ttls: this.#ttls.of(place.project) });
    const held = look.stale ? new Map(look.held.map(({ id, digest }) => [entryKey(id), digest])) : new Map<string, string>();
    const stored = this.#list(place, now).map((one): StoredPageEntry => {
      const digest = held.get(entryKey(one.id));
      return { ...one, base: baseOf(one), ...(digest !== undefined && { past: this.#past(place.project, one, digest) }) };
    });
    const { set, remove, want, open } = compareOrigin(look, stored);
    const revision = Math.max(Math.min(readRevision(this.#db), open - 1), seen.revision);
    // Most sites keep nothing, and need no row that says so.
    const isNothing = stored.length === 0 && look.held.length === 0;
    if (!isNothing && set.length === 0 && remove.length === 0 && want.length === 0) this.#origins.setMark(place, revision);
    this.#recordDelivery(place, set);
    return { revision, set, remove, want };
  }

  update(place: OriginPlace, now: number): OriginUpdate {
    const seen = this.#seen(place);
    const baseOf = bases(this.#history, { project: place.project, seen, ttls: this.#ttls.of(place.project) });
    const others = this.#list(place, now, seen.revision).filter((one) => !knows(seen, one));
    // A database of another shape is made anew, with all its records.
    const anew = new Set(others.filter((one) => one.entry?.kind === "database" && hasMoved({ ...one, base: baseOf(one) })).map(({ id }) => entryKey(id)));
    const records = anew.size === 0 ? [] : this.#list(place, now).filter(({ id }) => id.kind === "record" && anew.has(entryKey(databaseOf(id))));
    const set = new Map([...others, ...records].flatMap(({ id, entry }) => (entry ? [[entryKey(id), entry]] : [])));
    this.#recordDelivery(place, [...set.values()]);
    return {
      revision: readRevision(this.#db),
      set: databasesFirst([...set.values()]),
      remove: others.flatMap(({ id, entry }) => (entry ? [] : id)),
    };
  }

  pending(instance: string, projects: readonly ProjectId[]): PendingOrigin[] {
    return projects.flatMap((project) => {
      const by = { name: instance, since: this.#origins.emptied(instance, project) };
      return this.#origins.behind(instance, project).flatMap(({ hash, mark, latest }): PendingOrigin[] => {
        const seen = { revision: mark, by };
        const other = this.#items.firstOfOrigin(project, hash, { since: mark, until: latest }, (one) => !knows(seen, one));
        return other && isPage(other) ? [{ project, origin: other.id.origin, revision: latest }] : [];
      });
    });
  }

  #recordDelivery({ project, instance }: OriginPlace, set: readonly PageEntry[]): void {
    if (set.length > 0) this.#record(project, { by: instance, action: "deliver" }, set);
  }

  /** Digests of what an item was; asked only where the container has another one. */
  #past(project: ProjectId, one: StoredPage, digest: string): ReadonlySet<string> {
    if (one.entry && entryDigest(one.entry) === digest) return new Set();
    return new Set(this.#history.of(project, one.id).flatMap(({ entry }) => (entry && entry.kind !== "cookie" ? entryDigest(entry) : [])));
  }

  /** What the writer itself changed is no conflict with what it changes next. */
  #merge(place: OriginPlace, changes: readonly PageChange[], seen: Seen, now: number): EntryName[] {
    const { project, instance } = place;
    const theirs = { kind: "changes", changes: this.#withRecords(place, changes, now) } as const;
    const merged = merge({ held: listHeld(this.#items, this.#history, { project, theirs, seen, now, ttls: this.#ttls.of(project) }), theirs, now });
    // Only a whole state can be empty.
    if (merged.kind === "emptied") return [];
    const written = this.#items.write(project, merged.changes, { by: instance }, now, merged);
    if (written.length > 0) this.#record(project, { by: instance, action: "write" }, written);
    return merged.conflicts;
  }

  /** A database's removal with those of its records: it may be made again in the next change. */
  #withRecords(place: OriginPlace, changes: readonly PageChange[], now: number): EntryChange[] {
    return changes.flatMap((change): EntryChange[] => {
      if (change.kind === "set" || change.id.kind !== "database") return [change];
      const { database } = change.id;
      const records = this.#list(place, now).filter(({ id, entry }) => entry && id.kind === "record" && id.database === database);
      return [change, ...records.map(({ id }): EntryChange => ({ kind: "remove", id, at: change.at }))];
    });
  }

  /** Whether others changed something up to `until` that the container does not have, and what it wrote did not replace. */
  #isBehind({ project, origin }: OriginPlace, seen: Seen, until: number): boolean {
    const hash = this.#items.originHash(project, origin);
    return this.#items.firstOfOrigin(project, hash, { since: seen.revision, until }, (one) => !knows(seen, one)) !== undefined;
  }

  #seen(place: OriginPlace): Seen {
    const { instance, project } = place;
    return { revision: this.#origins.mark(place), by: { name: instance, since: this.#origins.emptied(instance, project) } };
  }

  #list({ project, origin }: OriginPlace, now: number, since = -1): StoredPage[] {
    return this.#items.list(project, now, { origin, since, tombstones: true }).filter(isPage);
  }
}

function isPage(one: StoredEntry): one is StoredPage {
  return one.id.kind !== "cookie";
}

function expectOrigin(origin: string, ids: readonly PageEntryId[]): void {
  if (ids.every((id) => id.origin === origin)) return;
  throw new SteadError("badMessage", "Items of one origin were expected; one of another came.");
}
