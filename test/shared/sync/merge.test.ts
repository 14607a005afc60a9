import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Entry, EntryChange, EntryId } from "../../../shared/state/entry.ts";
import { entryId } from "../../../shared/state/entryId.ts";
import { entryKey } from "../../../shared/state/entryKey.ts";
import { sameEntry } from "../../../shared/state/sameEntry.ts";
import type { EntryName } from "../../../shared/state/entryName.ts";
import { type Base, type Held, merge, type Merged, type Theirs } from "../../../shared/sync/merge.ts";
import { anyEntry, cookieEntry, database, local, record } from "../../support/entries.ts";
import { NaiveStore } from "./naiveStore.ts";

const now = 100_000;
const [a, b, c] = [local("token", "a"), local("token", "b"), local("token", "c")];
const other = local("other", "x");
const id = entryId(a);
const unchanged: Base = { kind: "unchanged" };
const unknown: Base = { kind: "unknown" };
const was = (entry?: Entry): Base => ({ kind: "was", ...(entry && { entry }) });
const held = (base: Base, entry?: Entry, at = 50): Held => ({ id: entry ? entryId(entry) : id, at, base, ...(entry && { entry }) });
const whole = (entries: Entry[], at = now): Theirs => ({ kind: "whole", entries, covers: () => true, at });
const set = (entry: Entry, at = now): EntryChange => ({ kind: "set", entry, at });
const remove = (entry: Entry, at = now): EntryChange => ({ kind: "remove", id: entryId(entry), at });
const changes = (...list: EntryChange[]): Theirs => ({ kind: "changes", changes: list });
const named: EntryName = { kind: "local", domain: "app.example.com", name: "token" };

type Answer = Partial<Merged & { kind: "merged" }>;

describe("merging one entry", () => {
  const rows: [title: string, ours: Held | undefined, theirs: Entry | undefined, answer: Answer][] = [
    ["takes what the consumer added", undefined, a, { changes: [set(a)] }],
    ["takes what the consumer changed alone", held(unchanged, a), b, { changes: [set(b)] }],
    ["takes what the consumer deleted alone", held(unchanged, a), undefined, { changes: [remove(a)] }],
    ["leaves alone what nobody changed", held(unchanged, a), a, {}],
    ["leaves alone what only the store changed", held(was(a), b), a, {}],
    ["leaves alone what only the store added", held(was(), b), undefined, {}],
    ["leaves deleted what only the store deleted", held(was(a)), a, {}],
    ["leaves alone what both changed to the same", held(was(a), b), b, {}],
    ["leaves alone what both deleted", held(was(a)), undefined, {}],
    ["leaves alone what both added alike", held(was(), b), b, {}],
    ["takes what the consumer changed where the store came back to what it was", held(was(a), a), b, { changes: [set(b)] }],
    ["takes what the consumer deleted where the store came back to what it was", held(was(a), a), undefined, { changes: [remove(a)] }],
    ["takes what the consumer made anew after a deletion it knew", held(unchanged), a, { changes: [set(a)] }],
    ["lets the newer of two changes stand, here theirs", held(was(a), b, now - 1), c, { changes: [set(c)], conflicts: [named] }],
    ["lets the newer of two changes stand, here the store's", held(was(a), b, now + 1), c, { lost: [set(c)], conflicts: [named] }],
    ["lets the store's stand where both are as new", held(was(a), b, now), c, { lost: [set(c)], conflicts: [named] }],
    ["lets a newer deletion stand over a change", held(was(a), b, now - 1), undefined, { changes: [remove(a)], conflicts: [named] }],
    ["lets a newer change stand over a deletion", held(was(a), b, now + 1), undefined, { lost: [remove(a)], conflicts: [named] }],
    ["lets a newer change stand over the store's deletion", held(was(a), undefined, now - 1), b, { changes: [set(b)], conflicts: [named] }],
    ["lets both additions meet as changes", held(was(), b, now - 1), c, { changes: [set(c)], conflicts: [named] }],
    ["keeps the store's where nobody knows from what it was changed", held(unknown, b, 1), a, { lost: [set(a)], conflicts: [named] }],
    ["deletes nothing where nobody knows whether it was seen", held(unknown, b, 1), undefined, {}],
    ["resurrects nothing where nobody knows what was deleted", held(unknown, undefined, 1), a, { lost: [set(a)], conflicts: [named] }],
  ];
  it.each(rows)("%s", (_title, ours, theirs, answer) => {
    const all = [...(ours ? [ours] : []), held(unchanged, other)];
    const merged = merge({ held: all, theirs: whole([...(theirs ? [theirs] : []), other]), now });
    expect(merged).toEqual({ kind: "merged", changes: [], lost: [], conflicts: [], ...answer });
  });
});

