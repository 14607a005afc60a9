import type { VaultStatus } from "../../../shared/models.ts";
import type { Store } from "../../store/types.ts";
import type { InstallEnvironment } from "../environment.ts";
import { type Check, failed, passed } from "./check.ts";
import { failedBy } from "./failedBy.ts";

interface Reach {
  storeIsFounded(): Promise<boolean>;
  store(): Promise<Store>;
}

/** Opens the store that is there and decrypts every row: SQLite's own check misses most flipped bits. Makes none. */
export async function checkStore({ home }: InstallEnvironment, vault: VaultStatus | undefined, reach: Reach): Promise<Check[]> {
  try {
    if (!(await reach.storeIsFounded())) return [passed("store", `${home.store} is made with the first project`)];
    if (vault?.state === "locked") {
      return [failed("store", `${home.store} is there, and cannot be examined while the vault is locked.`, "Run stead unlock, then stead doctor.")];
    }
    const store = await reach.store();
    return [passed("store", `${store.path}, revision ${store.revision()}`), checkItems(store)];
  } catch (error) {
    return [failedBy("store", error)];
  }
}

function checkItems(store: Store): Check {
  const { items, damaged } = store.verify();
  if (damaged.length === 0) return passed("items", `${items} read and authenticated`);
  const what = damaged.map(({ reason, count }) => `${reason} (${count})`).join(", ");
  return failed("items", `Damaged: ${what}.`, "Run stead verify to see what, and stead verify --repair to save the rest; stead backup restore brings a backup back.");
}
