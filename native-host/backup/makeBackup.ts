import { accessSync, constants, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { SteadError } from "../../shared/errors.ts";
import { copyTables } from "../store/copyTables.ts";
import { openDatabase, openImage, type StoreDatabase } from "../store/database.ts";
import { expectKeyState, recordKey } from "../store/meta.ts";
import { rekey } from "../store/rekey.ts";
import type { OpenOptions } from "../store/types.ts";
import { firstEpoch, keyCheck, keyEncryptionKey } from "../vault/keys.ts";
import { keysOf, recordVault } from "../vault/vaultAudit.ts";
import { type UnlockedRoot, unlockedRoot } from "../vault/rootKey.ts";
import { asWriteError } from "../files.ts";
import { readBackup } from "./readBackup.ts";
import { beginFile, imageLimit, sealParts } from "./sealedFile.ts";
import { expectFree, writeNewFile } from "./writeNewFile.ts";

export interface BackupOptions extends OpenOptions {
  file: string;
  /** Whether a file that is there is replaced. */
  force: boolean;
  /** The backup's own; asked for when nothing else stands in the way. */
  passphrase: () => Promise<string>;
}

export interface Backup {
  /** The absolute path. */
  file: string;
  /** How many rows of items were written, opened again and authenticated. */
  items: number;
}

/**
 * Writes the store, as it is at one moment, to a file of its own keys under a passphrase of its own. It has its name only after
 * everything in it was opened again with that passphrase. Others go on reading and writing meanwhile. Throws what openStore()
 * throws, `fileExists`, `fileUnwritable`, `diskFull`, `usage` for a passphrase that is too short, `storeDamaged` where a part of the
 * store does not open, `tooLarge`.
 */
export async function makeBackup(options: BackupOptions): Promise<Backup> {
  const file = resolve(options.file);
  await expectFree(file, options.force);
  expectFolder(file);
  const db = openDatabase(options.home.store);
  try {
    const live = await unlockedRoot(db, options);
    try {
      // What little room a full disk has left there is not the backup's to take.
      if (statSync(dirname(file)).dev === statSync(dirname(db.path)).dev) db.expectRoom();
      const passphrase = await options.passphrase();
      const { root, header } = await beginFile(passphrase);
      const keys = keysOf(db, { id: live.storeId, epoch: live.epoch }, Buffer.from(live.root));
      const image = imageOf(db.path, live, root);
      const parts = sealParts(image, { root, header });
      let items = 0;
      const check = async (draft: string): Promise<void> => {
        const again = await readBackup(draft, () => Promise.resolve(passphrase));
        items = again.items;
        again.close();
        // It has no name before the audit has a line of it.
        db.write(() => recordVault(db, keys, { by: "cli", action: "backup", now: options.now?.() ?? Date.now() }));
      };
      await writeNewFile(file, parts, { force: options.force, check });
      keys.wipe();
      root.fill(0);
      image.fill(0);
      return { file, items };
    } finally {
      live.root.fill(0);
    }
  } finally {
    db.close();
  }
}

/** The store in memory as the bytes of a SQLite file, sealed with keys of `root`'s alone. */
function imageOf(path: string, live: UnlockedRoot, root: Buffer): Buffer {
  const { storeId, epoch } = live;
  const copy = copyOf(path, live);
  try {
    const from = { storeId, kek: keyEncryptionKey(live.root, storeId, epoch), epoch };
    const { damaged } = rekey(copy, from, { storeId, kek: keyEncryptionKey(root, storeId, firstEpoch), epoch: firstEpoch });
    if (damaged > 0) {
      throw new SteadError("storeDamaged", `The store has ${damaged} damaged records; a backup of it would not be whole.`, {
        hint: "Run stead verify --repair, which saves the rest, and make the backup then.",
      });
    }
    copy.write(() => {
      recordKey(copy, { source: "passphrase", keyCheck: keyCheck(root, storeId) });
      copy.run("UPDATE meta SET epoch = ?, rotating = 0", firstEpoch);
    });
    const image = copy.serialize();
    if (image.length <= imageLimit) return image;
    throw new SteadError("tooLarge", `The store has ${image.length} bytes; a backup holds ${imageLimit} at most.`, {
      hint: "Let go of history with stead history --max-size, or of items with stead forget.",
    });
  } finally {
    copy.close();
  }
}

/** All in one view of the store, through SQLite: whatever others write meanwhile is wholly in it or not at all. */
function copyOf(path: string, { storeId, epoch }: UnlockedRoot): StoreDatabase {
  const copy = openImage();
  try {
    copy.attach(path, "live");
    // It only reads the store: others write there meanwhile.
    copy.read(() => {
      copyTables(copy, { from: "live", to: "main" });
      expectKeyState(copy, { storeId, epoch });
    });
    copy.run("DETACH DATABASE live");
    return copy;
  } catch (error) {
    copy.close();
    throw error;
  }
}

function expectFolder(file: string): void {
  try {
    accessSync(dirname(file), constants.W_OK);
  } catch (error) {
    throw asWriteError(error, file);
  }
}
