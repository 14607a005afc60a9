import { type Color, colors, type ProjectId, ProjectName } from "../../shared/models.ts";
import type { PopupProject } from "../../shared/protocol/popup.ts";
import { leastUsedColor } from "../../shared/leastUsedColor.ts";
import { sameName } from "../../shared/projectName.ts";
import { type Match, popupMatch } from "./popupMatch.ts";

/** A line of the list. `id` is unique in it: a project's id, or "create". */
export type Row =
  | { kind: "project"; id: ProjectId; project: PopupProject; ranges: Match["ranges"] }
  | { kind: "create"; id: "create"; name: string; color: Color };

export interface Rows {
  rows: readonly Row[];
  /** What was typed names no project and cannot be a name. */
  nameRefused: boolean;
}

const unmarked: Match["ranges"] = [];

/** The projects that answer the query, best first and else in the given order; last the offer to create one of that name. */
export function popupRows(projects: readonly PopupProject[], query: string): Rows {
  const name = query.trim().normalize("NFC");
  if (name === "") return { rows: projects.map((project) => ({ kind: "project", id: project.id, project, ranges: unmarked })), nameRefused: false };

  const found = projects.flatMap((project) => {
    const match = popupMatch(project.name, query);
    return match ? [{ project, match }] : [];
  });
  found.sort((a, b) => a.match.score - b.match.score);
  const rows: Row[] = found.map(({ project, match }) => ({ kind: "project", id: project.id, project, ranges: match.ranges }));
  if (projects.some((project) => sameName(project.name, name))) return { rows, nameRefused: false };
  if (!ProjectName.safeParse(name).success) return { rows, nameRefused: true };
  rows.push({ kind: "create", id: "create", name, color: freshColor(projects) });
  return { rows, nameRefused: false };
}

/** The colour fewest projects have, in Firefox's order; grey is left to those who choose it. */
export function freshColor(projects: readonly { color: Color }[]): Color {
  return leastUsedColor(projects, colors.filter((color) => color !== "toolbar"));
}
