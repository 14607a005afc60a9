import { Tallies } from "../../shared/formats/tallies.ts";
import type { ProjectId, Tally } from "../../shared/models.ts";
import type { contentMethods, documentMethods, SeenChange, StorageReport } from "../../shared/protocol/contentStorage.ts";
import type { OriginUpdate, PageMark } from "../../shared/protocol/pageStorage.ts";
import { entryId } from "../../shared/state/entryId.ts";
import { entryKey } from "../../shared/state/entryKey.ts";
import type { PageChange, PageEntryId } from "../../shared/state/pageEntry.ts";
import type { Peer } from "../../shared/wire/peer.ts";
import { KnownOrigin } from "../core/pageStorage/knownOrigin.ts";
import type { HostConnection } from "./hostConnection.ts";
import type { Local } from "./local.ts";

/** How long a document may take to write or read its storage, in milliseconds. */
const patience = { timeoutMs: 15_000 };

/** A document of the origin that stands. */
export interface OpenDocument {
  readonly peer: Peer<typeof documentMethods, typeof contentMethods>;
  readonly tab: number;
  readonly frame: number;
  visible: boolean;
  /** It was made a moment ago: what is written now came too late for its first script, unless it was held. */
  isNew: boolean;
}

export interface OriginOptions {
  local: Local;
  host: HostConnection;
  /** Whether what Firefox has of the origin may be older than the store, when it is compared for the first time. */
  isStale: () => Promise<boolean>;
  project: ProjectId;
  origin: string;
  /** Whether the store has something for it. */
  isPending: () => boolean;
  /** It has all of the store. */
  onSynced: () => void;
  /** Something of the store could not be written. */
  onFailed: (tab: number, failed: readonly Tally[]) => void;
}

/**
 * One origin's storage in one project's container, between its open documents and the store. One thing happens after the other, so
 * that what is written is never taken for the page's own change.
 */
export class OriginSync {
  readonly documents = new Set<OpenDocument>();
  readonly #options: OriginOptions;
  #known = new KnownOrigin();
  /** Compared with the store since the host is connected. */
  #isCompared = false;
  #wasCompared = false;
  #gaps = "[]";
  #work: Promise<unknown> = Promise.resolve();

  constructor(options: OriginOptions) {
    this.#options = options;
  }

