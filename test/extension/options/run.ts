import { firstModel, type OptionsCall, type OptionsEffect, type OptionsEvent, type OptionsModel } from "../../../extension/core/options/optionsModel.ts";
import { optionsUpdate } from "../../../extension/core/options/optionsUpdate.ts";
import type { Rule } from "../../../shared/rules/rule.ts";
import { state, scenes } from "./scenes.ts";

export interface After {
  model: OptionsModel;
  /** What the last event asked for. */
  effects: readonly OptionsEffect[];
  call: OptionsCall | undefined;
}

/** The model after these events, beginning with the state and the rules known. */
export function after(...events: OptionsEvent[]): After {
  return from(known(), ...events);
}

export function from(model: OptionsModel, ...events: OptionsEvent[]): After {
  let effects: readonly OptionsEffect[] = [];
  for (const event of events) [model, effects] = optionsUpdate(model, event);
  return { model, effects, call: effects.flatMap((effect) => (effect.kind === "call" ? [effect.call] : []))[0] };
}

export function known(rules: readonly Rule[] = scenes.few.rules): OptionsModel {
  const change = { store: "store", revision: 1, all: true, set: [...rules], removed: [] };
  return from(firstModel, { to: "page", kind: "changed", state }, { to: "page", kind: "rulesChanged", change }).model;
}

export function failure(call: OptionsCall | undefined, code: "storeBusy" | "adoptionNeeded" | "badPattern" = "storeBusy"): OptionsEvent {
  if (!call) throw new Error("Nothing was called.");
  return { to: "page", kind: "failed", call, error: { code, message: "It was refused.", hint: "Try again." } };
}

export function patterns({ rules }: OptionsModel): string[] {
  return rules.rows.map((rule) => rule.pattern);
}
