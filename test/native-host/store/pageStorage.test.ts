import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";
import type { OriginPlace } from "../../../native-host/store/origins.ts";
import type { Store } from "../../../native-host/store/types.ts";
import type { Entry } from "../../../shared/state/entry.ts";
import { entryDigest } from "../../../shared/state/entryDigest.ts";
import { entryId } from "../../../shared/state/entryId.ts";
import { PageEntry, type PageChange, PageEntryId } from "../../../shared/state/pageEntry.ts";
import type { Look } from "../../../shared/sync/compareOrigin.ts";
import { database, local, origin, record, session } from "../../support/entries.ts";
import { errorCode } from "../../support/errorCode.ts";
import { storeHome, storeIn } from "../../support/storeHome.ts";

const elsewhere = "https://other.example.com";
const [a, b] = [local("a", "1"), local("b", "1")];

const set = (entry: Entry, at = 1): PageChange => ({ kind: "set", entry: PageEntry.parse(entry), at });
const remove = (entry: Entry, at = 1): PageChange => ({ kind: "remove", id: idOf(entry), at });
const idOf = (entry: Entry): PageEntryId => PageEntryId.parse(entryId(entry));
const held = (...entries: Entry[]): Look["held"] => entries.map((entry) => ({ id: idOf(entry), digest: entryDigest(PageEntry.parse(entry)) }));

interface World {
  store: Store;
  id: string;
  /** An origin of the container in each of two Firefox profiles. */
  one: OriginPlace;
  two: OriginPlace;
  /** Another hand's changes. */
  others: (...changes: PageChange[]) => number;
  compare: (look: Partial<Look>, place?: OriginPlace) => ReturnType<Store["compareOrigin"]>;
  live: () => (Entry | undefined)[];
}

async function world(): Promise<World> {
  let now = 100;
  const store = await storeIn({ ...storeHome(), now: () => now++ });
  const { id } = store.addProject({ name: "Acme" });
  const [one, two] = ["one", "two"].map((name) => {
    store.meetInstance(name, "Firefox");
    return { instance: name, project: id, origin };
  });
  if (!one || !two) throw new Error("There are two.");
  return {
    store, id, one, two,
    others: (...changes) => store.writeEntries(id, changes, { by: "import" }).revision,
    compare: (look, place = one) =>
      store.compareOrigin({ ...place, held: [], areas: ["local", "session", "indexedDB"], skipped: [], marks: [], stale: false, ...look }),
    live: () => store.unaudited.entries(id, { origin }).map(({ entry }) => entry),
  };
}

describe("a container that may be in the past", () => {
  it("gets what the store has over what that once was, and is asked for what was never seen", async () => {
    const { store, one, compare, live } = await world();
    const was = local("token", "first");
    const is = local("token", "second");
    store.changeOrigin({ ...one, changes: [set(was)] });
    store.changeOrigin({ ...one, changes: [set(is)] });
    expect(compare({ held: held(was), stale: true })).toMatchObject({ set: [is], want: [] });
    expect(compare({ held: held(was), stale: false })).toMatchObject({ set: [], want: [idOf(was)] });
    const unseen = local("token", "written as Firefox closed");
    expect(compare({ held: held(unseen), stale: true })).toMatchObject({ set: [], want: [idOf(unseen)] });
    store.changeOrigin({ ...one, changes: [remove(is)] });
    expect(compare({ held: held(is), stale: true })).toMatchObject({ set: [], remove: [idOf(is)], want: [] });
    expect(live()).toEqual([]);
  });
});

describe("an origin without anything", () => {
  it("leaves no row in the store when it is compared, and is in step all the same", async () => {
    const { store, compare, id, one } = await world();
    const count = (): number => {
      const db = new Sqlite(store.path, { readonly: true });
      try {
        return Number(db.prepare("SELECT count(*) FROM origin_sync").pluck().get());
      } finally {
        db.close();
      }
    };
    const before = count();
    expect(compare({})).toMatchObject({ set: [], remove: [], want: [] });
    expect(count()).toBe(before);
    expect(store.pendingOrigins("one")).toEqual([]);
    store.changeOrigin({ ...one, changes: [set(a)] });
    expect([store.pendingOrigins("one"), store.unaudited.entries(id).length]).toEqual([[], 1]);
  });
});