describe("what is not seen", () => {
  const base = [held(unchanged, a), held(unchanged, other)];

  it("is deleted only where the format would have named it", () => {
    const covers = (one: EntryId): boolean => one.kind !== "local";
    expect(merge({ held: base, theirs: { kind: "whole", entries: [cookieEntry()], covers, at: now }, now })).toMatchObject({ changes: [{ kind: "set" }] });
  });

  it("stays where only changes came", () => {
    expect(merge({ held: base, theirs: changes(set(b, 60)), now })).toMatchObject({ changes: [set(b, 60)], conflicts: [] });
  });

  it("is never all there is, but by force", () => {
    expect(merge({ held: base, theirs: whole([]), now })).toEqual({ kind: "emptied", entries: 2 });
    expect(merge({ held: base, theirs: whole([cookieEntry({ expires: 1 })]), now })).toEqual({ kind: "emptied", entries: 2 });
    expect(merge({ held: base, theirs: whole([]), now, force: true })).toMatchObject({ changes: [remove(a), remove(other)] });
    expect(merge({ held: [], theirs: whole([]), now })).toMatchObject({ kind: "merged", changes: [] });
  });
});

describe("what has expired", () => {
  const short = cookieEntry({ expires: 10 });
  const renewed = cookieEntry({ expires: 1000 });

  it("is not deleted because the consumer lacks it", () => {
    expect(merge({ held: [held(unchanged, short)], theirs: whole([other]), now })).toMatchObject({ changes: [set(other)] });
  });

  it("does not delete what was renewed meanwhile", () => {
    expect(merge({ held: [held(unchanged, renewed)], theirs: whole([other, short]), now })).toMatchObject({ changes: [set(other)] });
  });

  it("gives way to what the consumer has, without a conflict", () => {
    expect(merge({ held: [held(was(), short)], theirs: whole([renewed]), now })).toEqual({ kind: "merged", changes: [set(renewed)], lost: [], conflicts: [] });
  });

  it("is a removal where the consumer set it so, and tells no value", () => {
    expect(merge({ held: [held(unchanged, renewed)], theirs: changes(set(short, 60)), now })).toMatchObject({ changes: [remove(renewed, 60)] });
  });
});

describe("changes", () => {
  it("stand by their last one for each entry", () => {
    expect(merge({ held: [held(unchanged, a)], theirs: changes(remove(a, 1), set(b, 2), set(c, 3)), now })).toMatchObject({ changes: [set(c, 3)] });
  });

  it("do not win by a clock that is ahead", () => {
    expect(merge({ held: [held(was(a), b, now)], theirs: changes(set(c, now + 5)), now })).toMatchObject({ changes: [], lost: [set(c, now)] });
  });
});

