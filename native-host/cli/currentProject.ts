import type { CliContext } from "./cliContext.ts";
import { pickInstance } from "./instances.ts";

/** The current project's name, null when there is none. A connected Firefox answers without store or keychain. */
export async function currentProject(context: CliContext): Promise<string | null> {
  const target = pickInstance(await context.hosts(), undefined);
  if (target) return (await target.link.peer.call("current", {}, { timeoutMs: 5000 })).project;
  const store = await context.store();
  const { project } = store.active();
  return store.registry().projects.find(({ id }) => id === project)?.name ?? null;
}
