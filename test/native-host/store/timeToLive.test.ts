import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { openStore } from "../../../native-host/store/openStore.ts";
import type { OpenOptions, Store } from "../../../native-host/store/types.ts";
import { cookieId } from "../../../shared/cookie.ts";
import type { Cookie, CookieChange } from "../../../shared/models.ts";
import type { Entry, EntryChange } from "../../../shared/state/entry.ts";
import { cookie } from "../../support/cookies.ts";
import { cookieEntry, database, local, record, session } from "../../support/entries.ts";
import { errorCode } from "../../support/errorCode.ts";
import { storeHome, storeIn } from "../../support/storeHome.ts";

const second = 1000;
const by = "cli";
const set = (one: Cookie, at: number): CookieChange => ({ kind: "set", cookie: one, at });
const put = (entry: Entry, at: number): EntryChange => ({ kind: "set", entry, at });

interface World {
  store: Store;
  id: string;
  options: OpenOptions;
  clock: { now: number };
}

/** A project that keeps its items for so many seconds, at the time 0. */
async function project(seconds: number | null = 100, domain: string | null = null): Promise<World> {
  const clock = { now: 0 };
  const options = { ...storeHome(), now: () => clock.now };
  const store = await storeIn(options);
  const { id } = store.addProject({ name: "Acme" });
  if (seconds !== null) store.setTtl(id, { domain, seconds });
  return { store, id, options, clock };
}

function rows(store: Store, table: string): number {
  const db = new Sqlite(store.path, { readonly: true });
  try {
    return db.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;
  } finally {
    db.close();
  }
}

/** Everything that is not destroyed of items. */
function contents(store: Store): number {
  const db = new Sqlite(store.path, { readonly: true });
  try {
    return db.prepare<[], number>("SELECT (SELECT count(*) FROM item WHERE deleted = 0) + (SELECT count(*) FROM history)").pluck().get() ?? 0;
  } finally {
    db.close();
  }
}