describe("a database", () => {
  const shape = database("db", ["one"]);
  const first = record("db", "one", 1, "a");
  const second = record("db", "one", 2, "b");
  const changed = record("db", "one", 1, "changed");
  const noTwo = database("db", ["two"]);

  it("takes its records along when the consumer deleted it, those that the store added too", () => {
    const all = [held(unchanged, shape), held(unchanged, first), held(was(), second)];
    expect(merge({ held: all, theirs: whole([other]), now })).toEqual({
      kind: "merged",
      changes: [set(other), remove(shape), remove(first), remove(second)],
      lost: [],
      conflicts: [{ kind: "record", domain: "app.example.com", name: "db/one" }],
    });
  });

  it("takes the consumer's records along when the store deleted it", () => {
    const all = [{ ...held(was(shape)), id: entryId(shape) }, { ...held(was(first)), id: entryId(first) }];
    expect(merge({ held: all, theirs: whole([shape, changed, second]), now })).toMatchObject({ changes: [], lost: [set(changed), set(second)] });
  });

  it("takes the records of an object store along that is no more", () => {
    expect(merge({ held: [held(unchanged, shape), held(unchanged, first)], theirs: changes(set(noTwo)), now })).toEqual({
      kind: "merged", changes: [set(noTwo), remove(first)], lost: [], conflicts: [],
    });
  });

  it("is merged record by record", () => {
    const all = [held(unchanged, shape), held(unchanged, first), held(was(second), record("db", "one", 2, "ours"))];
    expect(merge({ held: all, theirs: whole([shape, changed, second]), now })).toEqual({ kind: "merged", changes: [set(changed)], lost: [], conflicts: [] });
  });
});

describe("the next keys of a database", () => {
  const counting = (nextKey: number | undefined, version = 1): Entry => ({
    kind: "database", origin: "https://app.example.com", database: "db",
    shape: { version, stores: [{ name: "one", keyPath: null, autoIncrement: true, indexes: [], ...(nextKey !== undefined && { nextKey }) }] },
  });
  const rows: [title: string, ours: Held, theirs: Entry, answer: Answer][] = [
    ["that both counted on are no conflict, and the highest stands", held(was(counting(1)), counting(5), 60), counting(3), {}],
    ["are the consumer's where it counted further", held(was(counting(1)), counting(3), 60), counting(5), { changes: [set(counting(5))] }],
    ["that the consumer does not name stay", held(unchanged, counting(3)), counting(undefined), {}],
    ["never go back with a new shape", held(was(counting(1)), counting(5), 60), counting(2, 2), { changes: [set(counting(5, 2))] }],
  ];
  it.each(rows)("%s", (_title, ours, theirs, answer) => {
    expect(merge({ held: [ours], theirs: whole([theirs]), now })).toEqual({ kind: "merged", changes: [], lost: [], conflicts: [], ...answer });
  });
});

describe("what a format loses of an entry", () => {
  const given = cookieEntry({ sameSite: "unspecified" });
  const [back, changed] = [cookieEntry({ sameSite: "lax" }), cookieEntry({ sameSite: "lax", value: "two" })];
  const refine = (theirs: Entry, known: Entry): Entry =>
    theirs.kind === "cookie" && known.kind === "cookie" ? { ...theirs, sameSite: known.sameSite } : theirs;
  const theirs = (entry: Entry): Theirs => ({ kind: "whole", entries: [entry], covers: () => true, refine, at: now });

  it("is no change of the consumer's", () => {
    expect(merge({ held: [held(unchanged, given)], theirs: theirs(back), now })).toMatchObject({ changes: [] });
    const ours = cookieEntry({ sameSite: "strict", value: "ours" });
    expect(merge({ held: [held(was(given), ours)], theirs: theirs(back), now })).toMatchObject({ changes: [], conflicts: [] });
  });

  it("is kept where the consumer changed something else", () => {
    expect(merge({ held: [held(unchanged, given)], theirs: theirs(changed), now })).toMatchObject({ changes: [set(cookieEntry({ sameSite: "unspecified", value: "two" }))] });
  });
});

