import type { hostMethods } from "../../shared/protocol/extensionHost.ts";
import type { Handlers } from "../../shared/wire/table.ts";
import type { Session } from "./session.ts";

/** What the extension may ask: one function per method. No answer waits for other hosts. */
export function extensionHandlers(session: Session): Handlers<typeof hostMethods> {
  return {
    connect: (request) => session.connect(request),
    "instance.changed": (change) => {
      session.changeInstance(change);
      return {};
    },
    registry: () => session.store("registry", {}),
    "project.add": async (params) => {
      const result = await session.store("project.add", params);
      session.registryWritten();
      return result;
    },
    "project.update": async (params) => {
      const result = await session.store("project.update", params);
      session.registryWritten();
      return result;
    },
    "project.remove": async (params) => {
      const result = await session.store("project.remove", params);
      session.registryWritten();
      return result;
    },
    "active.set": async (params) => {
      const result = await session.store("active.set", params);
      session.registryWritten();
      return result;
    },
    "state.delta": async (params) => {
      const result = await session.store("state.delta", params);
      session.stateWritten(result.revision);
      return result;
    },
    "state.reconcile": async (params) => {
      const result = await session.store("state.reconcile", params);
      session.stateWritten(result.revision);
      return result;
    },
    "state.synced": (params) => session.store("state.synced", params),
  };
}
