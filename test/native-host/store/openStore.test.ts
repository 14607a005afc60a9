import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Sqlite from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { homeFrom } from "../../../native-host/home.ts";
import { openStore } from "../../../native-host/store/openStore.ts";
import type { OpenOptions } from "../../../native-host/store/types.ts";
import { defaultSettings } from "../../../shared/settings.ts";
import { cookie } from "../../support/cookies.ts";
import { errorCode } from "../../support/errorCode.ts";
import { storeHome, storeIn } from "../../support/storeHome.ts";

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

async function filled(): Promise<OpenOptions> {
  const options = storeHome();
  const store = await openStore(options);
  const { id } = store.addProject({ name: "Acme" });
  store.write(id, [{ kind: "set", cookie: cookie(), at: 1 }], { by: "cli" });
  store.close();
  return options;
}

describe("a new store", () => {
  it("is empty, at revision 0, and has an id of its own", async () => {
    const store = await storeIn(storeHome());
    const other = await storeIn(storeHome());
    expect(store.revision()).toBe(0);
    expect(store.itemCount()).toBe(0);
    expect(store.registry()).toEqual({
      projects: [],
      active: null,
      vault: { state: "unlocked", source: "file" },
      removed: [],
      settings: defaultSettings,
      rules: { store: store.id, revision: 0 },
      leases: [],
      conflicts: [],
    });
    expect(store.active()).toEqual({ project: null, at: 0, pending: false });
    expect(store.id).not.toBe(other.id);
  });

  it("and everything beside it can be read by this user alone", async () => {
    const options = storeHome();
    const before = process.umask(0);
    const store = await storeIn({ ...options, home: homeFrom({ STEAD_HOME: join(options.home.data, "made", "deep") }) });
    process.umask(before);
    store.addProject({ name: "Acme" });
    expect(modeOf(dirname(store.path))).toBe("700");
    for (const suffix of ["", "-wal", "-shm", ".ballast"]) expect(modeOf(store.path + suffix)).toBe("600");
    expect(modeOf(join(dirname(store.path), "key"))).toBe("600");
  });

  it("is closed to others where its directory was open", async () => {
    const options = storeHome();
    chmodSync(options.home.data, 0o755);
    await storeIn(options);
    expect(modeOf(options.home.data)).toBe("700");
  });
});

describe("a store that was there", () => {
  it("has everything that was written", async () => {
    const options = await filled();
    const store = await storeIn(options);
    const [project] = store.registry().projects;
    expect(project).toMatchObject({ name: "Acme", items: 1 });
    expect(store.unaudited.items(project?.id ?? "")).toMatchObject([{ cookie: cookie() }]);
    expect(store.verify()).toEqual({ items: 1, damaged: [] });
  });

  const refusals: [title: string, change: (options: OpenOptions) => void, code: string][] = [
    ["whose key file is missing", ({ home }) => rmSync(home.keyFile), "keyUnavailable"],
    ["whose key file is another store's", ({ home }) => writeFileSync(home.keyFile, `stead-key-1 ${"ab".repeat(32)}\n`), "keyWrong"],
    ["whose key file holds something else", ({ home }) => writeFileSync(home.keyFile, "a shopping list\n"), "keyUnavailable"],
    ["whose key file others may read", ({ home }) => chmodSync(home.keyFile, 0o640), "keyUnavailable"],
    ["with STEAD_KEYSTORE naming another source", ({ env }) => (env["STEAD_KEYSTORE"] = "keychain"), "keyUnavailable"],
    ["with STEAD_KEYSTORE naming nothing known", ({ env }) => (env["STEAD_KEYSTORE"] = "cloud"), "usage"],
    ["that a newer Stead has written", ({ home }) => pragma(home.store, "user_version = 99"), "storeNewer"],
    ["that belongs to another program", ({ home }) => pragma(home.store, "application_id = 7"), "storeDamaged"],
    ["that is text", ({ home }) => writeFileSync(home.store, "Dear diary, today I have written a file. ".repeat(40)), "storeDamaged"],
    ["that is cut off in the middle", ({ home }) => writeFileSync(home.store, readFileSync(home.store).subarray(0, 8192)), "storeDamaged"],
    ["whose tables have lost a column", ({ home }) => loseColumn(home.store), "storeDamaged"],
    ["that is a symbolic link", ({ home }) => relink(home.store), "storeUnreadable"],
    ["in a directory that is a symbolic link", ({ home }) => relink(home.data), "storeUnreadable"],
    ["in a directory that everyone may write", ({ home }) => chmodSync(home.data, 0o1777), "storeUnreadable"],
    ["that is a directory", ({ home }) => replaceByDirectory(home.store), "storeUnreadable"],
  ];
  it.each(refusals)("%s is refused and left as it is", async (_title, change, code) => {
    const options = await filled();
    change(options);
    const before = bytes(options.home.store);
    expect(await errorCode(() => openStore(options))).toBe(code);
    expect(bytes(options.home.store)).toEqual(before);
  });

  it("with an unset STEAD_KEYSTORE goes by the source it records", async () => {
    const options = await filled();
    const store = await storeIn({ ...options, env: {} });
    expect(store.vault()).toEqual({ state: "unlocked", source: "file" });
  });

  it("says so when another process holds it too long", async () => {
    const options = await filled();
    const other = new Sqlite(options.home.store);
    other.exec("BEGIN IMMEDIATE");
    const store = await storeIn(options, { patienceMs: 20 });
    expect(await errorCode(() => store.addProject({ name: "Other" }))).toBe("storeBusy");
    other.close();
    expect(await errorCode(() => store.addProject({ name: "Other" }))).toBe("none");
  });
});

it("makes no key while STEAD_KEYSTORE asks for a passphrase that nobody chose", async () => {
  const options = storeHome({ STEAD_KEYSTORE: "passphrase" });
  expect(await errorCode(() => openStore(options))).toBe("vaultLocked");
  expect(await errorCode(() => openStore(options))).toBe("vaultLocked");
});

it("warns once, when it makes a key file", async () => {
  const warnings: string[] = [];
  const options = { ...storeHome(), warn: (message: string) => warnings.push(message) };
  (await openStore(options)).close();
  (await openStore(options)).close();
  expect(warnings).toEqual([expect.stringContaining(options.home.keyFile)]);
});

it("may be closed twice", async () => {
  const store = await openStore(storeHome());
  store.close();
  store.close();
});

function loseColumn(path: string): void {
  const db = new Sqlite(path);
  db.exec("ALTER TABLE meta RENAME COLUMN shredding TO shreddinf");
  db.pragma("wal_checkpoint(TRUNCATE)");
  db.close();
}

function pragma(path: string, set: string): void {
  const db = new Sqlite(path);
  db.pragma(set);
  db.close();
}

function relink(path: string): void {
  renameSync(path, `${path}.moved`);
  onTestFinished(() => rmSync(`${path}.moved`, { recursive: true, force: true }));
  symlinkSync(`${path}.moved`, path);
}

function replaceByDirectory(path: string): void {
  rmSync(path);
  mkdirSync(path);
}

function bytes(path: string): Buffer | undefined {
  return statSync(path).isFile() ? readFileSync(path) : undefined;
}
