import type { ErrorShape } from "../../../shared/errors.ts";
import { call, type OptionsCall, type OptionsEffect, type OptionsModel, type Step } from "./optionsModel.ts";
import { shortcutOf } from "./shortcutOf.ts";
import type { Shortcut, ShortcutsEvent, ShortcutsModel } from "./shortcutsModel.ts";

const ask = call({ kind: "shortcuts" });

export function shortcutsUpdate(model: OptionsModel, event: ShortcutsEvent): Step {
  const { capturing } = model.shortcuts;
  switch (event.kind) {
    case "capture":
      return [within(model, { capturing: event.name, refused: undefined }), [{ kind: "focus", id: "capture" }]];
    case "cancel":
      return [within(model, { capturing: undefined, refused: undefined }), event.stay && capturing !== undefined ? [back(capturing)] : []];
    case "pressed":
      return capturing === undefined ? [model, []] : pressed(model, capturing, event);
    case "clear":
      return [within(model, { refused: undefined }), [call({ kind: "setShortcut", name: event.name, shortcut: "" })]];
    case "reset":
      return [within(model, { refused: undefined }), [call({ kind: "resetShortcut", name: event.name })]];
    case "changed":
      return [model, [ask]];
    case "openSettings":
      return [model, [{ kind: "openShortcutSettings" }]];
  }
}

export function shortcutsKnown(model: OptionsModel, list: readonly Shortcut[]): OptionsModel {
  return within(model, { list });
}

/** Undefined when the failure is none of this section's. */
export function shortcutsFailed(model: OptionsModel, failed: OptionsCall, error: ErrorShape): Step | undefined {
  if (failed.kind !== "setShortcut" && failed.kind !== "resetShortcut") return undefined;
  return [within(model, { refused: { name: failed.name, fault: { kind: "error", error } } }), []];
}

/** Its change button has the focus again. */
function back(name: string): OptionsEffect {
  return { kind: "focus", id: `keys-${name}` };
}

function pressed(model: OptionsModel, name: string, { press }: Extract<ShortcutsEvent, { kind: "pressed" }>): Step {
  const read = shortcutOf(press);
  switch (read.kind) {
    case "pending":
      return [model, []];
    case "refused":
      return [within(model, { refused: { name, fault: { kind: "text", name: read.why } } }), []];
    case "keys": {
      const other = model.shortcuts.list?.find((one) => one.name !== name && one.keys === read.keys);
      if (other) return [within(model, { refused: { name, fault: { kind: "text", name: "optionsKeysTaken", value: other.description } } }), []];
      return [within(model, { capturing: undefined, refused: undefined }), [call({ kind: "setShortcut", name, shortcut: read.keys }), back(name)]];
    }
  }
}

function within(model: OptionsModel, change: Partial<ShortcutsModel>): OptionsModel {
  return { ...model, shortcuts: { ...model.shortcuts, ...change } };
}
