import { concerns } from "../formats/host.ts";
import { isWithin } from "../site.ts";
import type { EntryId } from "./entry.ts";
import { entryHost } from "./entryName.ts";

/** Whether an entry belongs to what `--domain` names: the host, those below it, and cookies of a domain above that are sent to it. */
export function entryConcerns(id: EntryId, domain: string): boolean {
  return id.kind === "cookie" ? concerns(id, domain) : isWithin(entryHost(id), domain);
}
