import type { PageContent } from "../../shared/protocol/page.ts";

/** Stead's own pages in tabs: questions and explanations. What they show is kept in storage.session. */
export class Pages {
  /** Shows it in the tab itself, or (`keep`: the tab has a page and stays) in a new one beside it. */
  show(content: PageContent, tab: browser.tabs.Tab, { keep }: { keep: boolean }): Promise<void> {
    throw new Error(`not yet ${content.kind} ${tab.id} ${keep}`);
  }
}
