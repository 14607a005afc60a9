import type { ProjectId } from "../../shared/models.ts";
import { beginShredding } from "./shredding.ts";
import type { StoreParts } from "./storeParts.ts";

/** What has expired or outlived its time goes in such portions, so that nobody waits long. */
const endedAtOnce = 256;
/** To SQLite, no limit. */
export const noLimit = -1;

/**
 * Before a writer is held to have what there is: it has none of what this does. How many items have outlived their time. In a
 * transaction of the caller's.
 */
export function dropEnded({ db, endings, now }: StoreParts, project: ProjectId, limit = endedAtOnce): number {
  const { ended } = endings.drop(project, now(), limit);
  // What was destroyed is in the log still.
  if (ended > 0) beginShredding(db);
  return ended;
}
