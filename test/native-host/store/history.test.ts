import * as fc from "fast-check";
import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { openStore } from "../../../native-host/store/openStore.ts";
import type { Store } from "../../../native-host/store/types.ts";
import type { Entry, EntryChange } from "../../../shared/state/entry.ts";
import { entryId } from "../../../shared/state/entryId.ts";
import { entryKey } from "../../../shared/state/entryKey.ts";
import { anyEntry, cookieEntry, local } from "../../support/entries.ts";
import { errorCode } from "../../support/errorCode.ts";
import { storeHome, storeIn } from "../../support/storeHome.ts";

const set = (entry: Entry, at = 1): EntryChange => ({ kind: "set", entry, at });
const remove = (entry: Entry, at = 1): EntryChange => ({ kind: "remove", id: entryId(entry), at });
const [a, b] = [local("token", "a"), local("token", "b")];
const other = local("other", "x", "https://other.test");
const day = 24 * 60 * 60 * 1000;

interface Given {
  store: Store;
  id: string;
  clock: { now: number };
  live: () => (Entry | undefined)[];
  write: (...changes: EntryChange[]) => number;
}

async function project(): Promise<Given> {
  const clock = { now: 1000 };
  const store = await storeIn({ ...storeHome(), now: () => clock.now });
  const { id } = store.addProject({ name: "Acme" });
  return {
    store, id, clock,
    live: () => store.unaudited.entries(id).map(({ entry }) => entry),
    write: (...changes) => {
      clock.now += 1000;
      return store.writeEntries(id, changes, { by: "cli" }).revision;
    },
  };
}

/** What the file keeps of history. */
function kept(path: string): { rows: number; bytes: number; counted: number; first: number } {
  const db = new Sqlite(path, { readonly: true });
  const row = db
    .prepare<[], { rows: number; bytes: number; counted: number; first: number }>(
      `SELECT (SELECT count(*) FROM history) AS rows, bytes AS counted, first,
         (SELECT coalesce(sum(length(sealed) + 128), 0) FROM history) + (SELECT coalesce(sum(length(sealed) + 128), 0) FROM change) AS bytes
       FROM history_extent`,
    )
    .get();
  db.close();
  if (!row) throw new Error("There is no history.");
  return row;
}

describe("history", () => {
  it("lists revisions, the newest first, with who made them", async () => {
    const { store, id, write } = await project();
    const instance = crypto.randomUUID();
    store.meetInstance(instance, "Firefox");
    write(set(a), set(other));
    write(set(b));
    store.writeEntries(id, [remove(other)], { by: instance });
    expect(store.history(id)).toEqual([
      { revision: 4, at: 3000, by: "firefox", items: 1 },
      { revision: 3, at: 3000, by: "cli", items: 1 },
      { revision: 2, at: 2000, by: "cli", items: 2 },
    ]);
    expect(store.history(id, { domain: "other.test" }).map(({ revision, items }) => [revision, items])).toEqual([[4, 1], [2, 1]]);
    expect(store.history(id, { domain: "app.example.com" }).map(({ revision, items }) => [revision, items])).toEqual([[3, 1], [2, 1]]);
    expect(store.history(id, { domain: "unknown.test" })).toEqual([]);
  });

  it("has nothing of a change that changes nothing", async () => {
    const { store, id, write } = await project();
    write(set(a));
    write(set(a, 99), remove(other));
    expect(store.history(id)).toHaveLength(1);
  });

  it("is of one project alone", async () => {
    const { store, id, write } = await project();
    write(set(a));
    const { id: second } = store.addProject({ name: "Other" });
    expect(store.history(second)).toEqual([]);
    expect(await errorCode(() => store.history(crypto.randomUUID()))).toBe("unknownProject");
    expect(store.history(id)).toHaveLength(1);
  });
});

