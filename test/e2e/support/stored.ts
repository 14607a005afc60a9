import type * as z from "zod/mini";
import { StateDocument } from "../../../shared/formats/state.ts";
import { waitFor } from "../../support/waitFor.ts";
import type { World } from "./world.ts";

export type Stored = z.infer<typeof StateDocument>;

/** What the store holds of a project, in Stead's own format. */
export async function stored(world: World, project: string): Promise<Stored> {
  const { stdout } = await world.stead(["export", project, "--format", "json"]);
  return StateDocument.parse(JSON.parse(stdout));
}

/** Waits until the store holds what is looked for, and answers that. */
export async function waitForStored<T>(world: World, project: string, what: string, look: (state: Stored) => T | undefined | false): Promise<T> {
  return waitFor(what, async () => look(await stored(world, project)), 15_000);
}