describe("what a page changed", () => {
  it("is stored, is nothing to its own container, and reaches the other", async () => {
    const { store, one, two, id } = await world();
    const { revision, conflicts } = store.changeOrigin({ ...one, changes: [set(a), set(b), remove(b)] });
    expect({ revision, conflicts }).toEqual({ revision: store.revision(), conflicts: [] });
    expect(store.unaudited.entries(id)).toMatchObject([{ entry: a, by: "one" }]);
    expect(store.pendingOrigins("one")).toEqual([]);
    expect(store.pendingOrigins("two")).toEqual([{ project: id, origin, revision }]);
    expect(store.originUpdate(two)).toEqual({ revision, set: [a], remove: [] });
    store.setOriginSynced({ ...two, revision });
    expect(store.pendingOrigins("two")).toEqual([]);
  });

  it("is refused whole when something in it is of another origin, or of no project", async () => {
    const { store, one, live } = await world();
    expect(await errorCode(() => store.changeOrigin({ ...one, changes: [set(a), set(local("x", "1", elsewhere))] }))).toBe("badMessage");
    expect(await errorCode(() => store.changeOrigin({ ...one, changes: [remove(local("x", "1", elsewhere))] }))).toBe("badMessage");
    expect(await errorCode(() => store.changeOrigin({ ...one, project: crypto.randomUUID(), changes: [set(a)] }))).toBe("unknownProject");
    expect(live()).toEqual([]);
  });

  it("needs no lease, and is not stopped by one", async () => {
    const { store, one, id, live } = await world();
    store.checkout(id, { holder: "agent", ttlMs: 60_000 });
    store.changeOrigin({ ...one, changes: [set(a)] });
    expect(live()).toEqual([a]);
  });

  it.each<[string, at: number, stands: string, lost: string]>([
    ["stands when it is newer than what others changed", 1000, "page", "others"],
    ["gives way when it is older than what others changed", 60, "others", "page"],
  ])("%s, and the other is in history", async (_title, at, stands, lost) => {
    const { store, one, id, others, live } = await world();
    store.changeOrigin({ ...one, changes: [set(a)] });
    others(set(local("a", "others"), 70));
    const { conflicts } = store.changeOrigin({ ...one, changes: [set(local("a", "page"), at)] });
    expect(conflicts).toEqual([{ kind: "local", domain: "app.example.com", name: "a" }]);
    expect(live()).toEqual([local("a", stands)]);
    expect(store.history(id).flatMap((change) => change.conflicts ?? [])).toEqual(conflicts);
    const seen = store.history(id).map(({ revision }) => {
      store.restore(id, { revision }, { by: "restore" });
      return live();
    });
    expect(seen).toContainEqual([local("a", lost)]);
  });

  it("is no conflict with what the same page wrote before, though others changed something else meanwhile", async () => {
    const { store, one, others, live } = await world();
    store.changeOrigin({ ...one, changes: [set(a)] });
    others(set(b));
    expect(store.changeOrigin({ ...one, changes: [set(local("a", "2"), 2)] }).conflicts).toEqual([]);
    expect(store.changeOrigin({ ...one, changes: [set(local("a", "3"), 3)] }).conflicts).toEqual([]);
    expect(live()).toEqual([b, local("a", "3")]);
    expect(store.originUpdate(one)).toMatchObject({ set: [b], remove: [] });
  });

  it("is the same when it comes again, since its answer was lost", async () => {
    const { store, one, others } = await world();
    const first = store.changeOrigin({ ...one, changes: [set(a)] });
    expect(store.changeOrigin({ ...one, changes: [set(a)] })).toEqual(first);
    others(set(local("a", "others"), 70));
    const lost = { ...one, changes: [set(local("a", "page"), 60)] };
    expect(store.changeOrigin(lost).conflicts).toHaveLength(1);
    const revision = store.revision();
    expect(store.changeOrigin(lost)).toEqual({ revision, conflicts: [] });
  });

  it("never hides what others changed and the page has not got", async () => {
    const { store, one, id, others } = await world();
    store.changeOrigin({ ...one, changes: [set(a)] });
    others(set(b), remove(a, 50));
    store.changeOrigin({ ...one, changes: [set(local("c", "1"))] });
    expect(store.originUpdate(one)).toEqual({ revision: store.revision(), set: [b], remove: [idOf(a)] });
    // It takes one of them over by changing it itself.
    store.changeOrigin({ ...one, changes: [set(local("a", "again"), 1000)] });
    expect(store.pendingOrigins("one")).toMatchObject([{ project: id, origin }]);
    store.changeOrigin({ ...one, changes: [set(local("b", "mine"), 1000)] });
    expect(store.pendingOrigins("one")).toEqual([]);
  });

  it("removes a database with its records, though it is made again at once", async () => {
    const { store, one, live } = await world();
    const shape = database("db", ["one"]);
    store.changeOrigin({ ...one, changes: [set(shape), set(record("db", "one", 1, "old")), set(record("db", "one", 2, "old"))] });
    store.changeOrigin({ ...one, changes: [remove(shape, 2), set(shape, 3), set(record("db", "one", 1, "new"), 3)] });
    expect(new Set(live())).toEqual(new Set([shape, record("db", "one", 1, "new")]));
  });

  it("keeps a record without its database for history alone", async () => {
    const { store, one, live } = await world();
    expect(store.changeOrigin({ ...one, changes: [set(record("db", "one", 1, "x"))] }).conflicts).toEqual([{ kind: "record", domain: "app.example.com", name: "db/one" }]);
    expect(live()).toEqual([]);
  });
});

