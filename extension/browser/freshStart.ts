import * as z from "zod/mini";
import { webext } from "./webext.ts";

const Stored = z.object({ start: z.optional(z.enum(["stale", "settled"])) });

/**
 * How long runtime.onStartup may take to come after the event page has loaded, in milliseconds. It is waited for in full
 * only when the extension was enabled again by hand, which no event tells of.
 */
const patience = 5000;

/**
 * Tells a start of Firefox from every other start of this page. After a crash Firefox restores session cookies from a
 * file up to 15 s old, so until the first comparison with the store the containers may be in the past. A page that only
 * woke up, or an extension that was updated or enabled, finds containers in the present.
 */
export class FreshStart {
  readonly #startedWithFirefox: Promise<boolean>;

  /** Must be made before anything is awaited: the event is not repeated. */
  constructor() {
    this.#startedWithFirefox = new Promise((resolve) => {
      webext.runtime.onStartup.addListener(() => resolve(true));
      webext.runtime.onInstalled.addListener(({ reason }) => {
        // A new Firefox is told of at its start.
        if (reason !== "browser_update") resolve(false);
      });
      setTimeout(() => resolve(false), patience);
    });
  }

  /** Whether the containers may be older than the store. */
  async isStale(): Promise<boolean> {
    const { start } = Stored.parse(await webext.storage.session.get("start"));
    if (start) return start === "stale";
    const stale = await this.#startedWithFirefox;
    await webext.storage.session.set({ start: stale ? "stale" : "settled" });
    return stale;
  }

  /** Whether this page was loaded by a start of Firefox; false after it slept. */
  get isFirst(): Promise<boolean> {
    return this.#startedWithFirefox;
  }

  /** Every container's cookies have been compared with the store. */
  async settle(): Promise<void> {
    await webext.storage.session.set({ start: "settled" });
  }
}
