import type { Registry } from "../../shared/protocol/store.ts";
import type { Handlers } from "../../shared/wire/table.ts";
import type { Store } from "../store/types.ts";
import type { HeldStore } from "./heldStore.ts";
import { pageStorageHandlers } from "./pageStorageHandlers.ts";
import { storeHandlers } from "./storeHandlers.ts";
import type { workerMethods } from "./workerMethods.ts";

/** What the store worker answers: one function per method. */
export function workerHandlers(held: HeldStore): Handlers<typeof workerMethods> {
  return {
    ...storeHandlers(held),
    ...pageStorageHandlers(held),
    open: async ({ again }) => {
      if (again) await held.close();
      const { vault, answer } = await held.look(contents);
      return { vault, ...(answer ?? nothing) };
    },
    meet: async ({ instance, browser }) => {
      const { vault, answer } = await held.look((store) => {
        const { name } = store.meetInstance(instance, browser);
        // Stays pending until the extension says that it has switched (active.set).
        const { pending, project } = store.active();
        return { ...contents(store), name, apply: pending ? project : null };
      });
      return { vault, ...(answer ?? { ...nothing, name: null, apply: null }) };
    },
    updates: ({ instance }) => held.use((store) => ({ updates: store.updatesFor(instance) })),
    use: () =>
      held.use((store) => {
        store.use();
        return {};
      }),
    tend: async () => ({ tended: (await held.tend()) ?? null }),
    revision: () => held.use((store) => ({ revision: store.revision() })),
    close: async () => {
      await held.close();
      return {};
    },
  };
}

const nothing = { registry: null, revision: null };

function contents(store: Store): { registry: Registry; revision: number } {
  return { registry: store.registry(), revision: store.revision() };
}
