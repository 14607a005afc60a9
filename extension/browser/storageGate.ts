import { webext } from "./webext.ts";

type Details = Parameters<Parameters<typeof webext.webRequest.onHeadersReceived.addListener>[0]>[0];

/** How long a document waits for its storage at most, in milliseconds: then it is shown, and loaded once more when its storage came late. */
const patience = 5000;

interface Gate {
  filter: browser.webRequest.StreamFilter;
  held: ArrayBuffer[];
  hasEnded: boolean;
  timer: ReturnType<typeof setTimeout>;
}

/**
 * Holds the body of documents whose storage is to be written first: Firefox makes the document of the headers and lets content
 * scripts into it, while its parser has nothing to read yet, so that none of its scripts can run (measured with 153, with and without
 * a strict Content-Security-Policy). Listens only while there is something to write somewhere, and only to those hosts.
 */
export class StorageGate {
  readonly #isPending: (cookieStoreId: string, origin: string) => boolean;
  readonly #gates = new Map<string, Gate>();
  #hosts = "";

  constructor(isPending: (cookieStoreId: string, origin: string) => boolean) {
    this.#isPending = isPending;
  }

  /** The origins that have something to be written, in any container. */
  watch(origins: readonly string[]): void {
    const urls = [...new Set(origins.map((origin) => `${new URL(origin).protocol}//${new URL(origin).hostname}/*`))].sort();
    const hosts = urls.join(" ");
    if (hosts === this.#hosts) return;
    this.#hosts = hosts;
    const { onHeadersReceived } = webext.webRequest;
    onHeadersReceived.removeListener(this.#onHeaders);
    if (urls.length > 0) onHeadersReceived.addListener(this.#onHeaders, { urls, types: ["main_frame", "sub_frame"] }, ["blocking", "responseHeaders"]);
  }

  /** Whether the document of this tab and frame is being held. */
  holds(tab: number, frame: number): boolean {
    return this.#gates.has(placeOf(tab, frame));
  }

  /** Lets it go on. */
  release(tab: number, frame: number): void {
    const place = placeOf(tab, frame);
    const gate = this.#gates.get(place);
    if (!gate) return;
    this.#gates.delete(place);
    clearTimeout(gate.timer);
    try {
      for (const data of gate.held) gate.filter.write(data);
      if (gate.hasEnded) gate.filter.close();
      else gate.filter.disconnect();
    } catch {
      // The load was given up.
    }
  }

  readonly #onHeaders = (details: Details): undefined => {
    const { tabId, frameId, url, cookieStoreId, statusCode, responseHeaders = [], requestId, thirdParty } = details;
    if (tabId < 0 || cookieStoreId === undefined || !URL.canParse(url) || !this.#isPending(cookieStoreId, new URL(url).origin)) return;
    const isDocument = (statusCode < 300 || statusCode >= 400) && statusCode !== 204 && statusCode !== 205 && !responseHeaders.some(isDownload);
    // Of a frame of another site Firefox says so; what a tab shows is nobody's third party.
    if (!isDocument || (frameId !== 0 && thirdParty)) return;
    this.release(tabId, frameId);
    const filter = webext.webRequest.filterResponseData(requestId);
    const gate: Gate = { filter, held: [], hasEnded: false, timer: setTimeout(() => this.#letGo(tabId, frameId, gate), patience) };
    this.#gates.set(placeOf(tabId, frameId), gate);
    const isHeld = (): boolean => this.#gates.get(placeOf(tabId, frameId)) === gate;
    filter.ondata = ({ data }) => {
      if (isHeld()) gate.held.push(data);
      else filter.write(data);
    };
    filter.onstop = () => {
      gate.hasEnded = true;
      if (!isHeld()) filter.close();
    };
    // A service worker's answer cannot be held, nor a load that was given up.
    filter.onerror = () => {
      if (!isHeld()) return;
      clearTimeout(gate.timer);
      this.#gates.delete(placeOf(tabId, frameId));
    };
  };

  #letGo(tab: number, frame: number, gate: Gate): void {
    if (this.#gates.get(placeOf(tab, frame)) === gate) this.release(tab, frame);
  }
}

function placeOf(tab: number, frame: number): string {
  return `${tab} ${frame}`;
}

/** It is saved, and no document ever comes of it. */
function isDownload({ name, value }: browser.webRequest._HttpHeaders): boolean {
  return name.toLowerCase() === "content-disposition" && value?.trim().toLowerCase().startsWith("attachment") === true;
}
