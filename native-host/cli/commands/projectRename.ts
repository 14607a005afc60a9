import type { CliContext } from "../cliContext.ts";
import type { Answer } from "../context.ts";
import { readName } from "../projectFields.ts";
import { updateProject } from "../updateProject.ts";

/** `stead project rename`. Throws `unknownProject`, `badName`, `projectExists`. */
export async function renameProject(context: CliContext, name: string, next: string): Promise<Answer> {
  const patch = { name: readName(next) };
  return updateProject(context, name, patch, (before, after) => `${before.name} is ${after.name} now.`);
}
