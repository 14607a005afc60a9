import * as z from "zod/mini";
import type { Firefox } from "../../support/firefox.ts";
import { waitFor } from "../../support/waitFor.ts";

const popupBrowser = 'document.querySelector("browser.webextension-popup-browser")';

const Shown = z.object({
  /** The id of the element that has the focus. */
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

  constructor(firefox: Firefox) {
    this.#firefox = firefox;
  }

  async isOpen(): Promise<boolean> {
    return (await this.#firefox.chrome(`${popupBrowser}?.closest("panel")?.state ?? "closed"`)) === "open";
  }

  /** Waits until the panel stands open and the projects are listed. */
  async opened(): Promise<Shown> {
    await waitFor("the popup's panel", () => this.isOpen());
    return this.shows((shown) => !shown.text.includes("Loading"));
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
      await this.#firefox.evaluate(await this.#context(), `(({ scrollWidth, scrollHeight }) =>
        scrollWidth > innerWidth || scrollHeight > innerHeight)(document.documentElement)`),
    );
  }

  /** Where the panel stands. */
  async box(): Promise<Box> {
    return boxOf(this.#firefox, popupBrowser);
  }

  async #look(): Promise<Shown> {
    return Shown.parse(
      await this.#firefox.evaluate(await this.#context(), `(() => {
        const textOf = (selector) => document.querySelector(selector)?.textContent ?? null;
        const focused = document.activeElement;
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

  async #context(): Promise<string> {
    return z.string().parse(
      await this.#firefox.chrome(
        `ChromeUtils.importESModule("chrome://remote/content/shared/NavigableManager.sys.mjs").NavigableManager.getIdForBrowser(${popupBrowser})`,
      ),
    );
  }
}

/** Stead's button in the toolbar. */
export const toolbarButton = 'document.getElementById("stead_stead-BAP")';

/** Where an element of the browser's window stands. */
export async function boxOf(firefox: Firefox, element: string): Promise<Box> {
  return Box.parse(
    await firefox.chrome(`(() => {
      const { x, y, width, height } = ${element}.getBoundingClientRect();
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
