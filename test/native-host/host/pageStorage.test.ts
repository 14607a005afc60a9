import { describe, expect, it, onTestFinished } from "vitest";
import { connectHosts } from "../../../native-host/host/connectHosts.ts";
import { openStore } from "../../../native-host/store/openStore.ts";
import type { Store } from "../../../native-host/store/types.ts";
import { SteadError } from "../../../shared/errors.ts";
import type { PageEntry } from "../../../shared/state/pageEntry.ts";
import { type FakeExtension, type HostHome, instanceInfo, makeHome, startHost } from "./fakeExtension.ts";

const origin = "https://app.example";
const second = "22222222-2222-4222-8222-222222222222";
const entry = (key: string, value = "1"): PageEntry => ({ kind: "local", origin, key, value });
const set = (key: string, value = "1"): { kind: "set"; entry: PageEntry; at: number } => ({ kind: "set", entry: entry(key, value), at: 5 });
const quiet = { failed: [], waiting: 0 };

async function homeOfTest(): Promise<HostHome> {
  const place = await makeHome();
  onTestFinished(() => place.remove());
  return place;
}

/** A host whose Firefox has said who it is. */
async function connected(place: HostHome, overrides?: Parameters<typeof startHost>[1], id: string = instanceInfo.id): Promise<FakeExtension> {
  const host = startHost(place.env, overrides);
  onTestFinished(async () => {
    await host.end();
  });
  await host.connect({ instance: { ...instanceInfo, id } });
  return host;
}

/** As a command tells the host that it wrote. */
async function poke(place: HostHome, revision: number): Promise<unknown> {
  const links = await connectHosts(place.home);
  onTestFinished(() => links.forEach((link) => link.close()));
  return links[0]?.peer.call("poke", { revision });
}

async function storeOf(place: HostHome): Promise<Store> {
  const store = await openStore({ home: place.home, env: place.env });
  onTestFinished(() => store.close());
  return store;
}

async function addProject(host: FakeExtension): Promise<string> {
  return (await host.peer.call("project.add", { name: "acme" })).project.id;
}

const noted = (host: FakeExtension): unknown[] => host.calls.flatMap((call) => (call.method === "storage.pending" ? [call.params.pending] : []));

// Hosts are real processes: each takes seconds to start on a busy machine.
describe("what a page of one Firefox changed", { timeout: 60_000 }, () => {
  it("reaches the other Firefox, and is not told to the first", async () => {
    const place = await homeOfTest();
    const [one, two] = [await connected(place), await connected(place, {}, second)];
    const project = await addProject(one);
    const { revision, conflicts } = await one.peer.call("storage.delta", { instance: instanceInfo.id, project, origin, changes: [set("a")] });
    expect(conflicts).toEqual([]);
    expect(await two.called("storage.pending", ({ pending }) => pending.length > 0)).toEqual({ pending: [{ project, origin, revision }] });
    expect(await two.peer.call("storage.update", { instance: second, project, origin })).toEqual({ revision, set: [entry("a")], remove: [] });
    await two.peer.call("storage.synced", { instance: second, project, origin, revision });
    expect(await two.peer.call("storage.pending", { instance: second })).toEqual({ pending: [] });
    expect(noted(one)).toEqual([]);
  });

  it("reaches it too when a comparison finds that it was removed", async () => {
    const place = await homeOfTest();
    const [one, two] = [await connected(place), await connected(place, {}, second)];
    const project = await addProject(one);
    const { revision } = await one.peer.call("storage.delta", { instance: instanceInfo.id, project, origin, changes: [set("a")] });
    await two.peer.call("storage.synced", { instance: second, project, origin, revision });
    const { kind, key } = { kind: "local" as const, key: "a" };
    const answer = await one.peer.call("storage.compare", {
      instance: instanceInfo.id, project, origin, held: [], areas: ["local"], skipped: [], marks: [{ id: { kind, origin, key }, at: 9, removed: true }], stale: false, now: 10,
    });
    expect(answer).toEqual({ revision: revision + 1, set: [], remove: [], want: [] });
    await two.called("storage.pending", ({ pending }) => pending[0]?.revision === revision + 1);
    expect(await two.peer.call("storage.update", { instance: second, project, origin })).toMatchObject({ set: [], remove: [{ key }] });
  });

  it("is refused with the store's own words", async () => {
    const place = await homeOfTest();
    const host = await connected(place);
    const project = await addProject(host);
    const request = { instance: instanceInfo.id, project, origin: "https://other.example" };
    await expect(host.peer.call("storage.delta", { ...request, changes: [set("a")] })).rejects.toMatchObject({ code: "badMessage" });
    await expect(host.peer.call("storage.update", { ...request, project: crypto.randomUUID() })).rejects.toMatchObject({ code: "unknownProject" });
    await expect(host.peer.call("storage.delta", { ...request, origin: "about:blank", changes: [] })).rejects.toMatchObject({ code: "badMessage" });
    await host.peer.call("storage.reset", { instance: instanceInfo.id, project });
    await host.peer.call("storage.gaps", { project, origin, gaps: [{ what: "CryptoKey in IndexedDB", count: 1 }] });
    expect((await storeOf(place)).gaps(project)).toEqual([{ what: "CryptoKey in IndexedDB", count: 1 }]);
  });
});

describe("a command that wrote page storage", { timeout: 60_000 }, () => {
  it("hears how many origins are still to come, and what could not be applied", async () => {
    const place = await homeOfTest();
    const failed = [{ reason: "quota", count: 2 }];
    const host = await connected(place, { "storage.pending": ({ pending }) => ({ waiting: pending.length, failed }) });
    const project = await addProject(host);
    const store = await storeOf(place);
    const { revision } = store.writeEntries(project, [set("a")], { by: "import" });
    expect(await poke(place, revision)).toEqual({ failed, waiting: 1 });
  });

  it("has the extension told of it until nothing is pending, and once more then", async () => {
    const place = await homeOfTest();
    const host = await connected(place);
    const project = await addProject(host);
    const store = await storeOf(place);
    expect(await poke(place, store.revision())).toEqual(quiet);
    expect(noted(host)).toEqual([]);
    const { revision } = store.writeEntries(project, [set("a")], { by: "import" });
    await poke(place, revision);
    await host.peer.call("storage.synced", { instance: instanceInfo.id, project, origin, revision });
    for (let times = 0; times < 3; times++) await poke(place, revision);
    // What is due by itself (the host's own look after its start) may have it told of the same once more.
    const told = noted(host).filter((note, at, all) => JSON.stringify(note) !== JSON.stringify(all[at - 1]));
    expect(told).toEqual([[{ project, origin, revision }], []]);
  });

  it.each<[string, "unsupported" | "busy", unknown]>([
    ["is not troubled by an extension of before page storage", "unsupported", quiet],
    ["counts the origins of one that fails", "busy", { failed: [{ reason: "busy", count: 1 }], waiting: 0 }],
  ])("%s", async (_title, code, expected) => {
    const place = await homeOfTest();
    const host = await connected(place, {
      "storage.pending": () => {
        throw new SteadError(code, "No.");
      },
    });
    const project = await addProject(host);
    const { revision } = (await storeOf(place)).writeEntries(project, [set("a")], { by: "import" });
    expect(await poke(place, revision)).toEqual(expected);
  });
});
