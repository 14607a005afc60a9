import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { SteadError } from "../../../shared/errors.ts";
import type { VaultStatus } from "../../../shared/models.ts";
import { acme, fakeHost, fakeStore, harness, type World } from "./harness.ts";
import { real } from "./realHarness.ts";
import { shapes } from "./shapes.ts";

const canary = "canary-passphrase-91c4";
const locked: VaultStatus = { state: "locked", source: "passphrase" };
const unlocked: VaultStatus = { state: "unlocked", source: "passphrase" };

/** A vault that the canary opens, and what it was given. */
function vaultWorld(world: World = {}): { world: World; given: string[] } {
  const given: string[] = [];
  const edges: World["edges"] = {
    lockVault: () => Promise.resolve(locked),
    unlockVault: async ({ passphrase }) => {
      const came = await passphrase();
      given.push(came);
      if (came !== canary) throw new SteadError("keyWrong", "The passphrase does not open the vault.");
      return unlocked;
    },
  };
  return { world: { vault: locked, edges, ...world }, given };
}

function makeStoreFile(home: string): void {
  mkdirSync(join(home, "stead"));
  writeFileSync(join(home, "stead", "store.db"), "");
}

describe("stead lock and unlock", () => {
  it("locks, and tells every host", async () => {
    const hosts = [fakeHost({}), fakeHost(null)];
    const ran = await harness(vaultWorld({ hosts }).world).run("lock", "--json");
    expect(ran).toMatchObject({ status: 0, stderr: "" });
    expect(shapes.vault.parse(ran.json)).toEqual({ vault: locked });
    for (const host of hosts) expect(host.calls).toEqual([{ method: "vault.changed", params: {} }]);
  });

  it("names a host that could not be told, and ends with 3", async () => {
    const host = fakeHost({ instance: "work" }, { "vault.changed": () => { throw new SteadError("timeout", "Late."); } });
    const ran = await harness(vaultWorld({ hosts: [host] }).world).run("lock", "--json");
    expect(ran).toMatchObject({ status: 3, stderr: "stead: The host of work was not told: Late.\n" });
  });

  it.each([`${canary}\n`, `${canary}\r\n`, canary, `${canary}\nanother line\n`])("reads one line of stdin where no one types: %#", async (stdin) => {
    const { world, given } = vaultWorld({ stdin, hosts: [fakeHost({})], env: { CANARY: canary } });
    const ran = await harness(world).run("unlock", "--json");
    expect(ran.status).toBe(0);
    expect(shapes.vault.parse(ran.json)).toEqual({ vault: unlocked });
    expect(given).toEqual([canary]);
    expect(ran.stdout + ran.stderr).not.toContain(canary);
  });

  it("asks at a terminal, once for a store that is there and twice for a new one", async () => {
    const old = vaultWorld({ terminal: true, answers: [canary] });
    const there = harness(old.world);
    makeStoreFile(there.home);
    const ran = await there.run("unlock");
    expect(ran).toMatchObject({ status: 0, stdout: "The vault is unlocked (passphrase).\n", stderr: "" });
    expect(there.asked).toEqual(["Passphrase of the vault"]);

    const fresh = vaultWorld({ terminal: true, answers: [canary, canary] });
    expect(await harness(fresh.world).run("unlock")).toMatchObject({ status: 0 });
    const slip = vaultWorld({ terminal: true, answers: [canary, `${canary}x`] });
    const refused = await harness(slip.world).run("unlock");
    expect(refused.status).toBe(2);
    expect(slip.given).toEqual([]);
    expect(refused.stderr).not.toContain(canary);
  });

  it("refuses a wrong and an empty passphrase without repeating it", async () => {
    const wrong = await harness(vaultWorld({ stdin: "another-canary\n" }).world).run("unlock", "--json");
    expect(wrong.status).toBe(4);
    expect(shapes.error.parse(wrong.json).error.code).toBe("keyWrong");
    expect(wrong.stdout + wrong.stderr).not.toContain("another-canary");
    const { world, given } = vaultWorld({ stdin: "" });
    expect(await harness(world).run("unlock")).toMatchObject({ status: 2 });
    expect(given).toEqual([]);
    expect(await harness(vaultWorld({ stdin: "x".repeat(5000) }).world).run("unlock")).toMatchObject({ status: 1 });
  });

  it("asks for no passphrase where none is needed", async () => {
    const vault: VaultStatus = { state: "unlocked", source: "keychain" };
    const world = harness({ terminal: true, edges: { unlockVault: () => Promise.resolve(vault) } });
    expect(await world.run("unlock")).toMatchObject({ status: 0 });
    expect(world.asked).toEqual([]);
  });
});

