import { randomBytes } from "node:crypto";
import { closeSync, constants, fstatSync, fsyncSync, linkSync, openSync, readSync, renameSync, unlinkSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { SteadError } from "../../shared/errors.ts";
import type { KeySource } from "./keySource.ts";
import { keyBytes } from "./keys.ts";

const label = "stead-key-1 ";
const fileBytes = label.length + 2 * keyBytes + 1;

/** The root key in a file that only this user may read: whoever copies it with the store has both. */
export function keyFile(path: string): KeySource {
  const next = `${path}.next`;
  return {
    kind: "file",
    load: () => load(path),
    create() {
      const key = randomBytes(keyBytes);
      write(path, key, linkSync);
      return key;
    },
    loadNext: () => load(next),
    prepareNext: (key) => write(next, key, renameSync),
    promoteNext() {
      try {
        renameSync(next, path);
      } catch (error) {
        throw new SteadError("keyUnavailable", `The key file ${path} cannot be replaced by ${next}.`, { cause: error });
      }
      syncDirectory(dirname(path));
    },
  };
}

function load(path: string): Buffer | undefined {
  let file: number;
  try {
    // Windows has no O_NOFOLLOW.
    file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW || 0));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new SteadError("keyUnavailable", `The key file ${path} cannot be read, or is a symbolic link.`, { cause: error });
  }
  try {
    expectPrivate(file, path);
    const bytes = Buffer.alloc(fileBytes + 1);
    const length = readSync(file, bytes, 0, bytes.length, 0);
    const text = bytes.toString("latin1", 0, length);
    bytes.fill(0);
    const hex = /^stead-key-1 ([0-9a-f]{64})\n?$/.exec(text)?.[1];
    if (hex === undefined) throw new SteadError("keyUnavailable", `The file ${path} does not hold a key of Stead's.`);
    return Buffer.from(hex, "hex");
  } finally {
    closeSync(file);
  }
}

function expectPrivate(file: number, path: string): void {
  const stats = fstatSync(file);
  if (!stats.isFile()) throw new SteadError("keyUnavailable", `${path} is not a file.`);
  if (process.getuid === undefined) return;
  if (stats.uid !== process.getuid()) throw new SteadError("keyUnavailable", `The key file ${path} belongs to another user.`);
  if ((stats.mode & 0o077) === 0) return;
  const mode = (stats.mode & 0o777).toString(8);
  throw new SteadError("keyUnavailable", `The key file ${path} is open to other users: mode 600 was expected, ${mode} came.`, {
    hint: `Run chmod 600 on it if no one else has read it; the store stays as it is.`,
  });
}

/** Whole or not at all: a draft gets the name, by a link never over another file, by a renaming in its place. */
function write(path: string, key: Buffer, give: (draft: string, path: string) => void): void {
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    const file = openSync(draft, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
    try {
      writeSync(file, `${label}${key.toString("hex")}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    give(draft, path);
  } catch (error) {
    throw new SteadError("keyUnavailable", `The key file ${path} cannot be made.`, { cause: error });
  } finally {
    try {
      unlinkSync(draft);
    } catch {
      // It was never made, or has the name.
    }
  }
  syncDirectory(dirname(path));
}

/** Without it the name may be lost with the power, and the store's key with it. */
function syncDirectory(path: string): void {
  if (process.platform === "win32") return;
  const directory = openSync(path, constants.O_RDONLY);
  fsyncSync(directory);
  closeSync(directory);
}
