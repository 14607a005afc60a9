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
      return { kind: "done" };
    case "changeRules": {
      const { put } = await peer().call("rules.change", { put: [...call.put], remove: [...call.remove] }, limit);
      return { kind: "changeRules", call, put };
    }
    case "applyRules":
      return { kind: "applyRules", moved: (await peer().call("rules.apply", { rules: [...call.rules] }, limit)).moved };
    case "setSettings":
      return { kind: "setSettings", settings: (await peer().call("settings.set", call.patch, limit)).settings };
    case "retry":
      await peer().call("host.retry", {}, limit);
      return { kind: "done" };
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
