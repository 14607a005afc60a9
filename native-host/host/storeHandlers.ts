import type { storeMethods } from "../../shared/protocol/store.ts";
import type { Handlers } from "../../shared/wire/table.ts";
import type { HeldStore } from "./heldStore.ts";

/** The protocol's store methods on the held store: one function each. */
export function storeHandlers(held: HeldStore): Handlers<typeof storeMethods> {
  return {
    registry: () => held.use((store) => store.registry()),
    "project.add": (project) => held.use((store) => ({ project: store.addProject(project) })),
    "project.update": ({ id, patch }) => held.use((store) => ({ project: store.updateProject(id, patch) })),
    "project.remove": ({ id, instance }) => held.use((store) => ({ removed: store.removeProject(id, { by: instance ?? "firefox" }) })),
    "active.set": ({ project, at, pending }) =>
      held.use((store) => {
        store.setActive({ project, at, pending: pending ?? false });
        return {};
      }),
    "rules.since": ({ store: known, since }) => held.use((store) => store.rulesSince(known, since)),
    "rules.change": (change) => held.use((store) => store.changeRules(change)),
    "lease.revoke": ({ project, instance }) =>
      held.use((store) => {
        const lease = store.revokeLease(project, { by: instance ?? "firefox" });
        return { revoked: lease ? { project, holder: lease.holder, expiresAt: lease.expiresAt } : null };
      }),
    "settings.set": (patch) => held.use((store) => ({ settings: store.setSettings(patch) })),
    "link.read": ({ link }) => held.use((store) => store.readLink(link)),
    "state.delta": ({ instance, project, changes }) =>
      held.use((store) => ({ revision: store.write(project, changes, { by: instance }).revision })),
    "state.reconcile": (request) => held.use((store) => store.reconcile(request)),
    "state.synced": ({ instance, project, revision }) =>
      held.use((store) => {
        store.setSynced(instance, project, revision);
        return {};
      }),
  };
}
