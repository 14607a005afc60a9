import { SteadError } from "../../shared/errors.ts";
import type { VaultStatus } from "../../shared/models.ts";
import type { Store } from "../store/types.ts";

export interface StoreOpener {
  open(): Promise<Store>;
  /** Looks at the vault without opening anything. */
  vault(): Promise<VaultStatus>;
}

/** The one store a process holds open: opened at the first need, and anew after a failure or a lock. */
export class HeldStore {
  readonly #opener: StoreOpener;
  #opening: Promise<Store> | undefined;

  constructor(opener: StoreOpener) {
    this.#opener = opener;
  }

  /** What `work` answers on the open store. Rejects with what opening or working throws, `vaultLocked` while the vault is. */
  async use<T>(work: (store: Store) => T): Promise<T> {
    const store = await this.#open();
    try {
      return work(store);
    } catch (error) {
      // Another process locked it; the open store has forgotten its keys for good.
      if (isLocked(error)) await this.close();
      throw error;
    }
  }

  /** What `work` answers, with the vault's state: undefined while that is locked. Rejects for any other failure. */
  async look<T>(work: (store: Store) => T): Promise<{ vault: VaultStatus; answer: T | undefined }> {
    try {
      return await this.use((store) => ({ answer: work(store), vault: store.vault() }));
    } catch (error) {
      if (!isLocked(error)) throw error;
      return { vault: { ...(await this.#opener.vault()), state: "locked" }, answer: undefined };
    }
  }

  async close(): Promise<void> {
    const opening = this.#opening;
    this.#opening = undefined;
    const store = await opening?.catch(() => undefined);
    store?.close();
  }

  #open(): Promise<Store> {
    if (!this.#opening) {
      const opening = this.#opener.open();
      this.#opening = opening;
      opening.catch(() => {
        if (this.#opening === opening) this.#opening = undefined;
      });
    }
    return this.#opening;
  }
}

function isLocked(error: unknown): boolean {
  return error instanceof SteadError && error.code === "vaultLocked";
}
