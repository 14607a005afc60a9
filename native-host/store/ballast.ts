import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, statSync, unlinkSync, writeSync } from "node:fs";

/** Bytes held back: enough for SQLite's shared memory and the log of a removal. */
export const ballastBytes = 1024 * 1024;

/**
 * A file of no use but its size. On a full disk even a DELETE needs room for its log; giving this file up makes that
 * room, so that a project can always be removed.
 */
export class Ballast {
  readonly path: string;

  constructor(storePath: string) {
    this.path = `${storePath}.ballast`;
  }

  /** Makes it where it is missing; whether it is there. Without room for the whole of it nothing is made. */
  make(): boolean {
    if (this.#isWhole()) return true;
    try {
      const file = openSync(this.path, "w", 0o600);
      try {
        // Random, so that no file system compresses or skips it.
        const bytes = randomBytes(ballastBytes);
        let done = 0;
        while (done < bytes.length) done += writeSync(file, bytes, done);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      return true;
    } catch {
      this.release();
      return false;
    }
  }

  /** Gives the room back to the file system; whether there was any to give. */
  release(): boolean {
    try {
      unlinkSync(this.path);
      return true;
    } catch {
      return false;
    }
  }

  #isWhole(): boolean {
    return statSync(this.path, { throwIfNoEntry: false })?.size === ballastBytes;
  }
}
