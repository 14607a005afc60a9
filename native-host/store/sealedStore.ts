import { readRevision } from "./meta.ts";
import { auditMethods } from "./methods/auditMethods.ts";
import { endingMethods } from "./methods/endingMethods.ts";
import { historyMethods } from "./methods/historyMethods.ts";
import { leaseMethods } from "./methods/leaseMethods.ts";
import { pageMethods } from "./methods/pageMethods.ts";
import { projectMethods } from "./methods/projectMethods.ts";
import { repairMethods } from "./methods/repairMethods.ts";
import { ruleMethods } from "./methods/ruleMethods.ts";
import { stateMethods } from "./methods/stateMethods.ts";
import { syncMethods } from "./methods/syncMethods.ts";
import { vaultMethods } from "./methods/vaultMethods.ts";
import { type StoreOpening, storeParts } from "./storeParts.ts";
import type { Store } from "./types.ts";

export interface SealedStore extends Store {
  /** For whoever opens it: what could not be shredded before it was closed. */
  finishShredding(): void;
}

/** The store as the rest of Stead sees it: who may call, in which transaction; the parts do the work. Use openStore(). */
export function sealedStore(opening: StoreOpening): SealedStore {
  const parts = storeParts(opening);
  const { db, id, keys, finishShredding } = parts;
  let isClosed = false;
  return {
    path: db.path,
    id,
    revision: () => db.read(() => readRevision(db)),
    ...vaultMethods(parts),
    ...projectMethods(parts),
    ...ruleMethods(parts),
    ...stateMethods(parts),
    ...historyMethods(parts),
    ...leaseMethods(parts),
    ...endingMethods(parts),
    ...auditMethods(parts),
    ...syncMethods(parts),
    ...pageMethods(parts),
    ...repairMethods(parts),
    finishShredding,
    close() {
      if (isClosed) return;
      isClosed = true;
      keys.wipe();
      db.close();
    },
  };
}
