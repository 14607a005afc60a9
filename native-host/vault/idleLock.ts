import type { Home } from "../home.ts";
import { openExistingDatabase, type StoreDatabase } from "../store/database.ts";
import { idleAt, type Idleness, isIdle, lockIfIdle } from "../store/idleness.ts";
import { readMeta } from "../store/meta.ts";
import { dismissKeeper } from "./keeperClient.ts";

/** What a look at the time without use has come to. */
export type IdleLook =
  | { kind: "locked" }
  /** In how many milliseconds it will be locked unless it is used; null for never. */
  | { kind: "open"; wait: number | null };

/**
 * Looks whether the vault was not used for too long, and locks it then as `stead lock` does: for every process, and for good
 * until it is unlocked. Whoever looks first does it. `now` in milliseconds since 1970.
 */
export async function lockWhenIdle(db: StoreDatabase, home: Home, now: number): Promise<IdleLook> {
  const look = lookAtIdle(db, now);
  if (look.kind === "locked" && db.read(() => readMeta(db)).source === "passphrase") await dismissKeeper(home);
  return look;
}

/** As lockWhenIdle(), for the store of a home. */
export function lockHomeWhenIdle(home: Home, now: number): Promise<IdleLook> {
  return inHome(home, (db) => lockWhenIdle(db, home, now));
}

/** As lockHomeWhenIdle(), without a word to the keeper, whose own look this is. */
export function lookInHome(home: Home, now: number): Promise<IdleLook> {
  return inHome(home, (db) => Promise.resolve(lookAtIdle(db, now)));
}

async function inHome(home: Home, look: (db: StoreDatabase) => Promise<IdleLook>): Promise<IdleLook> {
  const db = openExistingDatabase(home.store);
  if (!db) return { kind: "open", wait: null };
  try {
    return await look(db);
  } finally {
    db.close();
  }
}

function lookAtIdle(db: StoreDatabase, now: number): IdleLook {
  const meta = db.read(() => readMeta(db));
  if (meta.locked) return { kind: "locked" };
  if (!isIdle(meta, now)) return open(meta, now);
  // Another process may have used it in between, or locked it.
  if (db.write(() => lockIfIdle(db, now), { frees: true })) return { kind: "locked" };
  return open(db.read(() => readMeta(db)), now);
}

function open(idleness: Idleness, now: number): IdleLook {
  const at = idleAt(idleness);
  return { kind: "open", wait: at === null ? null : at - now };
}
