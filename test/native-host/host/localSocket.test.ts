import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { announcementPath } from "../../../native-host/host/announcement.ts";
import { connectHosts } from "../../../native-host/host/connectHosts.ts";
import { type LocalSocket, openLocalSocket } from "../../../native-host/host/localSocket.ts";
import { type Home, homeFrom } from "../../../native-host/home.ts";
import { noMethods, socketMethods } from "../../../shared/protocol/cliHost.ts";
import type { Channel } from "../../../shared/wire/channel.ts";
import { Peer } from "../../../shared/wire/peer.ts";
import type { Handlers } from "../../../shared/wire/table.ts";

let directory: string;
let home: Home;
let opened: LocalSocket[];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "stead-test-"));
  home = homeFrom({ STEAD_HOME: join(directory, "home") });
  opened = [];
});
afterEach(async () => {
  for (const socket of opened) await socket.close();
  await rm(directory, { recursive: true, force: true });
});

const handlers: Handlers<typeof socketMethods> = {
  instance: () => ({ instance: null }),
  current: () => ({ project: "acme" }),
  switch: () => ({ project: "acme", shown: 1, hidden: 0 }),
  open: () => ({ project: null }),
  "rules.apply": () => ({ moved: 0 }),
  tabs: () => ({ counts: {} }),
  poke: () => ({ failed: [] }),
  "vault.changed": () => ({}),
};

function serve(channel: Channel): void {
  new Peer({ channel, side: "host", version: "1", serves: socketMethods, handlers, calls: noMethods });
}

async function open(options: Parameters<typeof openLocalSocket>[2] = {}, place: Home = home): Promise<LocalSocket> {
  const socket = await openLocalSocket(place, serve, options);
  opened.push(socket);
  return socket;
}

/** What a host killed without warning leaves: its announcement and its socket's file. */
async function leaveBehind(): Promise<LocalSocket> {
  const socket = await open();
  const [kept, aside] = [announcementPath(home, socket.id), join(directory, "aside")];
  const text = await readFile(kept);
  await rename(socket.endpoint, aside);
  await socket.close();
  await rename(aside, socket.endpoint);
  await writeFile(kept, text, { mode: 0o600 });
  return socket;
}

function run(): Promise<string[]> {
  return readdir(home.run).then((names) => names.filter((name) => name !== "token"));
}

