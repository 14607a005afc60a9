import * as fc from "fast-check";
import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";
import type { Store } from "../../../native-host/store/types.ts";
import type { Entry, EntryChange } from "../../../shared/state/entry.ts";
import { entryId } from "../../../shared/state/entryId.ts";
import { entryKey } from "../../../shared/state/entryKey.ts";
import { cookie } from "../../support/cookies.ts";
import { anyEntry, cookieEntry, database, local, origin, record, session } from "../../support/entries.ts";
import { storeHome, storeIn } from "../../support/storeHome.ts";

const by = "cli";
const set = (entry: Entry, at = 1): EntryChange => ({ kind: "set", entry, at });
const remove = (entry: Entry, at = 1): EntryChange => ({ kind: "remove", id: entryId(entry), at });

async function project(): Promise<{ store: Store; id: string; live: (filter?: Parameters<Store["unaudited"]["entries"]>[1]) => (Entry | undefined)[] }> {
  const store = await storeIn({ ...storeHome(), now: () => 0 });
  const { id } = store.addProject({ name: "Acme" });
  return { store, id, live: (filter) => store.unaudited.entries(id, filter).map(({ entry }) => entry) };
}

const everyKind = [cookieEntry(), local("token", "a"), session("token", "b"), database("db", ["one"]), record("db", "one", 1, "c")];

