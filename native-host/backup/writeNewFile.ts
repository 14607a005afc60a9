import { randomBytes } from "node:crypto";
import { closeSync, constants, existsSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { SteadError } from "../../shared/errors.ts";
import { asWriteError, checkReplaceable } from "../files.ts";

/** Throws `fileExists` where there is something already and `force` is not given, or where it is no plain file of this user's. */
export async function expectFree(target: string, force: boolean): Promise<void> {
  if (force) await checkReplaceable(target);
  else if (existsSync(target)) throw new SteadError("fileExists", `${target} is there already.`, { hint: "Choose another name, or repeat with --force to replace it; nothing was changed." });
}

/**
 * Writes a file of mode 0600 beside its place, has it checked there, and gives it the name: on disk and whole when this
 * returns, else nothing is left. Throws `fileExists`, `diskFull`, `fileUnwritable`, and what `check` throws.
 */
export async function writeNewFile(target: string, parts: Iterable<Buffer>, { force, check }: { force: boolean; check: (draft: string) => Promise<void> }): Promise<void> {
  const draft = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString("hex")}`);
  try {
    wrapped(target, () => writeDraft(draft, parts));
    await check(draft);
    await expectFree(target, force);
    wrapped(target, () => {
      renameSync(draft, target);
      syncFolder(dirname(target));
    });
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Writes a file of mode 0600 that was not there, and waits for the disk. */
export function writeDraft(path: string, parts: Iterable<Buffer>): void {
  const file = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW || 0), 0o600);
  try {
    let end = 0;
    for (const part of parts) {
      for (let done = 0; done < part.length; ) {
        const written = writeSync(file, part, done, part.length - done, end);
        done += written;
        end += written;
      }
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** A name is on disk only when its folder is. Windows cannot open a folder, and needs no such thing. */
export function syncFolder(path: string): void {
  if (process.platform === "win32") return;
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function wrapped(target: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw asWriteError(error, target);
  }
}
