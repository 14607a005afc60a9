import type { Area, SeenChange, StorageReport } from "../../shared/protocol/contentStorage.ts";
import type { Gap, HeldEntry } from "../../shared/protocol/pageStorage.ts";
import { entryDigest } from "../../shared/state/entryDigest.ts";
import { entryId } from "../../shared/state/entryId.ts";
import { entryKey } from "../../shared/state/entryKey.ts";
import type { PageEntry, PageEntryId } from "../../shared/state/pageEntry.ts";
import { isOf } from "../core/pageStorage/areas.ts";
import { readDatabases } from "./readDatabases.ts";
import { changesOf, openArea, readArea, type WebArea, webAreas, writeKey } from "./webStorage.ts";
import { databaseWork, type Failure, writeDatabase } from "./writeDatabases.ts";

/** What is there, and what of it could be looked at. */
interface Look {
  web: Map<WebArea, ReadonlyMap<string, string>>;
  /** Undefined where IndexedDB could not be read this time. */
  databases: { held: Map<string, { id: PageEntryId; digest: string }>; skipped: string[]; gaps: Gap[] } | undefined;
}

export interface Applied {
  changed: number;
  failed: Failure[];
}

/**
 * The storage of one document's origin as a content script sees it: nothing of the page's is replaced or listened to in a way it
 * could notice. One call at a time.
 */
export class DocumentStorage {
  readonly #origin: string;
  readonly #now: () => number;
  #last: Look | undefined;
  /** Over the limits, and not read again while the document stands. */
  readonly #tooLarge = new Set<string>();

  /** `now`: milliseconds since 1970. */
  constructor(origin: string, now: () => number) {
    this.#origin = origin;
    this.#now = now;
  }

