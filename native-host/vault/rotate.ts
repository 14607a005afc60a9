import { randomBytes } from "node:crypto";
import { openDatabase, type StoreDatabase } from "../store/database.ts";
import { DataKeys } from "../store/dataKeys.ts";
import { stampUse } from "../store/idleness.ts";
import { expectKeyState, readMeta, recordRotation } from "../store/meta.ts";
import { openStore } from "../store/openStore.ts";
import { dropRetiredKeys, type Resealed, Resealing } from "../store/resealing.ts";
import type { OpenOptions } from "../store/types.ts";
import { giveKeeper } from "./keeperClient.ts";
import { keyBytes, keyCheck, keyEncryptionKey } from "./keys.ts";
import { wrapWithPassphrase } from "./passphrase.ts";
import { settleInside, settleKey, sourceOf, type UnlockedRoot, unlockedRoot } from "./rootKey.ts";
import { recordVault } from "./vaultAudit.ts";

export interface RotateOptions extends OpenOptions {
  /** The new one; asked only where the key source is a passphrase. */
  passphrase: () => Promise<string>;
}

export interface Rotation extends Resealed {
  /** Of the key-encryption key, from now on. */
  epoch: number;
  /** How many data keys were wrapped by the new one. */
  rewrapped: number;
}

/**
 * Gives the store a new root key (with a passphrase as the source: a new passphrase too), and every project new data keys
 * that all is sealed with anew; the old keys are destroyed. A rotation that was cut short is carried on instead of begun.
 * Others go on reading and writing meanwhile. Throws what openStore() throws, and `conflict` when another process rotates.
 *
 * The new root key lies beside the old one before the store depends on it, and the store comes to depend on it in one
 * transaction: wherever this is cut short, the key that opens the store is there.
 */
export async function rotateKey(options: RotateOptions): Promise<Rotation> {
  const rotation = await rotate(options);
  // What the old keys had sealed is in the log still: opening the store empties it.
  (await openStore(options)).close();
  return rotation;
}

async function rotate(options: RotateOptions): Promise<Rotation> {
  const db = openDatabase(options.home.store);
  try {
    let unlocked = await unlockedRoot(db, options);
    let rewrapped = 0;
    if (!db.read(() => readMeta(db)).rotating) {
      const next = await replaceRoot(db, unlocked, options);
      unlocked.root.fill(0);
      unlocked = next;
      rewrapped = next.rewrapped;
    }
    const { storeId, root, epoch } = unlocked;
    const keys = new DataKeys(db, { storeId, kek: keyEncryptionKey(root, storeId, epoch), epoch });
    try {
      // What is kept beside the store: the keeper may have been told of a key that came to nothing.
      if (unlocked.source === "passphrase") await giveKeeper(options.home, root, "only");
      return { epoch, rewrapped, ...resealAll(db, keys, { storeId, now: options.now ?? Date.now }) };
    } finally {
      keys.wipe();
      root.fill(0);
    }
  } finally {
    db.close();
  }
}

/** From here on the store depends on a new root key, which this answers. */
async function replaceRoot(db: StoreDatabase, old: UnlockedRoot, options: RotateOptions): Promise<UnlockedRoot & { rewrapped: number }> {
  const { storeId, source } = old;
  const { home } = options;
  const root = randomBytes(keyBytes);
  const epoch = old.epoch + 1;
  const kdf = source === "passphrase" ? await wrapWithPassphrase(root, await options.passphrase(), storeId) : undefined;
  // The keeper hands out both: others find the one that is right, before the change and after it.
  if (source === "passphrase") await giveKeeper(home, root, "add");
  const rewrapped = db.write(() => {
    expectKeyState(db, { storeId, epoch: old.epoch });
    if (source !== "passphrase") {
      const kept = sourceOf(source, storeId, home);
      settleInside(readMeta(db), kept);
      kept.prepareNext(root);
    }
    const before = new DataKeys(db, { storeId, kek: keyEncryptionKey(old.root, storeId, old.epoch), epoch: old.epoch });
    const kek = keyEncryptionKey(root, storeId, epoch);
    const count = before.renew({ storeId, kek, epoch }, { rewrap: true });
    before.wipe();
    kek.fill(0);
    recordRotation(db, { epoch, keyCheck: keyCheck(root, storeId), kdf });
    return count;
  });
  if (source !== "passphrase") settleKey(db, home);
  return { root, epoch, source, storeId, rewrapped };
}

function resealAll(db: StoreDatabase, keys: DataKeys, { storeId, now }: { storeId: string; now: () => number }): Resealed {
  const total = { resealed: 0, damaged: 0 };
  const resealing = new Resealing(db, keys, keys);
  const state = { storeId, epoch: keys.epoch };
  while (!resealing.done) {
    const { resealed, damaged } = db.write(() => {
      expectKeyState(db, state);
      stampUse(db, Date.now());
      return resealing.step();
    });
    total.resealed += resealed;
    total.damaged += damaged;
  }
  db.write(() => {
    expectKeyState(db, state);
    recordVault(db, keys, { by: "cli", action: "rotate", now: now() });
    dropRetiredKeys(db);
    db.run("UPDATE meta SET rotating = 0, shredding = 1");
  });
  return total;
}
