import { SteadError } from "../../shared/errors.ts";
import { keyEncryptionKey } from "../vault/keys.ts";
import type { StoreDatabase } from "./database.ts";
import type { DataKeys } from "./dataKeys.ts";
import { idleLocked, isIdle, isWorthStamping, lockIfIdle, stampUse } from "./idleness.ts";
import { type KeyState, readKeyState } from "./meta.ts";

export interface TransactionsOptions {
  db: StoreDatabase;
  /** Wiped once the vault is seen to be locked. */
  keys: DataKeys;
  /** The store's. */
  id: string;
  /** The root key that the store has now, for one who opened it before a rotation; undefined where that takes more than a call. */
  reload: () => Buffer | undefined;
  now: () => number;
  /** Whether what is done is no use of the vault that keeps it from locking itself. */
  passive: boolean;
}

/** The transactions of an opened store: each sees first whether the vault is still unlocked, and by which key. */
export class Transactions {
  readonly #db: StoreDatabase;
  readonly #keys: DataKeys;
  readonly #id: string;
  readonly #reload: () => Buffer | undefined;
  readonly #now: () => number;
  readonly #passive: boolean;
  #forgotten = false;
  /** As the last transaction saw it. */
  #state: KeyState | undefined;

  constructor({ db, keys, id, reload, now, passive }: TransactionsOptions) {
    this.#db = db;
    this.#keys = keys;
    this.#id = id;
    this.#reload = reload;
    this.#now = now;
    this.#passive = passive;
  }

  /** Whether the next one will find the vault unlocked. */
  isOpen(): boolean {
    return !this.#forgotten && this.#db.read(() => !isClosed(readKeyState(this.#db), this.#now()));
  }

  /** Throws `vaultLocked`, and `keyChanged` where the rotation of another process cannot be followed. */
  read<T>(work: () => T): T {
    const result = this.#kept(() => this.#db.read(() => this.#guarded(work)));
    if (!this.#passive && this.#state && isWorthStamping(this.#state, this.#now())) this.#stamp();
    return result;
  }

  /** As read(). `frees`: as in StoreDatabase.write(). */
  write<T>(work: () => T, options: { frees?: boolean } = {}): T {
    return this.#kept(() =>
      this.#db.write(() => {
        const result = this.#guarded(work);
        if (!this.#passive && this.#state && isWorthStamping(this.#state, this.#now())) stampUse(this.#db, this.#now());
        return result;
      }, options),
    );
  }

  /** Records a use of the vault, whether or not what is done counts as one. */
  use(): void {
    const state = this.read(() => readKeyState(this.#db));
    if (isWorthStamping(state, this.#now())) this.#stamp();
  }

  /**
   * Another process may have locked the vault or rotated its keys, or nobody used it for too long: seen in the same transaction,
   * so that nothing is read or written after it with what held before.
   */
  #guarded<T>(work: () => T): T {
    const state = readKeyState(this.#db);
    this.#state = state;
    if (!this.#forgotten && !isClosed(state, this.#now())) {
      if (state.epoch !== this.#keys.epoch || state.id !== this.#id) this.#follow(state);
      return work();
    }
    this.#forgotten = true;
    this.#keys.wipe();
    throw state.locked || !isIdle(state, this.#now()) ? locked() : idleLocked(state);
  }

  /** A vault that nobody used for too long is locked for good, whatever another process or the clock does next. */
  #kept<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (this.#forgotten && this.#state?.locked === false) this.#quietly(() => lockIfIdle(this.#db, this.#now()));
      throw error;
    }
  }

  /** Without it nothing is lost but time. */
  #stamp(): void {
    this.#quietly(() => stampUse(this.#db, this.#now()));
  }

  #quietly(work: () => unknown): void {
    try {
      this.#db.write(work, { frees: true });
    } catch (error) {
      if (!(error instanceof SteadError)) throw error;
    }
  }

  #follow({ id, epoch }: KeyState): void {
    const root = id === this.#id ? this.#reload() : undefined;
    if (!root) throw new SteadError("keyChanged", "The store's keys were changed since it was opened.");
    this.#keys.follow(keyEncryptionKey(root, id, epoch), epoch);
    root.fill(0);
  }
}

function isClosed(state: KeyState, now: number): boolean {
  return state.locked || isIdle(state, now);
}

function locked(): SteadError {
  return new SteadError("vaultLocked", "The vault is locked.");
}
