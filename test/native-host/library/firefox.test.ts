import { chmodSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { openLocalSocket } from "../../../native-host/host/localSocket.ts";
import { SteadError } from "../../../shared/errors.ts";
import { type InstanceStatus, noMethods, socketMethods } from "../../../shared/protocol/cliHost.ts";
import { Peer } from "../../../shared/wire/peer.ts";
import type { Handlers } from "../../../shared/wire/table.ts";
import { local } from "../../support/entries.ts";
import { errorCode } from "../../support/errorCode.ts";
import { acme, type Given, storage } from "./given.ts";

const firefox: InstanceStatus = {
  instance: "firefox", id: "10000000-0000-4000-8000-000000000001", browser: "Firefox", version: "153.7", extensionVersion: "0.1.0",
  connectedAt: "2030-01-02T03:04:05.000Z", focusedAt: 1, current: "acme", pid: 4711,
};

/** A host of this home on a real socket, whose Firefox the test plays; what it was told. */
async function host({ options }: Given, plays: Partial<Handlers<typeof socketMethods>> = {}): Promise<{ pokes: number[]; open: () => number }> {
  const pokes: number[] = [];
  let open = 0;
  const handlers: Handlers<typeof socketMethods> = {
    instance: () => ({ instance: firefox }),
    current: () => ({ project: firefox.current }),
    switch: ({ project }) => ({ project, shown: 3, hidden: 2 }),
    open: ({ project }) => ({ project }),
    "rules.apply": () => ({ moved: 0 }),
    tabs: () => ({ counts: {} }),
    poke: () => ({ failed: [] }),
    "vault.changed": () => ({}),
    ...plays,
  };
  const socket = await openLocalSocket(options.home, (channel) => {
    open++;
    channel.onClose(() => open--);
    const poke: Handlers<typeof socketMethods>["poke"] = (asked) => {
      pokes.push(asked.revision);
      return handlers.poke(asked);
    };
    new Peer({ channel, side: "host", version: "1", serves: socketMethods, handlers: { ...handlers, poke }, calls: noMethods });
  });
  onTestFinished(() => socket.close());
  return { pokes, open: () => open };
}

describe("the library beside Firefox", () => {
  it("has it follow everything that is written or leased, and keeps no connection", async () => {
    const given = await acme([local("token", "a")]);
    const { stead, store } = given;
    const { pokes, open } = await host(given);
    const written: number[] = [];
    const { revision: base } = await stead.state("acme");
    written.push((await stead.update("acme", storage({ token: "b" }), { base })).revision);
    written.push((await stead.import("acme", storage({ token: "c" }))).revision);
    written.push((await stead.restore("acme", { to: base })).revision);
    const lease = await stead.checkout("acme");
    written.push(lease.revision);
    written.push((await lease.checkin(storage({ token: "d" }))).revision);
    expect(pokes).toEqual(written);
    expect(written.at(-1)).toBe(store.revision());
    await expect.poll(open).toBe(0);
  });

  it("counts what it could not take over", async () => {
    const given = await acme();
    await host(given, { poke: () => ({ failed: [{ reason: "refused by Firefox", count: 2 }] }) });
    await host(given, { poke: () => { throw new SteadError("busy", "Later."); } });
    expect((await given.stead.import("acme", storage({ token: "a" }))).unapplied).toEqual(
      expect.arrayContaining([
        { reason: "refused by Firefox", count: 2 },
        { reason: "a Firefox profile did not answer (busy); it catches up when it connects again", count: 1 },
      ]),
    );
  });

  it("has written what no Firefox could be told, and says so", async () => {
    const given = await acme();
    await host(given);
    chmodSync(given.options.home.run, 0o777);
    const { unapplied } = await given.stead.import("acme", storage({ token: "a" }));
    expect(unapplied).toEqual([{ reason: "a Firefox profile could not be told (socketUnsafe); it catches up when it connects again", count: 1 }]);
    expect(given.values()).toEqual({ token: "a" });
    chmodSync(given.options.home.run, 0o700);
  });

  it("switches, says what is current and opens addresses in it", async () => {
    const given = await acme();
    const asked: unknown[] = [];
    await host(given, {
      switch: (request) => (asked.push(request), { project: request.project, shown: 3, hidden: 2 }),
      open: (request) => (asked.push(request), { project: request.project }),
    });
    const { stead } = given;
    expect(await stead.switch("acme", { window: "bind" })).toEqual({ project: "acme", instances: [{ instance: "firefox", shown: 3, hidden: 2 }] });
    expect(await stead.current()).toBe("acme");
    expect(await stead.openUrl(new URL("https://app.example.com"), { project: "acme" })).toEqual({ project: "acme", instance: "firefox" });
    expect(asked).toEqual([
      { project: "acme", prefix: false, window: "bind" },
      { url: "https://app.example.com/", project: "acme", prefix: false },
    ]);
    expect(await errorCode(() => stead.switch("acme", { instance: "other" }))).toBe("unknownInstance");
  });

  it("records a switch for the next Firefox where none is connected, and opens nothing", async () => {
    const { stead, store, id } = await acme();
    expect(await stead.current()).toBeNull();
    expect(await stead.switch("acme")).toEqual({ project: "acme", instances: [] });
    expect([store.active(), await stead.current()]).toMatchObject([{ project: id, pending: true }, "acme"]);
    expect(await errorCode(() => stead.switch("acme", { window: "bind" }))).toBe("noFirefox");
    expect(await errorCode(() => stead.openUrl("https://app.example.com"))).toBe("noFirefox");
    expect(await errorCode(() => stead.openUrl("file:///etc/passwd"))).toBe("badUrl");
  });
});
