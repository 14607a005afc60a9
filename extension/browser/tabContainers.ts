import { webext } from "./webext.ts";

/** Which container each tab is in, at hand without asking Firefox; a tab never changes it. To be made before anything is awaited. */
export class TabContainers {
  readonly ready: Promise<void>;
  readonly #stores = new Map<number, string>();

  constructor() {
    webext.tabs.onCreated.addListener((tab) => this.#note(tab));
    webext.tabs.onRemoved.addListener((tab) => this.#stores.delete(tab));
    this.ready = webext.tabs.query({}).then((tabs) => tabs.forEach((tab) => this.#note(tab)));
  }

  of(tab: number): string | undefined {
    return this.#stores.get(tab);
  }

  in(cookieStoreId: string): number[] {
    return [...this.#stores].filter(([, store]) => store === cookieStoreId).map(([tab]) => tab);
  }

  #note({ id, cookieStoreId }: browser.tabs.Tab): void {
    if (id !== undefined && cookieStoreId !== undefined) this.#stores.set(id, cookieStoreId);
  }
}
