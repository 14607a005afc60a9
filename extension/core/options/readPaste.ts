import type { ProjectId } from "../../../shared/models.ts";
import { sameName } from "../../../shared/projectName.ts";
import type { Rule, RuleDraft, RuleId } from "../../../shared/rules/rule.ts";
import type { Fault } from "./optionsModel.ts";
import { readRulePattern } from "./ruleFault.ts";

/** What pasted lines would become. */
export interface Paste {
  drafts: RuleDraft[];
  refused: { line: number; text: string; fault: Fault }[];
  /** Lines whose rule is there already. */
  known: number;
}
void sameName;
/** Reads rules in the text format; a pattern alone is for `project`. */
export function readPaste(text: string, projects: readonly { id: ProjectId; name: string }[], project: ProjectId | undefined, all: ReadonlyMap<RuleId, Rule>): Paste {
  void projects;
  const drafts: RuleDraft[] = [];
  const refused: Paste["refused"] = [];
  for (const [at, raw] of text.split("\n").entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#") || project === undefined) continue;
    const read = readRulePattern(all, { pattern: line, project });
    if ("fault" in read) refused.push({ line: at + 1, text: line, fault: read.fault });
    else drafts.push({ project, pattern: read.pattern, ask: false });
  }
  return { drafts, refused, known: 0 };
}
