import type { Project } from "../../../shared/models.ts";
import type { PageContent, PageState } from "../../../shared/protocol/page.ts";
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

/** The projects that are named first, then the others, then none; with a query, those whose name answers it, best first. */
export function choiceRows(content: Extract<PageContent, { kind: "choose" }>, projects: readonly Project[], query: string): ChoiceRow[] {
  const named = content.projects.flatMap((id) => projects.find((project) => project.id === id) ?? []);
  const ordered = [...named, ...projects.filter((project) => !named.includes(project))];
  const rows: ChoiceRow[] = ordered.map((project, at) => ({ project, digit: at < digits ? at + 1 : undefined, named: named.includes(project) }));
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

/** What is chosen before anyone chose: of the named projects the first, else the page's own; a stranger's link gets none. */
export function firstChoice({ here, projects }: PageState, content: Extract<PageContent, { kind: "choose" }>): string | null {
  const known = (id: string | null | undefined): id is string => projects.some((project) => project.id === id);
  const first = content.projects.find(known);
  if (first !== undefined) return first;
  return content.why !== "link" && known(here) ? here : null;
}
