import { chmodSync, closeSync, lstatSync, mkdirSync, openSync, type Stats } from "node:fs";
import { SteadError } from "../../shared/errors.ts";

const owner = process.getuid?.();
const stickyOrForeignWrite = 0o1002;

/**
 * Makes the directory 0700 where it is missing, and closes one of ours to other users. Throws `storeUnreadable` for a
 * symbolic link, another user's directory, or one that everyone may write, such as /tmp.
 */
export function makePrivateDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw refusal(path, "cannot be made", error);
  }
  const stats = lstatSync(path);
  if (!stats.isDirectory()) throw refusal(path, stats.isSymbolicLink() ? "is a symbolic link" : "is not a directory");
  if (owner === undefined) return;
  if (stats.uid !== owner) throw refusal(path, "belongs to another user");
  if ((stats.mode & stickyOrForeignWrite) !== 0) throw refusal(path, `is shared with other users (mode ${octal(stats)})`);
  if ((stats.mode & 0o077) !== 0) chmodSync(path, 0o700);
}

/**
 * Makes an empty file 0600 where there is none, before SQLite would make it 0644; SQLite's side files take over its
 * mode. Throws `storeUnreadable` for anything but a file of ours.
 *
 * A file that is there is never opened: closing it again would drop the locks that SQLite holds on it elsewhere in this process
 * (sqlite.org/howtocorrupt.html section 2.2), and another process could take the log away from under it.
 */
export function makePrivateFile(path: string): void {
  for (;;) {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats) { expectPrivateFile(path, stats); return; }
    try {
      closeSync(openSync(path, "wx", 0o600));
    } catch (error) {
      // Another process may have made it meanwhile.
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw refusal(path, "cannot be made", error);
    }
  }
}

function expectPrivateFile(path: string, stats: Stats): void {
  if (!stats.isFile()) throw refusal(path, stats.isSymbolicLink() ? "is a symbolic link" : "is not a file");
  if (owner === undefined) return;
  if (stats.uid !== owner) throw refusal(path, "belongs to another user");
  if ((stats.mode & 0o077) !== 0) chmodSync(path, 0o600);
}

function refusal(path: string, why: string, cause?: unknown): SteadError {
  return new SteadError("storeUnreadable", `${path} ${why}; a directory and file of this user's own were expected.`, { cause });
}

function octal(stats: Stats): string {
  return (stats.mode & 0o7777).toString(8);
}