describe("a project with a time to live", () => {
  it("shows nothing of what has outlived it, and counts without it", async () => {
    const { store, id, clock } = await project();
    store.writeEntries(id, [put(cookieEntry(), 0), put(local("a", "1"), 0), put(session("s", "1"), 0), put(local("b", "1"), 50 * second)], { by });
    expect(store.unaudited.entries(id)).toHaveLength(4);
    expect(store.itemCount()).toBe(3);
    clock.now = 100 * second - 1;
    expect(store.unaudited.entries(id)).toHaveLength(4);
    clock.now = 100 * second;
    expect(store.unaudited.entries(id).map(({ entry }) => entry)).toEqual([local("b", "1")]);
    expect(store.unaudited.items(id)).toEqual([]);
    expect(store.checkout(id, { holder: "agent", ttlMs: 5000 }).entries).toEqual([local("b", "1")]);
    expect([store.itemCount(), store.registry().projects[0]?.items]).toEqual([1, 1]);
  });

  it("counts it from the last change, which a change to the same is not", async () => {
    const { store, id, clock } = await project();
    store.write(id, [set(cookie({ value: "1" }), 0)], { by });
    clock.now = 60 * second;
    store.write(id, [set(cookie({ value: "2" }), clock.now)], { by });
    clock.now = 120 * second;
    store.write(id, [set(cookie({ value: "2" }), clock.now)], { by });
    expect(store.unaudited.items(id)).toHaveLength(1);
    clock.now = 160 * second;
    expect(store.unaudited.items(id)).toEqual([]);
  });

  it("gives cookies out with the earlier of both expiries, and leaves session cookies what they are", async () => {
    const { store, id } = await project();
    const all = [cookie({ name: "early", expires: 50 }), cookie({ name: "late", expires: 5000 }), cookie({ name: "session" })];
    store.write(id, all.map((one) => set(one, 10 * second)), { by });
    const expiries = (given: (Cookie | undefined)[]): unknown => given.map((one) => [one?.name, one?.expires]);
    expect(expiries(store.unaudited.items(id).map((item) => item.cookie))).toEqual([["early", 50], ["late", 110], ["session", undefined]]);
    const { entries } = store.checkout(id, { holder: "agent", ttlMs: 5000 });
    expect(expiries(entries.flatMap((entry) => (entry.kind === "cookie" ? entry : [])))).toEqual([["early", 50], ["late", 110], ["session", undefined]]);
    // Firefox keeps the cookie as the site made it: one that is put there is the same as one that came from there.
    expect(store.updatesFor("firefox")).toMatchObject([{ set: all }]);
    expect(store.verify().damaged).toEqual([]);
  });

  it("destroys it with its history at the next write, and leaves nothing of it in any file after the next opening", async () => {
    const { store, id, options, clock } = await project();
    const canary = "canary-ttl-4f1b";
    store.write(id, [set(cookie({ value: `${canary}-1` }), 0), set(cookie({ name: "stays" }), 50 * second)], { by });
    store.write(id, [set(cookie({ value: `${canary}-2` }), 1)], { by });
    expect(rows(store, "history")).toBe(1);
    const db = new Sqlite(store.path, { readonly: true });
    const sealed = db.prepare<[], Buffer>("SELECT sealed FROM item UNION ALL SELECT sealed FROM history").pluck().all();
    db.close();
    clock.now = 101 * second;
    store.write(id, [set(cookie({ name: "new" }), clock.now)], { by });
    expect(rows(store, "history")).toBe(0);
    expect(store.unaudited.items(id).map((item) => item.id.name)).toEqual(["stays", "new"]);
    expect(store.history(id)[1]).toMatchObject({ by: "ttl", items: 1 });
    store.close();
    (await openStore(options)).close();
    const files = readdirSync(options.home.data).map((name) => readFileSync(join(options.home.data, name)));
    const left = sealed.filter((blob) => files.some((bytes) => bytes.includes(blob.subarray(0, 24))));
    expect(left).toHaveLength(1);
    const again = await storeIn(options);
    expect(again.verify().damaged).toEqual([]);
    expect(JSON.stringify([again.history(id), again.unaudited.items(id, { tombstones: true })])).not.toContain(canary);
  });

  it("destroys it at the opening of the store, also when nothing is ever written again", async () => {
    const { store, id, options, clock } = await project();
    const many = Array.from({ length: 700 }, (_, place) => put(local(`k${place}`, "v"), 0));
    store.writeEntries(id, [...many, put(cookieEntry(), 0)], { by });
    store.close();
    clock.now = 200 * second;
    const again = await storeIn(options);
    expect(contents(again)).toBe(0);
    expect(again.verify().damaged).toEqual([]);
    expect(again.nextEnd()).toBe(Infinity);
    expect(again.endOutlived()).toBe(0);
  });

  it("keeps a database for as long as a record of it", async () => {
    const { store, id, clock } = await project();
    store.writeEntries(id, [put(record("db", "s", 1, "old"), 0), put(database("db", ["s"]), 0), put(record("db", "s", 2, "new"), 60 * second)], { by });
    clock.now = 120 * second;
    expect(store.unaudited.entries(id).map(({ id: { kind } }) => kind).sort()).toEqual(["database", "record"]);
    clock.now = 130 * second;
    store.writeEntries(id, [put(record("db", "s", 3, "newer"), clock.now)], { by });
    clock.now = 170 * second;
    expect(store.unaudited.entries(id).map(({ id: { kind } }) => kind).sort()).toEqual(["database", "record"]);
    store.setTtl(id, { domain: null, seconds: 90 });
    expect(store.unaudited.entries(id)).toHaveLength(2);
    expect(store.verify().damaged).toEqual([]);
    clock.now = 220 * second;
    expect(store.unaudited.entries(id)).toEqual([]);
    expect(store.endOutlived()).toBe(2);
    expect(contents(store)).toBe(0);
  });

  it("takes what is set again for new, though it says the same", async () => {
    const { store, id, clock } = await project();
    store.write(id, [set(cookie(), 0)], { by });
    clock.now = 150 * second;
    expect(store.write(id, [set(cookie(), clock.now)], { by }).applied).toBe(1);
    expect(store.unaudited.items(id)).toHaveLength(1);
    clock.now = 249 * second;
    expect(store.unaudited.items(id)).toHaveLength(1);
  });

  it("keeps no history that is older", async () => {
    const { store, id, clock } = await project();
    store.write(id, [set(cookie({ value: "1" }), 0)], { by });
    clock.now = 10 * second;
    store.write(id, [set(cookie({ value: "2" }), clock.now)], { by });
    expect(rows(store, "history")).toBe(1);
    clock.now = 111 * second;
    store.endOutlived();
    expect(rows(store, "history")).toBe(0);
  });

  it("brings nothing back that has outlived it", async () => {
    const { store, id, clock } = await project(100, "example.com");
    store.write(id, [set(cookie({ value: "1" }), 0)], { by });
    const { revision } = store.write(id, [set(cookie({ name: "other", domain: "other.test" }), 0)], { by });
    clock.now = 60 * second;
    store.write(id, [set(cookie({ value: "2" }), clock.now), { kind: "remove", id: cookieId(cookie({ name: "other", domain: "other.test" })), at: clock.now }], { by });
    clock.now = 120 * second;
    expect(store.restore(id, { revision }, { by: "restore" })).toMatchObject({ expired: 1 });
    expect(store.unaudited.items(id).map((item) => item.id.name)).toEqual(["other"]);
  });

  it("is removed with the project, and its limits with it", async () => {
    const { store, id } = await project();
    store.removeProject(id, { by: "cli" });
    expect(rows(store, "ttl")).toBe(0);
    expect(await errorCode(() => store.ttls(id))).toBe("unknownProject");
  });
});

