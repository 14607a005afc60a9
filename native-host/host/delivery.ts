import { toErrorShape } from "../../shared/errors.ts";
import type { Tally } from "../../shared/models.ts";
import type { ContainerUpdate } from "../../shared/protocol/store.ts";
import { mergeTallies } from "../actions/mergeTallies.ts";
import type { Session, SessionOptions } from "./session.ts";

/** How long the extension may take to set a container's cookies, in milliseconds. */
const applyTimeoutMs = 20_000;

/** What became of the store's changes in the containers. */
export interface Delivery {
  /** What could not be applied. */
  failed: Tally[];
  /** How many origins take theirs over when they are next opened. */
  waiting: number;
}

/** Hands the extension what the store has for its containers: cookies at once, of page storage where there is some. */
export class Deliveries {
  readonly #extension: SessionOptions["extension"];
  readonly #store: Session["store"];
  /** Whether the extension was last told of origins that have something to take over. */
  #isPending = false;

  constructor({ extension, store }: { extension: SessionOptions["extension"]; store: Session["store"] }) {
    this.#extension = extension;
    this.#store = store;
  }

  async to(instance: string): Promise<Delivery> {
    const { updates } = await this.#store("updates", { instance });
    const failed: Tally[] = [];
    for (const update of updates) failed.push(...(await this.#apply(update, instance)));
    const pages = await this.#offerPages(instance);
    return { failed: mergeTallies([...failed, ...pages.failed]), waiting: pages.waiting };
  }

  async #apply(update: ContainerUpdate, instance: string): Promise<Tally[]> {
    try {
      const { failed } = await this.#extension().call("state.apply", update, { timeoutMs: applyTimeoutMs });
      await this.#store("state.synced", { instance, project: update.project, revision: update.revision });
      return failed;
    } catch (error) {
      return [{ reason: toErrorShape(error).code, count: update.set.length + update.remove.length }];
    }
  }

  /** Tells the extension of every origin that has something to take over; of none, once. */
  async #offerPages(instance: string): Promise<Delivery> {
    const { pending } = await this.#store("storage.pending", { instance });
    if (pending.length === 0 && !this.#isPending) return { failed: [], waiting: 0 };
    this.#isPending = pending.length > 0;
    try {
      return await this.#extension().call("storage.pending", { pending }, { timeoutMs: applyTimeoutMs });
    } catch (error) {
      const { code } = toErrorShape(error);
      // An extension of before page storage.
      if (code === "unsupported" || pending.length === 0) return { failed: [], waiting: 0 };
      return { failed: [{ reason: code, count: pending.length }], waiting: 0 };
    }
  }
}
