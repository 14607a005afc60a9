import type { Project, Tally } from "../../shared/models.ts";
import type { Access } from "./access.ts";

export interface Restoring {
  /** A revision, or a time in milliseconds since 1970. */
  to: { revision: number } | { time: number };
  /** Only what concerns this host, in canonical form. */
  domain: string | undefined;
  /** Lets a state without items empty the project. */
  force: boolean;
  /** Who does it. */
  by: string;
}

export interface Restored {
  revision: number;
  restored: number;
  dropped: Tally[];
  /** What connected Firefoxes could not take over. */
  unapplied: Tally[];
  /** How many origins take theirs over when they are next opened. */
  waiting: number;
}

/** Makes a project what it was, in the store and then in connected Firefoxes. Throws `usage` for what history does not reach. */
export async function restoreState(access: Access, project: Project, { to, domain, force, by }: Restoring): Promise<Restored> {
  const store = await access.store();
  const { revision, restored, expired } = store.restore(project.id, to, { by, force, ...(domain !== undefined && { domain }) });
  const dropped = expired > 0 ? [{ reason: "expired since", count: expired }] : [];
  const { failed: unapplied, waiting } = await access.poke(revision);
  return { revision, restored, dropped, unapplied, waiting };
}
