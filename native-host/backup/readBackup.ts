import { readDocument } from "../files.ts";
import { openImage, type StoreDatabase } from "../store/database.ts";
import { readMeta } from "../store/meta.ts";
import { sealedStore } from "../store/sealedStore.ts";
import type { Store } from "../store/types.ts";
import { passesCheck } from "../vault/keys.ts";
import { SteadError } from "../../shared/errors.ts";
import { damaged, fileLimit, openHeader, openParts } from "./sealedFile.ts";

/** A backup in memory, every part of it opened and authenticated. */
export interface OpenBackup {
  db: StoreDatabase;
  /** The store in it, on the same database. */
  store: Store;
  storeId: string;
  root: Buffer;
  epoch: number;
  /** How many rows of items there are. */
  items: number;
  /** Forgets all of it. */
  close(): void;
}

/** Reads and verifies all of a backup. Throws `fileUnreadable`, `fileFormat`, `keyWrong`, `backupDamaged`, `storeNewer`. */
export async function readBackup(file: string, passphrase: () => Promise<string>): Promise<OpenBackup> {
  const bytes = await readDocument(file, fileLimit);
  const { root, header } = await openHeader(bytes, passphrase);
  let image: Buffer | undefined;
  try {
    image = openParts(bytes, { root, header });
    return openVerified(image, root);
  } catch (error) {
    root.fill(0);
    if (!(error instanceof SteadError)) throw error;
    if (error.code === "storeDamaged") throw damaged("The store in the backup is damaged.", error);
    if (error.code === "storeNewer") throw new SteadError("storeNewer", "The store in the backup is of a newer version than this Stead reads.", { cause: error });
    throw error;
  } finally {
    image?.fill(0);
  }
}

function openVerified(image: Buffer, root: Buffer): OpenBackup {
  const db = openImage(image);
  try {
    const { id: storeId, epoch, keyCheck } = db.read(() => readMeta(db));
    if (!keyCheck || !passesCheck(root, storeId, keyCheck)) throw damaged("The key of the backup is not the one that its store was sealed with.");
    const store = sealedStore({ db, id: storeId, root, epoch, reload: () => undefined, source: "passphrase", now: Date.now });
    const verified = store.verify();
    if (verified.damaged.length > 0) throw damaged("Not everything in the backup opens.");
    return {
      db, store, storeId, root, epoch,
      items: verified.items,
      close() {
        root.fill(0);
        store.close();
      },
    };
  } catch (error) {
    db.close();
    throw error;
  }
}
