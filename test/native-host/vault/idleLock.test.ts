import Sqlite from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { HeldStore } from "../../../native-host/host/heldStore.ts";
import { openDatabase } from "../../../native-host/store/database.ts";
import { stampUse } from "../../../native-host/store/idleness.ts";
import { openStore } from "../../../native-host/store/openStore.ts";
import type { OpenOptions } from "../../../native-host/store/types.ts";
import { lockVault, setAutoLock, unlockVault, vaultStatus } from "../../../native-host/vault/control.ts";
import { lockHomeWhenIdle, lookInHome } from "../../../native-host/vault/idleLock.ts";
import { keep } from "../../../native-host/vault/keep.ts";
import { askKeeper, dismissKeeper, startKeeper, wakeKeeper } from "../../../native-host/vault/keeperClient.ts";
import { cookie } from "../../support/cookies.ts";
import { errorCode } from "../../support/errorCode.ts";
import { storeHome, storeIn } from "../../support/storeHome.ts";

const minute = 60_000;
const passphrase = (): Promise<string> => Promise.resolve("correct horse battery");

interface World {
  options: OpenOptions;
  clock: { now: number };
}

/** A store with its key in a file, that locks itself after ten minutes; at the time 0. */
async function world(): Promise<World> {
  const clock = { now: 0 };
  const options = { ...storeHome(), now: () => clock.now };
  (await openStore(options)).close();
  expect(await setAutoLock(options, 10 * minute)).toEqual({ state: "unlocked", source: "file", autoLock: 600 });
  return { options, clock };
}

function meta(path: string): { locked: number; used: number } | undefined {
  const db = new Sqlite(path, { readonly: true });
  try {
    return db.prepare<[], { locked: number; used: number }>("SELECT locked, used FROM meta").get();
  } finally {
    db.close();
  }
}

describe("a vault that nobody used for too long", () => {
  it("is locked for whoever opens it, though no timer ran, and stays so until it is unlocked", async () => {
    const { options, clock } = await world();
    clock.now = 10 * minute;
    expect(await vaultStatus(options)).toEqual({ state: "locked", source: "file", autoLock: 600 });
    await expect(openStore(options)).rejects.toMatchObject({
      code: "vaultLocked",
      message: "The vault has locked itself: it was not used for 10 minutes.",
      hint: "Run stead unlock.",
      exitCode: 4,
    });
    expect(meta(options.home.store)).toMatchObject({ locked: 1 });
    clock.now = 0;
    expect(await errorCode(() => openStore(options))).toBe("vaultLocked");
    expect(await errorCode(() => setAutoLock(options, null))).toBe("vaultLocked");
    clock.now = 30 * minute;
    expect(await unlockVault(options)).toMatchObject({ state: "unlocked" });
    clock.now = 39 * minute;
    (await openStore(options)).close();
    expect(await vaultStatus(options)).toMatchObject({ state: "unlocked" });
  });

  it("closes to those who have it open, at their next call and for good, and takes no write of theirs", async () => {
    const { options, clock } = await world();
    const store = await storeIn(options);
    const { id } = store.addProject({ name: "Acme" });
    clock.now = 10 * minute;
    expect(store.vault()).toMatchObject({ state: "locked" });
    for (const call of [
      () => store.write(id, [{ kind: "set", cookie: cookie(), at: 1 }], { by: "cli" }),
      () => store.unaudited.items(id),
      () => store.use(),
      () => store.setLockAfter(null),
    ]) {
      expect(await errorCode(call)).toBe("vaultLocked");
    }
    expect(meta(options.home.store)).toMatchObject({ locked: 1 });
    await unlockVault(options);
    expect(await errorCode(() => store.unaudited.items(id))).toBe("vaultLocked");
    expect((await storeIn(options)).unaudited.items(id)).toEqual([]);
  });

  it("stays open while a command opens it or a program reads or writes", async () => {
    const { options, clock } = await world();
    clock.now = 9 * minute;
    const store = await storeIn(options);
    const { id } = store.addProject({ name: "Acme" });
    for (let step = 0; step < 4; step++) {
      clock.now += 9 * minute;
      if (step % 2 === 0) store.unaudited.items(id);
      else store.write(id, [{ kind: "set", cookie: cookie({ value: String(step) }), at: 1 }], { by: "cli" });
    }
    expect(await vaultStatus(options)).toMatchObject({ state: "unlocked" });
  });

  it("is not kept open by what pages do in the background, but by a person", async () => {
    const { options, clock } = await world();
    const host = await storeIn({ ...options, passive: true });
    const { id } = host.addProject({ name: "Acme" });
    for (let step = 1; step < 10; step++) {
      clock.now = step * minute;
      host.write(id, [{ kind: "set", cookie: cookie({ value: String(step) }), at: 1 }], { by: "firefox" });
      host.registry();
    }
    expect(meta(options.home.store)).toEqual({ locked: 0, used: 0 });
    host.use();
    expect(host.locksAt()).toBe(19 * minute);
    clock.now = 19 * minute;
    expect(await errorCode(() => host.registry())).toBe("vaultLocked");
  });

  it("locks no vault without such a time, whatever happens to the clock", async () => {
    const { options, clock } = await world();
    await setAutoLock(options, null);
    clock.now = 1e15;
    (await openStore(options)).close();
    expect(await vaultStatus(options)).toEqual({ state: "unlocked", source: "file" });
    expect(await lockHomeWhenIdle(options.home, 2e15)).toEqual({ kind: "open", wait: null });
  });

  it.each([59_999, 0, -1, NaN, 366 * 24 * 60 * minute])("takes no time of %s ms", async (after) => {
    const { options } = await world();
    expect(await errorCode(() => setAutoLock(options, after))).toBe("usage");
    expect(await vaultStatus(options)).toMatchObject({ autoLock: 600 });
  });

  it("locks a held store, whose keys are let go, and says when to look again otherwise", async () => {
    const { options, clock } = await world();
    const held = new HeldStore({
      open: () => openStore({ ...options, passive: true }),
      vault: () => vaultStatus(options),
      lockWhenIdle: () => lockHomeWhenIdle(options.home, clock.now),
    });
    onTestFinished(() => held.close());
    expect(await held.tend()).toEqual({ revision: 0, ended: 0, next: 10 * minute });
    await held.use((store) => store.setTtl(store.addProject({ name: "Acme" }).id, { domain: null, seconds: 60 }));
    clock.now = 5 * minute;
    await held.use((store) => store.use());
    expect(await held.tend()).toMatchObject({ next: 15 * minute });
    clock.now = 15 * minute;
    expect(await held.tend()).toBeUndefined();
    expect(await held.look((store) => store.revision())).toMatchObject({ vault: { state: "locked" }, answer: undefined });
  });
});

