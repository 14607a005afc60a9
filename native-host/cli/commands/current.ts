import type { CliContext } from "../cliContext.ts";
import type { Answer } from "../context.ts";
import { currentProject } from "../../actions/currentProject.ts";

/** `stead current`: what the Firefox focused last works on; with none connected, what the store has recorded. */
export async function current(context: CliContext): Promise<Answer> {
  const project = await currentProject(context);
  return project === null
    ? { json: { project }, notes: context.terminal ? ["No project is current."] : [] }
    : { json: { project }, text: project };
}
