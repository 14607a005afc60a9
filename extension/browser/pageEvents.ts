import { webext } from "./webext.ts";

type Listener = (tab: number, url: string) => void;

/**
 * What becomes of the pages of tabs, their frames left out. Each listener of webNavigation costs a message from Firefox for
 * every frame of every page: here is one of each event, whoever wants to hear. To be made before anything is awaited.
 */
export class PageEvents {
  readonly #committed: Listener[] = [];
  readonly #completed: Listener[] = [];

  constructor() {
    webext.webNavigation.onCommitted.addListener(({ tabId, frameId, url }) => {
      if (frameId === 0) for (const listener of this.#committed) listener(tabId, url);
    });
    webext.webNavigation.onCompleted.addListener(({ tabId, frameId, url }) => {
      if (frameId === 0) for (const listener of this.#completed) listener(tabId, url);
    });
  }

  /** The tab shows another page from now on. */
  onCommitted(listener: Listener): void {
    this.#committed.push(listener);
  }

  /** The page has loaded, or come to nothing. */
  onCompleted(listener: Listener): void {
    this.#completed.push(listener);
  }
}
