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
    "project.add": async (params) => registryWritten(await session.store("project.add", params)),
    "project.update": async (params) => registryWritten(await session.store("project.update", params)),
    "project.remove": async (params) => registryWritten(await session.store("project.remove", { ...params, instance: session.status()?.id })),
    "active.set": async (params) => registryWritten(await session.store("active.set", params)),
    "rules.since": (params) => session.store("rules.since", params),
    "rules.change": async (params) => registryWritten(await session.store("rules.change", params)),
    "lease.revoke": async (params) => registryWritten(await session.store("lease.revoke", { ...params, instance: session.status()?.id })),
    "settings.set": async (params) => registryWritten(await session.store("settings.set", params)),
    "link.read": (params) => session.store("link.read", params),
    "state.delta": async (params) => stateWritten(await session.store("state.delta", params)),
    "state.reconcile": async (params) => stateWritten(await session.store("state.reconcile", params)),
    "state.synced": (params) => session.store("state.synced", params),
    "storage.delta": async (params) => stateWritten(await session.store("storage.delta", params)),
    "storage.compare": async (params) => {
      const answer = await session.store("storage.compare", params);
      // Its revision is the origin's, and may be older than the removals that it told of.
      if (params.marks.some(({ removed }) => removed)) session.somethingWritten();
      return answer;
    },
    "storage.update": (params) => session.store("storage.update", params),
    "storage.synced": (params) => session.store("storage.synced", params),
    "storage.reset": (params) => session.store("storage.reset", params),
    "storage.gaps": (params) => session.store("storage.gaps", params),
    "storage.pending": (params) => session.store("storage.pending", params),
  };

  /** What a person has done. */
  function registryWritten<Answer>(answer: Answer): Answer {
    session.used();
    session.registryWritten();
    return answer;
  }

  function stateWritten<Answer extends { revision: number }>(answer: Answer): Answer {
    session.stateWritten(answer.revision);
    return answer;
  }
}
