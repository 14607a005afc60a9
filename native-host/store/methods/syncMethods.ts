import type { Cookie, CookieId, ProjectId } from "../../../shared/models.ts";
import type { ContainerUpdate, Mark } from "../../../shared/protocol/store.ts";
import { entryName } from "../../../shared/state/entryName.ts";
import { reconcile } from "../../../shared/sync/reconcile.ts";
import { advance } from "../applyChanges.ts";
import { cookieChange } from "../cookieChange.ts";
import { dropEnded } from "../dropEnded.ts";
import { readRevision } from "../meta.ts";
import type { StoreParts } from "../storeParts.ts";

/** A Firefox profile the store has met. */
export interface KnownInstance {
  id: string;
  /** Unique, as `stead status` lists it: "firefox", "firefox-2" … */
  name: string;
}

/** Firefox profiles, and the cookies of their containers. */
export interface SyncMethods {
  /** Names the instance at its first connection and remembers the name. */
  meetInstance(id: string, browser: string): KnownInstance;

  /** The whole container of an instance against the store: shared/sync/reconcile.ts decides, this performs. */
  reconcile(request: { instance: string; project: ProjectId; cookies: readonly Cookie[]; marks: readonly Mark[]; stale?: boolean | undefined; now: number }): ContainerUpdate;
  /** What other hands changed since the instance was last in step, per project; empty updates are left out. */
  updatesFor(instance: string): ContainerUpdate[];
  /** The instance's container now has everything of the project up to `revision`. Never goes back. */
  setSynced(instance: string, project: ProjectId, revision: number): void;
}

export function syncMethods(parts: StoreParts): SyncMethods {
  const { db, read, write, instances, items, projects, record } = parts;

  /** Removals hand out no value, and must not name again what was forgotten. */
  function recordDelivery(instance: string, { project, set }: Pick<ContainerUpdate, "project" | "set">): void {
    if (set.length > 0) record(project, { by: instance, action: "deliver" }, set.map((cookie) => ({ kind: "cookie", ...cookie })));
  }

  return {
    meetInstance: (id, browser) => write(() => instances.meet(id, browser)),

    reconcile: ({ instance, project, cookies, marks, stale, now }) =>
      write(() => {
        projects.expect(project);
        dropEnded(parts, project);
        const before = items.latestCookie(project);
        const { toStore, set, remove, lost } = reconcile({
          container: cookies,
          stored: items.cookies(project, now, { tombstones: true, own: true }).map(({ ended, ...item }) => ({
            ...item,
            ...(ended !== undefined && { ended: (one: Cookie) => items.isEnded(project, { ended }, { kind: "cookie", ...one }) }),
          })),
          marks,
          synced: instances.synced(instance, project),
          stale,
          now,
        });
        const kept = lost.map(cookieChange);
        const conflicts = kept.map((change) => entryName(change.kind === "set" ? change.entry : change.id));
        const stored = items.write(project, toStore.map(cookieChange), { by: instance }, now, { lost: kept, conflicts });
        if (stored.length > 0) record(project, { by: instance, action: "reconcile" }, stored);
        recordDelivery(instance, { project, set });
        const revision = items.latest(project);
        if (set.length === 0 && remove.length === 0) instances.setSynced(instance, project, revision);
        else advance(parts, instance, project, before);
        return { project, revision, set, remove };
      }),

    updatesFor(instance) {
      const updates = read(() => projects.list().map(({ id }) => updateFor(parts, instance, id)).filter((update) => !isEmpty(update)));
      // No line, no values. Most of the time there are none, and nobody waits for another writer.
      if (updates.some(({ set }) => set.length > 0)) write(() => updates.forEach((update) => recordDelivery(instance, update)));
      return updates;
    },

    setSynced: (instance, project, revision) =>
      write(() => {
        projects.expect(project);
        // A revision that is still to come would hide what is written until then.
        instances.setSynced(instance, project, Math.min(revision, readRevision(db)));
      }),
  };
}

function updateFor({ instances, items, now }: StoreParts, instance: string, project: ProjectId): ContainerUpdate {
  const since = instances.synced(instance, project);
  const others = items.cookies(project, now(), { since, tombstones: true, own: true }).filter((item) => item.by !== instance);
  return {
    project,
    revision: items.latest(project),
    set: others.flatMap((item) => item.cookie ?? []),
    remove: others.flatMap((item): CookieId[] => (item.cookie ? [] : [item.id])),
  };
}

function isEmpty(update: ContainerUpdate): boolean {
  return update.set.length === 0 && update.remove.length === 0;
}
