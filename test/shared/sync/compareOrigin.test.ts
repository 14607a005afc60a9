import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Entry, EntryChange } from "../../../shared/state/entry.ts";
import { entryDigest } from "../../../shared/state/entryDigest.ts";
import { entryId } from "../../../shared/state/entryId.ts";
import { entryKey } from "../../../shared/state/entryKey.ts";
import { PageEntry, PageEntryId } from "../../../shared/state/pageEntry.ts";
import { compareOrigin, type Look, markedRemovals, type OriginComparison, type StoredPageEntry } from "../../../shared/sync/compareOrigin.ts";
import { findHomeless } from "../../../shared/sync/findHomeless.ts";
import { type Base, merge } from "../../../shared/sync/merge.ts";
import { database, local, record, session } from "../../support/entries.ts";

const unchanged: Base = { kind: "unchanged" };
const unknown: Base = { kind: "unknown" };
const was = (entry?: Entry): Base => ({ kind: "was", ...(entry && { entry }) });
const page = (entry: Entry): PageEntry => PageEntry.parse(entry);
const idOf = (entry: Entry): PageEntryId => PageEntryId.parse(entryId(entry));

const here = local("a", "here");
const there = local("a", "there");
const id = idOf(here);

const hold = (...entries: Entry[]): Look["held"] => entries.map((entry) => ({ id: idOf(entry), digest: entryDigest(page(entry)) }));
const stored = (entry: Entry, base: Base, at = 50, revision = 9): StoredPageEntry => ({ id: idOf(entry), entry: page(entry), revision, at, base });
const tombstone = (entry: Entry, base: Base, at = 50): StoredPageEntry => ({ id: idOf(entry), revision: 9, at, base });
const changed = (at: number): Look["marks"] => [{ id, at, removed: false }];
const nothing: OriginComparison = { set: [], remove: [], want: [], open: Infinity };
const look = (fields: Partial<Look> = {}): Look => ({ areas: ["local", "session", "indexedDB"], skipped: [], held: [], marks: [], stale: false, ...fields });

describe("comparing an origin, item by item", () => {
  const rows: [title: string, fields: Partial<Look>, theirs: StoredPageEntry[], answer: Partial<OriginComparison>][] = [
    ["leaves alone what both have", { held: hold(here) }, [stored(here, unchanged)], {}],
    ["leaves alone what both have, whoever changed it", { held: hold(here) }, [stored(here, was(there))], {}],
    ["wants what only the container has", { held: hold(here) }, [], { want: [id] }],
    ["wants it after a start of Firefox too", { held: hold(here), stale: true }, [], { want: [id] }],
    ["puts back what the container lacks", {}, [stored(there, unchanged)], { set: [page(there)] }],
    ["puts into the container what is new in the store", {}, [stored(there, was())], { set: [page(there)] }],
    ["puts back what is gone again although it was marked as changed", { marks: changed(60) }, [stored(there, unchanged)], { set: [page(there)] }],
    ["wants the container's change when the store stood still", { held: hold(here) }, [stored(there, unchanged)], { want: [id] }],
    ["wants it when others changed the item and changed it back", { held: hold(here) }, [stored(there, was(there))], { want: [id] }],
    ["gives the store's after a start of Firefox, when the container may be in the past", { held: hold(here), stale: true }, [stored(there, unchanged)], { set: [page(there)] }],
    ["wants what is marked after a start of Firefox", { held: hold(here), stale: true, marks: changed(10) }, [stored(there, unchanged)], { want: [id] }],
    ["gives the store's change when the container was not marked", { held: hold(here) }, [stored(there, was())], { set: [page(there)] }],
    ["wants the container's change when it is newer, and waits for its merging", { held: hold(here), marks: changed(60) }, [stored(there, was())], { want: [id], open: 9 }],
    ["gives the store's change when it is newer, and wants the other for history", { held: hold(here), marks: changed(40) }, [stored(there, was())], { set: [page(there)], want: [id] }],
    ["gives the store's where nobody knows from what it was changed", { held: hold(here), marks: changed(60) }, [stored(there, unknown)], { set: [page(there)], want: [id] }],
    ["removes what was deleted in the store", { held: hold(here) }, [tombstone(there, was(here))], { remove: [id] }],
    ["keeps a deletion after a start of Firefox", { held: hold(here), stale: true }, [tombstone(there, unchanged)], { remove: [id] }],
    ["wants what was changed here after its deletion there", { held: hold(here), marks: changed(60) }, [tombstone(there, was(there))], { want: [id], open: 9 }],
    ["wants what came back here after a known deletion", { held: hold(here) }, [tombstone(there, unchanged)], { want: [id] }],
    ["lets a tombstone be where nothing is", {}, [tombstone(there, was(there))], {}],
    ["leaves areas alone that were not looked at", { areas: ["local"], held: hold(session("s", "x")) }, [stored(session("t", "y"), unchanged)], {}],
    ["calls what others changed there open", { areas: ["local"] }, [stored(session("t", "y"), was(), 50, 7), stored(session("u", "y"), was(), 50, 8)], { open: 7 }],
    [
      "leaves databases alone that were skipped, with their records",
      { skipped: ["db"], held: hold(database("db", ["one"])) },
      [stored(database("db", ["two"]), was()), stored(record("db", "two", 1, "x"), unchanged), tombstone(record("db", "one", 1, "x"), unchanged)],
      { open: 9 },
    ],
  ];

  it.each(rows)("%s", (_title, fields, theirs, answer) => {
    expect(compareOrigin(look(fields), theirs)).toEqual({ ...nothing, ...answer });
  });
});

