import { base64Length } from "./base64.ts";
import { childrenOf } from "./canonicalValue.ts";
import type { KeyPath } from "./entry.ts";
import { canonicalKey, type Resolve } from "./recordKey.ts";
import type { Value } from "./value.ts";

/**
 * The key that a record of a store with this key path has, in canonical form (Indexed Database API 3.0, "extract a key from a
 * value using a key path"); undefined where the value has none there.
 */
export function keyAt(value: Value, keyPath: NonNullable<KeyPath>): Value | undefined {
  const resolve = resolverOf(value);
  const found = valueAt(value, keyPath, resolve);
  return found === undefined ? undefined : canonicalKey(found, resolve);
}

/** The keys under which an index holds a record: none where it does not, several with multiEntry. */
export function indexKeys(value: Value, { keyPath, multiEntry }: { keyPath: NonNullable<KeyPath>; multiEntry: boolean }): Value[] {
  const resolve = resolverOf(value);
  const found = valueAt(value, keyPath, resolve);
  if (found === undefined) return [];
  const at = typeof found === "object" && "ref" in found ? resolve(found.ref) : found;
  const each = multiEntry && typeof at === "object" && "a" in at ? at.a : [found];
  return each.flatMap((item) => canonicalKey(item, resolve) ?? []);
}

function valueAt(value: Value, keyPath: NonNullable<KeyPath>, resolve: Resolve): Value | undefined {
  if (typeof keyPath === "string") return step(value, keyPath, resolve);
  const a = keyPath.map((path) => step(value, path, resolve));
  return a.includes(undefined) ? undefined : { a: a.filter((item) => item !== undefined), id: 0 };
}

function step(value: Value, path: string, resolve: Resolve): Value | undefined {
  if (path === "") return value;
  return path.split(".").reduce<Value | undefined>((at, name) => (at === undefined ? undefined : property(at, name, resolve)), value);
}

function property(of: Value, name: string, resolve: Resolve): Value | undefined {
  const at = typeof of === "object" && "ref" in of ? resolve(of.ref) : of;
  if (typeof at === "string") return name === "length" ? at.length : undefined;
  if (typeof at !== "object") return undefined;
  if ("o" in at) return at.o.findLast(({ k }) => k === name)?.v;
  if ("a" in at) return name === "length" ? (at.n ?? at.a.length) : at.more?.findLast(({ k }) => k === name)?.v;
  if ("blob" in at) return blobProperty(at.blob, name);
  if (!("file" in at)) return undefined;
  if (name === "name") return at.file.n;
  return name === "lastModified" ? at.file.m : blobProperty(at.file, name);
}

function blobProperty({ b, t }: { b: string; t: string }, name: string): Value | undefined {
  if (name === "size") return base64Length(b);
  return name === "type" ? t : undefined;
}

/** Looked for only where something is referred to, which is rare in a key. */
function resolverOf(root: Value): Resolve {
  let named: Map<number, Value> | undefined;
  return (id) => {
    named ??= nameAll(root);
    return named.get(id);
  };
}

function nameAll(root: Value): Map<number, Value> {
  const named = new Map<number, Value>();
  const open: Value[] = [root];
  let value: Value | undefined;
  while ((value = open.pop()) !== undefined) {
    if (typeof value !== "object") continue;
    if ("id" in value) named.set(value.id, value);
    if ("ta" in value && "buffer" in value) named.set(value.buffer, { ab: { b: value.ta.b } });
    for (const inside of childrenOf(value)) open.push(inside);
  }
  return named;
}