describe("a use that comes at the same time as the lock", () => {
  it("does not undo it, whatever the user's clock says", async () => {
    const { options, clock } = await world();
    const racing = openDatabase(options.home.store);
    onTestFinished(() => racing.close());
    clock.now = 10 * minute;
    expect(await lockHomeWhenIdle(options.home, clock.now)).toEqual({ kind: "locked" });
    // Its process looked before and was stopped: it writes only now.
    for (const stale of [0, 5 * minute, 10 * minute - 1, 11 * minute]) racing.write(() => stampUse(racing, stale));
    expect(meta(options.home.store)).toEqual({ locked: 1, used: 0 });
    expect(await errorCode(() => openStore(options))).toBe("vaultLocked");
  });

  it("does not count when it comes too late, though nobody has locked the vault yet", async () => {
    const { options } = await world();
    const racing = openDatabase(options.home.store);
    onTestFinished(() => racing.close());
    racing.write(() => stampUse(racing, 10 * minute));
    expect(meta(options.home.store)).toEqual({ locked: 0, used: 0 });
    racing.write(() => stampUse(racing, 10 * minute - 1));
    expect(meta(options.home.store)).toEqual({ locked: 0, used: 10 * minute - 1 });
  });
});

describe("the keeper of a passphrase's key", () => {
  async function unlocked(): Promise<World> {
    const clock = { now: 0 };
    const options = { ...storeHome({ STEAD_KEYSTORE: "passphrase" }), now: () => clock.now };
    // This process is the keeper, with the test's clock.
    onTestFinished(() => dismissKeeper(options.home));
    await unlockVault({ ...options, passphrase });
    const [root] = (await askKeeper(options.home)) ?? [];
    if (!root) throw new Error("unreachable");
    await dismissKeeper(options.home);
    await new Promise<void>((ready) => void keep(options.home, root, ready, () => lookInHome(options.home, clock.now)));
    return { options, clock };
  }

  it("forgets the key and locks the vault when it looks too late", { timeout: 60_000 }, async () => {
    const { options, clock } = await unlocked();
    await setAutoLock(options, 10 * minute);
    clock.now = 9 * minute;
    await wakeKeeper(options.home);
    expect(await askKeeper(options.home)).toHaveLength(1);
    clock.now = 10 * minute;
    await wakeKeeper(options.home);
    expect(await askKeeper(options.home)).toBeUndefined();
    expect(meta(options.home.store)).toMatchObject({ locked: 1 });
  });

  it("is dismissed by whoever finds the vault idle, and the passphrase is asked for again", { timeout: 60_000 }, async () => {
    const { options, clock } = await unlocked();
    await setAutoLock(options, 10 * minute);
    clock.now = 10 * minute;
    // Unlocking without the passphrase would be no unlocking: the keeper has the key still.
    expect(await askKeeper(options.home)).toHaveLength(1);
    expect(await errorCode(() => unlockVault(options))).toBe("vaultLocked");
    expect(await askKeeper(options.home)).toBeUndefined();
    expect(await errorCode(() => openStore(options))).toBe("vaultLocked");
    expect(await unlockVault({ ...options, passphrase })).toMatchObject({ state: "unlocked" });
    (await openStore(options)).close();
  });

  it("ends when it looks at a vault that was locked without it", async () => {
    const options = storeHome();
    (await openStore(options)).close();
    await lockVault(options);
    await startKeeper(options.home, Buffer.alloc(32, 1));
    await wakeKeeper(options.home);
    expect(await askKeeper(options.home)).toBeUndefined();
  });
});
