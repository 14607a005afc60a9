import type { ProjectId } from "../../../shared/models.ts";
import type { PendingOrigin } from "../../../shared/protocol/pageStorage.ts";

/** The origins for which the store has something, as the host last named them. */
export class PendingOrigins {
  #revisions = new Map<ProjectId, Map<string, number>>();

  /** All of them. */
  replace(pending: readonly PendingOrigin[]): void {
    this.#revisions = new Map();
    for (const { project, origin, revision } of pending) {
      const ofProject = this.#revisions.get(project) ?? new Map<string, number>();
      this.#revisions.set(project, ofProject.set(origin, revision));
    }
  }

  has(project: ProjectId, origin: string): boolean {
    return this.#revisions.get(project)?.has(origin) === true;
  }

  /** The origin has everything up to `revision`; answers whether it waits no more. What was named meanwhile may be newer. */
  settle(project: ProjectId, origin: string, revision: number): boolean {
    const waiting = this.#revisions.get(project)?.get(origin);
    return waiting !== undefined && waiting <= revision && this.#revisions.get(project)?.delete(origin) === true;
  }

  /** Of any project. */
  origins(): string[] {
    return [...this.#revisions.values()].flatMap((ofProject) => [...ofProject.keys()]);
  }
}
