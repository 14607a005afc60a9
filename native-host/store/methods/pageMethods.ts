import type { ProjectId } from "../../../shared/models.ts";
import type { Gap, OriginUpdate, PendingOrigin } from "../../../shared/protocol/pageStorage.ts";
import type { EntryName } from "../../../shared/state/entryName.ts";
import type { PageChange, PageEntryId } from "../../../shared/state/pageEntry.ts";
import type { Look } from "../../../shared/sync/compareOrigin.ts";
import { dropEnded } from "../dropEnded.ts";
import { readRevision } from "../meta.ts";
import type { OriginPlace } from "../origins.ts";
import type { StoreParts } from "../storeParts.ts";

/** Page storage between the store and the origins of containers. */
export interface PageMethods {
  /**
   * What a page changed in an origin of a container, merged against what the container last had of it: nothing is asked of leases.
   * Throws `badMessage` for a change of another origin.
   */
  changeOrigin(request: OriginPlace & { changes: readonly PageChange[] }): { revision: number; conflicts: EntryName[] };
  /** An origin of a container against the store: shared/sync/compareOrigin.ts decides. Throws `badMessage` for an item of another origin. */
  compareOrigin(request: OriginPlace & Look): OriginUpdate & { want: PageEntryId[] };
  /** What other hands changed of an origin since its container had it all. */
  originUpdate(place: OriginPlace): OriginUpdate;
  /** The container now has everything of the origin up to `revision`. Never goes back. */
  setOriginSynced(place: OriginPlace & { revision: number }): void;
  /** The container is new or was emptied: it has nothing of any origin, nor of what it wrote itself. */
  resetOrigins(container: { instance: string; project: ProjectId }): void;
  /** Every origin that originUpdate() has something for. Costs what there is, not what is stored. */
  pendingOrigins(instance: string): PendingOrigin[];
  /** Replaces what is known of an origin. */
  setGaps(request: { project: ProjectId; origin: string; gaps: readonly Gap[] }): void;
  /** What of the project's page storage cannot be carried; of the host `domain` and those below it, where given. */
  gaps(project: ProjectId, filter?: { domain?: string }): Gap[];
}

export function pageMethods(parts: StoreParts): PageMethods {
  const { db, now, read, write, gaps, origins, pages, projects } = parts;
  return {
    changeOrigin: ({ changes, ...place }) =>
      write(
        () => {
          projects.expect(place.project);
          dropEnded(parts, place.project);
          return pages.change(place, changes, now());
        },
        { frees: changes.every((change) => change.kind === "remove") },
      ),

    compareOrigin: ({ instance, project, origin, ...look }) =>
      write(() => {
        projects.expect(project);
        dropEnded(parts, project);
        return pages.compare({ instance, project, origin }, look, now());
      }),

    originUpdate: (place) =>
      write(() => {
        projects.expect(place.project);
        return pages.update(place, now());
      }),

    setOriginSynced: ({ revision, ...place }) =>
      write(() => {
        projects.expect(place.project);
        // A revision that is still to come would hide what is written until then.
        origins.setMark(place, Math.min(revision, readRevision(db)));
      }),

    resetOrigins: ({ instance, project }) =>
      write(() => {
        projects.expect(project);
        origins.reset(instance, project, readRevision(db));
      }),

    pendingOrigins: (instance) => read(() => pages.pending(instance, projects.ids())),

    setGaps: ({ project, origin, gaps: known }) =>
      write(
        () => {
          projects.expect(project);
          gaps.set(project, origin, known);
        },
        { frees: known.length === 0 },
      ),

    gaps: (project, { domain } = {}) =>
      read(() => {
        projects.expect(project);
        return gaps.list(project, domain);
      }),
  };
}
