import type { SeenChange, StorageReport } from "../../../shared/protocol/contentStorage.ts";
import type { PageMark } from "../../../shared/protocol/pageStorage.ts";
import { entryId } from "../../../shared/state/entryId.ts";
import { entryKey } from "../../../shared/state/entryKey.ts";
import { entryDigest } from "../../../shared/state/entryDigest.ts";
import type { PageChange, PageEntry, PageEntryId } from "../../../shared/state/pageEntry.ts";
import { areaOf, isOf } from "./areas.ts";

interface Known {
  id: PageEntryId;
  digest: string;
  /** The tab whose sessionStorage it is of. */
  tab?: number | undefined;
}

/** What a report says against what was known. */
export interface Difference {
  /** Items whose content is another one, or new. */
  want: PageEntryId[];
  gone: PageEntryId[];
}

/**
 * What an origin of a container is known to hold, by digest, since this page of the background runs. Several documents of the
 * origin tell the same change; each tab has a sessionStorage of its own, of which the store keeps the last that was changed: a key
 * is gone only when the tab says so that it was of.
 */
export class KnownOrigin {
  readonly #entries = new Map<string, Known>();
  #isWhole = false;

  /** Takes in what a document saw change; answers what was not known yet. */
  take(changes: readonly SeenChange[], tab: number): SeenChange[] {
    return changes.filter((change) => (change.kind === "set" ? this.#set(change.entry, change.digest, tab) : this.#remove(change.id, tab)));
  }

  /** The store's content is in the container. */
  applied({ set, remove }: { set: readonly PageEntry[]; remove: readonly PageEntryId[] }, tab: number): void {
    for (const entry of set) this.#set(entry, entryDigest(entry), tab);
    for (const id of remove) this.#entries.delete(entryKey(id));
  }

  /** The store could not be told of them, so the tab they are of is to tell them again. */
  untold(changes: readonly PageChange[]): void {
    for (const change of changes) {
      const known = change.kind === "set" ? this.#entries.get(entryKey(change.entry)) : undefined;
      if (known) known.digest = "";
    }
  }

  /**
   * What happened since the last look, as marks at that time: what was known and is gone was deleted by the page, and is no storage that
   * Firefox lost. Nothing while the whole was never known. sessionStorage is told apart.
   */
  unseen(report: StorageReport, tab: number, at: number): PageMark[] {
    if (!this.#isWhole) return [];
    const { want, gone } = this.difference(report, tab);
    const marks = [...want.map((id) => ({ id, at, removed: false })), ...gone.map((id) => ({ id, at, removed: true }))];
    return marks.filter(({ id }) => id.kind !== "session");
  }

  /** Takes a whole report for what is known: what it lacks is no longer. */
  learn(report: StorageReport, tab: number): void {
    this.#isWhole = true;
    for (const id of this.difference(report, tab).gone) this.#entries.delete(entryKey(id));
    for (const { id, digest } of report.held) {
      if (!this.#isOfAnother(id, tab)) this.#entries.set(entryKey(id), { id: entryId(id), digest, tab: id.kind === "session" ? tab : undefined });
    }
  }

  /** Without learning it. Of sessionStorage only what is new, or was the tab's own: another one may have changed the rest since. */
  difference({ held, areas, skipped }: StorageReport, tab: number): Difference {
    const here = new Map(held.map((one) => [entryKey(one.id), one]));
    const want = [...here].filter(([key, { id, digest }]) => this.#entries.get(key)?.digest !== digest && !this.#isOfAnother(id, tab));
    const gone = [...this.#entries].filter(([key, { id }]) => !here.has(key) && areas.includes(areaOf(id)) && !isOf(id, skipped) && !this.#isOfAnother(id, tab));
    return { want: want.map(([, { id }]) => entryId(id)), gone: gone.map(([, { id }]) => id) };
  }

  #set(entry: PageEntry, digest: string, tab: number): boolean {
    const key = entryKey(entry);
    const known = this.#entries.get(key);
    this.#entries.set(key, { id: entryId(entry), digest, tab: entry.kind === "session" ? tab : undefined });
    return known?.digest !== digest;
  }

  #remove(id: PageEntryId, tab: number): boolean {
    if (this.#isOfAnother(id, tab)) return false;
    return this.#entries.delete(entryKey(id)) || !this.#isWhole;
  }

  #isOfAnother(id: PageEntryId, tab: number): boolean {
    const known = this.#entries.get(entryKey(id));
    return id.kind === "session" && known !== undefined && known.tab !== tab;
  }
}
