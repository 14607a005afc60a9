import { isBlank } from "../core/routing/addresses.ts";
import type { TabFacts } from "../core/routing/tabFacts.ts";
import { webext } from "./webext.ts";

/** How long the event may take that tells how a tab came to be, in milliseconds; it was never seen to take more than ten. */
const patience = 250;

interface OpenTab {
  shown: string | undefined;
  source: boolean;
  arrival: TabFacts["arrival"];
  /** Its first request was seen. */
  asked: boolean;
  /** It was there before the event page woke, and nothing was heard of it since but its request. */
  isOld: boolean;
}

export interface OpenTabEvents {
  /** A tab shows another page; `before` is what it showed. */
  onShown(tab: number, url: string, before: string | undefined): void;
  onRemoved(tab: number): void;
  /** A request ended well and the tab shows no page for it: a download, or an answer without content. */
  onNothing(tab: number): void;
}

/**
 * What every tab shows, at hand without asking Firefox. Kept by events and, when the event page wakes, read once.
 *
 * Measured in Firefox 153: a tab that another program opens (nsIBrowserDOMWindow.OPEN_EXTERNAL) commits an about:blank of
 * its own after its first request; a tab that Firefox's own address bar, bookmarks or history open goes straight to
 * onBeforeNavigate, both within 10 ms and while the request is held. When Firefox itself starts, the extension hears of neither: a link
 * that starts Firefox looks like a home page then, and counts as the link it more often is. A restored, duplicated or
 * woken tab commits the address it is about to load before it asks for it. A tab opened by a page has an opener, and so
 * has its request.
 */
export class OpenTabs {
  readonly ready: Promise<void>;
  readonly #events: OpenTabEvents;
  readonly #tabs = new Map<number, OpenTab>();
  readonly #waiting = new Map<number, () => void>();

  /** Must be made before anything is awaited. */
  constructor(events: OpenTabEvents) {
    this.#events = events;
    webext.tabs.onCreated.addListener((tab) => {
      if (tab.id !== undefined && !this.#tabs.has(tab.id)) this.#tabs.set(tab.id, openTab(tab));
    });
    webext.tabs.onRemoved.addListener((tab) => {
      this.#tabs.delete(tab);
      this.#know(tab, "inside");
      events.onRemoved(tab);
    });
    const { onBeforeNavigate, onCommitted, onCompleted, onHistoryStateUpdated, onReferenceFragmentUpdated } = webext.webNavigation;
    onBeforeNavigate.addListener(({ tabId, frameId, url }) => {
      if (frameId === 0) this.#navigates(tabId, url);
    });
    onCommitted.addListener(({ tabId, frameId, url }) => {
      if (frameId === 0) this.#commits(tabId, url);
    });
    onCompleted.addListener(({ tabId, frameId, url }) => {
      if (frameId === 0 && /^https?:/.test(url) && isBlank(this.#tabs.get(tabId)?.shown)) events.onNothing(tabId);
    });
    // Within a page: what a reload will ask for.
    for (const event of [onHistoryStateUpdated, onReferenceFragmentUpdated]) {
      event.addListener(({ tabId, frameId, url }) => {
        if (frameId === 0) this.#tab(tabId).shown = url;
      });
    }
    this.ready = this.#read();
  }

  /** The tab asks for a page. */
  asks(id: number): void {
    this.#tab(id).asked = true;
  }

  facts(id: number): TabFacts {
    const { shown, source, arrival } = this.#tab(id);
    return { shown, source, arrival, popup: undefined };
  }

  /** Resolves when the tab's `arrival` is known. */
  async known(id: number): Promise<void> {
    if (this.#tabs.get(id)?.arrival !== "unknown") return;
    await new Promise<void>((resolve) => {
      this.#waiting.set(id, resolve);
      setTimeout(() => this.#know(id, this.#tabs.get(id)?.isOld === true ? "external" : "inside"), patience);
    });
  }

  #navigates(id: number, url: string): void {
    const tab = this.#tab(id);
    tab.source = url.startsWith("view-source:");
    // What woke the event page comes again in no order: an about:blank may follow.
    if (tab.isOld) tab.isOld = false;
    else if (url !== "about:blank") this.#know(id, "inside");
  }

  #commits(id: number, url: string): void {
    const tab = this.#tab(id);
    const before = tab.shown;
    tab.shown = url;
    if (tab.arrival === "unknown") this.#know(id, url === "about:blank" && tab.asked ? "external" : "inside");
    else if (!isBlank(url)) tab.arrival = "inside";
    this.#events.onShown(id, url, before);
  }

  #know(id: number, arrival: "external" | "inside"): void {
    const tab = this.#tabs.get(id);
    if (tab?.arrival === "unknown") tab.arrival = arrival;
    this.#waiting.get(id)?.();
    this.#waiting.delete(id);
  }

  #tab(id: number): OpenTab {
    const known = this.#tabs.get(id);
    if (known) return known;
    const tab: OpenTab = { shown: undefined, source: false, arrival: "unknown", asked: false, isOld: true };
    this.#tabs.set(id, tab);
    return tab;
  }

  async #read(): Promise<void> {
    for (const tab of await webext.tabs.query({})) {
      if (tab.id === undefined) continue;
      const read = openTab(tab);
      const known = this.#tab(tab.id);
      known.shown ??= read.shown;
      if (read.arrival === "inside") this.#know(tab.id, "inside");
    }
  }
}

function openTab({ url, openerTabId }: browser.tabs.Tab): OpenTab {
  const shown = url === "about:blank" ? undefined : url;
  return {
    shown,
    source: url?.startsWith("view-source:") ?? false,
    arrival: shown === undefined && openerTabId === undefined ? "unknown" : "inside",
    asked: false,
    isOld: false,
  };
}
