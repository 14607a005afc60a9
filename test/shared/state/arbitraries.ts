import fc from "fast-check";
import { encodeNow } from "../../../shared/state/encodeValue.ts";
import type { DatabaseShape, Entry } from "../../../shared/state/entry.ts";
import { entryKey } from "../../../shared/state/entryKey.ts";
import { canonicalKey } from "../../../shared/state/recordKey.ts";
import type { Value } from "../../../shared/state/value.ts";

const plain = fc.anything({
  withBigInt: true, withBoxedValues: true, withDate: true, withMap: true, withSet: true, withTypedArray: true, withSparseArray: true, withObjectString: true,
  stringUnit: "binary",
  key: fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor", "toString", "0", "-1", "length", "ref", "id", "v", "o", "")),
});

const special = fc.oneof(
  fc.constantFrom<() => unknown>(
    () => NaN, () => -0, () => Infinity, () => -Infinity, () => undefined, () => null,
    () => /a(?<n>b)/giu, () => new Date(NaN), () => new Error("oh"), () => new TypeError("no", { cause: { of: 1n } }), () => new RangeError(),
    () => new ArrayBuffer(5), () => new DataView(new ArrayBuffer(8), 2, 3), () => new Uint8Array([1, 2, 3, 4]).subarray(1, 3), () => Object.assign([1, 2], { more: true }),
  ).map((make) => make()),
  plain,
);

/** Anything IndexedDB may give: what structured cloning makes of odd things, with objects that are in it twice and in themselves. */
export const anyClone: fc.Arbitrary<unknown> = fc
  .record({ parts: fc.array(special, { maxLength: 4 }), links: fc.array(fc.tuple(fc.nat(20), fc.nat(20)), { maxLength: 4 }) })
  .map(({ parts, links }) => {
    const root = parts.map((part) => part);
    const objects = [root, ...collect(parts)];
    for (const [from, to] of links) link(objects[from % objects.length], objects[to % objects.length]);
    return structuredClone(root);
  });

/** Containers and leaves alike. */
function collect(parts: readonly unknown[]): unknown[] {
  return parts.flatMap((part) => {
    if (typeof part !== "object" || part === null) return [];
    if (part instanceof Map) return [part, ...collect([...part.keys(), ...part.values()])];
    if (part instanceof Set) return [part, ...collect([...part])];
    if (ArrayBuffer.isView(part)) return [part, part.buffer];
    return [part, ...collect(Object.values(part))];
  });
}

function link(from: unknown, to: unknown): void {
  if (from instanceof Map) from.set(to, to);
  else if (from instanceof Set) from.add(to);
  else if (Array.isArray(from)) from.push(to);
  else if (Object.prototype.toString.call(from) === "[object Object]" && typeof from === "object" && from !== null) Object.defineProperty(from, "linked", { value: to, enumerable: true, configurable: true, writable: true });
}

/** A Value made from what there may be. */
export const anyValue: fc.Arbitrary<Value> = anyClone.map(valueOf);

const origin = fc.constantFrom("https://app.acme.test", "http://localhost:3000", "https://[::1]");
const name = fc.constantFrom("a", "b", "", "__proto__", "\ud800");
const shape: fc.Arbitrary<DatabaseShape> = fc.record({
  version: fc.integer({ min: 1 }),
  stores: fc.uniqueArray(
    fc.record(
      {
        name, keyPath: fc.constantFrom(null, "id", "", "a.b", ["a", "b"]), autoIncrement: fc.boolean(), nextKey: fc.integer({ min: 1 }),
        indexes: fc.uniqueArray(fc.record({ name, keyPath: fc.constantFrom("x", "", "x.y"), unique: fc.boolean(), multiEntry: fc.boolean() }), { selector: (index) => index.name, maxLength: 2 }),
      },
      { requiredKeys: ["name", "keyPath", "autoIncrement", "indexes"] },
    ).map(({ nextKey, ...store }) => {
      const autoIncrement = store.autoIncrement && store.keyPath !== "" && !Array.isArray(store.keyPath);
      return { ...store, autoIncrement, ...(autoIncrement && nextKey !== undefined && { nextKey }) };
    }),
    { selector: (store) => store.name, maxLength: 3 },
  ),
});
const key = fc.oneof(fc.double({ noNaN: true }), fc.string(), fc.date({ noInvalidDate: true }), fc.uint8Array({ maxLength: 3 }), fc.array(fc.string(), { maxLength: 2 })).map((made) => canonicalKey(valueOf(made)) ?? 0);

/** Entries of page storage, each identity once. */
export const anyEntries: fc.Arbitrary<Entry[]> = fc.uniqueArray(
  fc.oneof(
    fc.record({ kind: fc.constantFrom("local", "session"), origin, key: name, value: fc.string({ unit: "binary" }) }),
    fc.record({ kind: fc.constant("database"), origin, database: name, shape }),
    fc.record({ kind: fc.constant("record"), origin, database: name, store: name, key, value: anyValue }),
  ),
  { selector: entryKey, maxLength: 12 },
);

export function valueOf(of: unknown): Value {
  const encoded = encodeNow(of);
  if (encoded.kind === "notPortable") throw new Error(encoded.what);
  return encoded.value;
}

/**
 * Whether two clones are the same to a program: equal all the way down, and with the same objects in the same places.
 * Node's `isDeepStrictEqual` tells two invalid dates apart and sees neither identity nor what a view is a part of.
 */
export function sameClone(a: unknown, b: unknown): boolean {
  return same(a, b, new Map(), new Map());
}

function same(a: unknown, b: unknown, there: Map<unknown, unknown>, back: Map<unknown, unknown>): boolean {
  if (typeof a !== "object" || a === null || typeof b !== "object" || b === null) return Object.is(a, b);
  if (there.has(a) || back.has(b)) return there.get(a) === b && back.get(b) === a;
  there.set(a, b);
  back.set(b, a);
  const [left, right] = [inside(a), inside(b)];
  return left.length === right.length && left.every((item, index) => same(item, right[index], there, back));
}

function inside(of: object): unknown[] {
  const kind = [Object.prototype.toString.call(of), Object.getPrototypeOf(of) === prototypeOf(of)];
  if (of instanceof Map) return [...kind, ...[...of.entries()].flatMap((pair): unknown[] => pair)];
  if (of instanceof Set) return [...kind, ...of.values()];
  if (ArrayBuffer.isView(of)) return [...kind, of.buffer, of.byteOffset, of.byteLength];
  if (of instanceof ArrayBuffer) return [...kind, ...new Uint8Array(of)];
  if (of instanceof Date) return [...kind, of.getTime()];
  if (of instanceof RegExp) return [...kind, of.source, of.flags];
  if (of instanceof Error) return [...kind, of.name, of.message, of.stack, Object.hasOwn(of, "cause"), of.cause, Reflect.get(of, "errors")];
  if ([Boolean, Number, String, BigInt].some((box) => of instanceof box)) return [...kind, of.valueOf()];
  return [...kind, ...(Array.isArray(of) ? [of.length] : []), ...Object.keys(of).flatMap((key): unknown[] => [key, Reflect.get(of, key)])];
}

/** The standard prototype of its kind. */
function prototypeOf(of: object): unknown {
  const name = of instanceof Error ? of.name : Object.prototype.toString.call(of).slice(8, -1);
  const made: unknown = Reflect.get(globalThis, name);
  return typeof made === "function" ? made.prototype : undefined;
}
