import { SteadError, toErrorShape } from "../../../shared/errors.ts";
import type { ProjectId } from "../../../shared/models.ts";
import { formatPattern } from "../../../shared/rules/formatPattern.ts";
import { parsePattern } from "../../../shared/rules/parsePattern.ts";
import type { Rule, RuleId } from "../../../shared/rules/rule.ts";
import type { Fault } from "./optionsModel.ts";

/** The canonical text of a pattern for this project, or what speaks against it; `id`: of the rule that is to have it. */
export function readRulePattern(
  all: ReadonlyMap<RuleId, Rule>,
  { pattern, project, id }: { pattern: string; project: ProjectId; id?: RuleId },
): { pattern: string } | { fault: Fault } {
  if (pattern.trim() === "") return { fault: { kind: "text", name: "optionsPatternMissing" } };
  let text: string;
  try {
    text = formatPattern(parsePattern(pattern));
  } catch (error) {
    if (error instanceof SteadError) return { fault: { kind: "error", error: toErrorShape(error) } };
    throw error;
  }
  for (const rule of all.values()) {
    if (rule.pattern === text && rule.project === project && rule.id !== id) {
      return { fault: { kind: "text", name: "optionsRuleThere", value: text } };
    }
  }
  return { pattern: text };
}
