import type { Project, Tally } from "../../shared/models.ts";
import type { Theirs } from "../../shared/sync/merge.ts";
import type { Checkin, Store } from "../store/types.ts";
import type { Access } from "./access.ts";
import { type Brought, readTheirs } from "./readTheirs.ts";

/** What became of what a program brought. */
export interface BroughtIn extends Checkin {
  repaired: Tally[];
  dropped: Tally[];
  /** What connected Firefoxes could not take over. */
  unapplied: Tally[];
  /** How many origins take theirs over when they are next opened. */
  waiting: number;
}

/** Merges what the holder of a lease has, in the store and then in connected Firefoxes. Throws `conflict` for a token that is no longer good. */
export function checkIn(
  access: Access,
  project: Project,
  brought: Brought,
  right: { token: string; keep: boolean; force: boolean },
): Promise<BroughtIn> {
  return bringIn(access, project, brought, (store, theirs) => store.checkin(project.id, theirs, right));
}

/** The same for one without a lease, who names the revision that the state was read at. Throws `usage` without it, `conflict` while the project is leased. */
export function update(
  access: Access,
  project: Project,
  brought: Brought,
  right: { by: string; base: number; force: boolean },
): Promise<BroughtIn> {
  return bringIn(access, project, brought, (store, theirs) => store.update(project.id, theirs, right));
}

async function bringIn(access: Access, project: Project, brought: Brought, put: (store: Store, theirs: Theirs) => Checkin): Promise<BroughtIn> {
  const store = await access.store();
  const { theirs, repaired, dropped } = readTheirs(brought, () => store.unaudited.snapshot(project.id).entries, access.now());
  const { revision, applied, conflicts } = put(store, theirs);
  const { failed: unapplied, waiting } = await access.poke(revision);
  return { revision, applied, conflicts, repaired, dropped, unapplied, waiting };
}
