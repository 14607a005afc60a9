import { describe, expect, it, onTestFinished } from "vitest";
import { connectHosts } from "../../../native-host/host/connectHosts.ts";
import type { HostLink } from "../../../native-host/host/link.ts";
import { openStore } from "../../../native-host/store/openStore.ts";
import type { Store } from "../../../native-host/store/types.ts";
import { SteadError } from "../../../shared/errors.ts";
import type { Project } from "../../../shared/models.ts";
import type { RuleDraft } from "../../../shared/rules/rule.ts";
import { type FakeExtension, type HostHome, instanceInfo, makeHome, startHost } from "./fakeExtension.ts";

const url = "https://app.example/start?a=1#b";

async function homeOfTest(): Promise<HostHome> {
  const place = await makeHome();
  onTestFinished(() => place.remove());
  return place;
}

function start(place: HostHome, overrides?: Parameters<typeof startHost>[1]): FakeExtension {
  const host = startHost(place.env, overrides);
  onTestFinished(async () => {
    await host.end();
  });
  return host;
}

/** A host whose Firefox has said who it is. */
async function connected(place: HostHome, overrides?: Parameters<typeof startHost>[1], id: string = instanceInfo.id): Promise<FakeExtension> {
  const host = start(place, overrides);
  await host.connect({ instance: { ...instanceInfo, id } });
  return host;
}

/** As a command reaches the host. */
async function command(place: HostHome): Promise<HostLink> {
  const found = await connectHosts(place.home);
  onTestFinished(() => found.forEach((link) => link.close()));
  const [link] = found;
  if (!link) throw new Error("No host answers.");
  return link;
}

async function storeOf(place: HostHome): Promise<Store> {
  const store = await openStore({ home: place.home, env: place.env });
  onTestFinished(() => store.close());
  return store;
}

async function addProject(host: FakeExtension, name: string): Promise<Project> {
  return (await host.peer.call("project.add", { name })).project;
}

const draft = (project: string, pattern: string): RuleDraft => ({ project, pattern, ask: false });

describe("rules and settings", () => {
  it("changed by one Firefox are kept, and both Firefoxes hear that they changed", async () => {
    const place = await homeOfTest();
    const [one, two] = [await connected(place), await connected(place, {}, "22222222-2222-4222-8222-222222222222")];
    const { id } = await addProject(one, "acme");
    const { put, removed, revision } = await one.peer.call("rules.change", { put: [draft(id, "*.Acme.test")], remove: [] });
    expect({ put, removed }).toEqual({ put: [{ id: put[0]?.id, project: id, pattern: "*.acme.test", ask: false }], removed: 0 });
    for (const host of [one, two]) {
      const { projects, rules } = await host.called("registry.changed", (registry) => registry.rules?.revision === revision);
      expect(projects).toMatchObject([{ name: "acme", rules: 1 }]);
      expect(await host.peer.call("rules.since", { store: rules?.store ?? null, since: 0 })).toMatchObject({ all: true, revision, set: put, removed: [] });
    }
    const { settings } = await two.peer.call("settings.set", { external: { kind: "ask" }, strict: [id] });
    for (const host of [one, two]) await host.called("registry.changed", (registry) => registry.settings?.external.kind === "ask");
    expect((await one.peer.call("registry", {})).settings).toEqual(settings);
  });

  it("changed by a command reach Firefox with its poke", async () => {
    const place = await homeOfTest();
    const host = await connected(place);
    const { id } = await addProject(host, "acme");
    const { revision } = (await storeOf(place)).changeRules({ put: [draft(id, "a.test")], remove: [] });
    await (await command(place)).peer.call("poke", { revision });
    expect(host.calls.some((call) => call.method === "registry.changed" && call.params.rules?.revision === revision)).toBe(true);
  });

  it("are at hand when Firefox connects", async () => {
    const place = await homeOfTest();
    const store = await storeOf(place);
    const { id } = store.addProject({ name: "acme" });
    const { revision } = store.changeRules({ put: [draft(id, "a.test")], remove: [] });
    store.setSettings({ strict: [id] });
    const host = start(place);
    expect(await host.connect()).toMatchObject({ registry: { rules: { store: store.id, revision }, settings: { strict: [id] } } });
  });

  it("that the store refuses are refused with its own words", async () => {
    const place = await homeOfTest();
    const host = await connected(place);
    const { id } = await addProject(host, "acme");
    await expect(host.peer.call("rules.change", { put: [draft(id, "no host")], remove: [] })).rejects.toMatchObject({ code: "badPattern" });
    await expect(host.peer.call("settings.set", { inherit: ["/x.*/"] })).rejects.toMatchObject({ code: "badPattern" });
    await expect(host.peer.call("settings.set", { strict: [instanceInfo.id] })).rejects.toMatchObject({ code: "unknownProject" });
    await expect(host.peer.call("link.read", { link: "ext+stead:open" })).rejects.toMatchObject({ code: "badLink" });
  });
});

