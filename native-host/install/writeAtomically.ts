import { randomBytes } from "node:crypto";
import { mkdir, open, rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { SteadError } from "../../shared/errors.ts";

/** Replaces a file whole or not at all; makes its directory. Throws `installFailed` naming the directory. */
export async function writeAtomically(path: string, text: string, modes: { file: number; directory: number }): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: modes.directory });
    const file = await open(draft, "wx", modes.file);
    try {
      await file.writeFile(text);
      // The umask may have taken bits away that the file needs.
      await file.chmod(modes.file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await unlink(draft).catch(() => undefined);
    throw new SteadError("installFailed", `Could not write ${path} in ${dirname(path)}: ${reason(error)}.`, { cause: error });
  }
}

function reason(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown reason";
}
