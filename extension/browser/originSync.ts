import { SteadError } from "../../shared/errors.ts";
import { Tallies } from "../../shared/formats/tallies.ts";
import type { ProjectId, Tally } from "../../shared/models.ts";
import type { contentMethods, documentMethods, SeenChange, StorageReport } from "../../shared/protocol/contentStorage.ts";
import type { hostMethods } from "../../shared/protocol/extensionHost.ts";
import type { OriginUpdate, PageMark, pageStorageMethods } from "../../shared/protocol/pageStorage.ts";
import { entryId } from "../../shared/state/entryId.ts";
import { entryKey } from "../../shared/state/entryKey.ts";
import type { PageChange, PageEntry, PageEntryId } from "../../shared/state/pageEntry.ts";
import type { Peer } from "../../shared/wire/peer.ts";
import type { Params, Result } from "../../shared/wire/table.ts";
import { KnownOrigin } from "../core/pageStorage/knownOrigin.ts";
import { isSession, ownChanges } from "../core/pageStorage/ownChanges.ts";
import type { HostConnection } from "./hostConnection.ts";
import type { Local } from "./local.ts";

/** How long a document may take to write or read its storage, in milliseconds. */
const patience = { timeoutMs: 15_000 };
/** After the store refused something, in milliseconds: a page that goes on changing has the whole compared again no sooner. */
const retryAfter = 10_000;

type StorageMethod = keyof typeof pageStorageMethods;

interface Applied {
  changed: number;
  failed: Tally[];
}

const nothing: Applied = { changed: 0, failed: [] };

/** A document of the origin that stands. */
export interface OpenDocument {
  readonly peer: Peer<typeof documentMethods, typeof contentMethods>;
  readonly tab: number;
  readonly frame: number;
  visible: boolean;
  /** Whether it is being held: none of its scripts has run. */
  readonly isHeld: () => boolean;
  /** Until then it was made a moment ago, and what is written came too late for its first script unless it was held. In milliseconds since 1970. */
  newUntil: number;
}

