import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { lstat, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { SteadError } from "../shared/errors.ts";

/** The largest document read from a file or stdin, in bytes. */
export const documentLimit = 64 * 1024 * 1024;

/**
 * Writes a file with secrets in it: mode 0600 from its first byte on, whole or not at all, on disk when this returns.
 * A file that is there is replaced only when it is a plain file of this user's. Answers the absolute path.
 * Throws `fileExists` for anything else in its place, `diskFull`, `fileUnwritable`.
 */
export async function writePrivateFile(path: string, content: string | Uint8Array): Promise<string> {
  const target = resolve(path);
  await checkReplaceable(target);
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString("hex")}`);
  try {
    await writeDurably(temporary, content);
    await rename(temporary, target);
    await syncFolder(dirname(target));
  } catch (error) {
    await rm(temporary, { force: true });
    throw asWriteError(error, target);
  }
  return target;
}

/** Reads a document a user named, a pipe included. Throws `fileUnreadable`, `tooLarge`. */
export async function readDocument(path: string, limit: number = documentLimit): Promise<Buffer> {
  try {
    const file = await open(path, "r");
    try {
      return await readAll(file.createReadStream({ autoClose: false }), limit);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof SteadError) throw error;
    throw new SteadError("fileUnreadable", `${path} cannot be read: ${reasonOf(error)}.`, { cause: error });
  }
}

/** Bytes as text. Throws `fileFormat` when they are not UTF-8; `what` names the document in the message. */
export function decodeText(bytes: Uint8Array, what: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new SteadError("fileFormat", `${what}: expected text in UTF-8.`);
  }
}

/** A symbolic link is not followed: whoever may make one could choose what is overwritten, or where a secret goes. */
export async function checkReplaceable(target: string): Promise<void> {
  const stats = await lstat(target).catch(() => undefined);
  if (stats === undefined) return;
  const kind = stats.isSymbolicLink() ? "is a symbolic link" : stats.isDirectory() ? "is a directory" : "is not a plain file";
  if (!stats.isFile()) throw new SteadError("fileExists", `${target} ${kind}; only a plain file is replaced.`);
  if (process.getuid !== undefined && stats.uid !== process.getuid()) {
    throw new SteadError("fileExists", `${target} belongs to another user; only this user's own file is replaced.`);
  }
}

async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW || 0), 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The rename is on disk only when its folder is. Windows cannot open a folder, and needs no such thing. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function readAll(stream: AsyncIterable<Uint8Array>, limit: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of stream) {
    length += part.length;
    if (length > limit) throw new SteadError("tooLarge", `The document is over the limit of ${limit} bytes.`, { hint: "Split it and import the parts." });
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** What failed to be written, as Stead says it. */
export function asWriteError(error: unknown, target: string): SteadError {
  const code = codeOf(error);
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new SteadError("diskFull", `${target} was not written: the disk is full.`, { hint: "Free some disk space; a file that was there is as it was.", cause: error });
  }
  return new SteadError("fileUnwritable", `${target} cannot be written: ${reasonOf(error)}.`, { cause: error });
}

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  return code === undefined ? "unknown reason" : (reasons[code] ?? code);
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EISDIR: "it is a directory",
  ENOTDIR: "a part of its path is not a directory",
  EROFS: "the file system is read-only",
};

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
