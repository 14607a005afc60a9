import { writeSetup } from "../../../shared/ruleFiles/setup.ts";
import { writePrivateFile } from "../../files.ts";
import type { CliContext } from "../cliContext.ts";
import type { Answer } from "../context.ts";
import { counted } from "../tallyNotes.ts";

/** `stead project export`: everything but state, as one readable document. Throws what writing a file throws. */
export async function exportProjects(context: CliContext, options: { out?: string }): Promise<Answer> {
  const store = await context.store();
  const { projects } = store.registry();
  const rules = store.rules();
  const document = writeSetup({ projects, rules, settings: store.settings() });
  const counts = { projects: projects.length, rules: rules.length };
  // The document is JSON, with --json too.
  if (options.out === undefined) return { json: counts, raw: document };
  const file = await writePrivateFile(options.out, document);
  return { json: { file, ...counts }, text: `Wrote ${counted(counts.projects, "project")} and ${counted(counts.rules, "rule")} to ${file}.` };
}
