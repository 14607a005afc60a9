import type { SettingsPatch } from "../../../shared/settings.ts";
import { call, type OptionsCall, type OptionsModel, type Step } from "./optionsModel.ts";

type Why = Extract<OptionsCall, { kind: "setSettings" }>["why"];

/** Shows the settings as they shall be, and has them written; when that is refused, they go back. */
export function setSettings(model: OptionsModel, patch: SettingsPatch, why: Why): Step {
  if (!model.state) return [model, []];
  const before = model.state.settings;
  const settings = {
    external: patch.external ?? before.external,
    strict: patch.strict ?? before.strict,
    inherit: patch.inherit ?? before.inherit,
    answers: patch.answers ?? before.answers,
  };
  return [{ ...model, state: { ...model.state, settings } }, [call({ kind: "setSettings", patch, before, why })]];
}
