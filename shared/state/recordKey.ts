import { SteadError } from "../errors.ts";
import { fromBase64, toBase64 } from "./base64.ts";
import type { Value } from "./value.ts";
import { elementSizes } from "./valueKinds.ts";

/**
 * A record's key in the one form it is stored and compared in (Indexed Database API 3.0, section 2.4): a number, a string,
 * `{d}`, `{ab}` or `{a}` of those, its arrays named in reading order, -0 as 0, every binary thing as its bytes.
 * Undefined for what is no key: NaN, an invalid date, an array that holds itself, any other kind.
 */
export function canonicalKey(value: Value, resolve: Resolve = nothing): Value | undefined {
  const seen = new Set<Value>();
  return convert(value);

  function convert(given: Value): Value | undefined {
    const at = typeof given === "object" && "ref" in given ? resolve(given.ref) : given;
    if (typeof at === "string" || typeof at === "number") return at;
    if (at === undefined || typeof at === "boolean") return undefined;
    if ("v" in at) return at.v === "-0" ? 0 : at.v === "Infinity" || at.v === "-Infinity" ? { v: at.v } : undefined;
    if ("d" in at) return at.d === "" ? undefined : { d: new Date(at.d).toISOString() };
    if ("a" in at) {
      // The specification's own set: an array that is in twice makes no key, whether within itself or not. Nor does one with holes.
      if (seen.has(at) || (at.n ?? 0) > at.a.length) return undefined;
      seen.add(at);
      const id = seen.size;
      const a: Value[] = [];
      for (const item of at.a) {
        const key = convert(item);
        if (key === undefined) return undefined;
        a.push(key);
      }
      return { a, id };
    }
    const bytes = bytesOf(at, resolve);
    return bytes && { ab: { b: toBase64(bytes) } };
  }
}

/** What a `ref` stands for. */
export type Resolve = (id: number) => Value | undefined;
const nothing: Resolve = () => undefined;

/** The order of two canonical keys (section 2.4, "compare two keys"): negative when the first comes first, 0 when they are equal. */
export function compareKeys(a: Value, b: Value): number {
  const [left, right] = [rank(a), rank(b)];
  if (left.items && right.items) return compareLists(left.items, right.items, compareKeys);
  return left.kind === right.kind ? compareLists(left.parts ?? [], right.parts ?? [], order) : left.kind - right.kind;
}

/** A key as what is compared one by one. The kinds are numbered in the order the specification gives them. */
type Rank = { kind: number; parts: ArrayLike<number | string>; items?: never } | { kind: number; items: readonly Value[]; parts?: never };

function rank(key: Value): Rank {
  if (typeof key === "number") return { kind: 0, parts: [key] };
  // Strings are compared by code unit, as JavaScript does.
  if (typeof key === "string") return { kind: 2, parts: [key] };
  if (typeof key === "object") {
    if ("v" in key) return { kind: 0, parts: [Number(key.v)] };
    if ("d" in key) return { kind: 1, parts: [Date.parse(key.d)] };
    if ("ab" in key) return { kind: 3, parts: fromBase64(key.ab.b) };
    if ("a" in key) return { kind: 4, items: key.a };
  }
  throw new SteadError("fileFormat", "A record's key: expected a number, a date, a string, binary data or an array of these.");
}

function compareLists<T>(a: ArrayLike<T>, b: ArrayLike<T>, compare: (a: T, b: T) => number): number {
  for (let index = 0; index < a.length && index < b.length; index++) {
    const [left, right] = [a[index], b[index]];
    const ordered = left === undefined || right === undefined ? 0 : compare(left, right);
    if (ordered !== 0) return ordered;
  }
  return a.length - b.length;
}

function order(a: number | string, b: number | string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function bytesOf(value: Value, resolve: Resolve): Uint8Array | undefined {
  if (typeof value !== "object") return undefined;
  if ("ab" in value) return fromBase64(value.ab.b);
  if ("ta" in value) return fromBase64(value.ta.b);
  if (!("view" in value)) return undefined;
  const { of, k, at, n } = value.view;
  const buffer = typeof of === "object" && "ref" in of ? resolve(of.ref) : of;
  if (buffer === undefined) return undefined;
  return bytesOf(buffer, resolve)?.subarray(at, at + n * (k === "dv" ? 1 : elementSizes[k]));
}