describe("the removals of an origin", () => {
  const removed = (entry: Entry): Look["marks"][number] => ({ id: idOf(entry), at: 5, removed: true });

  it("are what marks tell of, unless it is there again or was not looked at", () => {
    const marks = [removed(here), removed(local("b", "x")), removed(session("s", "x")), removed(database("db", [])), removed(record("db", "one", 1, "x")), ...changed(5)];
    expect(markedRemovals(look({ marks, held: hold(here), areas: ["local", "indexedDB"], skipped: ["db"] }))).toEqual([{ kind: "remove", id: idOf(local("b", "x")), at: 5 }]);
  });
});

describe("a database", () => {
  const one = database("db", ["one"]);
  const both = database("db", ["one", "two"]);
  const first = record("db", "one", 1, "x");
  const second = record("db", "two", 1, "x");

  it("comes before its records", () => {
    expect(compareOrigin(look(), [stored(first, was()), stored(one, was())]).set).toEqual([page(one), page(first)]);
    expect(compareOrigin(look({ held: hold(first, one) }), []).want).toEqual([idOf(one), idOf(first)]);
  });

  it("of another shape than the store's comes with all its records", () => {
    const theirs = [stored(both, was(one)), stored(first, unchanged), stored(second, was())];
    expect(compareOrigin(look({ held: hold(one, first) }), theirs)).toEqual({ ...nothing, set: [both, second, first] });
  });

  it("that is made anew leaves the container's newer records to be merged", () => {
    const mine = record("db", "one", 1, "mine");
    const marks = [{ id: idOf(mine), at: 60, removed: false }];
    expect(compareOrigin(look({ held: hold(one, mine), marks }), [stored(both, was(one)), stored(first, was())])).toEqual({
      ...nothing, set: [both], want: [idOf(mine)], open: 9,
    });
  });

  it("of a shape that the store is to be sent gets no record before: it may have no place for it", () => {
    const theirs = [stored(both, unchanged), stored(first, unchanged), stored(second, was(), 50, 7)];
    expect(compareOrigin(look({ held: hold(one) }), theirs)).toEqual({ ...nothing, want: [idOf(one)], open: 7 });
  });

  it("is the same whatever its next keys are", () => {
    const counting = (nextKey: number): Entry => ({
      kind: "database", origin: one.kind === "database" ? one.origin : "", database: "db",
      shape: { version: 1, stores: [{ name: "one", keyPath: null, autoIncrement: true, nextKey, indexes: [] }] },
    });
    expect(compareOrigin(look({ held: hold(counting(2)) }), [stored(counting(3), was(counting(1)))])).toEqual(nothing);
  });
});

