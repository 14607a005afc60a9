import type { SettingsPatch } from "../../../shared/settings.ts";
import { patchSettings } from "../../../shared/settingsPatch.ts";
import { call, type OptionsCall, type OptionsModel, type Step } from "./optionsModel.ts";

type Why = Extract<OptionsCall, { kind: "setSettings" }>["why"];

/** Shows the settings as they shall be, and has them written; when that is refused, they go back. */
export function setSettings(model: OptionsModel, patch: SettingsPatch, why: Why): Step {
  if (!model.state) return [model, []];
  const before = model.state.settings;
  return [{ ...model, state: { ...model.state, settings: patchSettings(before, patch) } }, [call({ kind: "setSettings", patch, before, why })]];
}
