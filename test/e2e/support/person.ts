import * as z from "zod/mini";
import type { Firefox, Tab } from "../../support/firefox.ts";
import { waitFor } from "../../support/waitFor.ts";

const Point = z.tuple([z.number(), z.number()]);

const keys = { control: "\uE009", shift: "\uE008" } as const;

const WebTab = z.object({
  id: z.number(),
  index: z.number(),
  url: z.string(),
  active: z.boolean(),
  pinned: z.boolean(),
  hidden: z.boolean(),
  windowId: z.number(),
  openerTabId: z.optional(z.number()),
  groupId: z.optional(z.number()),
  splitViewId: z.optional(z.number()),
  cookieStoreId: z.string(),
  discarded: z.boolean(),
});
export type WebTab = z.infer<typeof WebTab>;

/** Does in a Firefox what a person does, and sees what tabs are there. */
export class Person {
  readonly #firefox: Firefox;
  #page: string | undefined;

  constructor(firefox: Firefox) {
    this.#firefox = firefox;
  }

  /** Clicks the page's element `#go`. */
  async click(context: string, how: { button?: "middle"; key?: keyof typeof keys } = {}): Promise<void> {
    await this.#firefox.selectTab(context);
    const [x, y] = Point.parse(
      await this.#firefox.evaluate(context, `(() => {
        const { x, y, width, height } = document.getElementById("go").getBoundingClientRect();
        return [Math.round(x + width / 2), Math.round(y + height / 2)];
      })()`),
    );
    const button = how.button === "middle" ? 1 : 0;
    const pointer = [{ type: "pointerMove", x, y }, { type: "pointerDown", button }, { type: "pointerUp", button }];
    const actions: object[] = [{ type: "pointer", id: "mouse", actions: how.key ? [{ type: "pause" }, ...pointer] : pointer }];
    if (how.key) {
      const value = keys[how.key];
      actions.unshift({ type: "key", id: "keys", actions: [{ type: "keyDown", value }, { type: "pause" }, { type: "pause" }, { type: "pause" }, { type: "keyUp", value }] });
    }
    await this.#firefox.session.send("input.performActions", { context, actions });
  }

  /** Types an address into the bar of the tab in front, or of a new one. */
  async type(url: string, where: "here" | "newTab"): Promise<void> {
    if (where === "newTab") {
      await this.#firefox.chrome("void BrowserCommands.openTab()");
      await waitFor("the new tab", () => this.#firefox.chrome("/^about:(newtab|home|blank)$/.test(gBrowser.currentURI.spec) && !gBrowser.selectedTab.hasAttribute('busy')"));
    }
    await this.#firefox.chrome(`(gURLBar.value = ${JSON.stringify(url)}, gURLBar.handleCommand(), undefined)`);
  }

  /** A link in another program, with this Firefox as the default browser. */
  async openFromOutside(url: string): Promise<void> {
    // As BrowserContentHandler does with what a second `firefox URL` hands over.
    await this.#firefox.chrome(`void window.browserDOMWindow.openURI(Services.io.newURI(${JSON.stringify(url)}), null,
      Ci.nsIBrowserDOMWindow.OPEN_DEFAULTWINDOW, Ci.nsIBrowserDOMWindow.OPEN_EXTERNAL, Services.scriptSecurityManager.getSystemPrincipal())`);
  }

  /** The tab that shows an address, once it is loaded. */
  async sees(url: string | RegExp): Promise<Tab> {
    return waitFor(`a tab with ${String(url)}`, async () => {
      const found = (await this.tabsWith(url))[0];
      return found && !(await this.#firefox.onTab(found.context, "tab.linkedBrowser.webProgress.isLoadingDocument")) && found;
    });
  }

  async tabsWith(url: string | RegExp): Promise<Tab[]> {
    return (await this.#firefox.tabs()).filter((tab) => (typeof url === "string" ? tab.url === url : url.test(tab.url)));
  }

  /** As the tabs API tells of every tab but the one that asks. */
  async webTabs(): Promise<WebTab[]> {
    return z.array(WebTab).parse(await this.extension("browser.tabs.query({}).then((tabs) => tabs.filter((tab) => !tab.url.endsWith('/icons/stead.svg')))"));
  }

  async webTab(url: string): Promise<WebTab> {
    return waitFor(`a tab with ${url}`, async () => (await this.webTabs()).find((tab) => tab.url === url));
  }

  /** Evaluates in a page of the extension that stays open, hidden in a window of its own: tabs come and go without it. */
  async extension(expression: string): Promise<unknown> {
    this.#page ??= await this.#firefox.openExtensionPage("icons/stead.svg");
    return this.#firefox.evaluate(this.#page, expression);
  }

  /** Calls the background as one of the extension's own pages does. */
  async call(port: "options" | "popup" | "page", method: string, params: object): Promise<unknown> {
    return this.extension(`new Promise((done, failed) => {
      const port = browser.runtime.connect({ name: ${JSON.stringify(port)} });
      port.onDisconnect.addListener(() => failed(new Error("The background hung up.")));
      port.onMessage.addListener((message) => {
        if (message.t === "result") done(message.result);
        if (message.t === "error" || message.t === "bye") failed(new Error(message.error.message));
        if (message.t === "request") port.postMessage({ t: "result", id: message.id, result: {} });
      });
      port.postMessage({ t: "hello", side: ${JSON.stringify(port === "popup" ? "popup" : "page")}, version: browser.runtime.getManifest().version, protocol: { min: 1, max: 1 }, features: [] });
      port.postMessage({ t: "request", id: 0, method: ${JSON.stringify(method)}, params: ${JSON.stringify(params)} });
    })`);
  }

  /** Puts the event page to sleep, as Firefox does after a while. */
  async sendToSleep(): Promise<void> {
    await this.#firefox.chrome(`WebExtensionPolicy.getByID("stead@stead").extension.terminateBackground({ ignoreDevToolsAttached: true, disableResetIdleForTest: true })`);
  }

  /** Closes every tab but one empty one in front, and every other window. */
  async tidy(): Promise<void> {
    this.#page = undefined;
    await this.#firefox.chrome(`(async () => {
      for (const win of [...Services.wm.getEnumerator("navigator:browser")]) if (win !== window && !win.closed) win.close();
      const keep = gBrowser.addTrustedTab("about:blank");
      gBrowser.selectedTab = keep;
      for (const tab of [...gBrowser.tabs]) if (tab !== keep) gBrowser.removeTab(tab, { animate: false });
    })()`);
  }
}
