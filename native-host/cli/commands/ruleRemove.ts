import { SteadError } from "../../../shared/errors.ts";
import { formatPattern } from "../../../shared/rules/formatPattern.ts";
import { parsePattern } from "../../../shared/rules/parsePattern.ts";
import type { CliContext } from "../cliContext.ts";
import type { Answer } from "../context.ts";
import { withTallies } from "../withTallies.ts";

/** `stead rule remove`: the pattern in any of its spellings. Throws `unknownProject`, `badPattern`, `unknownRule`. */
export async function removeRule(context: CliContext, name: string, text: string): Promise<Answer> {
  const project = await context.project(name);
  const store = await context.store();
  const rules = store.rules(project.id);
  // Before it is parsed: a pattern of a newer Stead's, which this one does not read, can be removed as it is listed.
  const pattern = rules.some((rule) => rule.pattern === text) ? text : formatPattern(parsePattern(text));
  const rule = rules.find((one) => one.pattern === pattern);
  if (!rule) {
    throw new SteadError("unknownRule", `${project.name} has no rule ${pattern}.`, { hint: "Run stead rule list to see the rules." });
  }
  const { removed } = store.changeRules({ put: [], remove: [rule.id] });
  return withTallies({ json: { removed }, text: `Removed ${pattern} from ${project.name}.` }, (await context.poke(store.revision())).failed);
}
