import type { socketMethods } from "../../shared/protocol/cliHost.ts";
import type { Handlers } from "../../shared/wire/table.ts";
import type { Session } from "./session.ts";

/** What commands and other hosts may ask over the local socket: one function per method. */
export function socketHandlers(session: Session): Handlers<typeof socketMethods> {
  return {
    instance: () => ({ instance: session.status() }),
    current: () => ({ project: session.current() }),
    switch: (request) => session.switch(request),
    open: (request) => session.open(request),
    "rules.apply": ({ rules }) => session.applyRules(rules),
    tabs: () => session.tabs(),
    poke: ({ revision }) => session.poked(revision),
    "vault.changed": async () => {
      await session.reopen();
      return {};
    },
  };
}
