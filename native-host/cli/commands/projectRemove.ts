import { SteadError } from "../../../shared/errors.ts";
import type { CliContext } from "../cliContext.ts";
import type { Answer } from "../context.ts";
import { counted } from "../tallyNotes.ts";
import { withTallies } from "../withTallies.ts";

/**
 * `stead project remove`: the name is taken exactly, since what it destroys does not come back. Throws
 * `unknownProject`, `confirmationNeeded`.
 */
export async function removeProject(context: CliContext, name: string, options: { yes?: boolean }): Promise<Answer> {
  const store = await context.store();
  const project = store.registry().projects.find((one) => one.name === name);
  if (!project) throw new SteadError("unknownProject", `There is no project named ${JSON.stringify(name)}.`);

  const what = `${counted(project.items, "item")} and ${counted(project.rules, "rule")}`;
  const question = `Removing ${project.name} destroys its ${what}, its key, and its containers in Firefox with their tabs. This cannot be undone.`;
  if (options.yes !== true && !(await context.confirm(`${question} Remove it?`))) {
    return { json: { removed: null }, text: `${project.name} was left as it is.`, exit: 1 };
  }
  const removed = store.removeProject(project.id, { by: "cli" });
  return withTallies(
    { json: { removed }, text: `Removed ${removed.name}: ${counted(removed.items, "item")}, ${counted(removed.rules, "rule")}.` },
    (await context.poke(store.revision())).failed,
  );
}
