import type { CliContext } from "../cliContext.ts";
import type { Answer } from "../context.ts";
import { readColor } from "../projectFields.ts";
import { updateProject } from "../updateProject.ts";

/** `stead project recolor`. Throws `unknownProject`, `badColor`. */
export async function recolorProject(context: CliContext, name: string, color: string): Promise<Answer> {
  const patch = { color: readColor(color) };
  return updateProject(context, name, patch, (_, after) => `${after.name} is ${after.color} now.`);
}
