import { describe, expect, it } from "vitest";
import type { DatabaseShape } from "../../../shared/state/entry.ts";
import { DatabaseShape as Schema } from "../../../shared/state/entry.ts";
import { shapeFault } from "../../../shared/state/shapeFault.ts";

type Store = DatabaseShape["stores"][number];
const store = (more: Partial<Store> = {}): Store => ({ name: "s", keyPath: null, autoIncrement: false, indexes: [], ...more });
const index = (more: Partial<Store["indexes"][number]> = {}) => ({ name: "i", keyPath: "x", unique: false, multiEntry: false, ...more });

describe("a database's shape", () => {
  it.each<[string, Partial<Store>]>([
    ["no key path", {}],
    ["the value itself as its key", { keyPath: "" }],
    ["a path", { keyPath: "a.$b._c.é.\u4e2d" }],
    ["several paths", { keyPath: ["a", "b.c", ""] }],
    ["keys of its own making", { autoIncrement: true, nextKey: 1 }],
    ["keys of its own making up to the last", { autoIncrement: true, keyPath: "id", nextKey: 2 ** 53 }],
    ["indexes", { indexes: [index({ keyPath: ["a", "b"] }), index({ name: "", keyPath: "", multiEntry: true })] }],
  ])("may have %s", (_what, more) => {
    expect(shapeFault({ version: 1, stores: [store(more), store({ name: "t" })] })).toBeUndefined();
  });

  it.each<[string, Partial<Store>, string]>([
    ["a path with a dash", { keyPath: "a-b" }, "a store's key path"],
    ["a path with an empty name", { keyPath: "a..b" }, "a store's key path"],
    ["a path that begins with a digit", { keyPath: "0" }, "a store's key path"],
    ["no path at all", { keyPath: [] }, "a store's key path"],
    ["generated keys that are the value", { autoIncrement: true, keyPath: "" }, "a generated key can be set"],
    ["generated keys by several paths", { autoIncrement: true, keyPath: ["a"] }, "a generated key can be set"],
    ["a next key without generating", { nextKey: 3 }, "a next key"],
    ["a next key of 0", { autoIncrement: true, nextKey: 0 }, "a next key"],
    ["two indexes of one name", { indexes: [index(), index()] }, "indexes of different names"],
    ["an index on no path", { indexes: [index({ keyPath: " " })] }, "an index's key path"],
    ["multiEntry over several paths", { indexes: [index({ keyPath: ["a"], multiEntry: true })] }, "a single key path"],
  ])("never has %s", (_what, more, expected) => {
    const shape = { version: 1, stores: [store(more)] };
    expect(shapeFault(shape)).toContain(expected);
    expect(Schema.safeParse(shape).success).toBe(false);
  });

  it("has a version from 1 on, and each store once", () => {
    for (const version of [0, -1, 1.5, NaN, 2 ** 60]) expect(shapeFault({ version, stores: [] })).toContain("version");
    expect(shapeFault({ version: 1, stores: [store(), store()] })).toContain("stores of different names");
  });
});
