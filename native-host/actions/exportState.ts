import { type FormatName, formats, type Written } from "../../shared/formats/index.ts";
import type { Project } from "../../shared/models.ts";
import type { Access } from "./access.ts";
import { toState } from "./entryState.ts";
import { notPortable } from "./notPortable.ts";

export interface Exporting {
  format: FormatName;
  /** A host in canonical form: only its cookies and origins, those of hosts below it, and cookies of domains above that are sent to it. */
  domain: string | undefined;
  /** Who is given it, for the audit. */
  by: string;
  action: "export" | "read";
}

/** A project's state as a document, and the store's revision that it is of. Throws `usage` where the format needs to know the host. */
export async function exportState(access: Access, project: Project, { format, domain, by, action }: Exporting): Promise<Written & { revision: number }> {
  const store = await access.store();
  const { revision, entries } = store.snapshot(project.id, { by, action, domain });
  const written = formats[format].write(toState(entries), { now: access.now(), project: project.name, host: domain });
  const missing = notPortable(store.gaps(project.id, domain === undefined ? {} : { domain }));
  return { ...written, dropped: [...written.dropped, ...missing], revision };
}
