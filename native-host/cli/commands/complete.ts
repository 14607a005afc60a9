import tab from "@bomb.sh/tab/commander";
import { captureConsole } from "../captureConsole.ts";
import type { CliContext } from "../cliContext.ts";
import type { Answer } from "../context.ts";
import { makeProgram } from "../program.ts";

/** `stead complete -- words…`: what the shell may offer for the last word. Whatever fails offers less and says nothing. */
export async function complete(context: CliContext, words: readonly string[]): Promise<Answer> {
  const program = makeProgram(() => Promise.resolve(), () => undefined, { completion: false });
  const root = tab(program, { completionCommandName: "completion" });
  const names = await projectNames(context);
  for (const command of root.commands.values()) {
    const project = command.arguments.get("project");
    const offerNames = (offer: (name: string, description: string) => void): void => names.forEach((name) => offer(name, "project"));
    if (project) project.handler = offerNames;
    const option = command.options.get("project");
    if (option) option.handler = offerNames;
  }
  const raw = await captureConsole(() => root.parse([...words]));
  return { json: {}, raw };
}

async function projectNames(context: CliContext): Promise<string[]> {
  try {
    if (!(await context.storeIsFounded()) || (await context.vaultStatus()).state === "locked") return [];
    return (await context.store()).registry().projects.map(({ name }) => name);
  } catch {
    return [];
  }
}