const anyPage: fc.Arbitrary<Entry> = fc.oneof(
  fc.tuple(fc.constantFrom(local, session), fc.constantFrom("a", "b", "c"), fc.constantFrom("1", "2")).map(([make, key, value]) => make(key, value)),
  fc.tuple(fc.constantFrom("db", "big"), fc.constantFrom(["one"], ["one", "two"], [])).map(([name, stores]) => database(name, stores)),
  fc.tuple(fc.constantFrom("db", "big"), fc.constantFrom("one", "two"), fc.constantFrom(1, 2), fc.constantFrom("1", "2")).map(([name, ...rest]) => record(name, ...rest)),
);
const anyState: fc.Arbitrary<Entry[]> = fc.array(anyPage, { maxLength: 10 }).map((entries) => sound([...new Map(entries.map((one) => [entryKey(one), one])).values()]));

interface Case {
  container: Entry[];
  theirs: StoredPageEntry[];
  look: Look;
}

const anyCase: fc.Arbitrary<Case> = fc
  .record({
    container: anyState,
    store: anyState,
    was: anyState,
    moved: fc.func(fc.boolean()),
    at: fc.func(fc.integer({ min: 1, max: 90 })),
    marks: fc.array(fc.record({ entry: anyPage, at: fc.integer({ min: 1, max: 90 }), removed: fc.boolean() }), { maxLength: 4 }),
    areas: fc.subarray<Look["areas"][number]>(["local", "session", "indexedDB"]),
    skipped: fc.subarray(["big"]),
    stale: fc.boolean(),
  })
  .map(({ container, store, was: before, moved, at, marks, areas, skipped, stale }) => {
    const keys = new Map([...store, ...before].map((entry) => [entryKey(entry), entry]));
    const theirs = [...keys].map(([key, entry]): StoredPageEntry => {
      const now = store.find((one) => entryKey(one) === key);
      const then = before.find((one) => entryKey(one) === key);
      return { id: idOf(entry), ...(now && { entry: page(now) }), revision: moved(key) ? 9 : 3, at: at(key), base: moved(key) ? was(then) : unchanged };
    });
    return {
      container, theirs,
      look: { areas, skipped, stale, held: hold(...container), marks: marks.map((mark) => ({ id: idOf(mark.entry), at: mark.at, removed: mark.removed })) },
    };
  });

describe("comparing an origin, whatever there is", () => {
  it("makes both sides the same of what was looked at, and then has nothing more to do", () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const once = perform(given);
        // A container's own shape has its records put back when the store knows it.
        const done = perform({ ...once, look: { ...given.look, held: hold(...once.container), marks: [], stale: false } });
        const all = { ...given.look, held: hold(...done.container), marks: [], stale: false };
        expect(compareOrigin(all, done.theirs)).toMatchObject({ set: [], remove: [], want: [] });
        const looked = (entries: readonly Entry[]): Map<string, Entry> => new Map(entries.filter((one) => wasLookedAt(given.look, one)).map((one) => [entryKey(one), one]));
        expect(looked(done.container)).toEqual(looked(done.theirs.flatMap(({ entry }) => entry ?? [])));
      }),
      { numRuns: 500 },
    );
  });

  it("removes in the store only what a mark tells of, and what has no place in a database any more", () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const marked = new Set(given.look.marks.filter(({ removed }) => removed).map((mark) => entryKey(mark.id)));
        const after = new Map(perform(given).theirs.map((one) => [entryKey(one.id), one]));
        for (const { id: one, entry } of given.theirs) {
          if (!entry || after.get(entryKey(one))?.entry || marked.has(entryKey(one))) continue;
          expect(one.kind).toBe("record");
          const home = one.kind === "record" ? after.get(entryKey({ kind: "database", origin: one.origin, database: one.database }))?.entry : undefined;
          expect(home?.kind === "database" && home.shape.stores.some(({ name }) => one.kind === "record" && name === one.store)).toBe(false);
        }
      }),
    );
  });

  it("touches nothing that was not looked at, on either side", () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const { set, remove, want } = compareOrigin(given.look, given.theirs);
        for (const one of [...set, ...remove, ...want, ...markedRemovals(given.look).map((change) => (change.kind === "set" ? change.entry : change.id))]) {
          expect(wasLookedAt(given.look, one)).toBe(true);
        }
        const after = perform(given);
        const untouched = (entries: readonly Entry[]): Entry[] => entries.filter((one) => !wasLookedAt(given.look, one));
        expect(untouched(after.container)).toEqual(untouched(given.container));
      }),
    );
  });

  it("calls nothing taken over that others changed and the container does not have", () => {
    fc.assert(
      fc.property(anyCase, (given) => {
        const removals = markedRemovals(given.look);
        const theirs = deliver(given.theirs, removals);
        const { set, remove, open } = compareOrigin(given.look, theirs);
        const container = new Map(take(given.container, set, remove).map((one) => [entryKey(one), one]));
        for (const one of theirs) {
          if (one.base.kind === "unchanged" || one.revision >= open) continue;
          const mine = container.get(entryKey(one.id));
          const isOwn = one.base.kind === "was" && JSON.stringify(one.base.entry) === JSON.stringify(one.entry);
          if (!isOwn) expect(mine).toEqual(one.entry);
        }
      }),
    );
  });
});

