import { scenes, type SceneName } from "../../extension/popup/scenes.ts";
import { openExtensionStage, type Stage as ExtensionStage } from "../extensionStage.ts";

export type Stage = ExtensionStage<SceneName>;

/** The popup with fakeWebext.ts in the place of the browser's API. */
export function openStage(): Promise<Stage> {
  return openExtensionStage({ page: "popup", fakeWebext: new URL("./fakeWebext.ts", import.meta.url), scenes });
}
