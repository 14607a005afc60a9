import { SteadError } from "../../shared/errors.ts";
import { webext } from "../browser/webext.ts";
import type { Shortcut } from "../core/options/shortcutsModel.ts";
import { text } from "../ui/text.ts";

/** The manifest's commands in its order, with the keys they have now. */
export async function readShortcuts(): Promise<Shortcut[]> {
  const commands = await webext.commands.getAll();
  return commands.map(({ name = "", description, shortcut = "" }) => ({
    name,
    // Firefox gives the button's own command no description.
    description: name === "_execute_action" || !description ? text("actionTitle") : description,
    keys: shortcut,
  }));
}

/** Throws `usage` with Firefox's words when it does not take the keys. */
export async function setShortcut(name: string, shortcut: string): Promise<void> {
  try {
    await webext.commands.update({ name, shortcut });
  } catch (error) {
    throw new SteadError("usage", text("optionsKeysRefused", shortcut), { hint: error instanceof Error ? error.message : "", cause: error });
  }
}

export async function resetShortcut(name: string): Promise<void> {
  await webext.commands.reset(name);
}

/** Firefox's own page for the shortcuts of every extension. */
export async function openShortcutSettings(): Promise<void> {
  await webext.commands.openShortcutSettings();
}
