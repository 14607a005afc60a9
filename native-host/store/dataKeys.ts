import { createHmac, randomBytes } from "node:crypto";
import { SteadError } from "../../shared/errors.ts";
import { keyBytes } from "../vault/keys.ts";
import type { Companion, StoreDatabase } from "./database.ts";
import { seal, type SealContext, unseal } from "./seal.ts";

/** The owner of what is not one project's: names in use, instances, the active project. */
export const registryOwner = "registry";

/** How often one key may seal; random nonces stay apart far beyond it (2^32, NIST SP 800-38D section 8.3). */
const defaultSealLimit = 2 ** 28;
/** Hashes that are kept of one owner. */
const recalledAtMost = 1000;

interface DataKey {
  version: number;
  key: Buffer;
  /** For look-up hashes; the same in every version. */
  lookup: Buffer;
}

interface NewestKey {
  version: number;
  /** How often it has sealed, as its row says … */
  seals: number;
  /** … and how often since: added to the row before the transaction ends. */
  uncounted: number;
}

export interface SealedValue {
  keyVersion: number;
  sealed: Buffer;
}

export type Place = Pick<SealContext, "kind" | "owner" | "id" | "revision">;

/** What wraps data keys: a key-encryption key, of one epoch of one store. */
export interface Wrapping {
  storeId: string;
  kek: Buffer;
  epoch: number;
}

/**
 * The random keys that seal the store's rows, one line of versions per owner, wrapped by the key-encryption key. All
 * calls belong in a transaction of the caller's.
 */
export class DataKeys implements Companion {
  readonly #db: StoreDatabase;
  #wrapping: Wrapping;
  readonly #sealLimit: number;
  /** By owner, then version. */
  readonly #open = new Map<string, Map<number, DataKey>>();
  /** Each owner's newest key, as this transaction has it: a large one would ask for it at every row. */
  readonly #newestOf = new Map<string, NewestKey>();
  /** Hashes of what many rows share, by owner, then name. */
  readonly #recalled = new Map<string, Map<string, Buffer>>();

  /** The key-encryption key is this object's from now on, to wipe. */
  constructor(db: StoreDatabase, { sealLimit, ...wrapping }: Wrapping & { sealLimit?: number | undefined }) {
    this.#db = db;
    this.#wrapping = wrapping;
    this.#sealLimit = sealLimit ?? defaultSealLimit;
    db.accompany(this);
  }

  begun(): void {
    this.#newestOf.clear();
  }

