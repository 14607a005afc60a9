import { SteadError } from "../../shared/errors.ts";
import type { socketMethods } from "../../shared/protocol/cliHost.ts";
import type { Params } from "../../shared/wire/table.ts";
import type { Access } from "./access.ts";
import { type Connected, pickInstance } from "./instances.ts";

/** How long Firefox may take to make a container and move tabs, in milliseconds. */
const switchTimeoutMs = 30_000;

export interface Switching {
  /** The Firefox profile, by name or id; else the one focused last. */
  instance: string | undefined;
  window: "bind" | "unbind" | undefined;
  /** Whether a container of that name that Stead did not make is taken over. */
  adopt: boolean | undefined;
  /** Whether the project's name may be abbreviated. */
  prefix: boolean;
}

export interface Switched {
  project: string;
  /** Empty when no Firefox is connected, and the project was recorded for the next one. */
  instances: { instance: string; shown: number; hidden: number }[];
}

/**
 * Makes a project the active one. A connected Firefox does it without store or keychain; with none connected the project is
 * recorded for the next one. Throws `unknownProject`, `ambiguousProject`, `unknownInstance`, `adoptionNeeded`, `noFirefox` for
 * what only Firefox can carry out.
 */
export async function switchTo(access: Access, project: string, switching: Switching): Promise<Switched> {
  const target = pickInstance(await access.hosts(), switching.instance);
  return target ? inFirefox(target, project, switching) : forLater(access, project, switching);
}

async function inFirefox({ link, status }: Connected, name: string, { prefix, window, adopt }: Switching): Promise<Switched> {
  const request: Params<typeof socketMethods, "switch"> = { project: name, prefix, window, adopt };
  const { project, shown, hidden } = await link.peer.call("switch", request, { timeoutMs: switchTimeoutMs });
  return { project, instances: [{ instance: status.instance, shown, hidden }] };
}

async function forLater(access: Access, name: string, { window, adopt }: Switching): Promise<Switched> {
  if (window !== undefined || adopt !== undefined) {
    throw new SteadError("noFirefox", "No Firefox is connected, and only one can bind a window or take over a container.");
  }
  const project = await access.project(name);
  (await access.store()).setActive({ project: project.id, at: access.now(), pending: true });
  return { project: project.name, instances: [] };
}
