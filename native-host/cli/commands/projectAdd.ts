import type { CliContext } from "../cliContext.ts";
import type { Answer } from "../context.ts";
import { readColor, readIcon, readName } from "../projectFields.ts";
import { withTallies } from "../withTallies.ts";

/** `stead project add`. Throws `badName`, `badColor`, `badIcon`, `projectExists`. */
export async function addProject(context: CliContext, name: string, options: { color?: string; icon?: string }): Promise<Answer> {
  const wanted = {
    name: readName(name),
    color: options.color === undefined ? undefined : readColor(options.color),
    icon: options.icon === undefined ? undefined : readIcon(options.icon),
  };
  const store = await context.store();
  const { id, ...rest } = store.addProject(wanted);
  const project = { id, name: rest.name, color: rest.color, icon: rest.icon };
  return withTallies(
    { json: { project }, text: `Added ${project.name} (${project.color}, ${project.icon}).` },
    (await context.poke(store.revision())).failed,
  );
}
