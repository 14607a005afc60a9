import type { RuleId } from "../../shared/rules/rule.ts";
import { type ImportPlan, withIds } from "../core/options/importPlan.ts";
import type { OptionsAnswer, OptionsCall } from "../core/options/optionsModel.ts";
import { limit, type OptionsPeer } from "./background.ts";
import { readShortcuts, resetShortcut, setShortcut } from "./shortcuts.ts";

/** Carries out a call; rejects with a SteadError, or with Firefox's own error. */
export async function perform(peer: () => OptionsPeer, call: OptionsCall): Promise<OptionsAnswer> {
  switch (call.kind) {
    case "state":
      return { kind: "state", state: await peer().call("options.state", {}, limit) };
    case "rules":
      return { kind: "rules", change: await peer().call("rules", {}, limit) };
    case "addProject":
      return { kind: "addProject", project: (await peer().call("project.add", call.project, limit)).project };
    case "updateProject":
      return { kind: "updateProject", project: (await peer().call("project.update", { id: call.id, patch: call.patch }, limit)).project };
    case "removeProject":
      return { kind: "removeProject", name: (await peer().call("project.remove", { id: call.id }, limit)).removed.name };
    case "switch":
      await peer().call("switch", call.request, limit);
      return { kind: "switched" };
    case "changeRules": {
      const { put } = await peer().call("rules.change", { put: [...call.put], remove: [...call.remove] }, limit);
      return { kind: "changeRules", call, put };
    }
    case "applyRules":
      return { kind: "applyRules", moved: (await peer().call("rules.apply", { rules: [...call.rules] }, limit)).moved };
    case "setSettings":
      return { kind: "setSettings", settings: (await peer().call("settings.set", call.patch, limit)).settings };
    case "import":
      return { kind: "import", from: call.from, ...(await carryOut(peer(), call.plan)) };
    case "retry":
      await peer().call("host.retry", {}, limit);
      return { kind: "retried" };
    case "shortcuts":
      return { kind: "shortcuts", shortcuts: await readShortcuts() };
    case "setShortcut":
      await setShortcut(call.name, call.shortcut);
      return { kind: "shortcuts", shortcuts: await readShortcuts() };
    case "resetShortcut":
      await resetShortcut(call.name);
      return { kind: "shortcuts", shortcuts: await readShortcuts() };
  }
}

/** Projects first, which the rules name, then all rules or none, then the settings. Repeated after a failure, it goes on where it was. */
async function carryOut(peer: OptionsPeer, plan: ImportPlan): Promise<{ projects: number; rules: RuleId[] }> {
  const ids = new Map<string, string>();
  for (const { id, name, color, icon } of plan.projects) {
    const { project } = await peer.call("project.add", { name, ...(color && { color }), ...(icon && { icon }) }, limit);
    ids.set(id, project.id);
  }
  const { put, settings } = withIds(plan, ids);
  const made = put.length === 0 ? [] : (await peer.call("rules.change", { put, remove: [] }, limit)).put;
  if (Object.keys(settings).length > 0) await peer.call("settings.set", settings, limit);
  return { projects: ids.size, rules: made.map(({ id }) => id) };
}
