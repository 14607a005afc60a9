import { existsSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { homeFrom } from "../../../native-host/home.ts";
import { openStore } from "../../../native-host/store/openStore.ts";
import type { OpenOptions } from "../../../native-host/store/types.ts";
import { lockVault, unlockVault, vaultStatus } from "../../../native-host/vault/control.ts";
import { askKeeper, dismissKeeper } from "../../../native-host/vault/keeperClient.ts";
import { cookie } from "../../support/cookies.ts";
import { errorCode } from "../../support/errorCode.ts";
import { storeHome, storeIn } from "../../support/storeHome.ts";

const chosen = "correct horse battery";
const passphrase = (): Promise<string> => Promise.resolve(chosen);
const wrong = (): Promise<string> => Promise.resolve("wrong horse battery");
const unasked = (): Promise<string> => Promise.reject(new Error("nobody should be asked"));

/** With a keeper that ends with the test. */
function passphraseHome(): OpenOptions {
  const options = storeHome({ STEAD_KEYSTORE: "passphrase" });
  onTestFinished(() => dismissKeeper(options.home));
  return options;
}

describe("the vault of a store with a key file", () => {
  it("is unlocked until it is locked, and the other way round", async () => {
    const options = storeHome();
    (await openStore(options)).close();
    const unlocked = { state: "unlocked", source: "file" };
    const locked = { state: "locked", source: "file" };
    expect(await vaultStatus(options)).toEqual(unlocked);
    expect(await lockVault(options)).toEqual(locked);
    expect(await vaultStatus(options)).toEqual(locked);
    expect(await errorCode(() => openStore(options))).toBe("vaultLocked");
    expect(await lockVault(options)).toEqual(locked);
    expect(await unlockVault(options)).toEqual(unlocked);
    expect(await unlockVault(options)).toEqual(unlocked);
    expect((await storeIn(options)).vault()).toEqual(unlocked);
  });

  it("closes to those who have it open, at their next call and for good", async () => {
    const options = storeHome();
    const store = await storeIn(options);
    const { id } = store.addProject({ name: "Acme" });
    await lockVault(options);
    expect(store.vault()).toEqual({ state: "locked", source: "file" });
    const calls = [
      () => store.unaudited.items(id),
      () => store.registry(),
      () => store.write(id, [{ kind: "set", cookie: cookie(), at: 1 }], { by: "cli" }),
      () => store.removeProject(id, { by: "cli" }),
      () => store.verify(),
    ];
    for (const call of calls) expect(await errorCode(call)).toBe("vaultLocked");
    await unlockVault(options);
    expect(await errorCode(() => store.unaudited.items(id))).toBe("vaultLocked");
    const again = await storeIn(options);
    expect(again.registry().projects).toHaveLength(1);
    expect(again.unaudited.items(id)).toEqual([]);
  });

  it("stays locked when the key is not there any more", async () => {
    const options = storeHome();
    (await openStore(options)).close();
    await lockVault(options);
    rmSync(options.home.keyFile);
    expect(await errorCode(() => unlockVault(options))).toBe("keyUnavailable");
    expect(await vaultStatus(options)).toMatchObject({ state: "locked" });
  });

  it("can be locked before its first use", async () => {
    const options = storeHome();
    expect(await lockVault(options)).toEqual({ state: "locked", source: "file" });
    expect(await errorCode(() => openStore(options))).toBe("vaultLocked");
    expect(await unlockVault(options)).toEqual({ state: "unlocked", source: "file" });
  });

  it("is looked at without making a store", async () => {
    const options = storeHome();
    expect(await vaultStatus(options)).toEqual({ state: "unlocked", source: "file" });
    expect(existsSync(options.home.store)).toBe(false);
  });
});

describe("the vault of a store with a passphrase", () => {
  it("opens with the passphrase that was chosen first, for every process until it is locked", async () => {
    const options = passphraseHome();
    const locked = { state: "locked", source: "passphrase" };
    const unlocked = { state: "unlocked", source: "passphrase" };
    expect(await vaultStatus(options)).toEqual(locked);
    expect(await lockVault(options)).toEqual(locked);
    expect(await errorCode(() => unlockVault(options))).toBe("vaultLocked");
    expect(await unlockVault({ ...options, passphrase })).toEqual(unlocked);
    expect(await vaultStatus(options)).toEqual(unlocked);

    const store = await storeIn(options);
    store.addProject({ name: "Acme" });
    // Once unlocked nobody is asked, and STEAD_KEYSTORE is not needed.
    expect(await unlockVault({ ...options, env: {}, passphrase: unasked })).toEqual(unlocked);
    expect((await storeIn({ ...options, env: {} })).registry().projects).toHaveLength(1);

    expect(await lockVault(options)).toEqual(locked);
    expect(await errorCode(() => store.registry())).toBe("vaultLocked");
    expect(await errorCode(() => openStore(options))).toBe("vaultLocked");
    expect(await askKeeper(options.home)).toBeUndefined();

    expect(await errorCode(() => unlockVault({ ...options, passphrase: wrong }))).toBe("keyWrong");
    expect(await vaultStatus(options)).toEqual(locked);
    expect(await unlockVault({ ...options, passphrase })).toEqual(unlocked);
    expect((await storeIn(options)).registry().projects).toHaveLength(1);
  });

  it("is locked after a restart, when no process keeps the key", async () => {
    const options = passphraseHome();
    await unlockVault({ ...options, passphrase });
    await dismissKeeper(options.home);
    expect(await vaultStatus(options)).toEqual({ state: "locked", source: "passphrase" });
    expect(await errorCode(() => openStore(options))).toBe("vaultLocked");
    await unlockVault({ ...options, passphrase });
    expect((await storeIn(options)).revision()).toBe(0);
  });

  it("does not choose a passphrase that is too short, and makes nothing", async () => {
    const options = passphraseHome();
    expect(await errorCode(() => unlockVault({ ...options, passphrase: () => Promise.resolve("short") }))).toBe("usage");
    expect(await unlockVault({ ...options, passphrase })).toMatchObject({ state: "unlocked" });
  });

  it("reaches its keeper where the home's path is too long for a socket", async () => {
    const short = passphraseHome();
    const home = homeFrom({ STEAD_HOME: join(short.home.data, "a".repeat(60), "b".repeat(60)) });
    const options = { ...short, home };
    onTestFinished(() => dismissKeeper(home));
    await unlockVault({ ...options, passphrase });
    expect(existsSync(join(home.run, "keeper.sock"))).toBe(false);
    expect((await storeIn(options)).vault()).toMatchObject({ state: "unlocked" });
    expect(statSync(home.run).mode & 0o777).toBe(0o700);
  });
});
