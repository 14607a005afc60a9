import * as z from "zod/mini";
import { Rule, RuleDraft, RuleId } from "../rules/rule.ts";
import { Settings, SettingsPatch } from "../settings.ts";
import { method } from "../wire/table.ts";
import { backgroundMethods, PopupState } from "./popup.ts";
import { None, RulesChange } from "./store.ts";

export const OptionsState = z.object({
  ...PopupState.shape,
  settings: Settings,
  /** Rules kept here that the store has not been told of yet: no host is connected. */
  unsent: z.number(),
});
export type OptionsState = z.infer<typeof OptionsState>;

/** options and first-run page → background */
export const optionsMethods = {
  "options.state": method(None, OptionsState),
  /** Every rule; `rulesChanged` follows with what changes. */
  rules: method(None, RulesChange),
  /** Throws as the store's method does. Works without a host: the store is told later. */
  "rules.change": method(
    z.object({ put: z.array(RuleDraft), remove: z.array(RuleId) }),
    z.object({ put: z.array(Rule), removed: z.number() }),
  ),
  /** Moves open tabs whose page these rules give to another project than theirs. */
  "rules.apply": method(z.object({ rules: z.array(RuleId) }), z.object({ moved: z.number() })),
  "settings.set": method(SettingsPatch, z.object({ settings: Settings })),
  "project.add": backgroundMethods["project.add"],
  "project.update": backgroundMethods["project.update"],
  "project.remove": backgroundMethods["project.remove"],
  switch: backgroundMethods.switch,
  "host.retry": backgroundMethods["host.retry"],
} as const;

/** background → options and first-run page */
export const optionsEvents = {
  changed: method(OptionsState, None),
  rulesChanged: method(RulesChange, None),
} as const;
