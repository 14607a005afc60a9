import { describe, expect, it, onTestFinished } from "vitest";
import { connectHosts } from "../../../native-host/host/connectHosts.ts";
import { openStore } from "../../../native-host/store/openStore.ts";
import type { Store } from "../../../native-host/store/types.ts";
import type { Registry } from "../../../shared/protocol/store.ts";
import { local } from "../../support/entries.ts";
import { errorCode } from "../../support/errorCode.ts";
import { type FakeExtension, type HostHome, instanceInfo, makeHome, startHost } from "./fakeExtension.ts";

const agent = { holder: "agent", ttlMs: 600_000 };

async function homeOfTest(): Promise<HostHome> {
  const place = await makeHome();
  onTestFinished(() => place.remove());
  return place;
}

async function connected(place: HostHome, id: string = instanceInfo.id): Promise<FakeExtension> {
  const host = startHost(place.env);
  onTestFinished(async () => {
    await host.end();
  });
  await host.connect({ instance: { ...instanceInfo, id } });
  return host;
}

async function storeOf({ home, env }: HostHome): Promise<Store> {
  const store = await openStore({ home, env });
  onTestFinished(() => store.close());
  return store;
}

/** As a command does that has changed something. */
async function poke({ home }: HostHome, revision: number): Promise<void> {
  const links = await connectHosts(home);
  onTestFinished(() => links.forEach((link) => link.close()));
  for (const { peer } of links) await peer.call("poke", { revision });
}

const holders = ({ leases }: Registry): string[] => (leases ?? []).map(({ holder }) => holder);

describe("a lease", () => {
  it("granted and ended by commands is told to Firefox with their pokes, though neither changes an item", async () => {
    const place = await homeOfTest();
    const host = await connected(place);
    const store = await storeOf(place);
    const { id } = store.addProject({ name: "acme" });
    const { token, expiresAt } = store.checkout(id, agent);
    await poke(place, store.revision());
    const registry = await host.called("registry.changed", (one) => holders(one).length > 0);
    expect(registry.leases).toEqual([{ project: id, holder: "agent", expiresAt }]);
    expect(JSON.stringify(host.calls)).not.toContain(token.slice(2));
    const before = host.calls.length;
    store.releaseLease(id, { token });
    await poke(place, store.revision());
    expect(host.calls.slice(before)).toMatchObject([{ method: "registry.changed", params: { leases: [] } }]);
  });

  it("is there when Firefox connects", async () => {
    const place = await homeOfTest();
    const store = await storeOf(place);
    const { id } = store.addProject({ name: "acme" });
    store.checkout(id, agent);
    const host = startHost(place.env);
    onTestFinished(async () => {
      await host.end();
    });
    expect(await host.connect()).toMatchObject({ registry: { leases: [{ project: id, holder: "agent" }], conflicts: [] } });
  });

  it("taken back in one Firefox is good no more, and both Firefoxes hear of it", async () => {
    const place = await homeOfTest();
    const [one, two] = [await connected(place), await connected(place, "22222222-2222-4222-8222-222222222222")];
    const store = await storeOf(place);
    const { id } = store.addProject({ name: "acme" });
    const { token, expiresAt } = store.checkout(id, agent);
    await poke(place, store.revision());
    const since = new Map([one, two].map((host) => [host, host.calls.length]));
    expect(await one.peer.call("lease.revoke", { project: id })).toEqual({ revoked: { project: id, holder: "agent", expiresAt } });
    for (const host of [one, two]) {
      await expect.poll(() => host.calls.slice(since.get(host)).some((call) => call.method === "registry.changed" && holders(call.params).length === 0)).toBe(true);
    }
    const theirs = { kind: "changes", changes: [{ kind: "set", entry: local("token", "late"), at: 1 }] } as const;
    expect(await errorCode(() => store.checkin(id, theirs, { token }))).toBe("conflict");
    expect(store.unaudited.entries(id)).toEqual([]);
    expect(store.leases()).toEqual([]);
  });

  it("that nobody has is taken back from nobody, and one of no project is refused", async () => {
    const place = await homeOfTest();
    const host = await connected(place);
    const { project } = await host.peer.call("project.add", { name: "acme" });
    expect(await host.peer.call("lease.revoke", { project: project.id })).toEqual({ revoked: null });
    await expect(host.peer.call("lease.revoke", { project: instanceInfo.id })).rejects.toMatchObject({ code: "unknownProject" });
  });
});

describe("a conflict", () => {
  it("is told to Firefox with the check-in's poke, without a value", async () => {
    const place = await homeOfTest();
    const host = await connected(place);
    const store = await storeOf(place);
    const { id } = store.addProject({ name: "acme" });
    const set = (value: string, at: number) => ({ kind: "set", entry: local("token", value), at }) as const;
    const { token } = store.checkout(id, agent);
    store.writeEntries(id, [set("cAnArY-person", Date.now())], { by: instanceInfo.id });
    const { revision } = store.checkin(id, { kind: "changes", changes: [set("cAnArY-program", Date.now() + 1)] }, { token });
    await poke(place, revision);
    const { conflicts } = await host.called("registry.changed", (registry) => (registry.conflicts ?? []).length > 0);
    expect(conflicts).toMatchObject([{ project: id, by: "agent", count: 1, items: [{ kind: "local", domain: "app.example.com", name: "token" }] }]);
    expect(JSON.stringify(conflicts)).not.toContain("cAnArY");
    expect(host.stderr()).not.toContain("cAnArY");
  });
});