  /** Everything there is, from which changes count from now on. */
  async report(): Promise<StorageReport> {
    const look = await this.#look();
    this.#last = look.now;
    const held: HeldEntry[] = [];
    for (const [area, values] of look.now.web) {
      for (const [key, value] of values) {
        const entry: PageEntry = { kind: area, origin: this.#origin, key, value };
        held.push({ id: entryId(entry), digest: entryDigest(entry) });
      }
    }
    const { databases } = look.now;
    if (databases) held.push(...databases.held.values());
    const areas: Area[] = [...look.now.web.keys(), ...(databases ? (["indexedDB"] as const) : [])];
    return { held, areas, skipped: databases?.skipped ?? [], gaps: databases?.gaps ?? [] };
  }

  /** What changed since what was last kept. `keep` makes this what the next look is compared with. */
  async changes(): Promise<{ changes: SeenChange[]; gaps: Gap[]; keep: () => void }> {
    const before = this.#last;
    const { now, entries } = await this.#look();
    if (!before) return { changes: [], gaps: now.databases?.gaps ?? [], keep: () => (this.#last = now) };
    const changes = this.#webChanges(before, now);
    if (before.databases && now.databases) {
      const at = this.#now();
      const { held } = now.databases;
      for (const entry of entries) {
        const key = entryKey(entry);
        const digest = held.get(key)?.digest;
        if (digest !== undefined && digest !== before.databases.held.get(key)?.digest) changes.push({ kind: "set", entry, digest, at });
      }
      for (const [key, { id }] of before.databases.held) {
        if (!held.has(key) && !isOf(id, now.databases.skipped)) changes.push({ kind: "remove", id, at });
      }
    }
    const kept: Look = { web: now.web, databases: now.databases ?? before.databases };
    return { changes, gaps: kept.databases?.gaps ?? [], keep: () => (this.#last = kept) };
  }

  /** As changes(), of what can be read before the document goes: the two storages. */
  lastChanges(): SeenChange[] {
    return this.#last ? this.#webChanges(this.#last, { web: readWeb(), databases: undefined }) : [];
  }

  /** Writes what the store has. `announce`: the page runs, and is told of keys as by another document. */
  async apply({ set, remove }: { set: readonly PageEntry[]; remove: readonly PageEntryId[] }, announce: boolean): Promise<Applied> {
    const busy = new Set(this.#last ? (await this.changes()).changes.map((change) => entryKey(change.kind === "set" ? change.entry : change.id)) : []);
    const isFree = (id: PageEntryId): boolean => !busy.has(entryKey(id));
    const wanted = { set: set.filter(isFree), remove: remove.filter(isFree) };
    const applied = this.#writeWeb(wanted, announce);
    for (const work of databaseWork(wanted.set, wanted.remove)) {
      const ids = [...work.set, ...work.remove].map((id) => entryId(id));
      try {
        const failed = await writeDatabase(work);
        applied.failed.push(...failed);
        applied.changed += Math.max(1, ids.length - failed.length);
      } catch {
        const shape = work.shape || work.isRemoved ? [{ kind: "database", origin: this.#origin, database: work.name } as const] : [];
        applied.failed.push(...[...shape, ...ids].map((id) => ({ id, reason: "IndexedDB database in use by the page" })));
      }
    }
    if (this.#last) await this.#keepApplied(wanted);
    return applied;
  }

  /** The items that are there. */
  async values(ids: readonly PageEntryId[]): Promise<PageEntry[]> {
    const wanted = new Set(ids.map(entryKey));
    const entries: PageEntry[] = [];
    for (const [area, values] of readWeb()) {
      for (const [key, value] of values) {
        const entry: PageEntry = { kind: area, origin: this.#origin, key, value };
        if (wanted.has(entryKey(entry))) entries.push(entry);
      }
    }
    if (ids.some((id) => id.kind === "database" || id.kind === "record")) {
      const read = await readDatabases(this.#origin, this.#tooLarge);
      entries.push(...read.entries.filter((entry) => wanted.has(entryKey(entry))));
    }
    return entries;
  }

  async #look(): Promise<{ now: Look; entries: PageEntry[] }> {
    const web = readWeb();
    const read = await this.#readDatabases();
    if (!read) return { now: { web, databases: undefined }, entries: [] };
    for (const name of read.skipped) this.#tooLarge.add(name);
    const held = new Map(read.entries.map((entry) => [entryKey(entry), { id: entryId(entry), digest: entryDigest(entry) }]));
    return { now: { web, databases: { held, skipped: read.skipped, gaps: read.gaps } }, entries: read.entries };
  }

  /** Undefined when the page changed or closed them meanwhile: the next look tells. */
  async #readDatabases(): Promise<Awaited<ReturnType<typeof readDatabases>> | undefined> {
    try {
      return await readDatabases(this.#origin, this.#tooLarge);
    } catch {
      return undefined;
    }
  }

  #webChanges(before: Look, now: Look): SeenChange[] {
    const at = this.#now();
    return [...now.web].flatMap(([area, values]): SeenChange[] => {
      const known = before.web.get(area);
      if (!known) return [];
      const { set, removed } = changesOf(area, this.#origin, known, values);
      return [
        ...set.map((entry) => ({ kind: "set" as const, entry, digest: entryDigest(entry), at })),
        ...removed.map((id) => ({ kind: "remove" as const, id, at })),
      ];
    });
  }

  #writeWeb({ set, remove }: { set: readonly PageEntry[]; remove: readonly PageEntryId[] }, announce: boolean): Applied {
    const applied: Applied = { changed: 0, failed: [] };
    const write = (id: PageEntryId, value: string | null): void => {
      if (id.kind !== "local" && id.kind !== "session") return;
      const storage = openArea(id.kind);
      try {
        if (!storage) throw new Error("closed");
        if (storage.getItem(id.key) === value) return;
        writeKey(storage, id.key, value, announce);
        applied.changed += 1;
      } catch {
        applied.failed.push({ id: entryId(id), reason: storage ? `${id.kind}Storage is full` : `${id.kind}Storage is closed` });
      }
    };
    for (const id of remove) write(id, null);
    for (const entry of set) write(entry, entry.kind === "local" || entry.kind === "session" ? entry.value : null);
    return applied;
  }

  /** What was written is no change of the page's; what the page changed meanwhile still is. */
  async #keepApplied({ set, remove }: { set: readonly PageEntry[]; remove: readonly PageEntryId[] }): Promise<void> {
    if (!this.#last) return;
    const written = new Set([...set, ...remove].map(entryKey));
    const { now } = await this.#look();
    const web = new Map([...this.#last.web].map(([area, values]) => [area, new Map(values)]));
    for (const id of [...set, ...remove]) {
      if (id.kind !== "local" && id.kind !== "session") continue;
      const value = now.web.get(id.kind)?.get(id.key);
      if (value === undefined) web.get(id.kind)?.delete(id.key);
      else web.get(id.kind)?.set(id.key, value);
    }
    const { databases } = this.#last;
    if (!databases || !now.databases) {
      this.#last = { web, databases };
      return;
    }
    const held = new Map([...databases.held].filter(([key]) => !written.has(key)));
    for (const [key, one] of now.databases.held) if (written.has(key) || (one.id.kind === "database" && !databases.held.has(key))) held.set(key, one);
    this.#last = { web, databases: { ...databases, held } };
  }
}

/** The storages that can be read, with all that is in them. */
function readWeb(): Map<WebArea, ReadonlyMap<string, string>> {
  return new Map(
    webAreas.flatMap((area) => {
      const storage = openArea(area);
      return storage ? [[area, readArea(storage)] as const] : [];
    }),
  );
}
