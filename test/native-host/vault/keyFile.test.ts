import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { keyFile } from "../../../native-host/vault/keyFile.ts";
import { errorCode } from "../../support/errorCode.ts";
import { storeHome } from "../../support/storeHome.ts";

const newPath = (): string => storeHome().home.keyFile;
const hex = "0f".repeat(32);
const good = `stead-key-1 ${hex}\n`;

describe("a key file", () => {
  it("that is not there is no key", () => {
    expect(keyFile(newPath()).load()).toBeUndefined();
  });

  it("gives back the key that was made, for this user's eyes only and with no draft beside it", () => {
    const { home } = storeHome();
    const before = process.umask(0);
    const key = keyFile(home.keyFile).create();
    process.umask(before);
    expect(key).toHaveLength(32);
    expect(keyFile(home.keyFile).load()).toEqual(key);
    expect(statSync(home.keyFile).mode & 0o777).toBe(0o600);
    expect(readdirSync(home.data)).toEqual(["key"]);
  });

  it("is never written over", async () => {
    const path = newPath();
    keyFile(path).create();
    const before = readFileSync(path);
    expect(await errorCode(() => keyFile(path).create())).toBe("keyUnavailable");
    expect(readFileSync(path)).toEqual(before);
  });

  it("may have lost its line end in an editor", () => {
    const path = newPath();
    write(path, good.trimEnd());
    expect(keyFile(path).load()?.toString("hex")).toBe(hex);
  });

  const refusals: [what: string, make: (path: string) => void][] = [
    ["the group may read", (path) => write(path, good, 0o640)],
    ["everyone may read", (path) => write(path, good, 0o604)],
    ["is a symbolic link", (path) => writeLinked(path)],
    ["is a directory", (path) => mkdirSync(path)],
    ["is empty", (path) => write(path, "")],
    ["is too short", (path) => write(path, `stead-key-1 ${hex.slice(2)}\n`)],
    ["is too long", (path) => write(path, `stead-key-1 ${hex}\n\n`)],
    ["is of another kind", (path) => write(path, `age-key-1 ${hex}\n`)],
  ];
  it.each(refusals)("that %s is refused, and not in the words of what is in it", async (_what, make) => {
    const path = newPath();
    make(path);
    expect(await errorCode(() => keyFile(path).load())).toBe("keyUnavailable");
    expect(() => keyFile(path).load()).not.toThrow(hex.slice(2));
  });
});

function write(path: string, text: string, mode = 0o600): void {
  writeFileSync(path, text);
  chmodSync(path, mode);
}

function writeLinked(path: string): void {
  write(`${path}2`, good);
  symlinkSync(`${path}2`, path);
}
