import { SteadError } from "../../shared/errors.ts";
import { KeySourceKind } from "../../shared/models.ts";
import type { KeySourceKind as KeySource } from "../../shared/models.ts";
import type { StoreDatabase } from "./database.ts";
import type { Idleness } from "./idleness.ts";

/** What a store says of itself without any key. */
export interface Meta extends Idleness {
  id: string;
  revision: number;
  /** Null until the store has a root key. */
  source: KeySource | null;
  keyCheck: Buffer | null;
  /** JSON, where the root key is wrapped by a passphrase. */
  kdf: string | null;
  locked: boolean;
  /** Of the key-encryption key; grows with every rotation. */
  epoch: number;
  /** Whether a rotation was begun and not finished. */
  rotating: boolean;
}

/** What every transaction must know of the keys. */
export interface KeyState extends Idleness {
  id: string;
  epoch: number;
  locked: boolean;
}

export function readMeta(db: StoreDatabase): Meta {
  const row = db.get<{
    id: string; revision: number; source: string | null; key_check: Buffer | null; kdf: string | null; locked: number; epoch: number; rotating: number;
    lockAfter: number | null; used: number | null;
  }>("SELECT id, revision, source, key_check, kdf, locked, epoch, rotating, lock_after AS lockAfter, used FROM meta");
  if (!row) throw damaged(db);
  const source = row.source === null ? null : KeySourceKind.safeParse(row.source);
  if (source?.success === false) throw damaged(db);
  return {
    id: row.id,
    revision: row.revision,
    source: source && source.data,
    keyCheck: row.key_check,
    kdf: row.kdf,
    locked: row.locked !== 0,
    epoch: row.epoch,
    rotating: row.rotating !== 0,
    lockAfter: row.lockAfter,
    used: row.used,
  };
}

export function readKeyState(db: StoreDatabase): KeyState {
  const row = db.get<{ id: string; epoch: number; locked: number; lockAfter: number | null; used: number | null }>(
    "SELECT id, epoch, locked, lock_after AS lockAfter, used FROM meta",
  );
  if (!row) throw damaged(db);
  return { ...row, locked: row.locked !== 0 };
}

/** Throws `vaultLocked`, and `conflict` when another process has changed the keys. In a transaction of the caller's. */
export function expectKeyState(db: StoreDatabase, { storeId, epoch }: { storeId: string; epoch: number }): void {
  const state = readKeyState(db);
  if (state.locked) throw new SteadError("vaultLocked", "The vault was locked meanwhile.");
  if (state.epoch === epoch && state.id === storeId) return;
  throw new SteadError("conflict", "Another process changes the store's keys.", { hint: "Wait until it is done; nothing was changed here." });
}

/** Records the root key a store now has; in one transaction with the key's making. */
export function recordKey(db: StoreDatabase, key: { source: KeySource; keyCheck: Buffer; kdf?: string }): void {
  db.run("UPDATE meta SET source = ?, key_check = ?, kdf = ?", key.source, key.keyCheck, key.kdf ?? null);
}

/** The store depends on another root key from now on; in one transaction with the wrapping of its data keys. */
export function recordRotation(db: StoreDatabase, key: { epoch: number; keyCheck: Buffer; kdf?: string | undefined }): void {
  db.run("UPDATE meta SET epoch = ?, key_check = ?, kdf = ?, rotating = 1", key.epoch, key.keyCheck, key.kdf ?? null);
}

/** Both are a use of the vault. `now` in milliseconds since 1970. */
export function setLocked(db: StoreDatabase, locked: boolean, now: number): void {
  db.run("UPDATE meta SET locked = ?, used = ?", locked ? 1 : 0, now);
}

export function readRevision(db: StoreDatabase): number {
  const row = db.get<{ revision: number }>("SELECT revision FROM meta");
  if (!row) throw damaged(db);
  return row.revision;
}

/** The first revision since a backup was restored; 0 when none ever was. */
export function readRestored(db: StoreDatabase): number {
  return db.get<{ restored: number }>("SELECT restored FROM meta")?.restored ?? 0;
}

/** The revision that a change in this transaction takes. */
export function nextRevision(db: StoreDatabase): number {
  const row = db.get<{ revision: number }>("UPDATE meta SET revision = revision + 1 RETURNING revision");
  if (!row) throw damaged(db);
  return row.revision;
}

function damaged(db: StoreDatabase): SteadError {
  return new SteadError("storeDamaged", `${db.path} does not say what it is.`);
}
