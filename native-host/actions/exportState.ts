import { commonSite, type FormatName, formats, type Written } from "../../shared/formats/index.ts";
import type { Project } from "../../shared/models.ts";
import { entryConcerns } from "../../shared/state/entryConcerns.ts";
import type { Access } from "./access.ts";
import { toState } from "./entryState.ts";

export interface Exporting {
  format: FormatName;
  /** A host in canonical form: only its cookies and origins, those of hosts below it, and cookies of domains above that are sent to it. */
  domain: string | undefined;
}

/** A project's state as a document, and the store's revision that it is of. Throws `usage` where the format needs to know the host. */
export async function exportState(access: Access, project: Project, { format, domain }: Exporting): Promise<Written & { revision: number }> {
  const site = domain === undefined ? undefined : commonSite(domain);
  const { revision, entries } = (await access.store()).snapshot(project.id, site === undefined ? {} : { site });
  const wanted = domain === undefined ? entries : entries.filter((entry) => entryConcerns(entry, domain));
  return { ...formats[format].write(toState(wanted), { now: access.now(), project: project.name, host: domain }), revision };
}