  /** A document stands; resolves when what was pending is in its storage. `held`: none of its scripts has run. */
  opened(document: OpenDocument, held: boolean): Promise<void> {
    // Of one that another took the place of, the end may be heard of later.
    for (const one of this.documents) if (one.tab === document.tab && one.frame === document.frame) this.documents.delete(one);
    this.documents.add(document);
    return this.#queue(async () => {
      if (!this.#options.isPending() || !this.#options.host.live) return;
      await this.#takeUpdate(document, held);
    });
  }

  /** All that a document sees. */
  reported(document: OpenDocument, report: StorageReport): void {
    this.#inBackground(async () => {
      if (!this.#options.host.live) return;
      await this.#tellGaps(report.gaps);
      if (this.#isCompared) await this.#takeReport(document, report);
      else await this.#compare(document, report);
      document.isNew = false;
    });
  }

  changed(document: OpenDocument, { changes, gaps }: { changes: readonly SeenChange[]; gaps: StorageReport["gaps"] }): void {
    this.#inBackground(async () => {
      const fresh = this.#known.take(changes, document.tab);
      await this.#tell(fresh.map(toChange));
      if (gaps.length > 0) await this.#tellGaps(gaps);
    });
  }

  /** The host is there again, or the vault is open: everything is compared anew. */
  async connected(): Promise<void> {
    this.#isCompared = false;
    this.#gaps = "[]";
    await this.#queue(async () => {
      const document = this.#best();
      if (document && this.#options.host.live) await this.#compare(document, await document.peer.call("report", {}, patience));
    });
  }

  /** The store has something new; what could not be written. Undefined when no document is open to write it in. */
  async update(): Promise<Tally[] | undefined> {
    return this.#queue(async () => {
      const document = this.#best();
      return document && (await this.#takeUpdate(document, true));
    });
  }

  /** The container went, or is a new one. */
  forget(): void {
    this.#known = new KnownOrigin();
    this.#isCompared = false;
  }

  async #takeUpdate(document: OpenDocument, held: boolean): Promise<Tally[]> {
    const update = await this.#options.host.call("storage.update", this.#place());
    const { changed, failed } = await this.#apply(document, update);
    if (changed > 0 && document.isNew && !held) await document.peer.call("reload", {}, patience);
    return failed;
  }

  /** Since the store has been compared with the origin, a report says what happened while nobody looked. */
  async #takeReport(document: OpenDocument, report: StorageReport): Promise<void> {
    const { want, gone } = this.#known.difference(report);
    const changes = await this.#contents(document, want, []);
    const at = Date.now();
    this.#known.learn(report, document.tab);
    await this.#tell([...gone.map((id): PageChange => ({ kind: "remove", id, at })), ...changes]);
  }

  /**
   * The order matters: contents are read before they are written over, and told before the origin counts as in step, so that an older
   * change of the page goes to history and does not pass for one made on top.
   */
  async #compare(document: OpenDocument, report: StorageReport): Promise<void> {
    const { local, host, project, origin, isStale } = this.#options;
    const marks = [...local.pageMarks(project, origin)];
    const ofSession = this.#known.difference(report).want.filter(({ kind }) => kind === "session");
    const answer = await host.call("storage.compare", {
      ...this.#place(),
      held: report.held.filter(({ id }) => id.kind !== "session"),
      // A tab's own: another one's may be newer.
      areas: report.areas.filter((area) => area !== "session"),
      skipped: report.skipped,
      marks,
      stale: !this.#wasCompared && (await isStale()),
      now: Date.now(),
    });
    const changes = await this.#contents(document, [...answer.want, ...ofSession], marks);
    this.#known.learn(report, document.tab);
    if (changes.length > 0) await host.call("storage.delta", { ...this.#place(), changes });
    local.unmarkPage(project, origin, marks);
    this.#isCompared = true;
    this.#wasCompared = true;
    // Where there is nothing to take over the store has noted it already: most pages keep nothing, and cost nothing more.
    const isEqual = answer.set.length === 0 && answer.remove.length === 0 && answer.want.length === 0;
    const changed = isEqual ? 0 : (await this.#apply(document, answer)).changed;
    // What lies in storage that was not looked at, and what was contested.
    if (!isEqual || this.#options.isPending()) await this.#takeUpdate(document, true);
    if (changed > 0 && document.isNew) await document.peer.call("reload", {}, patience);
  }

  /** Writes into the container, and says that it is there. */
  async #apply(document: OpenDocument, { set, remove, revision }: OriginUpdate): Promise<{ changed: number; failed: Tally[] }> {
    if (set.length === 0 && remove.length === 0) {
      await this.#synced(revision);
      return { changed: 0, failed: [] };
    }
    const { changed, failed } = await document.peer.call("apply", { set, remove }, patience);
    const bad = new Set(failed.map(({ id }) => entryKey(id)));
    const isGood = (id: PageEntryId): boolean => !bad.has(entryKey(id));
    this.#known.applied({ set: set.filter(isGood), remove: remove.filter(isGood) }, document.tab);
    const failures = new Tallies();
    for (const { reason } of failed) failures.add(reason);
    const tallies = failures.list();
    // What is not there is tried again at the next load.
    if (failed.length === 0) await this.#synced(revision);
    else {
      console.warn("Stead could not write into a page's storage", tallies);
      this.#options.onFailed(document.tab, tallies);
    }
    return { changed, failed: tallies };
  }

  async #synced(revision: number): Promise<void> {
    await this.#options.host.call("storage.synced", { ...this.#place(), revision });
    this.#options.onSynced();
  }

  /** What the items are now, as changes; `at` is when a mark says so. */
  async #contents(document: OpenDocument, ids: readonly PageEntryId[], marks: readonly PageMark[]): Promise<PageChange[]> {
    if (ids.length === 0) return [];
    const { entries } = await document.peer.call("values", { ids: [...ids] }, patience);
    const times = new Map(marks.map((mark) => [entryKey(mark.id), mark.at]));
    const now = Date.now();
    return entries.map((entry) => ({ kind: "set", entry, at: times.get(entryKey(entry)) ?? now }));
  }

  async #tell(changes: readonly PageChange[]): Promise<void> {
    const { local, host, project, origin } = this.#options;
    if (changes.length === 0) return;
    try {
      if (!host.live || !this.#isCompared) throw new Error("The store is not there to be told.");
      await host.call("storage.delta", { ...this.#place(), changes: [...changes] });
    } catch {
      local.markPage(project, origin, changes.map(toMark));
      this.#isCompared = false;
    }
  }

  async #tellGaps(gaps: StorageReport["gaps"]): Promise<void> {
    const told = JSON.stringify(gaps);
    if (told === this.#gaps || !this.#options.host.live) return;
    const { project, origin } = this.#options;
    await this.#options.host.call("storage.gaps", { project, origin, gaps });
    this.#gaps = told;
  }

  /** One in front, where there is one: that is the page somebody works in. */
  #best(): OpenDocument | undefined {
    return [...this.documents].find(({ visible }) => visible) ?? [...this.documents][0];
  }

  #place(): { instance: string; project: ProjectId; origin: string } {
    const { local, project, origin } = this.#options;
    return { instance: local.state.instance, project, origin };
  }

  #queue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#work.then(work);
    this.#work = result.catch(() => undefined);
    return result;
  }

  /** A document that goes away meanwhile, or a host, is seen again. */
  #inBackground(work: () => Promise<void>): void {
    this.#queue(work).catch(() => undefined);
  }
}

function toChange(change: SeenChange): PageChange {
  return change.kind === "set" ? { kind: "set", entry: change.entry, at: change.at } : change;
}

/** Identity only: a mark never carries a value. */
function toMark(change: PageChange): PageMark {
  const { at } = change;
  return change.kind === "set" ? { id: entryId(change.entry), at, removed: false } : { id: change.id, at, removed: true };
}
