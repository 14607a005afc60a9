import * as z from "zod/mini";
import type { Firefox } from "../../support/firefox.ts";
import { waitFor } from "../../support/waitFor.ts";

const frontDocument = 'Services.wm.getMostRecentWindow("navigator:browser").document';
const popupBrowser = `${frontDocument}.querySelector("browser.webextension-popup-browser")`;

const Shown = z.object({
  /** The id of the element that has the focus, empty without one and while the panel has not got the keyboard. */
  focus: z.string(),
  query: z.nullable(z.string()),
  rows: z.array(z.string()),
  /** The highlighted row. */
  active: z.nullable(z.string()),
  page: z.nullable(z.string()),
  /** The label of the button with the focus. */
  button: z.nullable(z.string()),
  text: z.string(),
});
export type Shown = z.infer<typeof Shown>;

const Box = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });
/** In pixels of the screen. */
export type Box = z.infer<typeof Box>;

/** The popup in the panel that Firefox opens for the toolbar button; only what a headed Firefox shows. */
export class Panel {
  readonly #firefox: Firefox;
  readonly #lookout: string;

  private constructor(firefox: Firefox, lookout: string) {
    this.#firefox = firefox;
    this.#lookout = lookout;
  }

  /** BiDi does not list a panel's page: it is looked at from another page of the extension, a tab behind the others. */
  static async of(firefox: Firefox): Promise<Panel> {
    return new Panel(firefox, await firefox.openExtensionPage("icons/stead.svg"));
  }

  async isOpen(): Promise<boolean> {
    return (await this.#firefox.chrome(`${popupBrowser}?.closest("panel")?.state ?? "closed"`)) === "open";
  }

  /** Waits until the panel stands open with the keyboard in it and the projects are listed. */
  async opened(): Promise<Shown> {
    await waitFor("the popup's panel", () => this.isOpen());
    return this.shows(({ focus, text }) => focus !== "" && !text.includes("Loading"));
  }

  async closed(): Promise<void> {
    await waitFor("the popup's panel to close", async () => (await this.#firefox.chrome(`${popupBrowser} === null`)) === true);
  }

  /** Waits until what the popup shows is so, and answers it. */
  async shows(isSo: (shown: Shown) => boolean): Promise<Shown> {
    let last: Shown | undefined;
    try {
      return await waitFor("the popup to show it", async () => {
        last = await this.#look();
        return isSo(last) && last;
      });
    } catch (error) {
      throw new Error(`The popup shows ${JSON.stringify(last)}`, { cause: error });
    }
  }

  /** Whether anything is cut off or could be scrolled in the open panel. */
  async overflows(): Promise<boolean> {
    return z.boolean().parse(
      await this.#evaluate(`(({ scrollWidth, scrollHeight }) =>
        scrollWidth > view.innerWidth || scrollHeight > view.innerHeight)(document.documentElement)`),
    );
  }

  /** Where the panel stands. */
  async box(): Promise<Box> {
    return boxOf(this.#firefox, popupBrowser);
  }

  async #look(): Promise<Shown> {
    return Shown.parse(
      await this.#evaluate(`(() => {
        const textOf = (selector) => document.querySelector(selector)?.textContent ?? null;
        const focused = document.hasFocus() ? document.activeElement : null;
        return {
          focus: focused?.id ?? "",
          query: document.getElementById("field")?.value ?? null,
          rows: [...document.querySelectorAll("[role=option] .name")].map((row) => row.textContent),
          active: textOf("[role=option][aria-selected=true] .name"),
          page: document.querySelector("main")?.className ?? null,
          button: focused?.localName === "button" ? focused.textContent : null,
          text: document.body.innerText,
        };
      })()`),
    );
  }

  /** With the popup's window as `view`. */
  async #evaluate(expression: string): Promise<unknown> {
    return this.#firefox.evaluate(this.#lookout, `(() => {
      const [view] = browser.extension.getViews({ type: "popup" });
      const { document } = view;
      return ${expression};
    })()`);
  }
}

/** The expression for Stead's button in the front window's toolbar. */
export const toolbarButton = `${frontDocument}.getElementById("stead_stead-BAP")`;

/** Where an element of the browser's window stands. */
export async function boxOf(firefox: Firefox, element: string): Promise<Box> {
  return Box.parse(
    await firefox.chrome(`(() => {
      const element = ${element};
      const window = element.ownerDocument.defaultView;
      const { x, y, width, height } = element.getBoundingClientRect();
      const scale = window.devicePixelRatio;
      const onScreen = (at, edge) => Math.round((at + edge) * scale);
      return {
        x: onScreen(x, window.mozInnerScreenX),
        y: onScreen(y, window.mozInnerScreenY),
        width: Math.round(width * scale),
        height: Math.round(height * scale),
      };
    })()`),
  );
}
