import type { ErrorShape } from "../../../shared/errors.ts";
import { defaultSettings } from "../../../shared/settings.ts";
import type { BehaviourEvent, BehaviourModel } from "./behaviourModel.ts";
import type { OptionsCall, OptionsModel, Step } from "./optionsModel.ts";
import { setSettings } from "./setSettings.ts";
import { readSiteLines } from "./siteLines.ts";

export function behaviourUpdate(model: OptionsModel, event: BehaviourEvent): Step {
  switch (event.kind) {
    case "external":
      return setSettings(model, { external: event.external }, "external");
    case "sitesTyped":
      return [within(model, { sites: event.text, siteFaults: readSiteLines(event.text).faults, saved: false }), [{ kind: "later", event: { to: "behaviour", kind: "saveSites" } }]];
    case "saveSites":
      return saveSites(model);
    case "resetSites":
      return setSettings(within(model, { sites: undefined, siteFaults: [], saved: true }), { inherit: defaultSettings.inherit }, "inherit");
    case "forget":
      return setSettings(model, { answers: without(model.state?.settings.answers ?? {}, event.pattern) }, "answers");
    case "forgetAll":
      return setSettings(model, { answers: {} }, "answers");
  }
}

/** Written: what is shown from now on is what is kept, unless more was typed. */
export function sitesSaved(model: OptionsModel): OptionsModel {
  const { sites } = model.behaviour;
  if (sites === undefined) return model;
  const kept = model.state?.settings.inherit.join("\n");
  if (sites === kept) return within(model, { sites: undefined, saved: true });
  return readSiteLines(sites).sites.join("\n") === kept ? within(model, { saved: true }) : model;
}

/** Undefined when the failure is none of this section's. */
export function behaviourFailed(model: OptionsModel, failed: OptionsCall, error: ErrorShape): Step | undefined {
  if (failed.kind !== "setSettings" || failed.why !== "inherit") return undefined;
  const sites = model.behaviour.sites ?? (failed.patch.inherit ?? []).join("\n");
  return [within(model, { sites, siteFaults: [{ line: undefined, text: "", fault: { kind: "error", error } }], saved: false }), []];
}

function saveSites(model: OptionsModel): Step {
  const { sites: typed } = model.behaviour;
  if (typed === undefined || !model.state) return [model, []];
  const { sites, faults } = readSiteLines(typed);
  const checked = within(model, { siteFaults: faults });
  if (faults.length > 0) return [checked, []];
  if (sites.join("\n") === model.state.settings.inherit.join("\n")) return [within(checked, { saved: true }), []];
  return setSettings(checked, { inherit: sites }, "inherit");
}

function within(model: OptionsModel, change: Partial<BehaviourModel>): OptionsModel {
  return { ...model, behaviour: { ...model.behaviour, ...change } };
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([one]) => one !== key));
}
