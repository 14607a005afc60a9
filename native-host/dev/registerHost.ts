import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

/** Registers the built native host with Firefox for this user, through the command a user would run. */
export async function registerHost(root: string): Promise<void> {
  await promisify(execFile)(process.execPath, [join(root, "dist/native-host/stead.js"), "install"]);
}
