import { SteadError } from "../../../shared/errors.ts";
import { switchTo } from "../../actions/switchTo.ts";
import type { CliContext } from "../cliContext.ts";
import type { Answer } from "../context.ts";

export interface SwitchOptions {
  instance?: string;
  window?: boolean;
  adopt?: boolean;
}

/**
 * `stead switch`. A connected Firefox does it without store or keychain; with none connected the project is recorded
 * for the next one. Throws `unknownProject`, `ambiguousProject`, `unknownInstance`, `adoptionNeeded`, `noFirefox` for an
 * option that only Firefox can carry out.
 */
export async function switchProject(context: CliContext, name: string | undefined, options: SwitchOptions): Promise<Answer> {
  const project = name ?? (await pickProject(context));
  const switching = { instance: options.instance, window: windowOf(options), adopt: options.adopt, prefix: context.terminal };
  const done = await switchTo(context, project, switching).catch(async (error: unknown) => {
    if (!(error instanceof SteadError) || error.code !== "adoptionNeeded" || !context.terminal) throw error;
    const adopt = await context.confirm(`${error.message} Take it over? (No makes a new one beside it.)`);
    return switchTo(context, project, { ...switching, adopt });
  });
  const [target] = done.instances;
  if (target) return { json: done, text: `Switched to ${done.project} in ${target.instance}: ${target.shown} shown, ${target.hidden} hidden.` };
  return { json: done, text: `${done.project} is the active project.`, notes: ["No Firefox is connected; the next one to connect switches."] };
}

function windowOf({ window }: SwitchOptions): "bind" | "unbind" | undefined {
  return window === undefined ? undefined : window ? "bind" : "unbind";
}

async function pickProject(context: CliContext): Promise<string> {
  if (!context.terminal) throw new SteadError("usage", "Name the project to switch to.", { hint: "Run stead list to see the projects." });
  const { projects } = (await context.store()).registry();
  if (projects.length === 0) throw new SteadError("unknownProject", "There is no project yet.", { hint: "Run stead project add NAME." });
  return context.choose("Switch to", projects.map(({ name }) => ({ value: name, label: name })));
}
