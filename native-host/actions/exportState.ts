import { commonSite, type FormatName, formats, type Written } from "../../shared/formats/index.ts";
import type { Project } from "../../shared/models.ts";
import { entryConcerns } from "../../shared/state/entryConcerns.ts";
import type { Access } from "./access.ts";
import { toState } from "./entryState.ts";
import { notPortable } from "./notPortable.ts";

export interface Exporting {
  format: FormatName;
  /** A host in canonical form: only its cookies and origins, those of hosts below it, and cookies of domains above that are sent to it. */
  domain: string | undefined;
}

/** A project's state as a document, and the store's revision that it is of. Throws `usage` where the format needs to know the host. */
export async function exportState(access: Access, project: Project, { format, domain }: Exporting): Promise<Written & { revision: number }> {
  const site = domain === undefined ? undefined : commonSite(domain);
  const store = await access.store();
  const { revision, entries } = store.snapshot(project.id, site === undefined ? {} : { site });
  const wanted = domain === undefined ? entries : entries.filter((entry) => entryConcerns(entry, domain));
  const written = formats[format].write(toState(wanted), { now: access.now(), project: project.name, host: domain });
  const missing = notPortable(store.gaps(project.id, domain === undefined ? {} : { domain }));
  return { ...written, dropped: [...written.dropped, ...missing], revision };
}
