import * as z from "zod/mini";
import { Guards, newGuards } from "../core/routing/guards.ts";
import { webext } from "./webext.ts";

const key = "routing";
const Stored = z.object({ [key]: z.optional(Guards) });

/**
 * The guards in memory, where a navigation looks, and in storage.session behind it, so that they outlive the sleep of the
 * event page. Changes made before they were read wait for that.
 */
export class RoutingGuards {
  readonly ready: Promise<void>;
  #state: Guards = newGuards();
  #isRead = false;
  #isWritten = true;
  #writing: Promise<void> | undefined;

  constructor() {
    this.ready = this.#read();
  }

  get state(): Guards {
    return this.#state;
  }

  update(change: (guards: Guards) => Guards): void {
    if (this.#isRead) this.#set(change(this.#state));
    else void this.ready.then(() => this.#set(change(this.#state)));
  }

  #set(state: Guards): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#isWritten = false;
    this.#writing ??= this.#write();
  }

  async #read(): Promise<void> {
    const stored = Stored.safeParse(await webext.storage.session.get(key));
    this.#state = (stored.success ? stored.data[key] : undefined) ?? newGuards();
    this.#isRead = true;
  }

  /** One write at a time; what changes meanwhile goes with the next. */
  async #write(): Promise<void> {
    try {
      while (!this.#isWritten) {
        this.#isWritten = true;
        await webext.storage.session.set({ [key]: this.#state });
      }
    } catch (error) {
      console.error("Stead could not keep what it knows of pages on their way", error);
    } finally {
      this.#writing = undefined;
    }
  }
}
