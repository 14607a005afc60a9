import { describe, expect, it } from "vitest";
import { cookieId } from "../../../shared/cookie.ts";
import type { Cookie, CookieChange } from "../../../shared/models.ts";
import type { Store } from "../../../native-host/store/types.ts";
import { cookie } from "../../support/cookies.ts";
import { storeHome, storeIn } from "../../support/storeHome.ts";

const set = (one: Cookie, at = 1): CookieChange => ({ kind: "set", cookie: one, at });
const a = cookie({ name: "a" });
const b = cookie({ name: "b" });

async function twoInstances(): Promise<{ store: Store; id: string; one: string; two: string }> {
  const store = await storeIn({ ...storeHome(), now: () => 0 });
  const [one, two] = [crypto.randomUUID(), crypto.randomUUID()];
  store.meetInstance(one, "Firefox");
  store.meetInstance(two, "Firefox");
  return { store, id: store.addProject({ name: "Acme" }).id, one, two };
}

describe("meeting an instance", () => {
  it("gives it a name of its own and remembers it", async () => {
    const options = storeHome();
    const store = await storeIn(options);
    const names = ["Firefox", "Firefox", "LibreWolf", "", "Firefox Developer Edition"].map((browser, place) => store.meetInstance(`i${place}`, browser).name);
    expect(names).toEqual(["firefox", "firefox-2", "librewolf", "firefox-3", "firefox-developer-edition"]);
    expect((await storeIn(options)).meetInstance("i1", "Firefox")).toEqual({ id: "i1", name: "firefox-2" });
  });
});

describe("what an instance must take over", () => {
  it("is what others changed, never what it wrote itself", async () => {
    const { store, id, one, two } = await twoInstances();
    store.write(id, [set(a)], { by: one });
    const { revision } = store.write(id, [set(b)], { by: "import" });
    expect(store.updatesFor(one)).toEqual([{ project: id, revision, set: [b], remove: [] }]);
    expect(store.updatesFor(two)).toEqual([{ project: id, revision, set: [a, b], remove: [] }]);
  });

  it("is nothing once it is in step, until the next change", async () => {
    const { store, id, one } = await twoInstances();
    const first = store.write(id, [set(a)], { by: "import" });
    store.setSynced(one, id, first.revision);
    expect(store.updatesFor(one)).toEqual([]);
    const second = store.write(id, [{ kind: "remove", id: cookieId(a), at: 2 }], { by: "import" });
    expect(store.updatesFor(one)).toEqual([{ project: id, revision: second.revision, set: [], remove: [cookieId(a)] }]);
  });

  it("is not forgotten when it writes itself before taking it over", async () => {
    const { store, id, one } = await twoInstances();
    store.write(id, [set(a)], { by: "import" });
    const { revision } = store.write(id, [set(b)], { by: one });
    expect(store.updatesFor(one)).toEqual([{ project: id, revision, set: [a], remove: [] }]);
  });

  it("is not seen twice when it writes while in step", async () => {
    const { store, id, one, two } = await twoInstances();
    store.setSynced(one, id, store.write(id, [set(a)], { by: "import" }).revision);
    store.write(id, [set(b)], { by: one });
    const { revision } = store.write(id, [set({ ...b, value: "theirs" })], { by: two });
    expect(store.updatesFor(one)).toEqual([{ project: id, revision, set: [{ ...b, value: "theirs" }], remove: [] }]);
  });

  it("never goes back, and never skips what is still to come", async () => {
    const { store, id, one } = await twoInstances();
    const { revision } = store.write(id, [set(a)], { by: "import" });
    store.setSynced(one, id, revision + 100);
    store.setSynced(one, id, 0);
    expect(store.updatesFor(one)).toEqual([]);
    store.write(id, [set(b)], { by: "import" });
    expect(store.updatesFor(one)).toHaveLength(1);
  });

  it("leaves out what has expired meanwhile", async () => {
    let now = 0;
    const store = await storeIn({ ...storeHome(), now: () => now });
    const { id } = store.addProject({ name: "Acme" });
    store.write(id, [set({ ...a, expires: 10 })], { by: "import" });
    now = 10_000;
    expect(store.updatesFor("i")).toEqual([]);
  });
});

