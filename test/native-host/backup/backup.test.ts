import { copyFileSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { makeBackup } from "../../../native-host/backup/makeBackup.ts";
import { readBackup } from "../../../native-host/backup/readBackup.ts";
import { restoreBackup, type Restored } from "../../../native-host/backup/restoreBackup.ts";
import { homeFrom } from "../../../native-host/home.ts";
import { HeldStore } from "../../../native-host/host/heldStore.ts";
import { openStore } from "../../../native-host/store/openStore.ts";
import type { OpenOptions, Store } from "../../../native-host/store/types.ts";
import { lockHomeWhenIdle } from "../../../native-host/vault/idleLock.ts";
import { lockVault, unlockVault, vaultStatus } from "../../../native-host/vault/control.ts";
import { dismissKeeper } from "../../../native-host/vault/keeperClient.ts";
import { removal, snapshot, steps } from "../../faults/programs/steps.ts";
import { cookie } from "../../support/cookies.ts";
import { errorCode } from "../../support/errorCode.ts";
import { storeHome, storeIn } from "../../support/storeHome.ts";

const said = (text: string) => (): Promise<string> => Promise.resolve(text);
const passphrase = said("correct horse battery");
const unasked = (): Promise<string> => Promise.reject(new Error("nobody should be asked"));
const instance = "10000000-0000-4000-8000-000000000001";
const a = "aaaaaaaa-0000-4000-8000-000000000000";
const b = "bbbbbbbb-0000-4000-8000-000000000000";

interface Made {
  options: OpenOptions;
  store: Store;
  file: string;
}

let template: string;

/** A store with something in every table, and its backup, once: a passphrase takes its time. */
beforeAll(async () => {
  template = mkdtempSync(join(tmpdir(), "stead-"));
  const env = { STEAD_KEYSTORE: "file", STEAD_HOME: template };
  const options = { env, home: homeFrom(env) };
  const store = await openStore(options);
  for (const step of steps) step(store);
  store.meetInstance(instance, "Firefox");
  store.write(a, [{ kind: "set", cookie: cookie({ name: "own", value: "first" }), at: 1 }], { by: instance });
  const page = { kind: "local", origin: "https://own.example.com", key: "token", value: "first" } as const;
  store.writeEntries(a, [{ kind: "set", entry: page, at: 1 }], { by: instance });
  store.setOriginSynced({ instance, project: a, origin: page.origin, revision: store.revision() });
  store.setSynced(instance, a, store.revision());
  store.close();
  await makeBackup({ ...options, file: join(template, "stead.backup"), force: false, passphrase });
});

afterAll(() => rmSync(template, { recursive: true, force: true }));

/** A copy of both. */
async function made(): Promise<Made> {
  const options = storeHome();
  cpSync(template, options.home.data, { recursive: true });
  return { options, store: await storeIn(options), file: join(options.home.data, "stead.backup") };
}

const restore = (options: OpenOptions, file: string, more: { force?: boolean; vaultPassphrase?: () => Promise<string> } = {}): Promise<Restored> =>
  restoreBackup({ ...options, file, force: false, passphrase, vaultPassphrase: unasked, ...more });

function keysIn(path: string): Buffer[] {
  const db = new Sqlite(path, { readonly: true });
  const keys = db.prepare("SELECT wrapped FROM data_key").pluck().all() as Buffer[];
  db.close();
  return keys;
}

describe("a backup", () => {
  it("restores on another machine all that was there, with keys of its own", async () => {
    const { store, file } = await made();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const other = storeHome();
    expect(await restore(other, file)).toEqual({ file, items: store.verify().items, kept: undefined });

    const restored = await storeIn(other);
    expect(snapshot(restored)).toEqual(snapshot(store));
    expect(restored.history(a)).toEqual(store.history(a));
    expect(restored.verify()).toEqual(store.verify());
    expect(restored.id).not.toBe(store.id);
    expect(readFileSync(other.home.keyFile)).not.toEqual(readFileSync(store.path.replace("store.db", "key")));
    expect(restored.readLink(store.signLink(a, "https://acme.test/"))).toMatchObject({ project: a, signed: true });
    const bytes = readFileSync(file);
    expect([...keysIn(store.path), ...keysIn(other.home.store)].some((key) => bytes.includes(key.subarray(0, 24)))).toBe(false);
    // Nothing of what was worked with remains.
    expect(readdirSync(other.home.data).sort()).toEqual(["key", "store.db", "store.db-shm", "store.db-wal", "store.db.ballast"]);
  });

  it("has data keys that open neither the store it was made of nor the one that is made of it", async () => {
    const { options, file } = await made();
    const backup = await readBackup(file, passphrase);
    onTestFinished(() => backup.close());
    const inBackup = backup.db.all<{ sealed: Buffer }>("SELECT sealed FROM item UNION ALL SELECT sealed FROM history UNION ALL SELECT sealed FROM project");
    expect(inBackup.length).toBeGreaterThan(5);
    const files = readdirSync(options.home.data).map((name) => readFileSync(join(options.home.data, name)));
    expect(inBackup.filter(({ sealed }) => files.some((bytes) => bytes.includes(sealed.subarray(0, 24))))).toEqual([]);
    // Not one row kept its nonce and ciphertext: each was sealed with another key.
    expect(backup.db.all("SELECT 1 FROM data_key WHERE retired = 1")).toEqual([]);
  });

  it("holds one moment of a store that others write to meanwhile", async () => {
    const { options, store } = await made();
    const file = join(options.home.data, "second.backup");
    let writing = true;
    const backup = makeBackup({ ...options, file, force: false, passphrase }).finally(() => (writing = false));
    let written = 0;
    while (writing) {
      store.write(a, [{ kind: "set", cookie: cookie({ name: `w${written++}` }), at: 1 }], { by: "cli" });
      await new Promise((resolve) => setImmediate(resolve));
    }
    await backup;
    const opened = await readBackup(file, passphrase);
    onTestFinished(() => opened.close());
    const names = opened.store.unaudited.items(a).map(({ id }) => id.name).filter((name) => name.startsWith("w"));
    expect(names).toEqual(Array.from({ length: names.length }, (_, place) => `w${place}`));
    expect(written).toBeGreaterThan(0);
  });

  it("is refused where it would replace a file, cannot be written or is not whole, and leaves nothing", async () => {
    const { options, store, file } = await made();
    const before = readFileSync(file);
    const backup = (target: string, force = false, chosen = passphrase): Promise<string> =>
      errorCode(() => makeBackup({ ...options, file: target, force, passphrase: chosen }));
    expect(await backup(file, false, unasked)).toBe("fileExists");
    expect(readFileSync(file)).toEqual(before);
    expect(await backup(file, true)).toBe("none");
    expect(readFileSync(file)).not.toEqual(before);
    expect(await backup(options.home.data, true, unasked)).toBe("fileExists");
    expect(await backup(join(options.home.data, "missing", "file"), false, unasked)).toBe("fileUnwritable");
    expect(await backup(join(options.home.data, "new"), false, said("short"))).toBe("usage");
    const db = new Sqlite(store.path);
    db.exec("UPDATE history SET sealed = zeroblob(60)");
    db.close();
    expect(await backup(join(options.home.data, "new"))).toBe("storeDamaged");
    await lockVault(options);
    expect(await backup(join(options.home.data, "new"), false, unasked)).toBe("vaultLocked");
    expect(readdirSync(options.home.data).sort()).toEqual(["key", "stead.backup", "store.db", "store.db-shm", "store.db-wal", "store.db.ballast"]);
  });
});

describe("restoring a backup", () => {
  it("refuses a store with projects, and with force keeps it aside as a home of its own", async () => {
    const { options, store, file } = await made();
    store.write(a, [{ kind: "set", cookie: cookie({ name: "later" }), at: 1 }], { by: "cli" });
    const [before, revision] = [snapshot(store), store.revision()];
    expect(await errorCode(() => restoreBackup({ ...options, file, force: false, passphrase: unasked, vaultPassphrase: unasked }))).toBe("conflict");
    expect(snapshot(store)).toEqual(before);

    const { kept } = await restore(options, file, { force: true });
    expect(await errorCode(() => store.registry())).toBe("keyChanged");
    const restored = await storeIn(options);
    expect(restored.unaudited.items(a).map(({ id }) => id.name)).not.toContain("later");
    expect(restored.revision()).toBeGreaterThan(revision);
    expect(restored.verify().damaged).toEqual([]);

    const env = { STEAD_HOME: kept ?? "" };
    for (const name of ["", "store.db", "key"]) expect(statSync(join(env.STEAD_HOME, name)).mode & 0o077).toBe(0);
    const old = await storeIn({ env, home: homeFrom(env) });
    expect([old.id, snapshot(old), old.verify().damaged]).toEqual([store.id, before, []]);
  });

  it("is noticed by those who have the store open, and takes no change to what was there before", async () => {
    const { options, store, file } = await made();
    const held = new HeldStore({ open: () => openStore(options), vault: () => vaultStatus(options), lockWhenIdle: () => lockHomeWhenIdle(options.home, Date.now()) });
    onTestFinished(() => held.close());
    const base = await held.use((one) => one.revision());
    const { token } = store.checkout(a, { holder: "agent", ttlMs: 60_000 });
    await restore(options, file, { force: true });
    expect(await held.use((one) => one.registry().rules?.store)).not.toBe(store.id);
    const change = { kind: "set", entry: { kind: "cookie", ...cookie() }, at: 1 } as const;
    expect(await errorCode(() => held.use((one) => one.update(a, { kind: "changes", changes: [change] }, { by: "library", base })))).toBe("conflict");
    expect(await errorCode(() => held.use((one) => one.checkin(a, { kind: "changes", changes: [change] }, { token })))).toBe("conflict");
    expect(await held.use((one) => one.update(a, { kind: "changes", changes: [change] }, { by: "library", base: one.revision() }).applied)).toBe(1);
  });

  it("makes no lease of before good again", async () => {
    const { options, store, file } = await made();
    const { token } = store.checkout(a, { holder: "agent", ttlMs: 60_000 });
    await makeBackup({ ...options, file, force: true, passphrase });
    store.releaseLease(a, { token });
    await restore(options, file, { force: true });
    const restored = await storeIn(options);
    expect(restored.leases()).toEqual([]);
    expect(await errorCode(() => restored.renewLease(a, { token, ttlMs: 1000 }))).toBe("conflict");
  });

  it("has every Firefox compare its containers with all of it", async () => {
    const { options, store, file } = await made();
    store.write(a, [{ kind: "set", cookie: cookie({ name: "own", value: "changed since" }), at: 2 }], { by: instance });
    await restore(options, file, { force: true });
    const restored = await storeIn(options);
    expect(restored.meetInstance(instance, "Firefox").name).toBe("firefox");
    expect(restored.pendingOrigins(instance).map(({ origin }) => origin)).toContain("https://own.example.com");
    const container = [cookie({ name: "own", value: "changed since" }), cookie({ name: "new" })];
    const update = restored.reconcile({ instance, project: a, cookies: container, marks: [], now: 10 });
    expect(update.set).toEqual([cookie({ name: "own", value: "first" })]);
    expect(restored.unaudited.items(a).map(({ id }) => id.name)).toContain("new");
  });

  it("never has Firefox delete what lives here, nor bring back what was removed here since", async () => {
    const { options, store, file } = await made();
    expect(store.registry().removed).toEqual([b]);
    const other = storeHome();
    const living = await storeIn(other);
    for (const step of steps.slice(0, removal)) step(living);
    const gone = living.addProject({ name: "Gone" });
    living.removeProject(gone.id, { by: "cli" });
    await restore(other, file, { force: true });
    expect((await storeIn(other)).registry()).toMatchObject({ projects: [{ id: a }], removed: [gone.id] });
    store.removeProject(a, { by: "cli" });
    await restore(options, file);
    expect((await storeIn(options)).registry()).toMatchObject({ projects: [{ id: a }], removed: [b] });
  });

  it.each<[what: string, change: (file: string) => void, code: string]>([
    ["is damaged", (file) => flip(file, 5000), "backupDamaged"],
    ["is cut short", (file) => writeFileSync(file, readFileSync(file).subarray(0, -100)), "backupDamaged"],
    ["is missing", (file) => rmSync(file), "fileUnreadable"],
    ["is no backup", (file) => writeFileSync(file, "Dear diary"), "fileFormat"],
  ])("changes nothing when the file %s", async (_what, change, code) => {
    const { options, store, file } = await made();
    change(file);
    const before = snapshot(store);
    expect(await errorCode(() => restore(options, file, { force: true }))).toBe(code);
    expect(snapshot(store)).toEqual(before);
    const other = storeHome();
    expect(await errorCode(() => restore(other, file))).toBe(code);
    expect((await storeIn(other)).registry().projects).toEqual([]);
  });

  it("is refused while the vault is locked, and with the wrong passphrase", async () => {
    const { options, store, file } = await made();
    const wrong = { ...options, file, force: true, passphrase: said("wrong horse battery"), vaultPassphrase: unasked };
    expect(await errorCode(() => restoreBackup(wrong))).toBe("keyWrong");
    await lockVault(options);
    expect(await errorCode(() => restoreBackup({ ...wrong, passphrase: unasked }))).toBe("vaultLocked");
    await unlockVault(options);
    expect((await storeIn(options)).id).toBe(store.id);
  });

  it.each<[what: string, change: (options: OpenOptions) => void]>([
    ["is text", ({ home }) => writeFileSync(home.store, "Dear diary, today I have written a file. ".repeat(40))],
    ["was cut in the middle", ({ home }) => writeFileSync(home.store, readFileSync(home.store).subarray(0, 8192))],
    ["has lost pages further inside", ({ home }) => breakPages(home.store)],
  ])("takes the place of a store that %s only with force, and keeps its bytes", async (_what, change) => {
    const { options, store, file } = await made();
    const before = snapshot(store);
    store.close();
    change(options);
    const bytes = readFileSync(options.home.store);
    expect(await errorCode(() => restore(options, file))).toMatch(/^(storeDamaged|conflict)$/);
    expect(readFileSync(options.home.store)).toEqual(bytes);
    const { kept } = await restore(options, file, { force: true });
    expect(readFileSync(join(kept ?? "", "store.db"))).toEqual(bytes);
    expect(existsSync(join(kept ?? "", "key"))).toBe(true);
    const restored = await storeIn(options);
    expect([snapshot(restored), restored.verify().damaged]).toEqual([before, []]);
  });

  it("needs nothing of a key that was lost", async () => {
    const { options, store, file } = await made();
    const before = snapshot(store);
    store.close();
    rmSync(options.home.keyFile);
    expect(await errorCode(() => openStore(options))).toBe("keyUnavailable");
    await restore(options, file, { force: true });
    expect(snapshot(await storeIn(options))).toEqual(before);
  });

  it("finds the new key where it lies when it was cut short before the key took its place", async () => {
    const { options, file } = await made();
    const { keyFile } = options.home;
    copyFileSync(keyFile, `${keyFile}.old`);
    await restore(options, file, { force: true });
    copyFileSync(keyFile, `${keyFile}.next`);
    copyFileSync(`${keyFile}.old`, keyFile);
    (await openStore(options)).close();
    expect(existsSync(`${keyFile}.next`)).toBe(false);
  });

  it("asks for a new passphrase where this machine's key source is one", async () => {
    const { store, file } = await made();
    const options = storeHome({ STEAD_KEYSTORE: "passphrase" });
    onTestFinished(() => dismissKeeper(options.home));
    await restore(options, file, { vaultPassphrase: said("the vault's passphrase") });
    expect(await vaultStatus(options)).toEqual({ state: "unlocked", source: "passphrase" });
    expect(snapshot(await storeIn(options))).toEqual(snapshot(store));
    await lockVault(options);
    expect(await errorCode(() => unlockVault({ ...options, passphrase }))).toBe("keyWrong");
    await unlockVault({ ...options, passphrase: said("the vault's passphrase") });
    // STEAD_KEYSTORE chooses for the restored store, whatever the one before had.
    const filed = { ...options, env: { ...options.env, STEAD_KEYSTORE: "file" } };
    await restore(filed, file, { force: true });
    expect(await vaultStatus(filed)).toEqual({ state: "unlocked", source: "file" });
  });
});

function flip(file: string, place: number): void {
  const bytes = readFileSync(file);
  bytes[place] = (bytes[place] ?? 0) ^ 1;
  writeFileSync(file, bytes);
}

/** SQLite opens it, and finds out on its way. */
function breakPages(path: string): void {
  const bytes = readFileSync(path);
  const db = new Sqlite(path, { readonly: true });
  const root = db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'item'").pluck().get() as number;
  const size = db.pragma("page_size", { simple: true }) as number;
  db.close();
  bytes.fill(0x5a, (root - 1) * size, root * size);
  for (const suffix of ["-wal", "-shm"]) rmSync(path + suffix, { force: true });
  writeFileSync(path, bytes);
}
