import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { decodeText, readDocument, writePrivateFile } from "../../native-host/files.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stead-files-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe("writePrivateFile", () => {
  it("makes the file 0600 whatever the umask, and leaves nothing beside it", async () => {
    const umask = process.umask(0);
    try {
      expect(await writePrivateFile(join(folder, "a"), "secret")).toBe(join(folder, "a"));
    } finally {
      process.umask(umask);
    }
    expect(statSync(join(folder, "a")).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["a"]);
  });

  it("replaces a file that others could read with one that they cannot", async () => {
    writeFileSync(join(folder, "a"), "old", { mode: 0o644 });
    await writePrivateFile(join(folder, "a"), "new");
    expect(readFileSync(join(folder, "a"), "utf8")).toBe("new");
    expect(statSync(join(folder, "a")).mode & 0o777).toBe(0o600);
  });

  it.each<[string, (path: string) => void, string]>([
    ["a symbolic link", (path) => { writeFileSync(join(folder, "target"), "kept"); symlinkSync("target", path); }, "symbolic link"],
    ["a dangling symbolic link", (path) => { symlinkSync("nowhere", path); }, "symbolic link"],
    ["a directory", (path) => { mkdirSync(path); }, "directory"],
    ["a pipe", (path) => { execFileSync("mkfifo", [path]); }, "not a plain file"],
  ])("refuses %s and leaves it as it is", async (_what, make, message) => {
    make(join(folder, "a"));
    const before = readdirSync(folder);
    await expect(writePrivateFile(join(folder, "a"), "new")).rejects.toMatchObject({ code: "fileExists", message: expect.stringContaining(message) as string });
    expect(readdirSync(folder)).toEqual(before);
  });

  it("says so when the folder is missing", async () => {
    await expect(writePrivateFile(join(folder, "none", "a"), "x")).rejects.toMatchObject({ code: "fileUnwritable", message: expect.stringContaining("no such file or folder") as string });
  });
});

describe("readDocument", () => {
  it("reads a file whole and a file over the limit not at all", async () => {
    writeFileSync(join(folder, "a"), "x".repeat(100_000));
    expect(await readDocument(join(folder, "a"))).toHaveLength(100_000);
    await expect(readDocument(join(folder, "a"), 99_999)).rejects.toMatchObject({ code: "tooLarge" });
  });

  it.each([["none", "no such file"], [".", "a directory"]])("refuses %s: %s", async (name, message) => {
    await expect(readDocument(join(folder, name))).rejects.toMatchObject({ code: "fileUnreadable", message: expect.stringContaining(message) as string });
  });
});

describe("decodeText", () => {
  it("takes UTF-8 and refuses anything else by the document's name", () => {
    expect(decodeText(Buffer.from("é"), "The file")).toBe("é");
    expect(() => decodeText(Buffer.from([0xe9]), "The file")).toThrow("The file: expected text in UTF-8.");
  });
});
