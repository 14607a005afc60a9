import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Entry, EntryChange } from "../../../shared/state/entry.ts";
import { entryId } from "../../../shared/state/entryId.ts";
import { entryKey } from "../../../shared/state/entryKey.ts";
import { takeIn } from "../../../shared/sync/takeIn.ts";
import { anyEntry, cookieEntry, database, local, record } from "../../support/entries.ts";

const now = 7;
const set = (entry: Entry): EntryChange => ({ kind: "set", entry, at: now });
const remove = (entry: Entry): EntryChange => ({ kind: "remove", id: entryId(entry), at: now });

/** The database with another version, key path or next key. */
function altered(entry: Entry, fields: { version?: number; keyPath?: string; nextKey?: number }): Entry {
  if (entry.kind !== "database") throw new Error("Only databases have a shape.");
  const { version = entry.shape.version, ...store } = fields;
  return { ...entry, shape: { version, stores: entry.shape.stores.map((one) => ({ ...one, ...store })) } };
}

describe("taking a document in", () => {
  it.each<[title: string, here: Entry[], entries: Entry[], changes: EntryChange[], homeless: number]>([
    ["adds and overwrites, and leaves the rest", [local("a", "1"), local("b", "1")], [local("a", "2"), cookieEntry()], [set(local("a", "2")), set(cookieEntry())], 0],
    ["keeps object stores that the document does not have", [database("db", ["two"])], [database("db", ["one"])], [set(database("db", ["one", "two"]))], 0],
    ["keeps the higher version", [altered(database("db", ["one"]), { version: 3 })], [database("db", ["one"])], [set(altered(database("db", ["one"]), { version: 3 }))], 0],
    ["gives no key out twice", [altered(database("db", ["one"]), { nextKey: 9 })], [altered(database("db", ["one"]), { nextKey: 4 })], [set(altered(database("db", ["one"]), { nextKey: 9 }))], 0],
    [
      "begins an object store anew whose keys are others",
      [database("db", ["one"]), record("db", "one", 1, "a"), record("db", "one", 2, "b"), record("other", "one", 1, "c")],
      [altered(database("db", ["one"]), { keyPath: "id" }), record("db", "one", 2, "new")],
      [set(altered(database("db", ["one"]), { keyPath: "id" })), remove(record("db", "one", 1, "a")), set(record("db", "one", 2, "new"))],
      0,
    ],
    ["leaves records out that have no database", [], [record("db", "one", 1, "a")], [], 1],
    ["leaves records out that have no object store", [database("db", ["two"])], [record("db", "one", 1, "a"), local("a", "1")], [set(local("a", "1"))], 1],
    ["takes records of a database that is there", [database("db", ["one"])], [record("db", "one", 1, "a")], [set(record("db", "one", 1, "a"))], 0],
  ])("%s", (_title, here, entries, changes, homeless) => {
    const taken = takeIn({ here, entries, now });
    expect(new Set(taken.changes)).toEqual(new Set(changes));
    expect(taken.homeless).toBe(homeless);
  });

  it("removes what is replaced and not named, and nothing else", () => {
    const here = [local("a", "1"), local("b", "1"), cookieEntry(), database("db", ["one", "two"])];
    const taken = takeIn({ here, entries: [local("a", "2"), database("db", ["one"])], replaces: ({ kind }) => kind !== "cookie", now });
    expect(taken).toEqual({ changes: [remove(local("b", "1")), set(local("a", "2")), set(database("db", ["one"]))], homeless: 0 });
  });

  it("without replacing never removes an entry that the document does not name but for other keys", () => {
    const distinct = fc.uniqueArray(anyEntry, { selector: entryKey });
    fc.assert(
      fc.property(distinct, distinct, (here, entries) => {
        const { changes, homeless } = takeIn({ here, entries, now });
        expect(changes.filter((change) => change.kind === "remove")).toEqual([]);
        expect(changes.length + homeless).toBe(entries.length);
      }),
    );
  });
});
