import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdir, rm, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connectHosts } from "../../native-host/host/connectHosts.ts";
import { encodeFrame } from "../../native-host/host/frames.ts";
import type { HostLink } from "../../native-host/host/link.ts";
import { openStore } from "../../native-host/store/openStore.ts";
import type { Store } from "../../native-host/store/types.ts";
import { lockVault, unlockVault } from "../../native-host/vault/control.ts";
import { SteadError } from "../../shared/errors.ts";
import type { Cookie, Project } from "../../shared/models.ts";
import { holdStore } from "./holdStore.ts";
import { type FakeExtension, type HostHome, instanceInfo, makeHome, startHost, startProcess } from "../native-host/host/fakeExtension.ts";

let place: HostHome;
let started: FakeExtension[];
let links: HostLink[];
let stores: Store[];

beforeEach(async () => {
  place = await makeHome();
  started = [];
  links = [];
  stores = [];
});

afterEach(async () => {
  for (const link of links) link.close();
  for (const store of stores) store.close();
  await Promise.all(started.map((host) => host.end()));
  await place.remove();
});

function start(overrides?: Parameters<typeof startHost>[1]): FakeExtension {
  const host = startHost(place.env, overrides);
  started.push(host);
  return host;
}

/** A host whose Firefox has said who it is. */
async function connected(overrides?: Parameters<typeof startHost>[1], id = instanceInfo.id): Promise<FakeExtension> {
  const host = start(overrides);
  await host.connect({ instance: { ...instanceInfo, id } });
  return host;
}

/** As a command reaches the hosts. */
async function command(): Promise<HostLink> {
  const found = await connectHosts(place.home);
  links.push(...found);
  const [link] = found;
  if (!link) throw new Error("No host answers.");
  return link;
}

async function store(): Promise<Store> {
  const opened = await openStore({ home: place.home, env: place.env });
  stores.push(opened);
  return opened;
}

async function addProject(host: FakeExtension, name: string): Promise<Project> {
  return (await host.peer.call("project.add", { name })).project;
}

function cookie(name: string, value = "v"): Cookie {
  return { domain: "app.example", path: "/", name, value, secure: true, httpOnly: true, sameSite: "lax" };
}

const isoTime: unknown = expect.stringMatching(/^\d{4}-.*Z$/);
const otherInstance = "22222222-2222-4222-8222-222222222222";

async function left(): Promise<string[]> {
  return (await readdir(place.home.run)).filter((name) => name !== "token");
}

