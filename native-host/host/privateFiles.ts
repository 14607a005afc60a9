import { constants } from "node:fs";
import { lstat, mkdir, open } from "node:fs/promises";
import { SteadError } from "../../shared/errors.ts";

/** Makes the directory 0700 where it is missing, then checks it. Throws `socketUnsafe`. */
export async function makePrivateDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await checkPrivateDirectory(path);
}

/**
 * Only this user can look into the directory: a real directory (no symlink), ours, mode 0700 or less. The umask alone
 * decides a socket's own mode, so its directory is what keeps others out. Throws `socketUnsafe`, or ENOENT as it is.
 */
export async function checkPrivateDirectory(path: string): Promise<void> {
  const stats = await lstat(path);
  if (!stats.isDirectory()) throw unsafe(path, "is not a directory of its own");
  if (process.getuid === undefined) return;
  if (stats.uid !== process.getuid()) throw unsafe(path, "belongs to another user");
  if ((stats.mode & 0o077) !== 0) throw unsafe(path, `is open to other users (mode ${(stats.mode & 0o777).toString(8)})`);
}

/** Reads a small file of ours: no symlink, ours, mode 0600 or less, at most `limit` bytes. Throws `socketUnsafe`, or ENOENT as it is. */
export async function readPrivateFile(path: string, limit: number): Promise<Buffer> {
  // Windows has neither flag.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW || 0) | (constants.O_NONBLOCK || 0);
  const file = await open(path, flags).catch((error: unknown) => {
    if (codeOf(error) === "ELOOP") throw unsafe(path, "is a symbolic link");
    throw error;
  });
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw unsafe(path, "is not a file");
    if (process.getuid !== undefined) {
      if (stats.uid !== process.getuid()) throw unsafe(path, "belongs to another user");
      if ((stats.mode & 0o077) !== 0) throw unsafe(path, `is open to other users (mode ${(stats.mode & 0o777).toString(8)})`);
    }
    if (stats.size > limit) throw unsafe(path, `has ${stats.size} bytes where at most ${limit} were expected`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** The errno name of a system error, undefined for anything else. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

function unsafe(path: string, why: string): SteadError {
  return new SteadError("socketUnsafe", `${path} ${why}; it must be private to this user.`);
}