const uniqueEntries = fc.array(anyEntry, { maxLength: 6 }).map((entries) => [...new Map(entries.map((one) => [entryKey(one), one])).values()]);
const keyed = (entries: readonly Entry[]): Map<string, Entry> => new Map(entries.map((one) => [entryKey(one), one]));
/** Cookies of the arbitrary expire between 10 and 10,000 s: here none has. */
const early = 1000;

describe("any merge", () => {
  const situation = fc.record({ base: uniqueEntries, ours: uniqueEntries, theirs: uniqueEntries });

  function play({ base, ours, theirs }: { base: Entry[]; ours: Entry[]; theirs: Entry[] }): { store: NaiveStore; revision: number; state: Theirs } {
    const store = new NaiveStore();
    store.replace(base, 10);
    const revision = store.revision;
    store.replace(ours, 20);
    return { store, revision, state: { kind: "whole", entries: theirs, covers: () => true, at: 30 } };
  }

  it("comes to what three columns and nothing else come to", () => {
    fc.assert(
      fc.property(situation, ({ base, ours, theirs }) => {
        const plain = (entries: Entry[]): Entry[] => entries.filter(({ kind }) => kind !== "record" && kind !== "database");
        const given = { base: plain(base), ours: plain(ours), theirs: plain(theirs) };
        const { store, revision, state } = play(given);
        store.merge(state, revision, early, true);
        const columns = [keyed(given.base), keyed(given.ours), keyed(given.theirs)] as const;
        const after = new Map<string, Entry>();
        for (const key of new Set(columns.flatMap((column) => [...column.keys()]))) {
          const [was, mine, yours] = columns.map((column) => column.get(key));
          const same = (x?: Entry, y?: Entry): boolean => (x && y ? sameEntry(x, y) : x === y);
          // Theirs is the later one in play().
          const result = same(was, yours) ? mine : yours;
          if (result) after.set(key, result);
        }
        expect(keyed(store.live())).toEqual(after);
      }),
    );
  });

  it("is done once it was done", () => {
    fc.assert(
      fc.property(situation, (given) => {
        const { store, revision, state } = play(given);
        store.merge(state, revision, early, true);
        const before = keyed(store.live());
        const again = store.merge(state, revision, early, true);
        expect(again).toMatchObject({ changes: [] });
        expect(keyed(store.live())).toEqual(before);
      }),
    );
  });

  it("comes to the same in whatever order, where nothing conflicts", () => {
    fc.assert(
      fc.property(fc.record({ base: uniqueEntries, one: uniqueEntries, two: uniqueEntries }), ({ base, one, two }) => {
        const run = (...order: Entry[][]): { live: Map<string, Entry>; conflicts: number } => {
          const store = new NaiveStore();
          store.replace(base, 10);
          const { revision } = store;
          const conflicts = order.map((entries) => store.merge({ kind: "whole", entries, covers: () => true, at: 30 }, revision, early, true).conflicts.length);
          return { live: keyed(store.live()), conflicts: Math.max(...conflicts) };
        };
        const [forth, back] = [run(one, two), run(two, one)];
        fc.pre(forth.conflicts === 0 && back.conflicts === 0);
        expect(forth.live).toEqual(back.live);
      }),
      { numRuns: 300 },
    );
  });

  it("comes to the newest of what conflicts, in whatever order it arrives", () => {
    const someone = fc.uniqueArray(fc.record({ entry: anyEntry, at: fc.integer({ min: 11, max: 900 }), removed: fc.boolean() }), { selector: ({ entry }) => entryKey(entry), maxLength: 6 });
    const isPlain = ({ kind }: Entry): boolean => kind !== "record" && kind !== "database";
    fc.assert(
      fc.property(uniqueEntries, someone, someone, (given, one, two) => {
        const base = given.filter(isPlain);
        // Never at one time: even milliseconds are the one's, odd ones the other's.
        const [first, second] = [one, two].map((all, odd) =>
          changes(...all.filter(({ entry }) => isPlain(entry)).map(({ entry, at, removed }) => (removed ? remove(entry, 2 * at + odd) : set(entry, 2 * at + odd)))),
        );
        const run = (...order: (Theirs | undefined)[]): Map<string, Entry> => {
          const store = new NaiveStore();
          store.replace(base, 10);
          const { revision } = store;
          for (const theirs of order) if (theirs) store.merge(theirs, revision, 2 * early);
          return keyed(store.live());
        };
        expect(run(first, second)).toEqual(run(second, first));
      }),
      { numRuns: 500 },
    );
  });

  it("comes to the same in whatever order three consumers bring what does not meet", () => {
    fc.assert(
      fc.property(uniqueEntries, uniqueEntries, (base, theirs) => {
        const consumers = [0, 1, 2].map((turn) => changes(...theirs.filter((_, place) => place % 3 === turn).map((entry) => set(entry, 30))));
        const orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        const results = orders.map((order) => {
          const store = new NaiveStore();
          store.replace(base.filter(({ kind }) => kind !== "record"), 10);
          const { revision } = store;
          for (const turn of order) {
            const own = consumers[turn];
            // Records need the database of another consumer to be there.
            if (own?.kind === "changes") store.merge({ ...own, changes: own.changes.filter((change) => change.kind !== "set" || change.entry.kind !== "record") }, revision, early);
          }
          return keyed(store.live());
        });
        for (const result of results) expect(result).toEqual(results[0]);
      }),
      { numRuns: 300 },
    );
  });

  it("does not bring back what was deleted, however often an old state arrives again", () => {
    fc.assert(
      fc.property(uniqueEntries, fc.integer({ min: 1, max: 3 }), (given, times) => {
        const store = new NaiveStore();
        store.replace(given, 10);
        const { revision } = store;
        const old = store.live();
        store.replace([], 20);
        for (let time = 0; time < times; time++) store.merge(whole(old, 30), revision, early, true);
        expect(store.live()).toEqual([]);
      }),
    );
  });

  it("resurrects nothing that the consumer did not change, and deletes nothing it did not see", () => {
    fc.assert(
      fc.property(situation, (given) => {
        const { store, revision, state } = play(given);
        const before = keyed(store.live());
        store.merge(state, revision, early, true);
        const [base, theirs, after] = [keyed(store.at(revision)), keyed(given.theirs), keyed(store.live())];
        for (const [key, entry] of base) {
          const same = theirs.get(key);
          if (!before.has(key) && same && sameEntry(entry, same)) expect(after.has(key)).toBe(false);
        }
        for (const [key, entry] of before) {
          // A record may go with its database.
          if (!base.has(key) && !theirs.has(key) && entry.kind !== "record") expect(after.get(key)).toEqual(entry);
        }
      }),
    );
  });

  it("leaves no record without its database and object store", () => {
    fc.assert(
      fc.property(situation, (given) => {
        const { store, revision, state } = play(given);
        store.merge(state, revision, early, true);
        for (const one of store.live()) {
          if (one.kind !== "record") continue;
          const home = store.live().find((entry) => entry.kind === "database" && entry.database === one.database);
          expect(home).toMatchObject({ shape: { stores: expect.arrayContaining([expect.objectContaining({ name: one.store })]) as unknown } });
        }
      }),
    );
  });

  it("loses nothing: what either changed is there, or named and kept", () => {
    fc.assert(
      fc.property(situation, (given) => {
        const { store, revision, state } = play(given);
        const { lost } = store.merge(state, revision, early, true);
        const kept = new Set([...store.everything(), ...lost.map((change) => (change.kind === "set" ? change.entry : undefined))].map((one) => JSON.stringify(one)));
        for (const entry of given.theirs) {
          const known = keyed([...store.live(), ...store.everything()]).get(entryKey(entry));
          expect(kept.has(JSON.stringify(entry)) || (known !== undefined && sameEntry(known, entry))).toBe(true);
        }
      }),
    );
  });
});
