import type { Handlers } from "../../shared/wire/table.ts";
import { contentMethods, documentMethods, type SeenChange } from "../../shared/protocol/contentStorage.ts";
import type { Channel } from "../../shared/wire/channel.ts";
import { Peer } from "../../shared/wire/peer.ts";
import { isQuiet, scanDelay } from "../core/pageStorage/scanDelay.ts";
import type { DocumentStorage } from "./documentStorage.ts";

type Background = Peer<typeof contentMethods, typeof documentMethods>;

/** After a request of the page ended, in milliseconds: its answer may be about to be stored. */
const afterRequest = 100;
/** Between two looks at least. */
const pause = 200;
/** Of so many looks the quickest tells what one costs: in the others the machine was at something else. */
const costsKept = 5;

export interface WatchOptions {
  storage: Pick<DocumentStorage, keyof DocumentStorage>;
  /** Throws when the extension is no more. */
  connect: () => Channel;
  version: string;
}

/**
 * Tells the background page what changes in a document's storage, and writes there what the store has. Firefox tells no one of a
 * page's own writes, so it looks: once a second, and soon after what may have caused one. Ends with the document or the extension.
 */
export class StorageWatch {
  readonly #options: WatchOptions;
  #background: Background | undefined;
  /** The background page has the whole of it, so that changes say the rest. */
  #reported = false;
  #isNew = true;
  #work: Promise<unknown> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #due = Infinity;
  #lookedAt = 0;
  #costs: number[] = [];
  #changedAt = performance.now();
  #gaps = "[]";
  readonly #stirring = new MutationObserver(() => this.#stir());

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  start(): void {
    this.#openSoon();
    addEventListener("storage", () => this.#lookWithin(0));
    // A tab that closes lets no message through any more once its page is hidden.
    addEventListener("beforeunload", () => this.#tellLast());
    addEventListener("pagehide", () => this.#leave());
    addEventListener("pageshow", ({ persisted }) => {
      if (!persisted) return;
      this.#openSoon();
      this.#lookWithin(0);
    });
    document.addEventListener("visibilitychange", () => {
      this.#background?.call("shown", { visible: isVisible() }).catch(() => undefined);
      this.#lookWithin(0);
    });
    new PerformanceObserver(() => this.#lookWithin(afterRequest)).observe({ type: "resource" });
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => this.#lookWithin(0), { once: true });
    else this.#lookWithin(0);
  }

  #openSoon(): void {
    // The next look tries again.
    this.#queue(() => this.#open()).catch(() => undefined);
  }

  /** One after the other: what is written must not be taken for the page's own. */
  #queue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#work.then(work);
    this.#work = result.catch(() => undefined);
    return result;
  }

  #lookWithin(delay: number): void {
    const earliest = this.#lookedAt + Math.max(pause, this.#cost() * 10);
    const due = Math.max(performance.now() + delay, earliest);
    if (due >= this.#due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => {
      this.#due = Infinity;
      void this.#queue(() => this.#look()).catch(() => undefined).then(() => this.#next());
    }, due - performance.now());
  }

  /** In milliseconds. */
  #cost(): number {
    return this.#costs.length === 0 ? 0 : Math.min(...this.#costs);
  }

  #next(): void {
    const watched = { visible: isVisible(), costMs: this.#cost(), quietMs: performance.now() - this.#changedAt };
    if (isQuiet(watched)) this.#stirring.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    this.#lookWithin(scanDelay(watched));
  }

  /** Something happens in a document that had long been quiet. */
  #stir(): void {
    this.#stirring.disconnect();
    this.#changedAt = performance.now();
    this.#lookWithin(0);
  }

  async #look(): Promise<void> {
    const begin = performance.now();
    try {
      if (!this.#reported || !this.#background) await this.#report();
      else await this.#tellChanges(this.#background);
    } finally {
      this.#lookedAt = performance.now();
      this.#costs = [...this.#costs.slice(1 - costsKept), this.#lookedAt - begin];
    }
  }

  async #tellChanges(background: Background): Promise<void> {
    const { changes, gaps, keep } = await this.#options.storage.changes();
    const told = JSON.stringify(gaps);
    if (changes.length > 0 || told !== this.#gaps) {
      this.#changedAt = performance.now();
      await background.call("changed", { changes, gaps });
      this.#gaps = told;
    }
    keep();
  }

  /** The whole of it; of nothing at all a word is not worth it, unless something is expected. */
  async #report(): Promise<void> {
    const background = this.#background ?? (await this.#open());
    if (!background) return;
    const report = await this.#options.storage.report();
    await background.call("report", report);
    this.#gaps = JSON.stringify(report.gaps);
    this.#reported = true;
  }

  /** Undefined when there is no background page to be had: the extension was removed or updated. */
  async #open(): Promise<Background | undefined> {
    if (this.#background) return this.#background;
    let channel: Channel;
    try {
      channel = this.#options.connect();
    } catch {
      clearTimeout(this.#timer);
      return undefined;
    }
    const { version } = this.#options;
    const background: Background = new Peer({ channel, side: "content", version, serves: contentMethods, handlers: this.#handlers(), calls: documentMethods });
    this.#background = background;
    this.#reported = false;
    void background.closed.then(() => {
      if (this.#background === background) this.#background = undefined;
    });
    const isNew = this.#isNew;
    this.#isNew = false;
    await background.call("opened", { origin: window.origin, visible: isVisible(), isNew });
    return background;
  }

  #handlers(): Handlers<typeof contentMethods> {
    const { storage } = this.#options;
    return {
      // These are not queued while it opens: that waits for them.
      apply: ({ set, remove, alone }) => {
        const announce = this.#reported || document.readyState !== "loading";
        const apply = () => storage.apply({ set, remove }, { announce, alone });
        return this.#reported ? this.#queue(apply) : apply();
      },
      report: () => (this.#reported ? this.#queue(() => storage.report()) : storage.report()),
      values: ({ ids }) => storage.values(ids).then((entries) => ({ entries })),
      reload: () => {
        location.reload();
        return {};
      },
    };
  }

  /** What can be read at once still is told; the rest is seen when the origin is next looked at. */
  #tellLast(): void {
    const changes: SeenChange[] = this.#reported ? this.#options.storage.lastChanges() : [];
    if (changes.length > 0) this.#background?.call("changed", { changes, gaps: [] }).catch(() => undefined);
  }

  /** It may come back, and its port would stay open while it is frozen and answers nobody. */
  #leave(): void {
    this.#tellLast();
    clearTimeout(this.#timer);
    this.#due = Infinity;
    this.#background?.close();
    this.#background = undefined;
  }
}

function isVisible(): boolean {
  return document.visibilityState === "visible";
}