describe("setting a time to live", () => {
  it("holds for what is there already, and ends at once what has outlived it", async () => {
    const { store, id, clock } = await project(null);
    clock.now = 1000 * second;
    store.writeEntries(id, [put(cookieEntry({ expires: 5000 }), 0), put(local("a", "1"), 950 * second), put(cookieEntry({ name: "x", domain: "other.test" }), 0)], { by });
    expect(store.setTtl(id, { domain: "example.com", seconds: 100 })).toMatchObject({ ended: 1 });
    expect(store.unaudited.entries(id).map(({ id: { kind } }) => kind)).toEqual(["local", "cookie"]);
    expect(store.nextEnd()).toBe(1050 * second);
    store.setTtl(id, { domain: "example.com", seconds: null });
    clock.now = 2000 * second;
    expect(store.unaudited.entries(id)).toHaveLength(2);
    expect(store.nextEnd()).toBeNull();
    expect(store.verify().damaged).toEqual([]);
  });

  it("gives cookies their own expiry back when it is taken away", async () => {
    const { store, id } = await project();
    store.write(id, [set(cookie({ expires: 5000 }), 0)], { by });
    expect(store.unaudited.items(id)[0]?.cookie?.expires).toBe(100);
    store.setTtl(id, { domain: null, seconds: null });
    expect(store.unaudited.items(id)[0]?.cookie?.expires).toBe(5000);
  });

  it("is of one project alone, and is told sorted", async () => {
    const { store, id } = await project(null);
    const other = store.addProject({ name: "Other" }).id;
    for (const [domain, seconds] of [["b.test", 60], [null, 90], ["a.test", 70], ["b.test", 80]] as const) store.setTtl(id, { domain, seconds });
    expect(store.ttls(id)).toEqual([{ domain: null, seconds: 90 }, { domain: "a.test", seconds: 70 }, { domain: "b.test", seconds: 80 }]);
    expect(store.ttls(other)).toEqual([]);
  });

  it.each([59, 0, -1, NaN, 315_360_001, Infinity])("refuses %s seconds, and changes nothing", async (seconds) => {
    const { store, id } = await project(200);
    const revision = store.revision();
    expect(await errorCode(() => store.setTtl(id, { domain: null, seconds }))).toBe("usage");
    expect([store.ttls(id), store.revision()]).toEqual([[{ domain: null, seconds: 200 }], revision]);
    expect(await errorCode(() => store.setTtl(crypto.randomUUID(), { domain: null, seconds: 60 }))).toBe("unknownProject");
  });

  it("shows no host in the file, and a damaged one is counted, stops changes and can be set anew", async () => {
    const { store, id, options } = await project(100, "canary-ttl-host.example");
    expect(readFileSync(store.path).includes("canary-ttl-host")).toBe(false);
    const db = new Sqlite(store.path);
    db.prepare("UPDATE ttl SET sealed = zeroblob(length(sealed))").run();
    db.close();
    expect(store.verify().damaged).toEqual([{ reason: "time to live", count: 1 }]);
    expect(await errorCode(() => store.write(id, [set(cookie(), 0)], { by }))).toBe("storeDamaged");
    const again = await storeIn(options);
    again.setTtl(id, { domain: null, seconds: 60 });
    expect(again.write(id, [set(cookie(), 0)], { by }).applied).toBe(1);
  });
});