describe("reconciling a container", () => {
  it("stores what the container has, and is in step at once when there is nothing to take over", async () => {
    const { store, id, one, two } = await twoInstances();
    const update = store.reconcile({ instance: one, project: id, cookies: [a, b], marks: [], now: 0 });
    expect(update).toEqual({ project: id, revision: store.revision(), set: [], remove: [] });
    expect(store.unaudited.items(id).map((item) => item.by)).toEqual([one, one]);
    expect(store.updatesFor(one)).toEqual([]);
    expect(store.updatesFor(two)).toEqual([{ project: id, revision: update.revision, set: [a, b], remove: [] }]);
  });

  it("puts back the cookies of a container that was made again", async () => {
    const { store, id, one } = await twoInstances();
    store.reconcile({ instance: one, project: id, cookies: [a, b], marks: [], now: 0 });
    const revision = store.revision();
    expect(store.reconcile({ instance: one, project: id, cookies: [], marks: [], now: 0 })).toEqual({ project: id, revision, set: [a, b], remove: [] });
    expect(store.revision()).toBe(revision);
  });

  it("answers again what was not taken over before the connection was lost", async () => {
    const { store, id, one } = await twoInstances();
    store.write(id, [set(a)], { by: "import" });
    const first = store.reconcile({ instance: one, project: id, cookies: [b], marks: [], now: 0 });
    expect(first.set).toEqual([a]);
    expect(store.updatesFor(one)).toEqual([first]);
    store.setSynced(one, id, first.revision);
    expect(store.updatesFor(one)).toEqual([]);
  });

  it("deletes what was deleted in the container while no host was there", async () => {
    const { store, id, one, two } = await twoInstances();
    store.reconcile({ instance: one, project: id, cookies: [a, b], marks: [], now: 0 });
    store.setSynced(two, id, store.revision());
    store.reconcile({ instance: one, project: id, cookies: [b], marks: [{ id: cookieId(a), at: 5, removed: true }], now: 6 });
    expect(store.unaudited.items(id).map((item) => item.cookie)).toEqual([b]);
    expect(store.updatesFor(two)).toMatchObject([{ set: [], remove: [cookieId(a)] }]);
  });

  it.each<[string, Cookie[], boolean, (Cookie | undefined)[]]>([
    ["change", [{ ...a, value: "mine" }], false, [{ ...a, value: "mine" }]],
    ["deletion", [], true, []],
  ])("keeps a %s of the container that the store's newer change replaced for history, and tells of the conflict once", async (_title, cookies, removed, then) => {
    const { store, id, one } = await twoInstances();
    store.reconcile({ instance: one, project: id, cookies: [a], marks: [], now: 0 });
    const theirs = { ...a, value: "theirs" };
    store.write(id, [set(theirs, 50)], { by: "import" });
    const request = { instance: one, project: id, cookies, marks: [{ id: cookieId(a), at: 40, removed }], now: 60 };
    expect(store.reconcile(request)).toMatchObject({ set: [theirs], remove: [] });
    expect(store.reconcile(request)).toMatchObject({ set: [theirs], remove: [] });
    const [, told, ...earlier] = store.history(id);
    expect(told?.conflicts).toEqual([{ kind: "cookie", domain: a.domain, name: a.name }]);
    expect(earlier.flatMap(({ conflicts }) => conflicts ?? [])).toEqual([]);
    expect(store.unaudited.items(id).map(({ cookie: now }) => now)).toEqual([theirs]);
    store.restore(id, { revision: told?.revision ?? 0 }, { by: "restore", force: true });
    expect(store.unaudited.items(id).map(({ cookie: now }) => now)).toEqual(then);
  });

  it("brings two containers to the same state, whoever comes first", async () => {
    const { store, id, one, two } = await twoInstances();
    store.reconcile({ instance: one, project: id, cookies: [a], marks: [], now: 0 });
    const update = store.reconcile({ instance: two, project: id, cookies: [b], marks: [], now: 0 });
    expect(update).toMatchObject({ set: [a], remove: [] });
    store.setSynced(two, id, update.revision);
    expect(store.updatesFor(one)).toMatchObject([{ set: [b], remove: [] }]);
    expect(store.updatesFor(two)).toEqual([]);
  });
});