describe("restoring", () => {
  it("brings a project back to a revision, as a new one that can be undone", async () => {
    const { store, id, write, live, clock } = await project();
    const first = write(set(a), set(other));
    const second = write(set(b), remove(other), set(local("new", "n")));
    clock.now = 9000;
    expect(store.restore(id, { revision: first }, { by: "restore" })).toEqual({ revision: second + 1, restored: 3, expired: 0 });
    expect(live()).toEqual([a, other]);
    expect(store.unaudited.entries(id).every(({ at, by }) => at === 9000 && by === "restore")).toBe(true);
    store.restore(id, { revision: second }, { by: "restore" });
    expect(new Set(live())).toEqual(new Set([b, local("new", "n")]));
    expect(store.history(id).map(({ by, items }) => [by, items])).toEqual([["restore", 3], ["restore", 3], ["cli", 3], ["cli", 2]]);
  });

  it.each([
    [1999, "empty"],
    [2000, "a"],
    [2999, "a"],
    [3000, "b"],
    [99_000, "b"],
  ])("brings it back to the time %i", async (time, value) => {
    const { store, id, write, live } = await project();
    write(set(a));
    write(set(b));
    if (value === "empty") expect(await errorCode(() => store.restore(id, { time }, { by: "restore" }))).toBe("conflict");
    store.restore(id, { time }, { by: "restore", force: true });
    expect(live()).toEqual(value === "empty" ? [] : [local("token", value)]);
  });

  it("touches nothing but what concerns a domain", async () => {
    const { store, id, write, live } = await project();
    const above = cookieEntry({ domain: ".example.com" });
    const beside = cookieEntry({ domain: "beside.example.com" });
    const first = write(set(a), set(other), set(above), set(beside));
    write(...[a, other, above, beside].map((one) => remove(one)));
    expect(store.restore(id, { revision: first }, { by: "restore", domain: "app.example.com" }).restored).toBe(2);
    expect(new Set(live())).toEqual(new Set([a, above]));
  });

  it("does not bring back what has expired, and says so", async () => {
    const { store, id, write, live, clock } = await project();
    const short = cookieEntry({ expires: 10 });
    const first = write(set(short), set(a));
    write(remove(short));
    clock.now = 20_000;
    expect(store.restore(id, { revision: first }, { by: "restore" })).toMatchObject({ restored: 0, expired: 1 });
    expect(live()).toEqual([a]);
  });

  it("empties a project only by force", async () => {
    const { store, id, write, live } = await project();
    write(set(a));
    expect(await errorCode(() => store.restore(id, { revision: 0 }, { by: "restore" }))).toBe("conflict");
    expect(live()).toEqual([a]);
    expect(store.restore(id, { revision: 0 }, { by: "restore", force: true }).restored).toBe(1);
    expect(live()).toEqual([]);
  });

  it.each([[99], [-1]])("refuses revision %i, which was never", async (revision) => {
    const { store, id, write } = await project();
    write(set(a));
    expect(await errorCode(() => store.restore(id, { revision }, { by: "restore" }))).toBe("usage");
  });

  it("tells Firefox of what it brings back", async () => {
    const { store, id, write } = await project();
    const first = write(set(cookieEntry()));
    const { revision } = store.writeEntries(id, [remove(cookieEntry())], { by: "cli" });
    store.setSynced("one", id, revision);
    store.restore(id, { revision: first }, { by: "restore" });
    expect(store.updatesFor("one")).toMatchObject([{ set: [{ name: "sid" }], remove: [] }]);
  });

  it("brings back any state there ever was, of any sequence of changes", async () => {
    const { store } = await project();
    const changes = fc.array(fc.array(fc.tuple(anyEntry.filter(({ kind }) => kind !== "database" && kind !== "record"), fc.boolean()), { maxLength: 4 }), { minLength: 1, maxLength: 6 });
    const live = (id: string): Map<string, Entry> => new Map(store.unaudited.entries(id).flatMap(({ entry }) => (entry ? [[entryKey(entry), entry] as const] : [])));
    let count = 0;
    fc.assert(
      fc.property(changes, fc.infiniteStream(fc.nat()), (batches, picks) => {
        const { id } = store.addProject({ name: `p${count++}` });
        const states = new Map<number, Map<string, Entry>>();
        for (const batch of batches) {
          const { revision } = store.writeEntries(id, batch.map(([entry, gone]) => (gone ? remove(entry) : set(entry))), { by: "cli" });
          states.set(revision, live(id));
        }
        for (let step = 0; step < 4; step++) {
          const [revision, state] = [...states][(picks.next().value ?? 0) % states.size] ?? [0, new Map<string, Entry>()];
          const now = store.restore(id, { revision }, { by: "restore", force: true }).revision;
          expect(live(id)).toEqual(state);
          states.set(now, state);
        }
        store.removeProject(id, { by: "cli" });
      }),
      { numRuns: 60 },
    );
    expect(store.verify().damaged).toEqual([]);
  });
});

