import type { CliContext } from "../cliContext.ts";
import type { Answer } from "../context.ts";
import { namedRules } from "../namedRules.ts";
import { table } from "../table.ts";

/** `stead rule list`: of all projects, or of one. Throws `unknownProject`. */
export async function listRules(context: CliContext, name?: string): Promise<Answer> {
  const project = name === undefined ? undefined : await context.project(name);
  const rules = namedRules(await context.store(), project?.id);
  if (rules.length === 0) {
    const whose = project ? `${project.name} has no rules.` : "No rules yet.";
    return { json: { rules }, text: `${whose} Make one with: stead rule add PROJECT PATTERN` };
  }
  const rows = rules.map(({ project: owner, pattern, ask }) => [owner, ask ? "asks" : "", pattern]);
  return { json: { rules }, text: table([["PROJECT", "", "PATTERN"], ...rows]) };
}
