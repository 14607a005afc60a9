import type { ProjectId } from "../../../shared/models.ts";
import type { PageContent } from "../../../shared/protocol/page.ts";
import type { LocalState } from "../localState.ts";

/**
 * What is chosen before anyone chose; null: no project. Of the named projects the one whose container the page stands in,
 * else the one used last; where none is named, the same of all, but for a stranger's link none: it might count on Enter.
 */
export function firstChoice(
  { why, projects: named }: Extract<PageContent, { kind: "choose" }>,
  here: ProjectId | null,
  { projects, recent, active }: Pick<LocalState, "projects" | "recent" | "active">,
): ProjectId | null {
  const known = (id: ProjectId | null): id is ProjectId => projects.some((project) => project.id === id);
  const offered = named.filter(known);
  if (offered.length > 0) return [here, ...recent].find((id) => id !== null && offered.includes(id)) ?? offered[0] ?? null;
  return why === "link" ? null : ([here, active].find(known) ?? null);
}
