import { join } from "node:path";
import type { InstallEnvironment } from "../environment.ts";
import { exists } from "../exists.ts";
import { type Check, passed } from "./check.ts";

/** What a sandboxed Firefox needs besides; nothing Stead could see from outside, so these are notes and never fail. */
export async function packagingNotes({ platform, userHome }: InstallEnvironment): Promise<Check[]> {
  if (platform !== "linux") return [];
  const notes: Check[] = [];
  if (await exists(join(userHome, "snap/firefox"))) {
    notes.push(passed("snap", "A snap Firefox reads the same manifest through a desktop portal; allow it when it asks."));
  }
  if (await exists(join(userHome, ".var/app/org.mozilla.firefox"))) {
    notes.push(passed("flatpak", "A Flatpak Firefox starts native hosts only with xdg-native-messaging-proxy installed on the system."));
  }
  return notes;
}