describe("stead lock --after", () => {
  it("is set, told in seconds, and told to every host; --never takes it back", async () => {
    const host = fakeHost({});
    const { run } = real({ hosts: [host] });
    const ran = await run("lock", "--after", "30m", "--json");
    expect(ran).toMatchObject({ status: 0, json: { vault: { state: "unlocked", source: "file", autoLock: 1800 } } });
    expect(host.calls).toEqual([{ method: "vault.changed", params: {} }]);
    expect((await run("status", "--json")).json).toMatchObject({ vault: { state: "unlocked", autoLock: 1800 } });
    expect((await run("status")).stdout).toMatch(/^Vault +unlocked \(file\), locks itself after 30m without use$/m);
    expect((await run("lock", "--after", "24h")).stdout).toBe("The vault locks itself after 1d without use.\n");
    expect((await run("lock", "--never", "--json")).json).toEqual({ vault: { state: "unlocked", source: "file", autoLock: null } });
    expect((await run("status", "--json")).json).toMatchObject({ vault: { autoLock: null } });
  });

  it.each([
    [["--after", "30"], 2],
    [["--after", "59s"], 2],
    [["--after", "366d"], 2],
    [["--after", "30m", "--never"], 2],
  ])("refuses %j and locks nothing", async (options, status) => {
    const { run } = real();
    expect((await run("lock", ...options, "--json")).status).toBe(status);
    expect((await run("status", "--json")).json).toMatchObject({ vault: { state: "unlocked", autoLock: null } });
  });

  it("is refused while the vault is locked", async () => {
    const { run } = real();
    await run("lock");
    const ran = await run("lock", "--never", "--json");
    expect(ran.status).toBe(4);
    expect(shapes.error.parse(ran.json).error.code).toBe("vaultLocked");
  });

  it("has a command that comes too late end with 4, and say how to go on", async () => {
    const { run, home } = real();
    await run("project", "add", "acme");
    await run("lock", "--after", "10m");
    const db = new Sqlite(join(home, "stead", "store.db"));
    db.prepare("UPDATE meta SET used = used - 600000").run();
    db.close();
    expect((await run("status", "--json")).json).toMatchObject({ vault: { state: "locked", autoLock: 600 }, store: { revision: null } });
    expect(await run("export", "acme", "--format", "json")).toMatchObject({
      status: 4,
      stdout: "",
      stderr: "stead: The vault has locked itself: it was not used for 10 minutes.\nRun stead unlock.\n",
    });
    expect((await run("unlock")).status).toBe(0);
    expect((await run("export", "acme", "--format", "json")).status).toBe(0);
  });
});

describe("stead key rotate", () => {
  it("changes every key", async () => {
    const { run } = real();
    await run("project", "add", "acme");
    const ran = await run("key", "rotate", "--json");
    expect(ran).toMatchObject({ status: 0, stderr: "" });
    expect(shapes.rotated.parse(ran.json)).toEqual({ epoch: 2, rewrapped: 2, resealed: 1 });
    expect((await run("list")).stdout).toContain("acme");
    expect((await run("key", "rotate")).stdout).toBe("The keys are of epoch 3: 2 data keys wrapped, 2 records sealed anew.\n");
  });

  it("has every host take over the new keys", async () => {
    const host = fakeHost({});
    expect((await real({ hosts: [host] }).run("key", "rotate")).status).toBe(0);
    expect(host.calls).toEqual([{ method: "poke", params: { revision: 0 } }]);
  });

  it("asks twice for a new passphrase where there is one, and names what it could not seal anew", async () => {
    const given: string[] = [];
    const edges: World["edges"] = {
      rotateKey: async ({ passphrase }) => {
        given.push(await passphrase());
        return { epoch: 2, rewrapped: 1, resealed: 4, damaged: 2 };
      },
    };
    const world = harness({ terminal: true, answers: [canary, canary], edges, store: fakeStore() });
    expect(await world.run("key", "rotate")).toMatchObject({ status: 3, stderr: "stead: Left as it was: damaged (2); its old key is kept. Run stead verify.\n" });
    expect([given, world.asked]).toEqual([[canary], ["New passphrase for the vault", "The same passphrase again"]]);
    const slip = harness({ terminal: true, answers: [canary, `${canary}x`], edges });
    expect((await slip.run("key", "rotate")).status).toBe(2);
    expect(given).toHaveLength(1);
  });
});

describe("stead status", () => {
  it("shows profiles, active project, store and vault", async () => {
    const store = fakeStore([acme], { items: 5 });
    store.setActive({ project: acme.id, at: 1, pending: false });
    const world = harness({ store, vault: unlocked, hosts: [fakeHost({ instance: "work", current: "acme" }), fakeHost(null)] });
    makeStoreFile(world.home);
    const ran = await world.run("status", "--json");
    expect(ran).toMatchObject({ status: 0, stderr: "" });
    expect(shapes.status.parse(ran.json)).toEqual({
      active: "acme",
      vault: { ...unlocked, autoLock: null },
      store: { path: "/store.db", revision: 1, items: 5 },
      instances: [{ instance: "work", browser: "Firefox", version: "153.7", connectedAt: "2030-01-02T03:04:05.000Z", current: "acme" }],
    });
    const text = (await world.run("status")).stdout;
    expect(text).toContain("Vault   unlocked (passphrase)\n");
    expect(text).toContain("work  Firefox 153.7  since 2030-01-02T03:04:05.000Z  acme\n");
  });

  it("works while the vault is locked, without opening the store", async () => {
    const world = harness({ vault: locked, hosts: [fakeHost({ current: "acme" })] });
    makeStoreFile(world.home);
    const ran = await world.run("status", "--json");
    expect(ran).toMatchObject({ status: 0, stderr: "" });
    expect(shapes.status.parse(ran.json)).toMatchObject({ active: "acme", vault: locked, store: { revision: null, items: null } });
    expect((await world.run("status")).stdout).toContain("(locked)");
  });

  it("makes neither store nor key on a fresh machine", async () => {
    const ran = await harness({ vault: unlocked }).run("status", "--json");
    expect(shapes.status.parse(ran.json)).toMatchObject({ active: null, store: { revision: 0, items: 0 }, instances: [] });
  });
});