describe("a link", () => {
  it("that the command line signed is taken for signed", async () => {
    const place = await homeOfTest();
    const host = await connected(place);
    const { id } = await addProject(host, "acme");
    const link = (await storeOf(place)).signLink(id, url);
    expect(await host.peer.call("link.read", { link })).toEqual({ url, project: id, signed: true });
    expect(await host.peer.call("link.read", { link: link.replace(/&mac=.*/, "") })).toEqual({ url, project: null, signed: false });
  });
});

describe("opening an address over the socket", () => {
  it("reaches the extension with the project's id, by exact name or, at a terminal, by unique prefix", async () => {
    const place = await homeOfTest();
    const host = await connected(place);
    const { id } = await addProject(host, "acme");
    const { peer } = await command(place);
    expect(await peer.call("open", { url, project: "acme", prefix: false })).toEqual({ project: "acme" });
    expect(await peer.call("open", { url: "HTTPS://App.example", project: "ac", prefix: true })).toEqual({ project: "acme" });
    expect(host.calls.filter(({ method }) => method === "open")).toEqual([
      { method: "open", params: { url, project: id } },
      { method: "open", params: { url: "https://app.example/", project: id } },
    ]);
    await expect(peer.call("open", { url, project: "ac", prefix: false })).rejects.toMatchObject({ code: "unknownProject" });
  });

  it("without a project leaves it to the extension, and answers where that was", async () => {
    const place = await homeOfTest();
    const where: { project: string | null } = { project: null };
    const host = await connected(place, { open: () => where });
    const { id } = await addProject(host, "acme");
    const { peer } = await command(place);
    expect(await peer.call("open", { url, project: null, prefix: false })).toEqual({ project: null });
    where.project = id;
    expect(await peer.call("open", { url, project: null, prefix: false })).toEqual({ project: "acme" });
    where.project = (await storeOf(place)).addProject({ name: "quiet" }).id;
    expect(await peer.call("open", { url, project: null, prefix: false })).toEqual({ project: "quiet" });
  });

  it("refuses what is no web address without a word to the extension", async () => {
    const place = await homeOfTest();
    const host = await connected(place);
    const { peer } = await command(place);
    for (const bad of ["app.example", "javascript:alert(1)", "file:///etc/passwd", ""]) {
      await expect(peer.call("open", { url: bad, project: null, prefix: false })).rejects.toMatchObject({ code: "badUrl" });
    }
    expect(host.calls.filter(({ method }) => method === "open")).toEqual([]);
  });

  it("is refused while no Firefox has said who it is, and so is applying rules", async () => {
    const place = await homeOfTest();
    const host = start(place);
    await host.peer.ready;
    await expect.poll(() => command(place).catch(() => undefined)).toBeDefined();
    const { peer } = await command(place);
    await expect(peer.call("open", { url, project: null, prefix: false })).rejects.toMatchObject({ code: "noFirefox" });
    await expect(peer.call("rules.apply", { rules: [] })).rejects.toMatchObject({ code: "noFirefox" });
  });

  it("hands on what the extension answers when it cannot", async () => {
    const place = await homeOfTest();
    await connected(place, { open: () => { throw new SteadError("adoptionNeeded", "A container acme exists."); } });
    await expect((await command(place)).peer.call("open", { url, project: null, prefix: false })).rejects.toMatchObject({ code: "adoptionNeeded" });
  });
});

describe("applying rules over the socket", () => {
  it("tells the extension that they changed before it asks it to apply them", async () => {
    const place = await homeOfTest();
    const host = await connected(place);
    const { id } = await addProject(host, "acme");
    const { peer } = await command(place);
    const { put, revision } = (await storeOf(place)).changeRules({ put: [draft(id, "a.test"), draft(id, "b.test")], remove: [] });
    const rules = put.map((rule) => rule.id);
    expect(await peer.call("rules.apply", { rules })).toEqual({ moved: 2 });
    const told = host.calls.findIndex((call) => call.method === "registry.changed" && call.params.rules?.revision === revision);
    expect(told).toBeGreaterThan(-1);
    expect(host.calls.findIndex((call) => call.method === "rules.apply" && call.params.rules.join() === rules.join())).toBeGreaterThan(told);
  });
});
