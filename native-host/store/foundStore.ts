import { SteadError } from "../../shared/errors.ts";
import type { KeySourceKind } from "../../shared/models.ts";
import { firstEpoch, keyCheck, keyEncryptionKey } from "../vault/keys.ts";
import type { StoreDatabase } from "./database.ts";
import { DataKeys, registryOwner } from "./dataKeys.ts";
import { readMeta, recordKey } from "./meta.ts";

export interface FirstKey {
  source: KeySourceKind;
  /** Wiped when it has been recorded. */
  root: Buffer;
  /** JSON, for a passphrase. */
  kdf?: string;
}

/**
 * Gives an empty store its root key. `make` runs while no other process can write, so of several that begin at once one
 * makes the key and the others find it. Does nothing when there is one.
 */
export function foundStore(db: StoreDatabase, make: (storeId: string) => FirstKey): void {
  db.write(() => {
    const { id, source } = readMeta(db);
    if (source !== null) return;
    if (db.get("SELECT 1 FROM data_key") !== undefined) {
      throw new SteadError("storeDamaged", `${db.path} holds sealed data, but not where its key is.`);
    }
    const key = make(id);
    recordKey(db, { source: key.source, keyCheck: keyCheck(key.root, id), ...(key.kdf !== undefined && { kdf: key.kdf }) });
    const keys = new DataKeys(db, { storeId: id, kek: keyEncryptionKey(key.root, id, firstEpoch), epoch: firstEpoch });
    keys.create(registryOwner);
    keys.wipe();
    key.root.fill(0);
  });
}
