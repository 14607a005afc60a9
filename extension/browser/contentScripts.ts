import { isFirstParty } from "../core/pageStorage/isFirstParty.ts";
import { projectOf } from "../core/localState.ts";
import type { Local } from "./local.ts";
import type { PageEvents } from "./pageEvents.ts";
import type { TabContainers } from "./tabContainers.ts";
import { webext } from "./webext.ts";

const files = ["content/storage.js"];

/**
 * Puts the content script into the documents of projects' containers, and into no other: a page outside any project never runs a
 * line of Stead's. To be made before anything is awaited.
 */
export class ContentScripts {
  readonly #local: Local;
  readonly #tabs: TabContainers;
  #containers = new Set<string>();

  constructor(local: Local, tabs: TabContainers, pages: PageEvents) {
    this.#local = local;
    this.#tabs = tabs;
    pages.onDocument(({ tab, frame, url }) => {
      if (!isWebPage(url)) return;
      const store = tabs.of(tab);
      if (store === undefined || local.state.instance === "") void this.#addLater(tab, frame, url).catch(() => undefined);
      else if (projectOf(local.state, store) !== undefined) void this.#add(tab, frame, url).catch(() => undefined);
    });
    void Promise.all([local.ready, tabs.ready]).then(() => {
      this.#follow();
      local.onChange(() => this.#follow());
    });
  }

  async #addLater(tab: number, frame: number, url: string): Promise<void> {
    await Promise.all([this.#local.ready, this.#tabs.ready]);
    if (projectOf(this.#local.state, this.#tabs.of(tab)) !== undefined) await this.#add(tab, frame, url);
  }

  async #add(tab: number, frame: number, url: string): Promise<void> {
    if (frame !== 0 && !isFirstParty(url, await ancestorsOf(tab, frame))) return;
    // The document may be gone, or be one that Firefox lets no extension into.
    await webext.scripting.executeScript({ target: { tabId: tab, frameIds: [frame] }, files, injectImmediately: true }).catch(() => undefined);
  }

  /** Into the documents that are open in containers that have come to carry a project. */
  #follow(): void {
    const before = this.#containers;
    this.#containers = new Set(Object.values(this.#local.state.containers).map(({ cookieStoreId }) => cookieStoreId));
    for (const store of this.#containers) if (!before.has(store)) for (const tab of this.#tabs.in(store)) void this.#addToAll(tab).catch(() => undefined);
  }

  async #addToAll(tab: number): Promise<void> {
    const { discarded } = await webext.tabs.get(tab);
    if (discarded === true) return;
    const frames = await webext.webNavigation.getAllFrames({ tabId: tab });
    await Promise.all(frames.filter(({ url }) => isWebPage(url)).map(({ frameId, url }) => this.#add(tab, frameId, url)));
  }
}

function isWebPage(url: string): boolean {
  return url.startsWith("http:") || url.startsWith("https:");
}

/** The addresses of the documents around a frame, from the inside out. */
async function ancestorsOf(tab: number, frame: number): Promise<string[]> {
  const frames = new Map((await webext.webNavigation.getAllFrames({ tabId: tab })).map((one) => [one.frameId, one]));
  const ancestors: string[] = [];
  let at = frames.get(frame)?.parentFrameId ?? -1;
  for (let around = frames.get(at); around !== undefined; around = frames.get(at)) {
    ancestors.push(around.url);
    at = around.parentFrameId;
  }
  // Of a frame that is not among them nothing is known.
  return frames.has(frame) ? ancestors : [""];
}
