import type { Home } from "../home.ts";
import { openExistingDatabase } from "../store/database.ts";
import { readMeta } from "../store/meta.ts";

/** Whether there is a store with a key. A file alone says nothing: it is there before its first key is. */
export function storeIsFounded({ store }: Home): boolean {
  const db = openExistingDatabase(store);
  try {
    return db !== undefined && db.read(() => readMeta(db)).source !== null;
  } finally {
    db?.close();
  }
}
