import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { HeldStore } from "../../../native-host/host/heldStore.ts";
import { openStore } from "../../../native-host/store/openStore.ts";
import { migrations } from "../../../native-host/store/migrations.ts";
import { sealedTables } from "../../../native-host/store/sealedTables.ts";
import type { OpenOptions, Store } from "../../../native-host/store/types.ts";
import { lockVault, unlockVault, vaultStatus } from "../../../native-host/vault/control.ts";
import { lockHomeWhenIdle } from "../../../native-host/vault/idleLock.ts";
import { askKeeper, dismissKeeper } from "../../../native-host/vault/keeperClient.ts";
import { rotateKey, type Rotation } from "../../../native-host/vault/rotate.ts";
import { cookieEntry, local } from "../../support/entries.ts";
import { errorCode } from "../../support/errorCode.ts";
import { storeHome, storeIn } from "../../support/storeHome.ts";
import { snapshot } from "../../faults/programs/steps.ts";

const unasked = (): Promise<string> => Promise.reject(new Error("nobody should be asked"));
const said = (passphrase: string) => (): Promise<string> => Promise.resolve(passphrase);
const rotate = (options: OpenOptions): Promise<Rotation> => rotateKey({ ...options, passphrase: unasked });
const set = (...entries: Parameters<typeof local>[]): { kind: "set"; entry: ReturnType<typeof local>; at: number }[] =>
  entries.map((entry) => ({ kind: "set", entry: local(...entry), at: 1 }));

/** A row at least in every table. */
function fill(store: Store): string {
  const { id } = store.addProject({ name: "Acme" });
  store.addProject({ name: "Other" });
  store.meetInstance("10000000-0000-4000-8000-000000000001", "Firefox");
  store.writeEntries(id, set(["token", "one"], ["other", "x"]), { by: "cli" });
  store.writeEntries(id, [...set(["token", "two"]), { kind: "set", entry: cookieEntry(), at: 1 }], { by: "cli" });
  store.changeRules({ put: [{ project: id, pattern: "acme.test", ask: false }], remove: [] });
  store.setSettings({ strict: [id] });
  store.setGaps({ project: id, origin: "https://acme.test", gaps: [{ what: "CryptoKey in IndexedDB", count: 1 }] });
  store.setTtl(id, { domain: "kept.test", seconds: 3600 });
  store.setActive({ project: id, at: 1, pending: false });
  return id;
}

function look<T>(path: string, work: (db: InstanceType<typeof Sqlite>) => T): T {
  const db = new Sqlite(path);
  try {
    return work(db);
  } finally {
    db.close();
  }
}

const everything = (path: string): Buffer[] =>
  look(path, (db) => [
    ...sealedTables.flatMap(({ table, sealed }) => db.prepare(`SELECT ${sealed} FROM ${table} WHERE ${sealed} IS NOT NULL`).pluck().all() as Buffer[]),
    ...(db.prepare("SELECT wrapped FROM data_key").pluck().all() as Buffer[]),
  ]);

