import type { ProjectId } from "../../shared/models.ts";
import { type LocalState, projectOf } from "../core/localState.ts";
import { webext } from "./webext.ts";

/** Open tabs per project, hidden ones included. */
export async function countTabs(state: LocalState): Promise<Record<ProjectId, number>> {
  const counts: Record<ProjectId, number> = {};
  for (const { cookieStoreId } of await webext.tabs.query({})) {
    const project = projectOf(state, cookieStoreId);
    if (project !== undefined) counts[project] = (counts[project] ?? 0) + 1;
  }
  return counts;
}
