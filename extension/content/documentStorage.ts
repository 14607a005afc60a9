import type { Area, SeenChange, StorageReport } from "../../shared/protocol/contentStorage.ts";
import type { Gap, HeldEntry } from "../../shared/protocol/pageStorage.ts";
import { entryDigest } from "../../shared/state/entryDigest.ts";
import { entryId } from "../../shared/state/entryId.ts";
import { entryKey } from "../../shared/state/entryKey.ts";
import type { PageEntry, PageEntryId } from "../../shared/state/pageEntry.ts";
import { afterWriting, databaseChanges, fromNothing, type Look, webAreas, type WebArea, webChanges } from "../core/pageStorage/look.ts";
import { readDatabases } from "./readDatabases.ts";
import { openArea, readArea, writeKey } from "./webStorage.ts";
import { databaseWork, type Failure, inUse, writeDatabase } from "./writeDatabases.ts";

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
    const changes = this.#between(fromNothing(before), now, entries);
    const kept: Look = { web: now.web, databases: now.databases ?? before.databases };
    return { changes, gaps: kept.databases?.gaps ?? [], keep: () => (this.#last = kept) };
  }

  /** As changes(), of what can be read before the document goes: the two storages. */
  lastChanges(): SeenChange[] {
    return this.#last ? webChanges({ origin: this.#origin, before: this.#last, now: { web: readWeb(), databases: undefined }, at: this.#now() }) : [];
  }

  /**
   * Writes what the store has. `announce`: the page runs, and is told of keys as by another document. `alone`: no document can have a
   * database open.
   */
  async apply(
    { set, remove }: { set: readonly PageEntry[]; remove: readonly PageEntryId[] },
    { announce, alone }: { announce: boolean; alone: boolean },
  ): Promise<Applied> {
    const busy = await this.#busy();
    const isFree = (id: PageEntryId): boolean => !busy.has(entryKey(id));
    const wanted = { set: set.filter(isFree), remove: remove.filter(isFree) };
    const applied = this.#writeWeb(wanted, announce);
    for (const work of databaseWork(wanted.set, wanted.remove)) {
      const ids = [...work.set, ...work.remove].map((id) => entryId(id));
      try {
        const failed = await writeDatabase(work, alone);
        applied.failed.push(...failed);
        applied.changed += Math.max(1, ids.length - failed.length);
      } catch {
        const shape = work.shape || work.isRemoved ? [{ kind: "database", origin: this.#origin, database: work.name } as const] : [];
        applied.failed.push(...[...shape, ...ids].map((id) => ({ id, reason: inUse })));
      }
    }
    if (this.#last) {
      const { now } = await this.#look();
      this.#last = afterWriting(this.#last, now, { ...wanted, failed: applied.failed.map(({ id }) => id) });
    }
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

  /** What the page changed since what was last kept, by key. */
  async #busy(): Promise<ReadonlySet<string>> {
    if (!this.#last) return new Set();
    const { now, entries } = await this.#look();
    return new Set(this.#between(this.#last, now, entries).map((change) => entryKey(change.kind === "set" ? change.entry : change.id)));
  }

  #between(before: Look, now: Look, entries: readonly PageEntry[]): SeenChange[] {
    const looks = { origin: this.#origin, before, now, at: this.#now() };
    return [...webChanges(looks), ...databaseChanges(looks, entries)];
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