describe("an update", () => {
  it("gives databases before records, and all records of a database whose shape changed", async () => {
    const { store, one, two, others } = await world();
    const entries = [database("db", ["one"]), record("db", "one", 1, "x"), record("db", "one", 2, "x")];
    store.changeOrigin({ ...one, changes: entries.map((entry) => set(entry)) });
    store.setOriginSynced({ ...two, revision: store.revision() });
    const wider = database("db", ["one", "two"]);
    others(set(record("db", "one", 1, "y")), set(wider));
    expect(store.originUpdate(two).set).toEqual([wider, record("db", "one", 1, "y"), entries[2]]);
  });

  it("gives no record for a next key alone", async () => {
    const { store, one, others } = await world();
    const counting = (nextKey: number): Entry => ({
      kind: "database", origin, database: "db", shape: { version: 1, stores: [{ name: "one", keyPath: null, autoIncrement: true, nextKey, indexes: [] }] },
    });
    store.changeOrigin({ ...one, changes: [set(counting(2)), set(record("db", "one", 1, "x"))] });
    others(set(counting(3)), set(record("db", "one", 2, "y")));
    expect(store.originUpdate(one).set).toEqual([counting(3), record("db", "one", 2, "y")]);
  });
});

describe("how far an origin is", () => {
  it("never goes back, nor beyond the present", async () => {
    const { store, one, id, others } = await world();
    const revision = others(set(a));
    store.setOriginSynced({ ...one, revision: revision + 100 });
    store.setOriginSynced({ ...one, revision: 0 });
    expect(store.pendingOrigins("one")).toEqual([]);
    expect(store.pendingOrigins("two")).toHaveLength(1);
    expect(store.originUpdate(one)).toEqual({ revision, set: [], remove: [] });
    others(set(b));
    expect(store.pendingOrigins("one")).toEqual([{ project: id, origin, revision: revision + 1 }]);
    expect(await errorCode(() => store.setOriginSynced({ ...one, project: crypto.randomUUID(), revision }))).toBe("unknownProject");
  });

  it("is nowhere after a reset, what it wrote itself included", async () => {
    const { store, one, two, id, others } = await world();
    store.changeOrigin({ ...one, changes: [set(a)] });
    others(set(b));
    store.resetOrigins({ instance: "one", project: id });
    expect(store.originUpdate(one)).toMatchObject({ set: [a, b] });
    store.setOriginSynced({ ...one, revision: store.revision() });
    expect(store.originUpdate(one)).toMatchObject({ set: [] });
    store.changeOrigin({ ...one, changes: [set(local("a", "2"), 1000)] });
    expect(store.pendingOrigins("one")).toEqual([]);
    expect(store.originUpdate(two)).toMatchObject({ set: [b, local("a", "2")] });
  });

  it("is told for each origin and project alone", async () => {
    const { store, one, id, others } = await world();
    const { id: other } = store.addProject({ name: "Other" });
    others(set(a), set(local("x", "1", elsewhere)));
    store.writeEntries(other, [set(local("y", "1"))], { by: "import" });
    store.setOriginSynced({ ...one, revision: store.revision() });
    const pending = store.pendingOrigins("one").map(({ project, origin: at }) => [project, at]);
    expect(new Set(pending.map(String))).toEqual(new Set([[id, elsewhere], [other, origin]].map(String)));
    expect(store.originUpdate({ ...one, project: other })).toMatchObject({ set: [local("y", "1")] });
    expect(store.originUpdate(one)).toMatchObject({ set: [], remove: [] });
  });

  it("does not keep cookies from being in step", async () => {
    const { store, one, id, others } = await world();
    const cookie = { domain: "example.com", path: "/", name: "sid", value: "1", secure: true, httpOnly: true, sameSite: "lax" } as const;
    others(set(a));
    store.write(id, [{ kind: "set", cookie, at: 1 }], { by: "one" });
    store.changeOrigin({ ...one, changes: [set(b)] });
    store.write(id, [{ kind: "set", cookie: { ...cookie, value: "2" }, at: 2 }], { by: "one" });
    // Had it fallen behind, the store's would win over a change that nobody saw.
    expect(store.reconcile({ instance: "one", project: id, cookies: [{ ...cookie, value: "3" }], marks: [], now: 3 }).set).toEqual([]);
    expect(store.unaudited.items(id)[0]?.cookie?.value).toBe("3");
  });
});

