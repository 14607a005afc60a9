import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DatabaseShape, Entry } from "../../../shared/state/entry.ts";
import { entryDigest } from "../../../shared/state/entryDigest.ts";
import { PageEntry } from "../../../shared/state/pageEntry.ts";
import { sameButCounters } from "../../../shared/sync/counters.ts";
import { local, origin, session } from "../../support/entries.ts";
import { anyEntries, anyValue, valueOf } from "./arbitraries.ts";

const digest = (entry: Entry): string => entryDigest(PageEntry.parse(entry));
const record = (of: unknown): string => digest({ kind: "record", origin, database: "d", store: "s", key: 1, value: valueOf(of) });
const shapeOf = (shape: DatabaseShape): string => digest({ kind: "database", origin, database: "d", shape });
const index = (name: string, unique = false): DatabaseShape["stores"][number]["indexes"][number] => ({ name, keyPath: "x", unique, multiEntry: false });
const store = (name: string, rest: Partial<DatabaseShape["stores"][number]> = {}): DatabaseShape["stores"][number] => ({ name, keyPath: null, autoIncrement: true, indexes: [], ...rest });

describe("entryDigest", () => {
  it("is of 32 hexadecimal digits, the same each time", () => {
    expect(digest(local("k", "v"))).toBe("d1a4dc8b61ef51fa5f72b229df8d29b2");
    expect(digest(session("k", "v"))).toBe(digest(local("other", "v")));
  });

  it("is equal exactly for items of one identity that are the same, counters aside", () => {
    // Contents of one kind under one identity.
    const texts = fc.tuple(fc.string({ unit: "binary", maxLength: 2 }), fc.string({ unit: "binary", maxLength: 2 })).map((pair) => pair.map((value): Entry => local("k", value)));
    const records = fc.tuple(anyValue, anyValue).map((pair) => pair.map((value): Entry => ({ kind: "record", origin, database: "d", store: "s", key: 1, value })));
    const shapes = fc.tuple(anyEntries, anyEntries).map((lists) =>
      lists.map((entries): Entry => {
        const found = entries.find(({ kind }) => kind === "database");
        return { kind: "database", origin, database: "d", shape: found?.kind === "database" ? found.shape : { version: 1, stores: [] } };
      }),
    );
    fc.assert(
      fc.property(fc.oneof(texts, records, shapes), ([one, other]) => {
        if (!one || !other) return false;
        return digest(one) === digest(structuredClone(one)) && (digest(one) === digest(other)) === sameButCounters(one, other);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ["lone surrogates", "\ud800", "\udc00"],
    ["a lone surrogate and what UTF-8 makes of it", "\ud800", "\ufffd"],
    ["a surrogate and its escape", "\ud800", "\\ud800"],
    ["an empty text and a blank", "", " "],
    ["letters that look alike", "\u00e9", "e\u0301"],
  ])("tells %s apart", (_title, one, other) => {
    expect(digest(local("k", one))).not.toBe(digest(local("k", other)));
    expect(record(one)).not.toBe(record(other));
  });

  it.each<[string, unknown, unknown]>([
    ["a number and its text", 1, "1"],
    ["nothing and null", undefined, null],
    ["zero and minus zero", 0, -0],
    ["one object twice and two alike", twice({}), [{}, {}]],
    ["the order of properties", { a: 1, b: 2 }, { b: 2, a: 1 }],
  ])("tells %s apart in records", (_title, one, other) => {
    expect(record(one)).not.toBe(record(other));
  });

  it("counts neither the order of object stores and indexes, nor next keys", () => {
    const one = shapeOf({ version: 2, stores: [store("a", { indexes: [index("x"), index("y")], nextKey: 7 }), store("b")] });
    expect(shapeOf({ version: 2, stores: [store("b"), store("a", { indexes: [index("y"), index("x")] })] })).toBe(one);
    expect(shapeOf({ version: 2, stores: [store("b", { nextKey: 9 }), store("a", { indexes: [index("y"), index("x")], nextKey: 8 })] })).toBe(one);
  });

  it.each<[string, DatabaseShape]>([
    ["version", { version: 3, stores: [store("a", { indexes: [index("x")] })] }],
    ["object stores", { version: 2, stores: [store("a", { indexes: [index("x")] }), store("b")] }],
    ["a name", { version: 2, stores: [store("b", { indexes: [index("x")] })] }],
    ["a path of keys", { version: 2, stores: [store("a", { keyPath: "id", indexes: [index("x")] })] }],
    ["a key generator", { version: 2, stores: [store("a", { autoIncrement: false, indexes: [index("x")] })] }],
    ["an index", { version: 2, stores: [store("a", { indexes: [index("x", true)] })] }],
  ])("tells shapes apart by %s", (_title, shape) => {
    expect(shapeOf(shape)).not.toBe(shapeOf({ version: 2, stores: [store("a", { indexes: [index("x")] })] }));
  });
});

function twice(one: object): object[] {
  return [one, one];
}