describe("a host process", () => {
  it("greets, names its Firefox, and tells commands about it", async () => {
    const host = start();
    expect(await host.peer.ready).toMatchObject({ side: "host", version: "0.1.0" });
    expect(await host.connect()).toMatchObject({ name: "firefox", vault: { state: "unlocked", source: "file" }, registry: { projects: [] }, apply: null });
    const second = start();
    expect(await second.connect({ instance: { ...instanceInfo, id: otherInstance } })).toMatchObject({ name: "firefox-2" });

    const found = await connectHosts(place.home);
    links.push(...found);
    expect(found.map(({ instance }) => instance?.instance).sort()).toEqual(["firefox", "firefox-2"]);
    expect(found.map(({ instance }) => instance)).toContainEqual({
      instance: "firefox", id: instanceInfo.id, browser: "Firefox", version: "153.7", extensionVersion: "0.1.0",
      connectedAt: isoTime, focusedAt: 1, current: null, pid: host.process.pid,
    });
  });

  it("tells its own Firefox and the others of a project that was added", async () => {
    const [one, two] = [await connected(), await connected({}, otherInstance)];
    await addProject(one, "acme");
    for (const host of [one, two]) await host.called("registry.changed", ({ projects }) => projects[0]?.name === "acme");
  });

  it("brings a cookie of one Firefox to the other, and not back", async () => {
    const [one, two] = [await connected(), await connected({}, otherInstance)];
    const { id: project } = await addProject(one, "acme");
    const { revision } = await one.peer.call("state.delta", { instance: instanceInfo.id, project, changes: [{ kind: "set", cookie: cookie("sid"), at: 5 }] });
    const update = await two.called("state.apply");
    expect(update).toEqual({ project, revision, set: [cookie("sid")], remove: [] });
    expect(one.calls.filter(({ method }) => method === "state.apply")).toEqual([]);
  });

  it("brings a container and the store together", async () => {
    const host = await connected();
    const { id: project } = await addProject(host, "acme");
    const direct = await store();
    const { revision } = direct.write(project, [{ kind: "set", cookie: cookie("stored"), at: 5 }], { by: "cli" });
    const answer = await host.peer.call("state.reconcile", { instance: instanceInfo.id, project, cookies: [cookie("held")], marks: [], now: 6 });
    expect(answer).toEqual({ project, revision: revision + 1, set: [cookie("stored")], remove: [] });
    expect(direct.unaudited.items(project).map(({ id }) => id.name).sort()).toEqual(["held", "stored"]);
  });

  it("answers a poke when its Firefox is there, with what could not be applied", async () => {
    const host = await connected({ "state.apply": () => ({ failed: [{ reason: "tooLong", count: 1 }] }) });
    const { id: project } = await addProject(host, "acme");
    const direct = await store();
    const { revision } = direct.write(project, [{ kind: "set", cookie: cookie("sid"), at: 5 }], { by: "cli" });
    expect(await (await command()).peer.call("poke", { revision })).toEqual({ failed: [{ reason: "tooLong", count: 1 }], waiting: 0 });
    expect(host.calls.filter(({ method }) => method === "state.apply")).toHaveLength(1);
    expect(await (await command()).peer.call("poke", { revision })).toEqual({ failed: [], waiting: 0 });
  });

  it("applies one at a time and answers many pokes with one more look", async () => {
    let release = (): void => undefined;
    let applying = 0;
    let most = 0;
    const host = await connected({
      "state.apply": async () => {
        most = Math.max(most, ++applying);
        await new Promise<void>((resolve) => (release = resolve));
        applying--;
        return { failed: [] };
      },
    });
    const { id: project } = await addProject(host, "acme");
    const direct = await store();
    const link = await command();
    const pokes = Array.from({ length: 20 }, (_, index) => {
      const { revision } = direct.write(project, [{ kind: "set", cookie: cookie(`c${index}`), at: 5 }], { by: "cli" });
      return link.peer.call("poke", { revision });
    });
    const all = Promise.all(pokes);
    let ended = false;
    void all.then(() => (ended = true));
    while (!ended) {
      release();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await all;
    expect(most).toBe(1);
    expect(host.calls.filter(({ method }) => method === "state.apply").length).toBeLessThanOrEqual(3);
  });

  it("counts what a Firefox that refuses did not take, and offers it again", async () => {
    let refuse = true;
    const host = await connected({
      "state.apply": () => {
        if (refuse) throw new SteadError("busy", "Not now.");
        return { failed: [] };
      },
    });
    const { id: project } = await addProject(host, "acme");
    const { revision } = (await store()).write(project, [{ kind: "set", cookie: cookie("sid"), at: 5 }], { by: "cli" });
    const link = await command();
    expect(await link.peer.call("poke", { revision })).toEqual({ failed: [{ reason: "busy", count: 1 }], waiting: 0 });
    refuse = false;
    expect(await link.peer.call("poke", { revision })).toEqual({ failed: [], waiting: 0 });
    expect(host.calls.filter(({ method }) => method === "state.apply")).toHaveLength(2);
  });

  it("sends an answer of 5 MiB whole", async () => {
    const host = await connected();
    const { id: project } = await addProject(host, "acme");
    const value = "€\"\\𝄞".repeat(300);
    const cookies = Array.from({ length: 3000 }, (_, index) => cookie(`c${index}`, value));
    await host.peer.call("state.reconcile", { instance: instanceInfo.id, project, cookies, marks: [], now: 6 });
    const { set } = await host.peer.call("state.reconcile", { instance: otherInstance, project, cookies: [], marks: [], now: 7 });
    expect(Buffer.byteLength(JSON.stringify(set))).toBeGreaterThan(5 * 1024 * 1024);
    expect(set).toHaveLength(cookies.length);
    expect(set.every((one) => one.value === value)).toBe(true);
  });
});

describe("a switch over the socket", () => {
  it("is refused while no Firefox has said who it is", async () => {
    const host = start();
    await host.peer.ready;
    await expect.poll(() => connectHosts(place.home).then((found) => (links.push(...found), found.length))).toBe(1);
    await expect(links[0]?.peer.call("switch", { project: "acme", prefix: false })).rejects.toMatchObject({ code: "noFirefox" });
    expect(links[0]?.instance).toBeNull();
  });

  it("reaches the extension by exact name or, at a terminal, by unique prefix", async () => {
    const host = await connected();
    const acme = await addProject(host, "acme");
    await addProject(host, "acme-two");
    const beta = await addProject(host, "beta");
    const { peer } = await command();

    expect(await peer.call("switch", { project: "acme", prefix: true, adopt: false })).toEqual({ project: "acme", shown: 1, hidden: 2 });
    expect(await host.called("switch")).toEqual({ project: acme.id, adopt: false });
    expect(await peer.call("current", {})).toEqual({ project: "acme" });
    expect(await peer.call("switch", { project: "be", prefix: true })).toMatchObject({ project: "beta" });
    await host.called("switch", ({ project }) => project === beta.id);

    await expect(peer.call("switch", { project: "be", prefix: false })).rejects.toMatchObject({ code: "unknownProject" });
    await expect(peer.call("switch", { project: "ac", prefix: true })).rejects.toMatchObject({ code: "ambiguousProject" });
    await expect(peer.call("switch", { project: "zeta", prefix: true })).rejects.toMatchObject({ code: "unknownProject" });
  });

  it("finds a project that was added without a poke", async () => {
    await connected();
    (await store()).addProject({ name: "quiet" });
    expect(await (await command()).peer.call("switch", { project: "quiet", prefix: false })).toMatchObject({ project: "quiet" });
  });

  it("hands on what the extension answers when it cannot", async () => {
    const host = await connected({ switch: () => { throw new SteadError("adoptionNeeded", "A container acme exists."); } });
    await addProject(host, "acme");
    await expect((await command()).peer.call("switch", { project: "acme", prefix: false })).rejects.toMatchObject({ code: "adoptionNeeded" });
  });

  it("made while no Firefox was there is handed to those that connect until one says it is done", async () => {
    const direct = await store();
    const { id } = direct.addProject({ name: "acme" });
    direct.setActive({ project: id, at: 5, pending: true });
    const host = start();
    expect(await host.connect()).toMatchObject({ apply: id });
    await host.peer.call("active.set", { project: id, at: 6 });
    expect(await start().connect({ instance: { ...instanceInfo, id: otherInstance } })).toMatchObject({ apply: null });
    expect(direct.active()).toMatchObject({ project: id, pending: false });
  });

  it("fails when Firefox goes away in the middle", async () => {
    const host = await connected({ switch: () => new Promise<never>(() => undefined) });
    await addProject(host, "acme");
    const outcome = (await command()).peer.call("switch", { project: "acme", prefix: false }).catch((error: unknown) => error);
    await host.called("switch");
    await host.end();
    expect(await outcome).toMatchObject({ code: "disconnected" });
  });
});

describe("a locked vault", () => {
  it("shows nothing until it is unlocked, then everything", async () => {
    const direct = await store();
    const { id } = direct.addProject({ name: "acme" });
    direct.setActive({ project: id, at: 5, pending: true });
    await lockVault({ home: place.home, env: place.env });

    const host = start();
    expect(await host.connect()).toEqual({ name: "firefox", vault: { state: "locked", source: "file" }, registry: null, apply: null });
    await expect(host.peer.call("registry", {})).rejects.toMatchObject({ code: "vaultLocked" });
    await expect(addProject(host, "other")).rejects.toMatchObject({ code: "vaultLocked" });
    const { peer } = await command();
    await expect(peer.call("switch", { project: "acme", prefix: false })).rejects.toMatchObject({ code: "vaultLocked" });

    await unlockVault({ home: place.home, env: place.env });
    await peer.call("vault.changed", {});
    expect(await host.called("vault.changed")).toMatchObject({ state: "unlocked" });
    await host.called("registry.changed", ({ projects }) => projects[0]?.name === "acme");
    await host.called("state.resync");
    expect(await host.called("switch")).toEqual({ project: id });
  });

  it("closes an open one", async () => {
    const host = await connected();
    await addProject(host, "acme");
    const { peer } = await command();
    await lockVault({ home: place.home, env: place.env });
    await peer.call("vault.changed", {});
    await host.called("vault.changed", ({ state }) => state === "locked");
    await expect(host.peer.call("registry", {})).rejects.toMatchObject({ code: "vaultLocked" });
    expect(await peer.call("poke", { revision: 1 })).toEqual({ failed: [], waiting: 0 });
  });

  it("is noticed without being told", async () => {
    const host = await connected();
    await addProject(host, "acme");
    await lockVault({ home: place.home, env: place.env });
    await expect(addProject(host, "other")).rejects.toMatchObject({ code: "vaultLocked" });
    await host.called("vault.changed", ({ state }) => state === "locked");
    await unlockVault({ home: place.home, env: place.env });
    await (await command()).peer.call("poke", { revision: 1 });
    await host.called("vault.changed", ({ state }) => state === "unlocked");
    await host.called("state.resync");
    expect((await addProject(host, "other")).name).toBe("other");
  });
});

describe("the end", () => {
  /** The latest a host may be gone, in milliseconds. */
  const farewell = 1000;

  it("comes within a second after Firefox closes the connection, and leaves nothing behind", async () => {
    const host = await connected();
    await addProject(host, "acme");
    const link = await command();
    const begin = performance.now();
    expect(await host.end()).toBe(0);
    expect(performance.now() - begin).toBeLessThan(farewell);
    expect(await link.peer.closed).toMatchObject({ code: "disconnected" });
    expect(await left()).toEqual([]);
    expect((await readdir(place.home.data)).filter((name) => name.endsWith("-wal"))).toEqual([]);
  });

  it("comes as quickly while another process holds the store", async () => {
    const host = await connected();
    const { id: project } = await addProject(host, "acme");
    const release = holdStore(place.home.store);
    host.peer.call("state.delta", { instance: instanceInfo.id, project, changes: [{ kind: "set", cookie: cookie("sid"), at: 5 }] }).catch(() => undefined);
    const begin = performance.now();
    expect(await host.end()).toBe(0);
    expect(performance.now() - begin).toBeLessThan(farewell);
    release();
    expect(await left()).toEqual([]);
  });

  it.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)("comes in order at %s", async (signal) => {
    const host = await connected();
    await command();
    host.process.kill(signal);
    expect(await host.exited).toBe(0);
    expect(await left()).toEqual([]);
  });

  it("comes when nobody reads its answers any more", async () => {
    const host = await connected();
    await command();
    host.process.stdout?.destroy();
    host.process.stdin?.write(encodeFrame({ t: "request", id: 999, method: "registry", params: {} }));
    expect(await host.exited).toBe(0);
    expect(await left()).toEqual([]);
  });

  const broken: [string, Buffer][] = [
    ["no JSON", Buffer.from([1, 0, 0, 0, 0x7b])],
    ["4 GiB announced", Buffer.from([0xff, 0xff, 0xff, 0xff])],
    ["no message of the protocol", encodeFrame({ t: "what" })],
  ];
  it.each(broken)("comes in order after %s", async (_what, bytes) => {
    const host = await connected();
    await command();
    host.process.stdin?.write(bytes);
    expect(await host.exited).toBe(1);
    expect(await left()).toEqual([]);
  });

  it("does not come for a request nested 100,000 levels deep", async () => {
    const host = await connected();
    const levels = 100_000;
    const body = Buffer.from(`{"t":"request","id":999,"method":"registry","params":${"[".repeat(levels)}${"]".repeat(levels)}}`);
    const header = Buffer.alloc(4);
    header.writeUInt32LE(body.length);
    host.process.stdin?.write(Buffer.concat([header, body]));
    expect((await addProject(host, "acme")).name).toBe("acme");
  });

  it("without warning leaves an announcement that the next command removes", async () => {
    const host = await connected();
    host.process.kill("SIGKILL");
    expect(await host.exited).toBe("SIGKILL");
    expect(await left()).toHaveLength(2);
    expect(await connectHosts(place.home)).toEqual([]);
    expect(await left()).toEqual([]);
  });
});