describe("comparing an origin", () => {
  it("wants what the store lacks, and is in step when both have the same", async () => {
    const { store, one, compare } = await world();
    const first = compare({ held: held(a, b) });
    expect(first).toEqual({ revision: store.revision(), set: [], remove: [], want: [idOf(a), idOf(b)] });
    store.changeOrigin({ ...one, changes: [set(a), set(b)] });
    expect(compare({ held: held(a, b) })).toEqual({ revision: store.revision(), set: [], remove: [], want: [] });
    expect(store.pendingOrigins("one")).toEqual([]);
  });

  it("is in step with what others have made the same", async () => {
    const { store, others, compare } = await world();
    others(set(a));
    expect(compare({ held: held(a) })).toEqual({ revision: store.revision(), set: [], remove: [], want: [] });
    expect(store.pendingOrigins("one")).toEqual([]);
  });

  it("refuses what is of another origin", async () => {
    const { compare } = await world();
    const away = local("x", "1", elsewhere);
    expect(await errorCode(() => compare({ held: held(away) }))).toBe("badMessage");
    expect(await errorCode(() => compare({ marks: [{ id: idOf(away), at: 1, removed: true }] }))).toBe("badMessage");
  });

  it("removes in the store what a mark says was removed, and puts back the rest", async () => {
    const { store, one, two, compare, live } = await world();
    store.changeOrigin({ ...one, changes: [set(a), set(b)] });
    store.setOriginSynced({ ...two, revision: store.revision() });
    expect(compare({ marks: [{ id: idOf(a), at: 50, removed: true }] })).toMatchObject({ set: [b], remove: [], want: [] });
    expect(live()).toEqual([b]);
    expect(store.originUpdate(two)).toMatchObject({ set: [], remove: [idOf(a)] });
  });

  it("keeps a removal that others' newer change undid for history", async () => {
    const { store, one, id, others, compare } = await world();
    store.changeOrigin({ ...one, changes: [set(a)] });
    others(set(local("a", "others"), 70));
    expect(compare({ marks: [{ id: idOf(a), at: 60, removed: true }] })).toMatchObject({ set: [local("a", "others")], remove: [], want: [] });
    expect(store.history(id).flatMap(({ conflicts }) => conflicts ?? [])).toEqual([{ kind: "local", domain: "app.example.com", name: "a" }]);
  });

  it("wants an older marked change for history, where the delta that brings it then loses", async () => {
    const { store, one, id, others, compare, live } = await world();
    store.changeOrigin({ ...one, changes: [set(a)] });
    others(set(local("a", "others"), 70));
    const mine = local("a", "mine");
    const answer = compare({ held: held(mine), marks: [{ id: idOf(a), at: 60, removed: false }] });
    expect(answer).toMatchObject({ set: [local("a", "others")], want: [idOf(a)] });
    expect(store.changeOrigin({ ...one, changes: [set(mine, 60)] }).conflicts).toHaveLength(1);
    expect(live()).toEqual([local("a", "others")]);
    store.setOriginSynced({ ...one, revision: answer.revision });
    expect(store.pendingOrigins("one")).toEqual([]);
    const lost = store.history(id).find(({ conflicts }) => conflicts)?.revision ?? 0;
    store.restore(id, { revision: lost }, { by: "restore" });
    expect(live()).toEqual([mine]);
  });

  it("leaves an item that both changed open until it is merged, whatever is said to be synced", async () => {
    const { store, one, others, compare, live } = await world();
    store.changeOrigin({ ...one, changes: [set(a)] });
    others(set(local("a", "others"), 70));
    const mine = local("a", "mine");
    const answer = compare({ held: held(mine), marks: [{ id: idOf(a), at: 90, removed: false }] });
    expect(answer).toMatchObject({ set: [], remove: [], want: [idOf(a)] });
    store.setOriginSynced({ ...one, revision: answer.revision });
    expect(store.pendingOrigins("one")).toHaveLength(1);
    expect(store.changeOrigin({ ...one, changes: [set(mine, 90)] }).conflicts).toHaveLength(1);
    expect(live()).toEqual([mine]);
    expect(store.pendingOrigins("one")).toEqual([]);
  });

  it("leaves alone what was not looked at, and does not call it taken over", async () => {
    const { store, one, others, compare, live } = await world();
    const big = [database("big", ["one"]), record("big", "one", 1, "x")];
    const all = [session("s", "1"), ...big];
    others(...all.map((entry) => set(entry)));
    const marks = all.map((entry) => ({ id: idOf(entry), at: 1000, removed: true }));
    const answer = compare({ areas: ["local", "indexedDB"], skipped: ["big"], marks });
    expect(answer).toMatchObject({ set: [], remove: [], want: [] });
    expect(new Set(live())).toEqual(new Set(all));
    store.setOriginSynced({ ...one, revision: answer.revision });
    expect(store.originUpdate(one).set).toHaveLength(3);
  });
});

