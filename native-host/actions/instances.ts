import { SteadError } from "../../shared/errors.ts";
import type { InstanceStatus } from "../../shared/protocol/cliHost.ts";
import type { HostLink } from "../host/link.ts";

/** A host whose extension has said which Firefox profile it is. */
export interface Connected {
  link: HostLink;
  status: InstanceStatus;
}

/** The connected Firefox profiles, the one focused last first. */
export function connected(links: readonly HostLink[]): Connected[] {
  return links
    .flatMap((link) => (link.instance ? [{ link, status: link.instance }] : []))
    .sort((a, b) => b.status.focusedAt - a.status.focusedAt);
}

/** The profile of that name or id; without one, the one focused last. Undefined when none is connected. Throws `unknownInstance`. */
export function pickInstance(links: readonly HostLink[], wanted: string | undefined): Connected | undefined {
  const all = connected(links);
  if (wanted === undefined) return all[0];
  const found = all.find(({ status }) => status.instance === wanted || status.id === wanted);
  if (found) return found;
  const names = all.map(({ status }) => status.instance).join(", ");
  throw new SteadError(
    "unknownInstance",
    `No Firefox profile named ${JSON.stringify(wanted)} is connected; ${names === "" ? "none is" : `connected: ${names}`}.`,
  );
}