describe("a host's local socket", () => {
  it("is found by connectHosts, all of them", async () => {
    const sockets = [await open(), await open(), await open()];
    const links = await connectHosts(home);
    expect(links).toHaveLength(3);
    expect(await Promise.all(links.map(({ peer }) => peer.call("current", {})))).toEqual(sockets.map(() => ({ project: "acme" })));
    for (const link of links) link.close();
  });

  it("is left out for the host itself", async () => {
    const [one, two] = [await open(), await open()];
    expect(one.id).not.toBe(two.id);
    const links = await connectHosts(home, { except: one.id });
    expect(links).toHaveLength(1);
    for (const link of links) link.close();
  });

  it("is private, and leaves nothing when it is closed", async () => {
    const socket = await open();
    expect((await stat(home.run)).mode & 0o777).toBe(0o700);
    expect((await stat(announcementPath(home, socket.id))).mode & 0o777).toBe(0o600);
    const [link] = await connectHosts(home);
    await socket.close();
    await link?.peer.closed;
    expect(await run()).toEqual([]);
    expect(await connectHosts(home)).toEqual([]);
  });

  it("is below the temporary directory where its own path would be too long, and found all the same", async () => {
    const far = homeFrom({ STEAD_HOME: join(directory, "x".repeat(100)) });
    const socket = await open({}, far);
    expect(Buffer.byteLength(socket.endpoint)).toBeLessThanOrEqual(103);
    expect(dirname(dirname(socket.endpoint))).toBe(tmpdir());
    expect((await stat(dirname(socket.endpoint))).mode & 0o777).toBe(0o700);
    const links = await connectHosts(far);
    expect(links).toHaveLength(1);
    for (const link of links) link.close();
    await socket.close();
    await expect(stat(dirname(socket.endpoint))).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("hangs up on who cannot prove himself, without a word", async () => {
    const socket = await open();
    const stranger = connect(socket.endpoint);
    let said = 0;
    stranger.on("data", (bytes) => (said += bytes.length));
    stranger.write(randomBytes(64));
    await once(stranger, "close");
    expect(said).toBe(0);
  });

  it("hangs up on who says nothing", async () => {
    const socket = await open({ authTimeoutMs: 20 });
    await once(connect(socket.endpoint), "close");
  });

  it("takes only so many connections, and more when some have gone", async () => {
    const socket = await open({ connectionLimit: 2 });
    const silent: Socket[] = [];
    for (let count = 0; count < 2; count++) {
      const one = connect(socket.endpoint);
      await once(one, "connect");
      silent.push(one);
    }
    const reports: string[] = [];
    expect(await connectHosts(home, { report: (message) => reports.push(message) })).toEqual([]);
    expect(reports).toHaveLength(1);
    for (const one of silent) one.destroy();
    await expect.poll(async () => {
      const links = await connectHosts(home);
      for (const link of links) link.close();
      return links.length;
    }).toBe(1);
  });
});

describe("connectHosts", () => {
  it("answers nothing where no host has ever run, and makes nothing", async () => {
    expect(await connectHosts(home)).toEqual([]);
    await expect(stat(home.data)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("removes what a killed host left behind", async () => {
    await leaveBehind();
    const alive = await open();
    expect(await run()).toHaveLength(4);
    const links = await connectHosts(home);
    expect(links).toHaveLength(1);
    for (const link of links) link.close();
    expect((await run()).sort()).toEqual([`${alive.id}.host.json`, `${alive.id}.sock`].sort());
  });

  it("gives up a host that is there but does not answer, reports it and leaves it alone", async () => {
    await open();
    const endpoint = join(home.run, "0123456789abcdef.sock");
    const deaf = createServer();
    await new Promise<void>((resolve) => deaf.listen(endpoint, resolve));
    await writeFile(announcementPath(home, "0123456789abcdef"), JSON.stringify({ endpoint, pid: 4711, startedAt: "" }), { mode: 0o600 });
    const reports: string[] = [];
    const links = await connectHosts(home, { patienceMs: 50, report: (message) => reports.push(message) });
    expect(links).toHaveLength(1);
    expect(reports).toEqual([expect.stringContaining("4711")]);
    expect(await run()).toContain("0123456789abcdef.host.json");
    for (const link of links) link.close();
    deaf.close();
  });

  it("does not trust a host that has another token", async () => {
    await open();
    await rm(home.token);
    await writeFile(home.token, randomBytes(32), { mode: 0o600 });
    const reports: string[] = [];
    expect(await connectHosts(home, { report: (message) => reports.push(message) })).toEqual([]);
    expect(reports).toHaveLength(1);
    expect(await run()).toHaveLength(2);
  });

  it("skips announcements that are none", async () => {
    await open();
    for (const [name, text] of [["a", "{"], ["b", "{}"], ["c", '{"endpoint":1,"pid":1,"startedAt":""}']]) {
      await writeFile(join(home.run, `${name}.host.json`), text ?? "", { mode: 0o600 });
    }
    const links = await connectHosts(home);
    expect(links).toHaveLength(1);
    for (const link of links) link.close();
  });

  it("refuses a directory that others can enter", async () => {
    await open();
    await chmod(home.run, 0o755);
    await expect(connectHosts(home)).rejects.toThrow(home.run);
    await expect(openLocalSocket(home, serve)).rejects.toMatchObject({ code: "socketUnsafe" });
    await chmod(home.run, 0o700);
  });

  it("refuses a directory that is a link", async () => {
    await mkdir(home.data, { recursive: true });
    await mkdir(join(directory, "elsewhere"), { mode: 0o700 });
    await symlink(join(directory, "elsewhere"), home.run);
    await expect(openLocalSocket(home, serve)).rejects.toMatchObject({ code: "socketUnsafe" });
  });
});
