import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { readExtensionStorage } from "../../../native-host/import/extensionStorage.ts";
import { openProfile } from "../../../native-host/import/firefoxProfile.ts";
import { readProfileRules } from "../../../native-host/import/profileRules.ts";
import { errorCode } from "../../support/errorCode.ts";

const uuid = "11111111-2222-4333-8444-555555555555";
const gone = 2 ** 22 + 1; // Above Linux's largest process id.

function profile(files: Readonly<Record<string, string>> = {}, lock?: string): string {
  const path = mkdtempSync(join(tmpdir(), "stead-profile-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  const all = { "prefs.js": `// Mozilla\nuser_pref("extensions.webextensions.uuids", "{\\"@testpilot-containers\\":\\"${uuid}\\"}");\n`, ...files };
  for (const [name, content] of Object.entries(all)) writeFileSync(join(path, name), content);
  if (lock !== undefined) symlinkSync(lock, join(path, "lock"));
  return path;
}

describe("a Firefox profile", () => {
  it("names its add-ons and containers, the four of Firefox's own in English", async () => {
    const containers = {
      version: 5,
      identities: [
        { userContextId: 1, public: true, icon: "fingerprint", color: "blue", l10nId: "user-context-personal" },
        { userContextId: 2, public: true, icon: "briefcase", color: "orange", l10nID: "userContextWork.label" },
        { userContextId: 3, public: true, icon: "dollar", color: "green", l10nId: "user-context-banking", name: "Bank" },
        { userContextId: 5, public: false, icon: "", color: "", name: "userContextIdInternal.thumbnail" },
        { userContextId: 6, public: true, icon: "unheard of", color: "violet", name: "Mine" },
      ],
    };
    const opened = await openProfile(profile({ "containers.json": JSON.stringify(containers) }));
    expect(opened.uuids).toEqual(new Map([["@testpilot-containers", uuid]]));
    expect(opened.containers.map(({ userContextId, name, color, icon }) => [userContextId, name, color, icon])).toEqual([
      [1, "Personal", "blue", "fingerprint"], [2, "Work", "orange", "briefcase"], [3, "Bank", "green", "dollar"], [6, "Mine", "purple", undefined],
    ]);
  });

  it.each<[string, () => string, NodeJS.Platform, string]>([
    ["a lock of a process that runs", () => profile({}, `127.0.1.1:+${process.pid}`), "linux", "conflict"],
    ["a lock of a process that is gone", () => profile({ "cookies.sqlite-wal": "x" }, `127.0.1.1:+${gone}`), "linux", "none"],
    ["no lock", () => profile({ "cookies.sqlite-wal": "" }), "darwin", "none"],
    ["no lock, and a log that was not taken over", () => profile({ "cookies.sqlite-wal": "x" }), "darwin", "conflict"],
    ["a lock file that can be opened", () => profile({ "parent.lock": "" }), "win32", "none"],
    ["no lock file", () => profile(), "win32", "none"],
    ["no prefs.js", () => tmpdir(), "linux", "fileFormat"],
  ])("with %s", async (_what, make, platform, code) => {
    expect(await errorCode(() => openProfile(make(), platform))).toBe(code);
  });

  it.each([
    ["no add-ons", ""],
    ["add-ons that are no JSON", 'user_pref("extensions.webextensions.uuids", "{");'],
    ["an address that is none", 'user_pref("extensions.webextensions.uuids", "{\\"@testpilot-containers\\":\\"../../etc\\"}");'],
  ])("with %s has nothing to import", async (_what, prefs) => {
    expect(await errorCode(() => readProfileRules(profile({ "prefs.js": prefs })))).toBe("fileFormat");
  });

  it("is read as one of the add-ons' formats only", async () => {
    expect(await errorCode(() => readProfileRules(profile(), "list"))).toBe("usage");
  });
});

describe("an add-on's storage", () => {
  function store(make: (path: string) => void): string {
    const path = profile();
    const folder = join(path, "storage", "default", `moz-extension+++${uuid}^userContextId=4294967295`, "idb");
    mkdirSync(folder, { recursive: true });
    make(join(folder, "3647222921wleabcEoxlt-eengsairo.sqlite"));
    return path;
  }
  const withData = (data: unknown, name = "webExtensions-storage-local"): string =>
    store((file) => {
      const db = new Database(file);
      db.exec("CREATE TABLE database (name TEXT); CREATE TABLE object_data (key BLOB, data BLOB)");
      db.prepare("INSERT INTO database VALUES (?)").run(name);
      db.prepare("INSERT INTO object_data VALUES (?, ?)").run(Buffer.from([0x30, 98]), data);
      db.close();
    });
  const read = (path: string): ReturnType<typeof readExtensionStorage> => readExtensionStorage(path, uuid, () => true);

  it("is nothing where there is no file, and no database of another name", async () => {
    expect(await read(profile())).toBeUndefined();
    expect(await read(withData(Buffer.from([0]), "another"))).toBeUndefined();
  });

  it.each([["a value in a file of its own", 5], ["a value that is none", Buffer.from([1, 0, 0])]])("names %s", async (_what, data) => {
    expect(await read(withData(data))).toEqual({ values: {}, unreadable: [{ key: "a", reason: expect.any(String) as string }] });
  });

  it("is refused when it is no database, and leaves nothing behind", async () => {
    const own = profile();
    vi.stubEnv("TMPDIR", own);
    onTestFinished(() => void vi.unstubAllEnvs());
    const before = readdirSync(own);
    expect(await errorCode(() => read(store((file) => writeFileSync(file, "no database".repeat(100)))))).toBe("fileFormat");
    expect(await errorCode(() => read(store((file) => new Database(file).exec("CREATE TABLE x (y)").close())))).toBe("fileFormat");
    expect(readdirSync(own).filter((name) => name.startsWith("stead-import-"))).toEqual([]);
    expect(readdirSync(own)).toEqual(expect.arrayContaining(before));
  });
});
