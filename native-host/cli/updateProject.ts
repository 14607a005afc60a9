import type { Project, ProjectPatch } from "../../shared/models.ts";
import type { CliContext } from "./cliContext.ts";
import type { Answer } from "./context.ts";
import { withTallies } from "./withTallies.ts";

/** Changes a project in the store, then in the connected Firefoxes. */
export async function updateProject(
  context: CliContext,
  name: string,
  patch: ProjectPatch,
  say: (before: Project, after: Project) => string,
): Promise<Answer> {
  const before = await context.project(name);
  const store = await context.store();
  const { id, name: newName, color, icon } = store.updateProject(before.id, patch);
  const project = { id, name: newName, color, icon };
  return withTallies({ json: { project }, text: say(before, project) }, (await context.poke(store.revision())).failed);
}
