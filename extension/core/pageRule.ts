import type { ProjectId } from "../../shared/models.ts";
import type { PopupState, Suggestion } from "../../shared/protocol/popup.ts";
import type { RuleDraft } from "../../shared/rules/rule.ts";

/** A rule being made for the page in the tab. */
export interface PageRule {
  suggestions: readonly Suggestion[];
  draft: PageRuleDraft;
}

export interface PageRuleDraft {
  pattern: string;
  project: ProjectId;
  ask: boolean;
  /** Whether open tabs are moved too; undefined while the user has not said: then they are when the tab itself is elsewhere. */
  apply: boolean | undefined;
}

/** What is offered at first: the likeliest pattern, in the tab's project or else the current one. Undefined without page or project. */
export function newPageRule({ page, projects, current }: PopupState): PageRule | undefined {
  if (!page) return undefined;
  const { suggestions } = page;
  const project = [page.project, current].find((id) => projects.some((known) => known.id === id)) ?? projects[0]?.id;
  const [first] = suggestions;
  if (first === undefined || project === undefined) return undefined;
  return { suggestions, draft: { pattern: first.pattern, project, ask: false, apply: undefined } };
}

/** Whether open tabs are moved, as the form shows it. */
export function movesTabs(draft: PageRuleDraft, page: PopupState["page"]): boolean {
  return draft.apply ?? page?.project !== draft.project;
}

export function ruleOf({ pattern, project, ask }: PageRuleDraft): RuleDraft {
  return { pattern, project, ask };
}
