import type { Access } from "./access.ts";
import { pickInstance } from "./instances.ts";

/** The current project's name, null when there is none. A connected Firefox answers without store or keychain. */
export async function currentProject(access: Access): Promise<string | null> {
  const target = pickInstance(await access.hosts(), undefined);
  if (target) return (await target.link.peer.call("current", {}, { timeoutMs: 5000 })).project;
  const store = await access.store();
  const { project } = store.active();
  return store.registry().projects.find(({ id }) => id === project)?.name ?? null;
}
