import { type OptionsSceneName, scenes } from "../../extension/options/scenes.ts";
import { openExtensionStage, type Stage } from "../extensionStage.ts";

/** The options or the first-run page with fakeWebext.ts in the place of the browser's API. */
export function openStage(page: "options" | "firstRun"): Promise<Stage<OptionsSceneName>> {
  return openExtensionStage({ page, fakeWebext: new URL("./fakeWebext.ts", import.meta.url), scenes });
}
