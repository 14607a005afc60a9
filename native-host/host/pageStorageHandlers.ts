import type { pageStorageMethods } from "../../shared/protocol/pageStorage.ts";
import type { Handlers } from "../../shared/wire/table.ts";
import type { HeldStore } from "./heldStore.ts";

/** The protocol's methods of page storage on the held store: one function each. */
export function pageStorageHandlers(held: HeldStore): Handlers<typeof pageStorageMethods> {
  return {
    "storage.delta": (request) => held.use((store) => store.changeOrigin(request)),
    "storage.compare": (request) => held.use((store) => store.compareOrigin(request)),
    "storage.update": (place) => held.use((store) => store.originUpdate(place)),
    "storage.synced": (request) =>
      held.use((store) => {
        store.setOriginSynced(request);
        return {};
      }),
    "storage.reset": (container) =>
      held.use((store) => {
        store.resetOrigins(container);
        return {};
      }),
    "storage.gaps": (request) =>
      held.use((store) => {
        store.setGaps(request);
        return {};
      }),
    "storage.pending": ({ instance }) => held.use((store) => ({ pending: store.pendingOrigins(instance) })),
  };
}
