import { formatRulesText } from "../../../shared/ruleFiles/index.ts";
import { writePrivateFile } from "../../files.ts";
import type { CliContext } from "../cliContext.ts";
import type { Answer } from "../context.ts";
import { namedRules } from "../namedRules.ts";
import { counted } from "../tallyNotes.ts";

/** `stead rule export`: every rule as text that rule import reads back. Throws what writing a file throws. */
export async function exportRules(context: CliContext, options: { out?: string }): Promise<Answer> {
  const rules = namedRules(await context.store());
  const document = formatRulesText(rules);
  if (options.out === undefined) return { json: { document, rules: rules.length }, text: document };
  const file = await writePrivateFile(options.out, document);
  return { json: { file, rules: rules.length }, text: `Wrote ${counted(rules.length, "rule")} to ${file}.` };
}