describe("Firefox, when an item has outlived its time to live", () => {
  const firefox = "11111111-1111-4111-8111-111111111111";
  const other = "22222222-2222-4222-8222-222222222222";

  async function connected(): Promise<World> {
    const world = await project();
    for (const instance of [firefox, other]) world.store.meetInstance(instance, "Firefox");
    return world;
  }

  it("is told to remove the cookie, the one that it came from too", async () => {
    const { store, id, clock } = await connected();
    store.write(id, [set(cookie(), 0)], { by: firefox });
    expect(store.updatesFor(firefox)).toEqual([]);
    clock.now = 100 * second;
    // A write of its own in between does not hide it.
    store.write(id, [set(cookie({ name: "new" }), clock.now)], { by: firefox });
    expect(store.updatesFor(firefox)).toMatchObject([{ set: [], remove: [cookieId(cookie())] }]);
    expect(store.updatesFor(other)).toMatchObject([{ set: [cookie({ name: "new" })], remove: [cookieId(cookie())] }]);
  });

  it("does not bring it back when it connects again", async () => {
    const { store, id, clock } = await connected();
    store.reconcile({ instance: firefox, project: id, cookies: [cookie()], marks: [], now: 0 });
    clock.now = 100 * second;
    const update = store.reconcile({ instance: firefox, project: id, cookies: [cookie()], marks: [], now: clock.now });
    expect(update).toMatchObject({ set: [], remove: [cookieId(cookie())] });
    expect(store.unaudited.items(id)).toEqual([]);
  });

  it("keeps another cookie of that name, known to be newer or not", async () => {
    const { store, id, clock } = await connected();
    store.reconcile({ instance: firefox, project: id, cookies: [cookie()], marks: [], now: 0 });
    clock.now = 100 * second;
    const newer = cookie({ value: "a newer login" });
    expect(store.reconcile({ instance: other, project: id, cookies: [newer], marks: [], now: clock.now })).toMatchObject({ set: [], remove: [] });
    expect(store.unaudited.items(id)).toMatchObject([{ cookie: newer, by: other }]);
  });

  it("keeps the same cookie where it was set again since", async () => {
    const { store, id, clock } = await connected();
    store.write(id, [set(cookie(), 0)], { by: firefox });
    clock.now = 100 * second;
    const marks = [{ id: cookieId(cookie()), at: 50 * second, removed: false }];
    expect(store.reconcile({ instance: other, project: id, cookies: [cookie()], marks, now: clock.now })).toMatchObject({ set: [], remove: [] });
    expect(store.unaudited.items(id)).toMatchObject([{ at: 50 * second, by: other }]);
  });

  it("is not asked about what its own expiry ended", async () => {
    const { store, id, clock } = await connected();
    store.write(id, [set(cookie({ expires: 50 }), 0)], { by: firefox });
    clock.now = 100 * second;
    store.endOutlived();
    expect(store.unaudited.items(id, { tombstones: true })).toEqual([]);
  });
});

describe("a lease on a project with a time to live", () => {
  const covers = (): boolean => true;

  it("does not bring back with a check-in what has outlived it meanwhile", async () => {
    const { store, id, clock } = await project();
    store.writeEntries(id, [put(cookieEntry(), 0), put(local("a", "1"), 0), put(cookieEntry({ name: "lasting", expires: 5000 }), 0)], { by });
    const { token, entries } = store.checkout(id, { holder: "agent", ttlMs: 1000 * second });
    clock.now = 150 * second;
    const changed = [...entries, local("b", "2")];
    const checkin = store.checkin(id, { kind: "whole", entries: changed, covers, at: clock.now }, { token });
    expect(checkin).toMatchObject({ applied: 1, conflicts: [] });
    expect(store.unaudited.entries(id).map(({ entry }) => entry)).toEqual([local("b", "2")]);
  });

  it("takes a cookie that was given out with an earlier expiry for unchanged", async () => {
    const { store, id, clock } = await project();
    store.write(id, [set(cookie({ expires: 5000 }), 0)], { by });
    const { token, entries } = store.checkout(id, { holder: "agent", ttlMs: 1000 * second });
    clock.now = 10 * second;
    store.write(id, [set(cookie({ value: "the person's", expires: 5000 }), clock.now)], { by });
    expect(store.checkin(id, { kind: "whole", entries, covers, at: 20 * second }, { token })).toMatchObject({ applied: 0, conflicts: [] });
    expect(store.unaudited.items(id)).toMatchObject([{ cookie: { value: "the person's" } }]);
  });

  it("takes what the program set anew of that name", async () => {
    const { store, id, clock } = await project();
    store.write(id, [set(cookie(), 0)], { by });
    const { token } = store.checkout(id, { holder: "agent", ttlMs: 1000 * second });
    clock.now = 150 * second;
    const renewed = cookieEntry({ value: "renewed" });
    store.checkin(id, { kind: "whole", entries: [renewed], covers, at: clock.now }, { token });
    expect(store.unaudited.entries(id).map(({ entry }) => entry)).toEqual([renewed]);
  });
});
