import { SteadError } from "../../shared/errors.ts";
import type { KeySourceKind } from "../../shared/models.ts";
import type { Home } from "../home.ts";
import type { StoreDatabase } from "../store/database.ts";
import { type FirstKey, foundStore } from "../store/foundStore.ts";
import { idleLocked, isIdle } from "../store/idleness.ts";
import { type Meta, readMeta } from "../store/meta.ts";
import type { OpenOptions } from "../store/types.ts";
import { chosenSource, expectSource } from "./chosenSource.ts";
import { lockWhenIdle } from "./idleLock.ts";
import { askKeeper } from "./keeperClient.ts";
import { keychain } from "./keychain.ts";
import { keyFile } from "./keyFile.ts";
import { passesCheck } from "./keys.ts";
import type { KeySource } from "./keySource.ts";

export interface UnlockedRoot {
  /** The caller's to wipe. */
  root: Buffer;
  /** Of the key-encryption key. */
  epoch: number;
  source: KeySourceKind;
  storeId: string;
}

/** A rotation by another process may come between two looks; more than that is no coincidence. */
const looks = 3;

/**
 * The store's root key, without asking anyone; an empty store is given one. Throws `vaultLocked`, `keyUnavailable` when
 * the key of a store with data is not there, `keyWrong` when it is another one. A new key is made for an empty store only.
 */
export async function unlockedRoot(db: StoreDatabase, options: OpenOptions): Promise<UnlockedRoot> {
  if (db.read(() => readMeta(db)).source === null) foundStore(db, (storeId) => firstKey(storeId, options));
  for (let look = 1; ; look++) {
    const meta = db.read(() => readMeta(db));
    if (meta.source === null) throw new SteadError("internal", "The store was given no key.");
    expectSource(options.env, meta.source);
    if (meta.locked) throw new SteadError("vaultLocked", "The vault is locked.");
    // Nobody has had a look since: the machine slept, or no process was there.
    const now = (options.now ?? Date.now)();
    if (isIdle(meta, now) && (await lockWhenIdle(db, options.home, now)).kind === "locked") throw idleLocked(meta);
    try {
      const { root, isBeside } = await findRoot(meta, meta.source, options.home);
      if (isBeside) settleQuietly(db, options.home);
      return { root, epoch: meta.epoch, source: meta.source, storeId: meta.id };
    } catch (error) {
      if (look === looks || !(error instanceof SteadError) || !["keyWrong", "keyUnavailable", "vaultLocked"].includes(error.code)) throw error;
    }
  }
}

/** The recorded root key from where it lies, checked. Throws `vaultLocked`, `keyUnavailable`, `keyWrong`. */
export async function loadRoot(meta: Meta, source: KeySourceKind, home: Home): Promise<Buffer> {
  return (await findRoot(meta, source, home)).root;
}

/** `isBeside`: where the second key lies, after a rotation that was cut short. */
async function findRoot(meta: Meta, source: KeySourceKind, home: Home): Promise<{ root: Buffer; isBeside: boolean }> {
  const keys = source === "passphrase" ? await askKeeper(home) : lying(source, meta, home);
  const root = pickRoot(keys ?? [], meta);
  if (root) return { root, isBeside: source !== "passphrase" && root !== keys?.[0] };
  if (source === "passphrase" || keys === undefined || keys.length === 0) throw missing(source, home);
  throw wrong();
}

/** As loadRoot() for the store's present key, at once; undefined where it is not to be had so. In a transaction of the caller's. */
export function reloadRoot(db: StoreDatabase, home: Home): Buffer | undefined {
  const meta = readMeta(db);
  if (meta.source === null || meta.source === "passphrase") return undefined;
  return pickRoot(lying(meta.source, meta, home), meta);
}

/** The one of these keys that is the store's; the others are wiped. */
export function pickRoot(keys: readonly Buffer[], { id, keyCheck }: Meta): Buffer | undefined {
  const root = keys.find((key) => keyCheck && passesCheck(key, id, keyCheck));
  for (const key of keys) if (key !== root) key.fill(0);
  return root;
}