export interface OriginOptions {
  local: Local;
  host: Pick<HostConnection, "live" | "call">;
  /** Whether what Firefox has of the origin may be older than the store, when it is compared for the first time. */
  isStale: () => Promise<boolean>;
  project: ProjectId;
  origin: string;
  /** Whether the store has something for it. */
  isPending: () => boolean;
  /** It has all of the store up to a revision. */
  onSynced: (revision: number) => void;
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
  #comparedAt = 0;
  /** Counts the containers: what is under way for one that went comes to nothing. */
  #container = 0;
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
      if (this.#options.isPending() && this.#options.host.live) await this.#bring(document, held);
    });
  }

  /** All that a document sees. */
  reported(document: OpenDocument, report: StorageReport): void {
    this.#inBackground(async () => {
      if (!this.#options.host.live) return;
      if (this.#isCompared) await this.#takeReport(document, report);
      else await this.#compare(document, report, false);
      document.newUntil = 0;
      await this.#tellGaps(report.gaps);
    });
  }

  changed(document: OpenDocument, { changes, gaps }: { changes: readonly SeenChange[]; gaps: StorageReport["gaps"] }): void {
    this.#inBackground(async () => {
      const fresh = this.#known.take(changes, document.tab);
      await this.#tell(fresh.map(toChange));
      const isDue = Date.now() - this.#comparedAt >= retryAfter;
      if (fresh.length > 0 && !this.#isCompared && this.#options.host.live && isDue) await this.#compareNow(document, false);
      if (gaps.length > 0) await this.#tellGaps(gaps);
    });
  }

  /** The host is there again, or the vault is open: everything is compared anew. */
  async connected(): Promise<void> {
    this.#isCompared = false;
    this.#gaps = "[]";
    await this.#queue(async () => {
      const document = this.#best();
      if (!document || !this.#options.host.live) return;
      await this.#compareNow(document, false);
      // Each tab has a sessionStorage of its own.
      const tabs = new Map([...this.documents].filter(({ tab }) => tab !== document.tab).map((one) => [one.tab, one]));
      for (const one of tabs.values()) await this.#takeReport(one, await this.#ask(one.peer.call("report", {}, patience)));
    });
  }

  /** The store has something new; what could not be written. Undefined when no document is open to write it in. */
  async update(): Promise<Tally[] | undefined> {
    return this.#queue(async () => {
      const document = this.#best();
      return document && (await this.#bring(document, true));
    });
  }

  /** The container went, or is a new one. */
  forget(): void {
    this.#container += 1;
    this.#known = new KnownOrigin();
    this.#isCompared = false;
  }

  /** What the store has for the origin. Not before it was told what changed here: that would be written over, and nobody would have it. */
  async #bring(document: OpenDocument, held: boolean): Promise<Tally[]> {
    const { local, project, origin } = this.#options;
    const isTold = this.#isCompared || local.pageMarks(project, origin).length === 0;
    if (!isTold) return this.#compareNow(document, held);
    const applied = await this.#takeUpdate(document);
    if (!held) await this.#reloadNew(document, applied);
    return applied.failed;
  }

  async #takeUpdate(document: OpenDocument): Promise<Applied> {
    return this.#apply(document, await this.#call("storage.update", this.#place()));
  }

  /** Its scripts began without what was written. Where something failed it would be the same again, and again. */
  async #reloadNew(document: OpenDocument, { changed, failed }: Applied): Promise<void> {
    if (changed > 0 && failed.length === 0 && document.newUntil > Date.now()) await this.#ask(document.peer.call("reload", {}, patience));
  }

  /** Since the store has been compared with the origin, a report says what happened while nobody looked. */
  async #takeReport(document: OpenDocument, report: StorageReport): Promise<void> {
    const { want, gone } = this.#known.difference(report, document.tab);
    // The report may be older than what another document told since.
    const entries = await this.#entries(document, [...want, ...gone]);
    const there = new Set(entries.map(entryKey));
    const removed = gone.filter((id) => !there.has(entryKey(id)));
    const at = Date.now();
    this.#known.applied({ set: entries, remove: removed }, document.tab);
    await this.#tell([...removed.map((id): PageChange => ({ kind: "remove", id, at })), ...entries.map((entry): PageChange => ({ kind: "set", entry, at }))]);
  }

  async #compareNow(document: OpenDocument, held: boolean): Promise<Tally[]> {
    return this.#compare(document, await this.#ask(document.peer.call("report", {}, patience)), held);
  }

  /**
   * The order matters: contents are read before they are written over, and told before the origin counts as in step, so that an older
   * change of the page goes to history and does not pass for one made on top.
   */
  async #compare(document: OpenDocument, report: StorageReport, held: boolean): Promise<Tally[]> {
    const { local, project, origin, isStale } = this.#options;
    this.#comparedAt = Date.now();
    const kept = [...local.pageMarks(project, origin)];
    const known = new Set(kept.map(({ id }) => entryKey(id)));
    const marks = [...kept, ...this.#known.unseen(report, document.tab, Date.now()).filter(({ id }) => !known.has(entryKey(id)))];
    const answer = await this.#call("storage.compare", {
      ...this.#place(),
      held: report.held.filter(({ id }) => id.kind !== "session"),
      // A tab's own: another one's may be newer.
      areas: report.areas.filter((area) => area !== "session"),
      skipped: report.skipped,
      marks,
      stale: !this.#wasCompared && (await this.#ask(isStale())),
      now: Date.now(),
    });
    const { want, gone } = this.#known.difference(report, document.tab);
    const entries = await this.#entries(document, [...answer.want, ...want.filter(isSession)]);
    const changes = ownChanges({ report, entries, gone, marks, now: Date.now() });
    if (changes.length > 0) await this.#call("storage.delta", { ...this.#place(), changes });
    this.#known.learn(report, document.tab);
    local.unmarkPage(project, origin, kept);
    this.#isCompared = true;
    this.#wasCompared = true;
    // Where there is nothing to take over the store has noted it already: most pages keep nothing, and cost nothing more.
    const isEqual = answer.set.length === 0 && answer.remove.length === 0 && answer.want.length === 0;
    const first = isEqual ? nothing : await this.#apply(document, answer);
    // What lies in storage that was not looked at, and what was contested.
    const rest = isEqual && !this.#options.isPending() ? nothing : await this.#takeUpdate(document);
    const applied = { changed: first.changed + rest.changed, failed: [...first.failed, ...rest.failed] };
    if (!held) await this.#reloadNew(document, applied);
    return applied.failed;
  }

  /** Writes into the container, and says that it is there. */
  async #apply(document: OpenDocument, { set, remove, revision }: OriginUpdate): Promise<Applied> {
    if (set.length === 0 && remove.length === 0) {
      await this.#synced(revision);
      return { changed: 0, failed: [] };
    }
    const { changed, failed } = await this.#ask(document.peer.call("apply", { set, remove, alone: document.isHeld() && this.documents.size === 1 }, patience));
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
    await this.#call("storage.synced", { ...this.#place(), revision });
    this.#options.onSynced(revision);
  }

  /** What the items are now, as far as they are there. */
  async #entries(document: OpenDocument, ids: readonly PageEntryId[]): Promise<PageEntry[]> {
    return ids.length === 0 ? [] : (await this.#ask(document.peer.call("values", { ids: [...ids] }, patience))).entries;
  }

  async #tell(changes: readonly PageChange[]): Promise<void> {
    const { local, host, project, origin } = this.#options;
    if (changes.length === 0) return;
    const container = this.#container;
    try {
      if (!host.live || !this.#isCompared) throw new Error("The store is not there to be told.");
      await this.#call("storage.delta", { ...this.#place(), changes: [...changes] });
    } catch (error) {
      if (container !== this.#container) throw error;
      local.markPage(project, origin, changes.map(toMark));
      this.#known.untold(changes);
      this.#isCompared = false;
    }
  }

  async #tellGaps(gaps: StorageReport["gaps"]): Promise<void> {
    const told = JSON.stringify(gaps);
    if (told === this.#gaps || !this.#options.host.live) return;
    const { project, origin } = this.#options;
    await this.#call("storage.gaps", { project, origin, gaps });
    this.#gaps = told;
  }

  #call<M extends StorageMethod>(method: M, params: Params<typeof hostMethods, M>): Promise<Result<typeof hostMethods, M>> {
    return this.#ask(this.#options.host.call(method, params));
  }

  /** The answer; throws `disconnected` when the container is another one by then. */
  async #ask<T>(answer: Promise<T>): Promise<T> {
    const container = this.#container;
    const value = await answer;
    this.#expect(container);
    return value;
  }

  #expect(container: number): void {
    if (container !== this.#container) throw new SteadError("disconnected", "The container went while its storage was looked at.");
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
    const container = this.#container;
    const result = this.#work.then(() => {
      this.#expect(container);
      return work();
    });
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
