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
    "project.remove": async (params) => registryWritten(await session.store("project.remove", params)),
    "active.set": async (params) => registryWritten(await session.store("active.set", params)),
    "rules.since": (params) => session.store("rules.since", params),
    "rules.change": async (params) => registryWritten(await session.store("rules.change", params)),
    "settings.set": async (params) => registryWritten(await session.store("settings.set", params)),
    "link.read": (params) => session.store("link.read", params),
    "state.delta": async (params) => stateWritten(await session.store("state.delta", params)),
    "state.reconcile": async (params) => stateWritten(await session.store("state.reconcile", params)),
    "state.synced": (params) => session.store("state.synced", params),
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
