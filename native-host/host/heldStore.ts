import { type ErrorCode, SteadError } from "../../shared/errors.ts";
import type { VaultStatus } from "../../shared/models.ts";
import type { Store } from "../store/types.ts";
import type { IdleLook } from "../vault/idleLock.ts";

export interface StoreOpener {
  open(): Promise<Store>;
  /** Looks at the vault without opening anything. */
  vault(): Promise<VaultStatus>;
  /** Locks the vault when nobody used it for too long. */
  lockWhenIdle(): Promise<IdleLook>;
}

/** What is due in an open store. */
export interface Tended {
  /** What the store was brought to. */
  revision: number;
  /** How many items have outlived their time to live. */
  ended: number;
  /** When to look again at the latest, in milliseconds since 1970; null: not before something is set. */
  next: number | null;
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
    try {
      return work(await this.#open());
    } catch (error) {
      if (!hasCode(error, "keyChanged")) return this.#letGo(error);
    }
    // Another process changed the keys, before any of this was done: the store is opened with those of now.
    await this.close();
    try {
      return work(await this.#open());
    } catch (error) {
      return this.#letGo(error);
    }
  }

  /** What `work` answers, with the vault's state: undefined while that is locked. Rejects for any other failure. */
  async look<T>(work: (store: Store) => T): Promise<{ vault: VaultStatus; answer: T | undefined }> {
    try {
      return await this.use((store) => ({ answer: work(store), vault: store.vault() }));
    } catch (error) {
      if (!hasCode(error, "vaultLocked")) throw error;
      return { vault: { ...(await this.#opener.vault()), state: "locked" }, answer: undefined };
    }
  }

  /** Does what is due by now; undefined while the vault is locked, as it now is for everyone if nobody used it for too long. */
  async tend(): Promise<Tended | undefined> {
    const { answer } = await this.look((store) => {
      const ended = store.endOutlived();
      const times = [store.nextEnd(), store.locksAt()].filter((time) => time !== null);
      return { ended, revision: store.revision(), next: times.length === 0 ? null : Math.min(...times, Number.MAX_SAFE_INTEGER) };
    });
    // The open store has seen it and refuses; what keeps the key beside it is still to be told.
    if (!answer) await this.#opener.lockWhenIdle();
    return answer;
  }

  async close(): Promise<void> {
    const opening = this.#opening;
    this.#opening = undefined;
    const store = await opening?.catch(() => undefined);
    store?.close();
  }

  /** Another process may have locked it; the open store has forgotten its keys for good. */
  async #letGo(error: unknown): Promise<never> {
    if (hasCode(error, "vaultLocked") || hasCode(error, "keyChanged")) await this.close();
    throw error;
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

function hasCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof SteadError && error.code === code;
}
