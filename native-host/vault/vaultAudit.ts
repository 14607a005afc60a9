import { SteadError } from "../../shared/errors.ts";
import { Audit, type AuditAction } from "../store/audit.ts";
import { unnamedLine } from "../store/auditLines.ts";
import type { StoreDatabase } from "../store/database.ts";
import { DataKeys, registryOwner } from "../store/dataKeys.ts";
import type { Meta } from "../store/meta.ts";
import { keyEncryptionKey } from "./keys.ts";

/** The store's keys, of the root key given, to audit what happens to the vault; the root key is wiped. */
export function keysOf(db: StoreDatabase, { id, epoch }: Pick<Meta, "id" | "epoch">, root: Buffer): DataKeys {
  const keys = new DataKeys(db, { storeId: id, kek: keyEncryptionKey(root, id, epoch), epoch });
  root.fill(0);
  return keys;
}

/** A line about the vault, in a transaction of the caller's. Without it when it cannot be written: a vault must lock whatever is damaged. */
export function recordVault(db: StoreDatabase, keys: DataKeys, access: { by: string; action: Extract<AuditAction, "lock" | "unlock" | "rotate" | "backup">; now: number }): void {
  try {
    new Audit(db, keys).record(registryOwner, { ...access, lines: [unnamedLine(0)] });
  } catch (error) {
    if (!(error instanceof SteadError) || error.code !== "storeDamaged") throw error;
  }
}