/** The removals told, the wanted sent, the answer taken over. */
function perform(given: Case): Case {
  const theirs = deliver(given.theirs, markedRemovals(given.look));
  const { set, remove, want } = compareOrigin(given.look, theirs);
  const mine = new Map(given.container.map((one) => [entryKey(one), one]));
  const changes = want.flatMap((one) => {
    const entry = mine.get(entryKey(one));
    return entry ? [{ kind: "set" as const, entry, at: given.look.marks.findLast((mark) => entryKey(mark.id) === entryKey(one))?.at ?? 100 }] : [];
  });
  return { look: given.look, theirs: deliver(theirs, changes), container: take(given.container, set, remove) };
}

/** As the store merges it; what the container then has is unchanged for it. */
function deliver(theirs: readonly StoredPageEntry[], changes: readonly EntryChange[]): StoredPageEntry[] {
  const merged = merge({ held: theirs, theirs: { kind: "changes", changes }, now: 100 });
  const all = new Map(theirs.map((one) => [entryKey(one.id), one]));
  for (const change of merged.kind === "merged" ? merged.changes : []) {
    const of = PageEntryId.parse(entryId(change.kind === "set" ? change.entry : change.id));
    all.set(entryKey(of), { id: of, revision: 12, at: change.at, base: unchanged, ...(change.kind === "set" && { entry: page(change.entry) }) });
  }
  return [...all.values()];
}

/** As a browser would: a record is nowhere without its object store. */
function take(container: readonly Entry[], set: readonly Entry[], remove: readonly PageEntryId[]): Entry[] {
  const all = new Map(container.map((one) => [entryKey(one), one]));
  for (const one of remove) all.delete(entryKey(one));
  for (const one of set) all.set(entryKey(one), one);
  return sound([...all.values()]);
}

function sound(entries: readonly Entry[]): Entry[] {
  const homes = new Map(entries.map((one) => [entryKey(one), { id: entryId(one), entry: one }]));
  const orphans = new Set(entries.filter((one) => one.kind === "record" && !homes.has(entryKey({ kind: "database", origin: one.origin, database: one.database }))).map(entryKey));
  const homeless = new Set(findHomeless(homes, new Map()).map(({ key }) => key));
  return entries.filter((one) => !orphans.has(entryKey(one)) && !homeless.has(entryKey(one)));
}

function wasLookedAt({ areas, skipped }: Look, one: Entry | PageEntryId): boolean {
  switch (one.kind) {
    case "cookie":
      return false;
    case "local":
    case "session":
      return areas.includes(one.kind);
    case "database":
    case "record":
      return areas.includes("indexedDB") && !skipped.includes(one.database);
  }
}
