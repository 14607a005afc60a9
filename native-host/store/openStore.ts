import { reloadRoot, unlockedRoot } from "../vault/rootKey.ts";
import { openDatabase } from "./database.ts";
import { sealedStore } from "./sealedStore.ts";
import type { OpenOptions, Store } from "./types.ts";

/**
 * Opens this user's store, made on first need with a key of its own. Throws `vaultLocked`, `keyUnavailable`, `keyWrong`,
 * and the store's errors: `storeNewer`, `storeDamaged`, `storeBusy`, `storeUnreadable`, `diskFull`.
 */
export async function openStore(options: OpenOptions, tuning: { sealLimit?: number; patienceMs?: number } = {}): Promise<Store> {
  const db = openDatabase(options.home.store, tuning);
  try {
    const { root, epoch, source, storeId } = await unlockedRoot(db, options);
    const now = options.now ?? Date.now;
    const reload = (): Buffer | undefined => reloadRoot(db, options.home);
    const store = sealedStore({ db, id: storeId, root, epoch, reload, source, now, passive: options.passive, sealLimit: tuning.sealLimit });
    root.fill(0);
    if (options.passive !== true) store.use();
    store.finishShredding();
    store.endOutlived();
    return store;
  } catch (error) {
    db.close();
    throw error;
  }
}
