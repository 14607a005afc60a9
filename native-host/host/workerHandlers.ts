import { SteadError } from "../../shared/errors.ts";
import type { Project } from "../../shared/models.ts";
import type { Registry } from "../../shared/protocol/store.ts";
import type { Handlers } from "../../shared/wire/table.ts";
import type { Store } from "../store/types.ts";
import type { HeldStore } from "./heldStore.ts";
import { storeHandlers } from "./storeHandlers.ts";
import type { workerMethods } from "./workerMethods.ts";

/** What the store worker answers: one function per method. */
export function workerHandlers(held: HeldStore): Handlers<typeof workerMethods> {
  return {
    ...storeHandlers(held),
    open: async ({ again }) => {
      if (again) await held.close();
      const { vault, answer } = await held.look(contents);
      return { vault, ...(answer ?? nothing) };
    },
    meet: async ({ instance, browser, made }) => {
      const { vault, answer } = await held.look((store) => {
        takeIn(store, made);
        const { name } = store.meetInstance(instance, browser);
        // Stays pending until the extension says that it has switched (active.set).
        const { pending, project } = store.active();
        return { ...contents(store), name, apply: pending ? project : null };
      });
      return { vault, ...(answer ?? { ...nothing, name: null, apply: null }) };
    },
    updates: ({ instance }) => held.use((store) => ({ updates: store.updatesFor(instance) })),
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

/** Of two projects with one name the store's stands: the instance finds it in the registry. */
function takeIn(store: Store, made: readonly Project[]): void {
  const { projects, removed } = store.registry();
  const settled = new Set([...projects.map(({ id }) => id), ...removed]);
  for (const project of made) {
    if (settled.has(project.id)) continue;
    try {
      store.addProject(project);
    } catch (error) {
      if (!(error instanceof SteadError && error.code === "projectExists")) throw error;
    }
  }
}
