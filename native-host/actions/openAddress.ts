import { SteadError } from "../../shared/errors.ts";
import type { Access } from "./access.ts";
import { pickInstance } from "./instances.ts";

/** How long Firefox may take to make a container and a tab, in milliseconds. */
const openTimeoutMs = 30_000;

export interface Opening {
  /** http or https. */
  url: string;
  /** Where the rules say, without one. */
  project: string | undefined;
  /** The Firefox profile, by name or id; else the one focused last. */
  instance: string | undefined;
  /** Whether the project's name may be abbreviated. */
  prefix: boolean;
}

/** Opens an address in a connected Firefox. Throws `noFirefox`, `unknownInstance`, `unknownProject`. */
export async function openAddress(access: Access, { url, project, instance, prefix }: Opening): Promise<{ project: string | null; instance: string }> {
  const target = pickInstance(await access.hosts(), instance);
  if (!target) throw new SteadError("noFirefox", "No Firefox is connected that could open it.");
  const opened = await target.link.peer.call("open", { url, project: project ?? null, prefix }, { timeoutMs: openTimeoutMs });
  return { project: opened.project, instance: target.status.instance };
}