describe("a stranger", () => {
  it.each([
    ["another extension", ["/manifest.json", "evil@example"], 1],
    ["nobody", [], 2],
  ] as const)("that is %s gets no host", async (_who, args, status) => {
    const child = startProcess(place.env, args);
    let said = "";
    child.stdout?.on("data", (bytes) => (said += String(bytes)));
    let errors = "";
    child.stderr?.on("data", (bytes) => (errors += String(bytes)));
    expect(await once(child, "close")).toEqual([status, null]);
    expect(said).toBe("");
    expect(errors).toMatch(/^stead-host: [^\n]+\n$/);
    await expect(readdir(place.home.data)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("with another token is not let in", async () => {
    await connected();
    await expect.poll(() => connectHosts(place.home).then((found) => (links.push(...found), found.length))).toBe(1);
    await rm(place.home.token);
    await writeFile(place.home.token, randomBytes(32), { mode: 0o600 });
    const reports: string[] = [];
    expect(await connectHosts(place.home, { report: (message) => reports.push(message) })).toEqual([]);
    expect(reports).toHaveLength(1);
  });

  it("with a signal does not open Node's inspector", async () => {
    const host = await connected();
    host.process.kill("SIGUSR1");
    expect((await addProject(host, "acme")).name).toBe("acme");
    await host.end();
    expect(host.stderr()).not.toContain("Debugger");
  });
});
