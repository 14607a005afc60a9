import type { KeySourceKind } from "../../shared/models.ts";
import { instanceMarks } from "../store/instanceMarks.ts";
import { recordKey } from "../store/meta.ts";
import { rekey } from "../store/rekey.ts";
import { firstEpoch, keyCheck, keyEncryptionKey } from "../vault/keys.ts";
import type { OpenBackup } from "./readBackup.ts";

/** What a store is when it has been restored. */
export interface Successor {
  storeId: string;
  root: Buffer;
  source: KeySourceKind;
  /** JSON, for a passphrase. */
  kdf: string | undefined;
}

/**
 * Makes the backup's copy, in memory, the store that is to be: of its own keys, without leases, since a token of before must not
 * be good again, and without a word of how far each Firefox was, so that each compares its containers with all of it.
 */
export function makeSuccessor({ db, store, ...backup }: OpenBackup, { storeId, root, source, kdf }: Successor): void {
  for (const { id } of store.registry().projects) store.revokeLease(id, { by: "cli" });
  const from = { storeId: backup.storeId, kek: keyEncryptionKey(backup.root, backup.storeId, backup.epoch), epoch: backup.epoch };
  rekey(db, from, { storeId, kek: keyEncryptionKey(root, storeId, firstEpoch), epoch: firstEpoch });
  db.write(() => {
    recordKey(db, { source, keyCheck: keyCheck(root, storeId), ...(kdf !== undefined && { kdf }) });
    db.run("UPDATE meta SET id = ?, epoch = ?, locked = 0, rotating = 0, shredding = 1, revision = revision + 1", storeId, firstEpoch);
    db.run("UPDATE meta SET restored = revision");
    for (const table of instanceMarks(db)) db.run(`DELETE FROM ${table}`);
    // Not even of what it wrote itself may an instance be thought to have it still.
    db.run(
      `INSERT INTO instance_sync (instance, project_id, revision, emptied)
       SELECT instance.id, project.id, 0, meta.revision FROM instance CROSS JOIN project CROSS JOIN meta`,
    );
  });
}
