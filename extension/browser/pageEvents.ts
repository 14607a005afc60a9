import { webext } from "./webext.ts";

type Listener = (tab: number, url: string) => void;
type DocumentListener = (document: { tab: number; frame: number; url: string }) => void;

/**
 * What becomes of the pages of tabs and their frames. Each listener of webNavigation costs a message from Firefox for
 * every frame of every page: here is one of each event, whoever wants to hear. To be made before anything is awaited.
 */
export class PageEvents {
  readonly #committed: Listener[] = [];
  readonly #completed: Listener[] = [];
  readonly #documents: DocumentListener[] = [];

  constructor() {
    webext.webNavigation.onCommitted.addListener(({ tabId, frameId, url }) => {
      for (const listener of this.#documents) listener({ tab: tabId, frame: frameId, url });
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

  /** A tab or a frame in it (0: the tab itself) has another document, none of whose scripts need have run. */
  onDocument(listener: DocumentListener): void {
    this.#documents.push(listener);
  }

  /** The page has loaded, or come to nothing. */
  onCompleted(listener: Listener): void {
    this.#completed.push(listener);
  }
}
