import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keyAt, indexKeys } from "../../../shared/state/keyAt.ts";
import { canonicalKey, compareKeys } from "../../../shared/state/recordKey.ts";
import type { Value } from "../../../shared/state/value.ts";
import { valueOf } from "./arbitraries.ts";

const keyOf = (of: unknown) => canonicalKey(valueOf(of));
const bytes = Uint8Array.of(1, 2, 3, 4).buffer;
const twice: unknown[] = [];

describe("a record's key", () => {
  it.each<[string, unknown, Value]>([
    ["-0 is 0", -0, 0],
    ["Infinity", Infinity, { v: "Infinity" }],
    ["a string", "\ud800", "\ud800"],
    ["a date", new Date(0), { d: "1970-01-01T00:00:00.000Z" }],
    ["an ArrayBuffer", bytes, { ab: { b: "AQIDBA==" } }],
    ["a typed array as its bytes", new Uint16Array(bytes), { ab: { b: "AQIDBA==" } }],
    ["a view as its own bytes only", new Uint8Array(bytes, 1, 2), { ab: { b: "AgM=" } }],
    ["a DataView", new DataView(bytes, 3), { ab: { b: "BA==" } }],
    ["an array", ["a", [-0, []]], { a: ["a", { a: [0, { a: [], id: 3 }], id: 2 }], id: 1 }],
    ["an array, whatever properties it has", Object.assign(["a"], { x: 1 }), { a: ["a"], id: 1 }],
  ])("has one form: %s", (_what, of, expected) => {
    expect(keyOf(of)).toEqual(expected);
  });

  it("has one form whatever its names were", () => {
    expect(canonicalKey({ a: [{ a: [1], id: 40 }], id: 7 })).toEqual(keyOf([[1]]));
  });

  it.each<[string, unknown]>([
    ["NaN", NaN], ["true", true], ["null", null], ["undefined", undefined], ["an invalid date", new Date(NaN)], ["an object", {}], ["a BigInt", 1n], ["a boxed number", Object(1)],
    ["an array with a hole", new Array(1)], ["an array with null in it", [null]], ["an array that has another twice", [twice, twice]], ["a Blob's kind", new Map()],
  ])("is not %s", (_what, of) => {
    expect(keyOf(of)).toBeUndefined();
  });

  // Indexed Database API 3.0: number < date < string < binary < array, each by its own order.
  const ordered: unknown[] = [
    -Infinity, -1, 0, 0.5, 1, 10, Infinity, new Date(-1), new Date(0), new Date(8.64e15), "", "\u0000", "A", "Z", "a", "aa", "b", "\ud83d\ude00", "\uff5e",
    new ArrayBuffer(0), Uint8Array.of(0), Uint8Array.of(0, 0), Uint8Array.of(127), Uint8Array.of(128), [], [-1], [1], [1, 1], [new Date(0)], ["a"], [Uint8Array.of(1)], [[]], [[], 1],
  ];

  it("is ordered as the specification has it", () => {
    const keys = ordered.map((of) => keyOf(of) ?? false);
    for (const [a, left] of keys.entries()) {
      for (const [b, right] of keys.entries()) expect(Math.sign(compareKeys(left, right)), `${a} and ${b}`).toBe(Math.sign(a - b));
    }
  });

  const anyKey: fc.Arbitrary<unknown> = fc.letrec<{ key: unknown }>((tie) => ({
    key: fc.oneof({ maxDepth: 3 }, fc.double({ noNaN: true }), fc.date({ noInvalidDate: true }), fc.string(), fc.uint8Array({ maxLength: 3 }), fc.array(tie("key"), { maxLength: 3 })),
  })).key;

  it("is equal in order exactly where it is equal in form", () => {
    fc.assert(
      fc.property(anyKey, anyKey, (a, b) => {
        const [left, right] = [keyOf(a) ?? false, keyOf(b) ?? false];
        expect(compareKeys(left, right) === 0).toBe(JSON.stringify(left) === JSON.stringify(right));
        expect(Math.sign(compareKeys(left, right))).toBe(-Math.sign(compareKeys(right, left)) + 0);
        expect(canonicalKey(left)).toEqual(left);
      }),
    );
  });
});

describe("a key in a record's value", () => {
  const shared = [1];
  const user = { id: 7, name: { first: "Ann" }, tags: ["b", null, "a", "b"], when: new Date(0), again: shared, and: shared };

  it.each<[string, unknown, string | string[], Value | undefined]>([
    ["by name", user, "id", 7],
    ["by a path", user, "name.first", "Ann"],
    ["a text's length", user, "name.first.length", 3],
    ["a list's length", user, "tags.length", 4],
    ["the value itself", "itself", "", "itself"],
    ["by several paths", user, ["id", "when"], { a: [7, { d: "1970-01-01T00:00:00.000Z" }], id: 1 }],
    ["where it is referred to", user, "and", { a: [1], id: 1 }],
    ["of a name that Object has", user, "constructor", undefined],
    ["of a name that is not there", user, "name.last", undefined],
    ["within a text", user, "name.first.x", undefined],
    ["one of several not there", user, ["id", "x"], undefined],
    ["of no kind of key", user, "name", undefined],
    ["in an object called __proto__", JSON.parse('{"__proto__": {"id": 1}}'), "__proto__.id", 1],
  ])("is found %s", (_what, of, keyPath, expected) => {
    expect(keyAt(valueOf(of), keyPath)).toEqual(expected);
  });

  it("is found in what a Blob or File says of itself", () => {
    const file: Value = { file: { b: "AQID", t: "text/x", n: "n", m: 5 } };
    const value: Value = { o: [{ k: "f", v: file }, { k: "b", v: { blob: { b: "AQ==", t: "t" } } }], id: 1 };
    expect([keyAt(value, "f.size"), keyAt(value, "f.type"), keyAt(value, "f.name"), keyAt(value, "f.lastModified"), keyAt(value, "b.size"), keyAt(value, "b.name")]).toEqual([3, "text/x", "n", 5, 1, undefined]);
  });

  it("is one or several in an index", () => {
    expect(indexKeys(valueOf(user), { keyPath: "tags", multiEntry: true })).toEqual(["b", "a", "b"]);
    expect(indexKeys(valueOf(user), { keyPath: "tags", multiEntry: false })).toEqual([]);
    expect(indexKeys(valueOf(user), { keyPath: "id", multiEntry: true })).toEqual([7]);
    expect(indexKeys(valueOf(user), { keyPath: "x", multiEntry: false })).toEqual([]);
  });
});
