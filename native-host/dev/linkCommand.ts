import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Puts `stead` where `npx stead` finds it in this checkout. */
export async function linkCommand(root: string): Promise<void> {
  const bin = join(root, "node_modules/.bin");
  await mkdir(bin, { recursive: true });
  if (process.platform === "win32") {
    await writeFile(join(bin, "stead.cmd"), '@node "%~dp0..\\..\\dist\\native-host\\stead.js" %*\r\n');
    return;
  }
  const link = join(bin, "stead");
  await rm(link, { force: true });
  await symlink("../../dist/native-host/stead.js", link);
}
