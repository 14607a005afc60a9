import type { ProjectId } from "../../shared/models.ts";
import type { CurrentPage } from "../../shared/protocol/popup.ts";
import { decide, type Decision } from "../../shared/rules/decide.ts";
import type { RuleIndex } from "../../shared/rules/ruleIndex.ts";
import { readWebUrl } from "../../shared/webUrl.ts";
import { suggestPatterns } from "./suggestPatterns.ts";

/** What the popup says of a tab's page; undefined where it is none that rules can name. */
export function currentPage(index: RuleIndex, { tab, url, project }: { tab: number; url: string; project: ProjectId | null }): CurrentPage | undefined {
  if (readWebUrl(url) === undefined) return undefined;
  return { tab, url, project, ...ownersOf(decide(index, url)), suggestions: suggestPatterns(url) };
}

function ownersOf(decision: Decision): Pick<CurrentPage, "owners" | "pattern"> {
  switch (decision.kind) {
    case "none":
    case "excluded":
      return { owners: [], pattern: null };
    case "project":
      return { owners: [decision.project], pattern: decision.rule.pattern };
    case "ask":
      return { owners: [...decision.projects], pattern: decision.rules[0]?.pattern ?? null };
  }
}
