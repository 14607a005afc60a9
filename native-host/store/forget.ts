import { commonSite } from "../../shared/formats/host.ts";
import type { ProjectId } from "../../shared/models.ts";
import { isWithin } from "../../shared/site.ts";
import type { EntryChange, EntryId } from "../../shared/state/entry.ts";
import { entryHost } from "../../shared/state/entryName.ts";
import type { History } from "./history.ts";
import type { Items } from "./items.ts";

/**
 * Removes the items of a host and of those below it, or all, with all that history has of them; how many were there. Cookies
 * of a domain above stay: other hosts have them too. `write` writes changes as one revision, the last of which there is history.
 */
export function forget(
  items: Items,
  history: History,
  { project, domain, now }: { project: ProjectId; domain: string | undefined; now: number },
  write: (changes: EntryChange[]) => number,
): number {
  const isMeant = ({ id }: { id: EntryId }): boolean => domain === undefined || isWithin(entryHost(id), domain);
  const site = domain === undefined ? undefined : commonSite(domain);
  const forgotten = write(items.list(project, now, { site }).filter(isMeant).map(({ id }) => ({ kind: "remove", id, at: now })));
  if (domain === undefined) history.forgetAll(project);
  else for (const { id } of history.list(project, site).filter(isMeant)) history.forget(project, id);
  return forgotten;
}