describe("rotating the keys", () => {
  it("seals everything anew, and leaves nothing of the old keys' in any file", async () => {
    const options = storeHome();
    const store = await storeIn(options);
    const id = fill(store);
    store.checkout(id, { holder: "agent", ttlMs: 60_000 });
    const [before, history, old, key] = [snapshot(store), store.history(id), everything(store.path), readFileSync(options.home.keyFile)];
    const tables = look(store.path, (db) => sealedTables.filter(({ table, sealed }) => db.prepare(`SELECT 1 FROM ${table} WHERE ${sealed} IS NOT NULL`).get()));
    expect(tables).toHaveLength(sealedTables.length);

    expect(await rotate(options)).toEqual({ epoch: 2, rewrapped: 3, resealed: old.length - 3, damaged: 0 });
    const files = readdirSync(options.home.data).map((name) => join(options.home.data, name)).filter((path) => statSync(path).isFile());
    const bytes = files.map((path) => readFileSync(path));
    expect(old.filter((blob) => bytes.some((one) => one.includes(blob.subarray(0, 24))))).toEqual([]);
    expect(bytes.some((one) => one.includes(key.subarray(12, 76)))).toBe(false);
    expect(existsSync(`${options.home.keyFile}.next`)).toBe(false);

    const again = await storeIn(options);
    expect([snapshot(again), again.history(id), again.leases().map(({ holder }) => holder)]).toEqual([before, history, ["agent"]]);
    expect(again.verify().damaged).toEqual([]);
    expect(look(store.path, (db) => db.prepare("SELECT count(*) FROM data_key WHERE retired = 1 OR epoch <> 2").pluck().get())).toBe(0);
  });

  it("goes on for those who have the store open, and they write with the new keys", async () => {
    const options = storeHome();
    const store = await storeIn(options);
    const id = fill(store);
    await rotate(options);
    store.writeEntries(id, set(["later", "y"]), { by: "cli" });
    await rotate(options);
    expect((await storeIn(options)).unaudited.entries(id).map(({ id: one }) => one.kind)).toEqual(["local", "local", "cookie", "local"]);
    expect(store.verify().damaged).toEqual([]);
    expect(store.addProject({ name: "New" }).name).toBe("New");
  });

  it("keeps the signature of links, and every look-up", async () => {
    const options = storeHome();
    const store = await storeIn(options);
    const id = fill(store);
    const link = store.signLink(id, "https://acme.test/");
    await rotate(options);
    expect(store.readLink(link)).toMatchObject({ project: id, signed: true });
    expect(store.writeEntries(id, set(["token", "two"]), { by: "cli" }).applied).toBe(0);
    expect(await errorCode(() => store.addProject({ name: "acme" }))).toBe("projectExists");
  });

  it("leaves what does not open as it is, with its key, and counts it", async () => {
    const options = storeHome();
    fill(await storeIn(options));
    look(options.home.store, (db) => db.exec("UPDATE history SET sealed = zeroblob(60)"));
    expect(await rotate(options)).toMatchObject({ epoch: 2, damaged: 1 });
    const retired = (): unknown => look(options.home.store, (db) => db.prepare("SELECT version, retired FROM data_key ORDER BY owner, version").raw().all());
    expect(retired()).toEqual(expect.arrayContaining([[1, 1], [2, 0]]));
    expect(await rotate(options)).toMatchObject({ epoch: 3, damaged: 1 });
    look(options.home.store, (db) => db.exec("DELETE FROM history"));
    expect(await rotate(options)).toMatchObject({ epoch: 4, damaged: 0 });
    expect(retired()).toHaveLength(3);
  });

  it("is refused while the vault is locked, and changes nothing", async () => {
    const options = storeHome();
    fill(await storeIn(options));
    await lockVault(options);
    const before = everything(options.home.store);
    expect(await errorCode(() => rotate(options))).toBe("vaultLocked");
    expect(everything(options.home.store)).toEqual(before);
  });

  it("finds the key that the store depends on where it lies, and puts it in its place", async () => {
    const options = storeHome();
    (await openStore(options)).close();
    const { keyFile } = options.home;
    copyFileSync(keyFile, `${keyFile}.old`);
    await rotate(options);
    // As it lies when a rotation was cut short after the store had come to depend on it.
    copyFileSync(keyFile, `${keyFile}.next`);
    copyFileSync(`${keyFile}.old`, keyFile);
    const key = readFileSync(`${keyFile}.next`);
    (await openStore(options)).close();
    expect(readFileSync(keyFile)).toEqual(key);
    expect(existsSync(`${keyFile}.next`)).toBe(false);
    rmSync(keyFile);
    expect(await errorCode(() => openStore(options))).toBe("keyUnavailable");
  });

  it("of a store whose schema grew knows every sealed column", () => {
    const db = new Sqlite(":memory:");
    for (const step of migrations) step(db);
    const blobs = db.prepare(
      `SELECT m.name AS "table", c.name AS "column" FROM sqlite_schema m JOIN pragma_table_info(m.name) c
       WHERE m.type = 'table' AND c.type = 'BLOB' AND c.name NOT LIKE '%\\_hash' ESCAPE '\\' AND c.name NOT IN ('key_check', 'wrapped')`,
    ).all() as { table: string; column: string }[];
    db.close();
    const name = (table: string, column: string): string => `${table}.${column}`;
    expect(blobs.map(({ table, column }) => name(table, column)).sort()).toEqual(sealedTables.map(({ table, sealed }) => name(table, sealed)).sort());
  });
});

describe("rotating the keys under a passphrase", () => {
  async function unlocked(): Promise<OpenOptions> {
    const options = storeHome({ STEAD_KEYSTORE: "passphrase" });
    onTestFinished(() => dismissKeeper(options.home));
    await unlockVault({ ...options, passphrase: said("the first passphrase") });
    return options;
  }

  it("takes a new one; the keeper and those who hold a store follow", async () => {
    const options = await unlocked();
    const held = new HeldStore({ open: () => openStore(options), vault: () => vaultStatus(options), lockWhenIdle: () => lockHomeWhenIdle(options.home, Date.now()) });
    onTestFinished(() => held.close());
    const id = await held.use(fill);
    expect(await rotateKey({ ...options, passphrase: said("the second passphrase") })).toMatchObject({ epoch: 2, rewrapped: 3 });
    expect(await askKeeper(options.home)).toHaveLength(1);
    expect(await vaultStatus(options)).toEqual({ state: "unlocked", source: "passphrase" });
    expect((await held.use((store) => store.unaudited.entries(id))).length).toBe(3);

    await lockVault(options);
    expect(await errorCode(() => unlockVault({ ...options, passphrase: said("the first passphrase") }))).toBe("keyWrong");
    await unlockVault({ ...options, passphrase: said("the second passphrase") });
    expect((await storeIn(options)).unaudited.entries(id)).toHaveLength(3);
  });

  it("changes nothing for one that is too short", async () => {
    const options = await unlocked();
    fill(await storeIn(options));
    const before = everything(options.home.store);
    expect(await errorCode(() => rotateKey({ ...options, passphrase: said("short") }))).toBe("usage");
    expect(everything(options.home.store)).toEqual(before);
    expect((await storeIn(options)).verify().damaged).toEqual([]);
  });
});
