import type { Project } from "../../../shared/models.ts";
import type { PageContent } from "../../../shared/protocol/page.ts";
import { popupMatch } from "../popupMatch.ts";

/** One answer of a choice. */
export interface ChoiceRow {
  /** Null: without a project. */
  project: Project | null;
  /** The digit that chooses it. */
  digit: number | undefined;
  /** A rule, or whoever asks, names it. */
  named: boolean;
}

const digits = 9;

/**
 * The projects that are named first, then the others, both in the order of the list, so that a digit means the same each
 * time; then none. With a query, those whose name answers it, best first.
 */
export function choiceRows(content: Extract<PageContent, { kind: "choose" }>, projects: readonly Project[], query: string): ChoiceRow[] {
  const isNamed = (project: Project): boolean => content.projects.includes(project.id);
  const ordered = [...projects.filter(isNamed), ...projects.filter((project) => !isNamed(project))];
  const rows: ChoiceRow[] = ordered.map((project, at) => ({ project, digit: at < digits ? at + 1 : undefined, named: isNamed(project) }));
  const all = [...rows, { project: null, digit: 0, named: false }];
  if (query.trim() === "") return all;
  return all
    .flatMap((row) => {
      const match = row.project && popupMatch(row.project.name, query);
      return match ? [{ row, score: match.score }] : [];
    })
    .sort((a, b) => a.score - b.score)
    .map(({ row }) => row);
}
