import type { StoreDatabase } from "./database.ts";
import { DataKeys, type Wrapping } from "./dataKeys.ts";
import { dropRetiredKeys, type Resealed, Resealing } from "./resealing.ts";

/**
 * Seals all of a copy of a store with new data keys, of another root key and, if need be, for another store id; nothing in it
 * depends on the old ones then. Look-up keys stay. Not for a store that others use: it is one transaction.
 */
export function rekey(db: StoreDatabase, from: Wrapping, to: Wrapping): Resealed {
  return db.write(() => {
    const [before, after] = [new DataKeys(db, from), new DataKeys(db, to)];
    try {
      before.renew(to, { rewrap: false });
      const total = { resealed: 0, damaged: 0 };
      const resealing = new Resealing(db, before, after);
      while (!resealing.done) {
        const { resealed, damaged } = resealing.step();
        total.resealed += resealed;
        total.damaged += damaged;
      }
      dropRetiredKeys(db);
      return total;
    } finally {
      before.wipe();
      after.wipe();
    }
  });
}
