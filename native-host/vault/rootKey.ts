import { SteadError } from "../../shared/errors.ts";
import type { KeySourceKind } from "../../shared/models.ts";
import type { Home } from "../home.ts";
import type { StoreDatabase } from "../store/database.ts";
import { type FirstKey, foundStore } from "../store/foundStore.ts";
import { type Meta, readMeta } from "../store/meta.ts";
import type { OpenOptions } from "../store/types.ts";
import { chosenSource, expectSource } from "./chosenSource.ts";
import { askKeeper } from "./keeperClient.ts";
import { keychain } from "./keychain.ts";
import { keyFile } from "./keyFile.ts";
import { passesCheck } from "./keys.ts";
import type { KeySource } from "./keySource.ts";

export interface UnlockedRoot {
  /** The caller's to wipe. */
  root: Buffer;
  source: KeySourceKind;
  storeId: string;
}

/**
 * The store's root key, without asking anyone; an empty store is given one. Throws `vaultLocked`, `keyUnavailable` when
 * the key of a store with data is not there, `keyWrong` when it is another one. A new key is made for an empty store only.
 */
export async function unlockedRoot(db: StoreDatabase, options: OpenOptions): Promise<UnlockedRoot> {
  let meta = db.read(() => readMeta(db));
  if (meta.source === null) {
    foundStore(db, (storeId) => firstKey(storeId, options));
    meta = db.read(() => readMeta(db));
  }
  if (meta.source === null) throw new SteadError("internal", "The store was given no key.");
  expectSource(options.env, meta.source);
  if (meta.locked) throw new SteadError("vaultLocked", "The vault is locked.");
  const root = await loadRoot(meta, meta.source, options.home);
  return { root, source: meta.source, storeId: meta.id };
}

/** The recorded root key from where it lies, checked. Throws `vaultLocked`, `keyUnavailable`, `keyWrong`. */
export async function loadRoot(meta: Meta, source: KeySourceKind, home: Home): Promise<Buffer> {
  const root = source === "passphrase" ? await askKeeper(home) : sourceOf(source, meta.id, home).load();
  if (root === undefined) throw missing(source, home);
  return expectCheck(root, meta);
}

/** Throws `keyWrong`, and wipes the key, when it is not this store's. */
export function expectCheck(root: Buffer, meta: Meta): Buffer {
  if (meta.keyCheck && passesCheck(root, meta.id, meta.keyCheck)) return root;
  root.fill(0);
  throw new SteadError("keyWrong", "The key that was found is not the one this store was sealed with.");
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
  options.warn?.(
    `${chosen === "file" ? "" : "No keychain could be reached. "}The key of the store is kept in the file ${home.keyFile}: ` +
      "whoever can read this user's files can read the store. Set STEAD_KEYSTORE=passphrase before the first use for more.",
  );
  return key;
}

/** A key that is there already was made by a run that ended before the store could record it. */
function loadOrCreate(source: KeySource): FirstKey {
  return { source: source.kind, root: source.load() ?? source.create() };
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
