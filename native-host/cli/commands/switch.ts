import { SteadError } from "../../../shared/errors.ts";
import type { Params } from "../../../shared/wire/table.ts";
import type { socketMethods } from "../../../shared/protocol/cliHost.ts";
import type { CliContext } from "../cliContext.ts";
import type { Answer } from "../context.ts";
import { type Connected, pickInstance } from "../instances.ts";

/** How long Firefox may take to make a container and move tabs, in milliseconds. */
const switchTimeoutMs = 30_000;

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
  const target = pickInstance(await context.hosts(), options.instance);
  return target ? inFirefox(context, target, project, options) : forLater(context, project, options);
}

async function inFirefox(context: CliContext, { link, status }: Connected, name: string, options: SwitchOptions): Promise<Answer> {
  const request: Params<typeof socketMethods, "switch"> = {
    project: name,
    prefix: context.terminal,
    window: options.window === undefined ? undefined : options.window ? "bind" : "unbind",
    adopt: options.adopt,
  };
  const result = await link.peer.call("switch", request, { timeoutMs: switchTimeoutMs }).catch(async (error: unknown) => {
    if (!(error instanceof SteadError) || error.code !== "adoptionNeeded" || !context.terminal) throw error;
    const adopt = await context.confirm(`${error.message} Take it over? (No makes a new one beside it.)`);
    return link.peer.call("switch", { ...request, adopt }, { timeoutMs: switchTimeoutMs });
  });
  const { project, shown, hidden } = result;
  return {
    json: { project, instances: [{ instance: status.instance, shown, hidden }] },
    text: `Switched to ${project} in ${status.instance}: ${shown} shown, ${hidden} hidden.`,
  };
}

async function forLater(context: CliContext, name: string, options: SwitchOptions): Promise<Answer> {
  if (options.window !== undefined || options.adopt !== undefined) {
    throw new SteadError("noFirefox", "No Firefox is connected, and --window and --adopt are carried out by one.");
  }
  const project = await context.project(name);
  (await context.store()).setActive({ project: project.id, at: context.now(), pending: true });
  return {
    json: { project: project.name, instances: [] },
    text: `${project.name} is the active project.`,
    notes: ["No Firefox is connected; the next one to connect switches."],
  };
}

async function pickProject(context: CliContext): Promise<string> {
  if (!context.terminal) throw new SteadError("usage", "Name the project to switch to.", { hint: "Run stead list to see the projects." });
  const { projects } = (await context.store()).registry();
  if (projects.length === 0) throw new SteadError("unknownProject", "There is no project yet.", { hint: "Run stead project add NAME." });
  return context.choose("Switch to", projects.map(({ name }) => ({ value: name, label: name })));
}
