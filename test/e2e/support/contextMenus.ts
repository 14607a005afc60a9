import * as z from "zod/mini";
import type { Firefox } from "../../support/firefox.ts";
import { waitFor } from "../../support/waitFor.ts";

/** One entry of a menu: its label, whether it has an icon, and what is below it. Lines between entries are left out, as are hidden ones. */
export interface Entry {
  label: string;
  icon: boolean;
  below: Entry[];
}
const Entry: z.ZodMiniType<Entry> = z.object({
  label: z.string(),
  icon: z.boolean(),
  get below() {
    return z.array(Entry);
  },
});

type Menu = "tabContextMenu" | "contentAreaContextMenu";

/** A real context menu of the front tab, opened as a person does; `close` or `choose` ends it. */
export class ContextMenu {
  readonly #firefox: Firefox;
  readonly #menu: Menu;

  private constructor(firefox: Firefox, menu: Menu) {
    this.#firefox = firefox;
    this.#menu = menu;
  }

  /** `asleep`: the event page is, and does not say which site the menu is for. */
  static async ofTab(firefox: Firefox, { asleep = false } = {}): Promise<ContextMenu> {
    await firefox.chrome(`void gBrowser.selectedTab.dispatchEvent(new MouseEvent("contextmenu", { bubbles: true, button: 2 }))`);
    return new ContextMenu(firefox, "tabContextMenu").#opened(asleep);
  }

  /** Of the first element of the page that the selector finds. */
  static async ofElement(firefox: Firefox, context: string, selector: string): Promise<ContextMenu> {
    const at = z.object({ x: z.number(), y: z.number() }).parse(
      await firefox.evaluate(context, `(({ x, y, width, height }) => ({ x: Math.round(x + width / 2), y: Math.round(y + height / 2) }))(
        document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect())`),
    );
    const actions = [{ type: "pointerMove", ...at }, { type: "pointerDown", button: 2 }, { type: "pointerUp", button: 2 }];
    await firefox.session.send("input.performActions", { context, actions: [{ type: "pointer", id: "mouse", actions }] });
    return new ContextMenu(firefox, "contentAreaContextMenu").#opened(false);
  }

  /** What Stead put into it. */
  async entries(): Promise<Entry[]> {
    return z.array(Entry).parse(
      await this.#firefox.chrome(`(() => {
        const seen = (nodes) => [...nodes].filter((one) => !one.hidden && one.localName !== "menuseparator");
        const entry = (node) => ({ label: node.label, icon: (node.getAttribute("image") ?? "") !== "", below: seen(node.menupopup?.children ?? []).map(entry) });
        return seen(${this.#element}.children).filter((one) => one.id.startsWith("stead_stead-")).map(entry);
      })()`),
    );
  }

  /** Opens what is on the way to the entry, and chooses it. */
  async choose(...labels: readonly string[]): Promise<void> {
    await this.#firefox.chrome(`(async () => {
      let popup = ${this.#element};
      const [last, ...way] = ${JSON.stringify(labels)}.reverse();
      const find = (label) => {
        const found = [...popup.children].find((one) => one.label === label && !one.hidden);
        if (!found) throw new Error("The menu has no entry " + label);
        return found;
      };
      for (const label of way.reverse()) {
        const menu = find(label);
        const shown = new Promise((done) => menu.menupopup.addEventListener("popupshown", done, { once: true }));
        menu.openMenu(true);
        await shown;
        popup = menu.menupopup;
      }
      popup.activateItem(find(last));
    })()`);
    await this.#closed();
  }

  async close(): Promise<void> {
    await this.#firefox.chrome(`void ${this.#element}.hidePopup()`);
    await this.#closed();
  }

  get #element(): string {
    return `document.getElementById("${this.#menu}")`;
  }

  async #opened(asleep: boolean): Promise<this> {
    await waitFor("the context menu", async () => (await this.#firefox.chrome(`${this.#element}.state`)) === "open");
    // What it says of the site comes a moment later, and builds the menu anew.
    const general = "Always open this site in the tab’s project";
    await waitFor("the menu's words", async () => asleep || !(await this.entries()).some(({ below }) => below.some(({ label }) => label === general)));
    return this;
  }

  async #closed(): Promise<void> {
    await waitFor("the context menu to close", async () => (await this.#firefox.chrome(`${this.#element}.state`)) === "closed");
  }
}