describe("the limits of history", () => {
  it("are thirty days and 64 MiB, and others when they are set", async () => {
    const { store } = await project();
    expect(store.historyLimits()).toEqual({ maxAge: 30 * day, maxBytes: 64 * 1024 * 1024 });
    store.setHistoryLimits({ maxAge: day, maxBytes: 1000 });
    expect(store.historyLimits()).toEqual({ maxAge: day, maxBytes: 1000 });
  });

  it("let go what is too old with the next change, and never what is there", async () => {
    const { store, id, write, live, clock } = await project();
    const old = write(set(a), set(other));
    const start = write(set(b));
    clock.now += 31 * day;
    const next = write(set(a));
    expect(store.history(id).map(({ revision }) => revision)).toEqual([next, start]);
    expect(await errorCode(() => store.restore(id, { revision: old }, { by: "restore" }))).toBe("usage");
    expect(await errorCode(() => store.restore(id, { time: 2500 }, { by: "restore" }))).toBe("usage");
    store.restore(id, { revision: start }, { by: "restore" });
    expect(new Set(live())).toEqual(new Set([b, other]));
  });

  it("let go the oldest when it is too much, and keep count of it", async () => {
    const { store, id, write } = await project();
    store.setHistoryLimits({ maxAge: 30 * day, maxBytes: 20_000 });
    for (let n = 0; n < 60; n++) write(set(local("token", `${n}`.repeat(400))));
    const { rows, bytes, counted } = kept(store.path);
    expect(counted).toBe(bytes);
    expect(bytes).toBeLessThanOrEqual(20_000);
    expect(rows).toBeGreaterThan(10);
    const oldest = store.history(id).at(-1);
    expect(store.restore(id, { revision: oldest?.revision ?? 0 }, { by: "restore" }).restored).toBe(1);
    expect(store.verify().damaged).toEqual([]);
  });

  it("let go at once what is over new ones", async () => {
    const { store, id, write } = await project();
    for (let n = 0; n < 200; n++) write(set(local("token", `${n}`)));
    store.setHistoryLimits({ maxAge: 30 * day, maxBytes: 0 });
    expect(kept(store.path)).toMatchObject({ rows: 0, first: store.revision() });
    expect(store.history(id)).toHaveLength(1);
    store.setHistoryLimits({ maxAge: 0, maxBytes: 1e9 });
    write(set(local("token", "last")));
    expect(store.history(id)).toHaveLength(2);
  });

  it("hold one item that is larger than all of it: it is there, its past is not", async () => {
    const { store, id, write, live } = await project();
    store.setHistoryLimits({ maxAge: 30 * day, maxBytes: 1000 });
    write(set(local("token", "x".repeat(5000))));
    write(set(a));
    expect(live()).toEqual([a]);
    expect(store.history(id)).toHaveLength(1);
  });
});

describe("a damaged history", () => {
  it("is counted, and refused rather than restored", async () => {
    const { store, id, write } = await project();
    const first = write(set(a));
    write(set(b));
    const db = new Sqlite(store.path);
    db.exec("UPDATE history SET sealed = zeroblob(length(sealed))");
    db.close();
    expect(store.verify().damaged).toEqual([{ reason: "history", count: 1 }]);
    expect(await errorCode(() => store.restore(id, { revision: first }, { by: "restore" }))).toBe("storeDamaged");
    expect(await errorCode(() => store.history(id))).toBe("none");
  });

  it("cannot be made of an item's other past", async () => {
    const { store, id, write } = await project();
    const first = write(set(a));
    write(set(b));
    write(set(a));
    const db = new Sqlite(store.path);
    db.exec("UPDATE history SET sealed = (SELECT sealed FROM history ORDER BY revision DESC LIMIT 1)");
    db.close();
    expect(await errorCode(() => store.restore(id, { revision: first }, { by: "restore" }))).toBe("storeDamaged");
  });
});

describe("a removed project", () => {
  it("leaves no history", async () => {
    const options = storeHome();
    const store = await openStore(options);
    const { id } = store.addProject({ name: "Gone" });
    for (const one of [a, b, a]) store.writeEntries(id, [set(one)], { by: "cli" });
    const left = (): unknown[] => {
      const db = new Sqlite(store.path, { readonly: true });
      const counts = ["history", "change", "history_extent", "data_key WHERE owner <> 'registry'"].map((table) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
      db.close();
      return counts;
    };
    expect(left()).toEqual([2, 3, 1, 1]);
    store.removeProject(id, { by: "cli" });
    expect(left()).toEqual([0, 0, 0, 0]);
    store.close();
  });
});
