import type { InstanceStatus, noMethods, socketMethods } from "../../shared/protocol/cliHost.ts";
import type { Peer } from "../../shared/wire/peer.ts";

/** A running host as a command reaches it over its local socket, authenticated and greeted. */
export interface HostLink {
  readonly peer: Peer<typeof noMethods, typeof socketMethods>;
  /** Null while the extension has not said which Firefox profile it is. */
  readonly instance: InstanceStatus | null;
  close(): void;
}