/**
 * The key that lies beside in the source takes the first one's place, if it is the store's: so a rotation ends that was cut
 * short after the store had come to depend on it. Under the write lock, as everything that changes what lies there.
 */
export function settleKey(db: StoreDatabase, home: Home): void {
  db.write(
    () => {
      const meta = readMeta(db);
      if (meta.source !== null && meta.source !== "passphrase") settleInside(meta, sourceOf(meta.source, meta.id, home));
    },
    { frees: true },
  );
}

/** As settleKey(), in a write transaction of the caller's. */
export function settleInside(meta: Meta, keys: KeySource): void {
  const next = pickRoot([keys.loadNext()].flatMap((key) => key ?? []), meta);
  if (!next) return;
  next.fill(0);
  keys.promoteNext();
}

/** As far as it can be done: whoever opens the store finds the key where it lies. */
function settleQuietly(db: StoreDatabase, home: Home): void {
  try {
    settleKey(db, home);
  } catch (error) {
    if (!(error instanceof SteadError)) throw error;
  }
}

/** What lies in the source, the first key first. */
function lying(source: KeySource["kind"], meta: Meta, home: Home): Buffer[] {
  const keys = sourceOf(source, meta.id, home);
  const first = keys.load();
  if (first && meta.keyCheck && passesCheck(first, meta.id, meta.keyCheck)) return [first];
  return [first, keys.loadNext()].flatMap((key) => key ?? []);
}

/** Throws `keyWrong`, and wipes the key, when it is not this store's. */
export function expectCheck(root: Buffer, meta: Meta): Buffer {
  if (meta.keyCheck && passesCheck(root, meta.id, meta.keyCheck)) return root;
  root.fill(0);
  throw wrong();
}

export function sourceOf(kind: KeySource["kind"], storeId: string, home: Home): KeySource {
  return kind === "keychain" ? keychain(storeId) : keyFile(home.keyFile);
}

function firstKey(storeId: string, options: OpenOptions): FirstKey {
  const { home } = options;
  const chosen = chosenSource(options.env);
  if (chosen === "passphrase") {
    throw new SteadError("vaultLocked", "This new store is to be protected by a passphrase, and none was chosen yet.", {
      hint: "Run stead unlock to choose the passphrase.",
    });
  }
  if (chosen !== "file") {
    try {
      return loadOrCreate(sourceOf("keychain", storeId, home));
    } catch (error) {
      if (chosen === "keychain" || !(error instanceof SteadError) || error.code !== "keyUnavailable") throw error;
    }
  }
  const key = loadOrCreate(sourceOf("file", storeId, home));
  warnOfKeyFile(options);
  return key;
}

/** Says that the key of a new store lies in a file. */
export function warnOfKeyFile({ home, env, warn }: OpenOptions): void {
  warn?.(
    `${chosenSource(env) === "file" ? "" : "No keychain could be reached. "}The key of the store is kept in the file ${home.keyFile}: ` +
      "whoever can read this user's files can read the store. Set STEAD_KEYSTORE=passphrase before the first use for more.",
  );
}

/** A key that is there already was made by a run that ended before the store could record it. */
function loadOrCreate(source: KeySource): FirstKey {
  return { source: source.kind, root: source.load() ?? source.create() };
}

function wrong(): SteadError {
  return new SteadError("keyWrong", "The key that was found is not the one this store was sealed with.");
}

function missing(source: KeySourceKind, home: Home): SteadError {
  switch (source) {
    case "passphrase":
      return new SteadError("vaultLocked", "The vault is locked: its passphrase was not given since the last start.");
    case "keychain":
      return new SteadError("keyUnavailable", "The keychain has no key for this store, and the store holds data.");
    case "file":
      return new SteadError("keyUnavailable", `The key file ${home.keyFile} is missing, and the store holds data.`);
  }
}