  /** What a transaction sealed is counted with it. */
  ending(): void {
    for (const [owner, newest] of this.#newestOf) this.#count(owner, newest);
  }

  /** A key made in a transaction that was rolled back is in no file, and another process may have made its own since. */
  rolledBack(): void {
    this.#forgetAll();
  }

  get epoch(): number {
    return this.#wrapping.epoch;
  }

  /** Goes on with another key-encryption key: the store was given that since. */
  follow(kek: Buffer, epoch: number): void {
    this.wipe();
    this.#wrapping = { ...this.#wrapping, kek, epoch };
  }

  /** Makes the first key of an owner. */
  create(owner: string): void {
    this.#hold(owner, this.#add(owner, { version: 1, key: randomBytes(keyBytes), lookup: randomBytes(keyBytes) }, this.#wrapping));
  }

  /**
   * Gives every owner a new key, wrapped by `next`, and retires those there are: they open what they sealed until it is sealed
   * anew. With `rewrap` they too are wrapped by `next`, and this object knows none until it follows. One that does not open is
   * left as it is. How many were wrapped.
   */
  renew(next: Wrapping, { rewrap }: { rewrap: boolean }): number {
    this.ending();
    const rows = this.#db.all<{ owner: string; version: number }>("SELECT owner, version FROM data_key ORDER BY owner, version");
    const successors = new Map<string, DataKey>();
    let wrapped = 0;
    for (const { owner, version } of rows) {
      const dataKey = this.#tryKey(owner, version);
      const lookup = dataKey?.lookup ?? successors.get(owner)?.lookup;
      if (lookup) successors.set(owner, { version: version + 1, key: randomBytes(keyBytes), lookup: Buffer.from(lookup) });
      if (!dataKey) continue;
      const columns = rewrap ? { epoch: next.epoch, bytes: wrap(owner, dataKey, next) } : undefined;
      this.#db.run(
        "UPDATE data_key SET retired = 1, epoch = coalesce(?, epoch), wrapped = coalesce(?, wrapped) WHERE owner = ? AND version = ?",
        columns?.epoch ?? null,
        columns?.bytes ?? null,
        owner,
        version,
      );
      if (columns) wrapped++;
    }
    for (const [owner, dataKey] of successors) wipeKey(this.#add(owner, dataKey, next));
    this.#forgetAll();
    return wrapped;
  }

  /** Seals with the owner's newest key and counts it; a key that has sealed enough is followed by a new one. */
  seal(place: Place, plain: Uint8Array): SealedValue {
    let newest = this.#newest(place.owner);
    let dataKey = this.#key(place.owner, newest.version);
    if (newest.seals + newest.uncounted >= this.#sealLimit) {
      this.#count(place.owner, newest);
      const next = { version: newest.version + 1, key: randomBytes(keyBytes), lookup: Buffer.from(dataKey.lookup) };
      dataKey = this.#hold(place.owner, this.#add(place.owner, next, this.#wrapping));
      newest = this.#newest(place.owner);
    }
    newest.uncounted++;
    return { keyVersion: dataKey.version, sealed: seal(dataKey.key, plain, this.#context(place, dataKey.version)) };
  }

  /** Undefined when the value is not what was sealed in that place, or its key cannot be had. */
  unseal(place: Place, value: SealedValue): Buffer | undefined {
    const dataKey = this.#tryKey(place.owner, value.keyVersion);
    return dataKey && unseal(dataKey.key, value.sealed, this.#context(place, value.keyVersion));
  }

  /** As unseal(), but throws `storeDamaged`. */
  open(place: Place, value: SealedValue): Buffer {
    const plain = this.unseal(place, value);
    if (plain) return plain;
    throw new SteadError("storeDamaged", `A sealed ${place.kind} of the store is damaged or was changed.`, {
      hint: "Run stead verify to see how much is; stead verify --repair saves the rest.",
    });
  }

  /** The same for the same text, and says nothing without the owner's key. `purpose` keeps kinds of text apart. */
  hash(owner: string, purpose: string, text: string): Buffer {
    return createHmac("sha256", this.#key(owner, this.#newest(owner).version).lookup).update(`${purpose}\0${text}`).digest();
  }

  /** What `make` answers, a hash of the owner's, kept under a name for as long as the owner's key is. */
  recall(owner: string, name: string, make: () => Buffer): Buffer {
    let hashes = this.#recalled.get(owner);
    if (!hashes || hashes.size >= recalledAtMost) this.#recalled.set(owner, (hashes = new Map<string, Buffer>()));
    const known = hashes.get(name);
    if (known) return known;
    const hash = make();
    hashes.set(name, hash);
    return hash;
  }

  /** Destroys every key of an owner, here and in the file: whatever it sealed is noise from then on. */
  shred(owner: string): void {
    this.#db.run("DELETE FROM data_key WHERE owner = ?", owner);
    this.forget(owner);
  }

  /** Wipes what this process holds of an owner's keys. */
  forget(owner: string): void {
    for (const dataKey of this.#open.get(owner)?.values() ?? []) wipeKey(dataKey);
    this.#open.delete(owner);
    this.#newestOf.delete(owner);
    this.#recalled.delete(owner);
  }

  /** Wipes all; nothing can be opened afterwards. */
  wipe(): void {
    this.#forgetAll();
    this.#wrapping.kek.fill(0);
  }

  /** The wrapped keys that do not open. */
  listDamaged(): { owner: string; version: number }[] {
    this.#forgetAll();
    const rows = this.#db.all<{ owner: string; version: number }>("SELECT owner, version FROM data_key");
    return rows.filter((row) => this.#tryKey(row.owner, row.version) === undefined);
  }

  /** Whether any of an owner's keys opens. */
  hasKey(owner: string): boolean {
    const rows = this.#db.all<{ version: number }>("SELECT version FROM data_key WHERE owner = ?", owner);
    return rows.some(({ version }) => this.#tryKey(owner, version) !== undefined);
  }

  #forgetAll(): void {
    for (const owner of [...this.#open.keys()]) this.forget(owner);
    this.#newestOf.clear();
    this.#recalled.clear();
  }

  #count(owner: string, newest: NewestKey): void {
    if (newest.uncounted === 0) return;
    this.#db.run("UPDATE data_key SET seals = seals + ? WHERE owner = ? AND version = ?", newest.uncounted, owner, newest.version);
    newest.seals += newest.uncounted;
    newest.uncounted = 0;
  }

  #newest(owner: string): NewestKey {
    const known = this.#newestOf.get(owner);
    if (known) return known;
    const row = this.#db.get<{ version: number; seals: number }>(
      "SELECT version, seals FROM data_key WHERE owner = ? ORDER BY version DESC LIMIT 1",
      owner,
    );
    if (!row) throw new SteadError("storeDamaged", "A key of the store is missing.");
    const newest = { ...row, uncounted: 0 };
    this.#newestOf.set(owner, newest);
    return newest;
  }

  #key(owner: string, version: number): DataKey {
    const dataKey = this.#tryKey(owner, version);
    if (!dataKey) throw new SteadError("storeDamaged", "A key of the store is damaged or was changed.");
    return dataKey;
  }

  #tryKey(owner: string, version: number): DataKey | undefined {
    const known = this.#open.get(owner)?.get(version);
    if (known) return known;
    const row = this.#db.get<{ wrapped: Buffer; epoch: number }>(
      "SELECT wrapped, epoch FROM data_key WHERE owner = ? AND version = ?",
      owner,
      version,
    );
    if (row?.epoch !== this.#wrapping.epoch) return undefined;
    const plain = unseal(this.#wrapping.kek, row.wrapped, wrapContext(owner, version, this.#wrapping));
    if (plain?.length !== 2 * keyBytes) return undefined;
    const dataKey = { version, key: Buffer.from(plain.subarray(0, keyBytes)), lookup: Buffer.from(plain.subarray(keyBytes)) };
    plain.fill(0);
    return this.#hold(owner, dataKey);
  }

  #add(owner: string, dataKey: DataKey, wrapping: Wrapping): DataKey {
    this.#db.run(
      "INSERT INTO data_key (owner, version, epoch, wrapped, seals) VALUES (?, ?, ?, ?, 0)",
      owner,
      dataKey.version,
      wrapping.epoch,
      wrap(owner, dataKey, wrapping),
    );
    this.#newestOf.delete(owner);
    return dataKey;
  }

  #hold(owner: string, dataKey: DataKey): DataKey {
    const versions = this.#open.get(owner) ?? new Map<number, DataKey>();
    this.#open.set(owner, versions.set(dataKey.version, dataKey));
    return dataKey;
  }

  #context(place: Place, keyVersion: number): SealContext {
    return { store: this.#wrapping.storeId, keyVersion, ...place };
  }
}

function wrap(owner: string, dataKey: DataKey, wrapping: Wrapping): Buffer {
  const plain = Buffer.concat([dataKey.key, dataKey.lookup]);
  const wrapped = seal(wrapping.kek, plain, wrapContext(owner, dataKey.version, wrapping));
  plain.fill(0);
  return wrapped;
}

function wrapContext(owner: string, version: number, { storeId, epoch }: Wrapping): SealContext {
  return { store: storeId, kind: "data key", owner, id: "", keyVersion: version, revision: epoch };
}

function wipeKey(dataKey: DataKey): void {
  dataKey.key.fill(0);
  dataKey.lookup.fill(0);
}