describe("gaps", () => {
  const key = { what: "CryptoKey in IndexedDB", count: 2 };

  it("are replaced for each origin, and told for a project or a host", async () => {
    const { store, id } = await world();
    store.setGaps({ project: id, origin, gaps: [key, { what: "File in IndexedDB", count: 1 }] });
    store.setGaps({ project: id, origin: elsewhere, gaps: [key] });
    expect(store.gaps(id)).toEqual([{ ...key, count: 4 }, { what: "File in IndexedDB", count: 1 }]);
    expect(store.gaps(id, { domain: "app.example.com" })).toHaveLength(2);
    expect(store.gaps(id, { domain: "pp.example.com" })).toEqual([]);
    store.setGaps({ project: id, origin, gaps: [] });
    expect(store.gaps(id)).toEqual([key]);
    expect(await errorCode(() => store.setGaps({ project: crypto.randomUUID(), origin, gaps: [key] }))).toBe("unknownProject");
    expect(await errorCode(() => store.gaps(crypto.randomUUID()))).toBe("unknownProject");
  });

  it("are forgotten with their host, and gone with their project", async () => {
    const { store, one, id } = await world();
    for (const at of [origin, elsewhere]) store.setGaps({ project: id, origin: at, gaps: [key] });
    store.forget(id, { by: "forget", domain: "app.example.com" });
    expect(store.gaps(id)).toEqual([key]);
    store.setOriginSynced({ ...one, revision: 1 });
    store.removeProject(id, { by: "cli" });
    const db = new Sqlite(store.path, { readonly: true });
    expect(["gap", "origin_sync", "instance_sync"].map((table) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get())).toEqual([0, 0, 0]);
    db.close();
  });

  it.each([
    ["was changed", "UPDATE gap SET sealed = zeroblob(40)"],
    ["was moved to another origin", "UPDATE gap SET origin_hash = zeroblob(32)"],
  ])("that %s in the file are damaged", async (_title, sql) => {
    const { store, id } = await world();
    store.setGaps({ project: id, origin, gaps: [key] });
    expect(store.verify().damaged).toEqual([]);
    const db = new Sqlite(store.path);
    db.exec(sql);
    db.close();
    expect(store.verify().damaged).toEqual([{ reason: "gap", count: 1 }]);
    expect(await errorCode(() => store.gaps(id))).toBe("storeDamaged");
  });
});