describe("items of every kind", () => {
  it("come back as they were written, and count as people count", async () => {
    const { store, id, live } = await project();
    expect(store.writeEntries(id, everyKind.map((one) => set(one)), { by })).toEqual({ revision: 2, applied: 5 });
    expect(live()).toEqual(everyKind);
    expect(store.unaudited.entries(id, { since: 1 })[1]).toEqual({ id: entryId(local("token", "")), entry: local("token", "a"), revision: 2, at: 1, by });
    expect(store.itemCount()).toBe(4);
    expect(store.verify()).toEqual({ items: 5, damaged: [] });
  });

  it("come back bit for bit, the last of each, whatever is in them", async () => {
    const { store, id, live } = await project();
    fc.assert(
      fc.property(fc.array(anyEntry.filter(({ kind }) => kind !== "database" && kind !== "record"), { maxLength: 6 }), (entries) => {
        store.writeEntries(id, entries.map((one) => set(one)), { by });
        const stored = new Map(live().flatMap((one) => (one ? [[entryKey(one), one] as const] : [])));
        for (const [key, one] of new Map(entries.map((entry) => [entryKey(entry), entry]))) expect(stored.get(key)).toEqual(one);
      }),
      { numRuns: 50 },
    );
    expect(store.verify().damaged).toEqual([]);
  });

  it("leave those who know of cookies only with cookies", async () => {
    const { store, id } = await project();
    store.writeEntries(id, everyKind.map((one) => set(one)), { by });
    expect(store.unaudited.items(id).map((item) => item.kind)).toEqual(["cookie"]);
    expect(store.updatesFor("someone")).toMatchObject([{ set: [{ name: "sid" }], remove: [] }]);
    expect(store.reconcile({ instance: "someone", project: id, cookies: [], marks: [], now: 0 })).toMatchObject({ set: [{ name: "sid" }], remove: [] });
    expect(store.itemCount()).toBe(4);
  });

  it("count once for each cookie and each origin's localStorage, sessionStorage and IndexedDB", async () => {
    const { store, id } = await project();
    const other = store.addProject({ name: "Other" }).id;
    const elsewhere = "http://localhost:3000";
    const counted = (...changes: EntryChange[]): number => {
      store.writeEntries(id, changes, { by });
      return store.registry().projects[0]?.items ?? -1;
    };
    expect(counted()).toBe(0);
    expect(counted(set(local("a", "1")), set(local("b", "1")))).toBe(1);
    expect(counted(set(session("a", "1")))).toBe(2);
    expect(counted(set(database("db", ["one"])), set(record("db", "one", 1, "a")), set(database("more", [])))).toBe(3);
    expect(counted(set(local("a", "1", elsewhere)), set(database("db", [], elsewhere)))).toBe(5);
    expect(counted(set(cookieEntry()), set(cookieEntry({ name: "two" })), set(cookieEntry({ name: "late", expires: 1 })))).toBe(8);
    store.writeEntries(other, everyKind.map((one) => set(one)), { by });
    expect(counted(remove(local("a", "")))).toBe(8);
    expect(counted(remove(local("b", "")))).toBe(7);
    expect(counted(remove(database("db", [])), remove(cookieEntry()))).toBe(6);
    expect(counted(remove(database("more", [])))).toBe(5);
    expect(store.itemCount()).toBe(9);
    expect(store.removeProject(other, { by: "cli" }).items).toBe(4);
  });

  it("are counted without a walk through their entries", async () => {
    const { store, id } = await project();
    const few = store.addProject({ name: "Few" }).id;
    store.writeEntries(few, [set(local("a", "1"))], { by });
    const many = Array.from({ length: 20_000 }, (_, n) => ({ kind: "record", origin, database: "db", store: "one", key: n, value: "v" }) satisfies Entry);
    store.writeEntries(id, [set(database("db", ["one"])), ...many.map((one) => set(one))], { by });
    const took = (): number => {
      const start = performance.now();
      expect(store.registry().projects.map(({ items }) => items)).toEqual([1, 1]);
      return performance.now() - start;
    };
    const times = Array.from({ length: 20 }, took).sort((a, b) => a - b);
    // A walk through the entries takes over 2 ms.
    expect(times[0]).toBeLessThan(1);
  }, 60_000);

  it("are the same cookies to both ways of writing", async () => {
    const { store, id } = await project();
    store.write(id, [{ kind: "set", cookie: cookie(), at: 1 }], { by });
    expect(store.writeEntries(id, [set(cookieEntry())], { by }).applied).toBe(0);
    store.writeEntries(id, [remove(cookieEntry())], { by });
    expect(store.unaudited.items(id)).toEqual([]);
  });

  it("by site and by origin, which is told from its port", async () => {
    const { store, id, live } = await project();
    const elsewhere = local("token", "x", "http://localhost:3000");
    const beside = local("token", "y", `${origin}:8443`);
    store.writeEntries(id, [...everyKind, elsewhere, beside].map((one) => set(one)), { by });
    expect(live({ site: "example.com" })).toEqual([...everyKind, beside]);
    expect(live({ origin })).toEqual(everyKind.slice(1));
    expect(live({ origin: "http://localhost:3000" })).toEqual([elsewhere]);
    expect(live({ origin, since: 2 })).toEqual([]);
    store.writeEntries(id, [remove(local("token", ""))], { by });
    expect(store.unaudited.entries(id, { origin, tombstones: true }).filter(({ entry }) => !entry)).toMatchObject([{ id: entryId(local("token", "")) }]);
  });

  it("show nothing private in the file", async () => {
    const { store, id } = await project();
    store.writeEntries(id, [local("cAnArY-key", "cAnArY-value", "https://canary.example"), record("cAnArY-db", "s", "cAnArY-record", "v")].map((one) => set(one)), { by: "cAnArY-by" });
    store.writeEntries(id, [set(local("cAnArY-key", "cAnArY-other", "https://canary.example"))], { by: "cAnArY-by" });
    const db = new Sqlite(store.path, { readonly: true });
    const bytes = db.serialize();
    db.close();
    for (const text of ["cAnArY", "canary", "Y0FuQXJZ"]) expect(bytes.includes(text)).toBe(false);
  });

  it.each(["origin_hash", "area_hash"])("are damaged where %s is not their own", async (column) => {
    const options = { ...storeHome(), now: () => 0 };
    const store = await storeIn(options);
    const { id } = store.addProject({ name: "Acme" });
    store.writeEntries(id, [set(local("a", "1")), set(local("b", "1", "https://other.test"))], { by });
    const db = new Sqlite(store.path);
    db.exec(`UPDATE item SET ${column} = (SELECT ${column} FROM item ORDER BY rowid DESC LIMIT 1)`);
    db.close();
    expect(store.verify()).toEqual({ items: 2, damaged: [{ reason: "item", count: 1 }] });
  });
});

describe("a database", () => {
  const [one, two] = [record("db", "one", 1, "a"), record("db", "two", 1, "b")];
  const other = record("other", "one", 1, "c");

  it.each<[title: string, changes: EntryChange[], left: Entry[]]>([
    ["takes its records along", [remove(database("db", []))], []],
    ["takes the records of an object store along that is no more", [set(database("db", ["two"]))], [two, database("db", ["two"])]],
    ["made anew in one go has only what was put in after", [remove(database("db", [])), set(database("db", ["one"])), set(record("db", "one", 2, "new"))], [database("db", ["one"]), record("db", "one", 2, "new")]],
    ["that gets another object store keeps its records", [set(database("db", ["one", "two", "three"]))], [one, two, database("db", ["one", "two", "three"])]],
    ["takes along what came just before", [set(record("db", "one", 3, "late")), remove(database("db", []))], []],
  ])("%s", async (_title, changes, left) => {
    const { store, id, live } = await project();
    const kept = [local("token", "a"), database("other", ["one"]), other];
    store.writeEntries(id, [...kept, database("db", ["one", "two"]), one, two].map((entry) => set(entry)), { by });
    store.writeEntries(id, changes, { by });
    expect(new Set(live())).toEqual(new Set([...kept, ...left]));
  });
});
