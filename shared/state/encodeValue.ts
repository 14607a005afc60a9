import { toBase64 } from "./base64.ts";
import { ownCopy } from "./ownCopy.ts";
import type { Member, Value } from "./value.ts";
import { bigIntLimit, bytesLimit, depthLimit, type TypedArrayKind } from "./valueKinds.ts";

/** A structured clone as a Value, or what of it has no words. `what` is a kind of thing, never content. */
export type Encoded = { kind: "value"; value: Value } | { kind: "notPortable"; what: string };

/**
 * Writes what a database gave (any structured clone, in a content script the page's own) as a Value; Blobs and Files are read,
 * hence the promise. Kinds are told by Object.prototype.toString and not by instanceof, which knows one global's objects only.
 * What structured cloning itself drops (prototypes, accessors, symbols, lastIndex of a RegExp) is not kept here either.
 */
export async function encodeValue(value: unknown): Promise<Encoded> {
  const encoder = new Encoder();
  try {
    const encoded = encoder.encode(ownCopy(value));
    await encoder.readBlobs();
    return { kind: "value", value: encoded };
  } catch (error) {
    return refused(error);
  }
}

/** The same for what holds no Blob, such as a document's plain JSON: at once. */
export function encodeNow(value: unknown): Encoded {
  try {
    const encoder = new Encoder();
    const encoded = encoder.encode(value);
    return encoder.readsBlobs ? { kind: "notPortable", what: "a Blob" } : { kind: "value", value: encoded };
  } catch (error) {
    return refused(error);
  }
}

class NotPortable extends Error {
  constructor(readonly what: string) {
    super(`Not portable: ${what}`);
  }
}

function refused(error: unknown): Encoded {
  if (error instanceof NotPortable) return { kind: "notPortable", what: error.what };
  throw error;
}

/** What is still to be written: a value, how deep it is, and where it goes. */
interface Task {
  value: unknown;
  depth: number;
  put: (node: Value) => void;
}

type ErrorNode = Extract<Value, { e: unknown }>;
const placeholder: Value = false;

class Encoder {
  /** Of every object seen, how to come by its name. */
  readonly #seen = new Map<object, () => number>();
  readonly #open: Task[] = [];
  readonly #blobs: { blob: Blob; into: { b: string } }[] = [];
  #lastId = 0;
  #bytes = 0;

  get readsBlobs(): boolean {
    return this.#blobs.length > 0;
  }

  /** With a stack of its own, not the engine's, which a deep value would overflow. */
  encode(root: unknown): Value {
    let result = placeholder;
    this.#open.push({ value: root, depth: 0, put: (node) => (result = node) });
    for (let task = this.#open.pop(); task !== undefined; task = this.#open.pop()) {
      if (task.depth > depthLimit) throw new NotPortable(`a value nested over ${depthLimit} levels deep`);
      task.put(this.#node(task.value, task.depth));
    }
    return result;
  }

  async readBlobs(): Promise<void> {
    for (const { blob, into } of this.#blobs) {
      let bytes: ArrayBuffer;
      try {
        bytes = await blob.arrayBuffer();
      } catch {
        // A File may stand for one on disk that is gone.
        throw new NotPortable("a Blob or File that cannot be read");
      }
      into.b = toBase64(new Uint8Array(bytes));
    }
  }

  #node(value: unknown, depth: number): Value {
    switch (typeof value) {
      case "boolean":
      case "string":
        return value;
      case "number":
        return numberNode(value);
      case "undefined":
        return { v: "undefined" };
      case "bigint":
        return bigIntNode(value);
      case "object":
        return value === null ? { v: "null" } : this.#object(value, depth);
      case "function":
      case "symbol":
        throw new NotPortable(`a ${typeof value}`);
    }
  }

  #object(value: object, depth: number): Value {
    const name = this.#seen.get(value);
    if (name) return { ref: name() };
    // The most common first.
    if (Array.isArray(value)) return this.#array(value, depth);
    if (tagOf(value) === "Object") return this.#plain(value, depth);
    if (is(value, "Date")) return this.#leaf(value, { d: Number.isNaN(value.getTime()) ? "" : value.toISOString() });
    if (is(value, "Map")) return this.#map(value, depth);
    if (is(value, "Set")) return this.#set(value, depth);
    if (is(value, "ArrayBuffer")) return this.#buffer(value);
    if (is(value, "DataView")) return this.#view(value, { k: "dv", n: value.byteLength });
    if (isTypedArray(value)) return this.#typedArray(value);
    if (is(value, "Blob")) return this.#blob(value);
    if (is(value, "File")) return this.#file(value);
    if (is(value, "RegExp")) return this.#leaf(value, { r: { p: value.source, f: value.flags } });
    if (is(value, "Error")) return this.#error(value, depth);
    if (is(value, "Boolean")) return this.#leaf(value, { box: value.valueOf() });
    if (is(value, "Number")) return this.#leaf(value, { box: numberNode(value.valueOf()) });
    if (is(value, "String")) return this.#leaf(value, { box: value.valueOf() });
    if (is(value, "BigInt")) return this.#leaf(value, { box: bigIntNode(value.valueOf()) });
    throw new NotPortable(tagOf(value));
  }

  #array(value: readonly unknown[], depth: number): Value {
    const keys = Object.keys(value);
    const node = this.#named(value, { a: [] as Value[], id: 0 });
    const isDense = keys.length === value.length && (keys.length === 0 || keys.at(-1) === String(keys.length - 1));
    if (isDense) {
      this.#openList(value, node.a, depth);
      return node;
    }
    let dense = 0;
    while (keys[dense] === String(dense)) dense++;
    const more: Member[] = [];
    this.#openMembers(value, keys.slice(dense), more, depth);
    this.#openList(value.slice(0, dense), node.a, depth);
    return Object.assign(node, { n: value.length, ...(keys.length > dense && { more }) });
  }

  #plain(value: object, depth: number): Value {
    const node = this.#named(value, { o: [] as Member[], id: 0 });
    this.#openMembers(value, Object.keys(value), node.o, depth);
    return node;
  }

  #map(value: ReadonlyMap<unknown, unknown>, depth: number): Value {
    const node = this.#named(value, { m: [] as { k: Value; v: Value }[], id: 0 });
    const flat: Task[] = [];
    value.forEach((item, key) => {
      const pair = { k: placeholder, v: placeholder };
      node.m.push(pair);
      flat.push({ value: key, depth: depth + 1, put: (made) => (pair.k = made) }, { value: item, depth: depth + 1, put: (made) => (pair.v = made) });
    });
    this.#later(flat);
    return node;
  }

  #set(value: ReadonlySet<unknown>, depth: number): Value {
    const node = this.#named(value, { s: [] as Value[], id: 0 });
    const items: unknown[] = [];
    value.forEach((item) => items.push(item));
    this.#openList(items, node.s, depth);
    return node;
  }

  #error(value: Error, depth: number): Value {
    // Structured cloning makes every other name `Error`. Firefox and Chromium keep these two properties as well.
    const name = errorNames.find((known) => known === value.name) ?? "Error";
    const keys = ["cause", ...(name === "AggregateError" ? ["errors"] : [])].filter((key) => Object.hasOwn(value, key));
    const node: ErrorNode = { e: { n: name, m: textOf(value.message), s: textOf(value.stack) } };
    this.#leaf(value, node);
    if (keys.length > 0) {
      node.e.own = [];
      this.#openMembers(value, keys, node.e.own, depth);
    }
    return node;
  }

  #typedArray(value: TypedArray): Value {
    const k = kindsByTag[tagOf(value)];
    if (k === undefined) throw new NotPortable(tagOf(value));
    const { buffer } = value;
    const isWhole = value.byteOffset === 0 && value.byteLength === buffer.byteLength;
    if (!isWhole || this.#seen.has(buffer)) return this.#view(value, { k, n: value.length });
    const node: Extract<Value, { ta: unknown }> = { ta: { b: this.#base64(buffer), k } };
    this.#seen.set(buffer, () => (node.buffer ??= this.#nextId()));
    return this.#leaf(value, node);
  }

  /** The whole buffer goes along, as in a structured clone: another view may be on another part of it. */
  #view(value: TypedArray | DataView, { k, n }: { k: TypedArrayKind | "dv"; n: number }): Value {
    const name = this.#seen.get(value.buffer);
    const of = name ? { ref: name() } : this.#buffer(value.buffer);
    return this.#leaf(value, { view: { of, k, at: value.byteOffset, n } });
  }

  #buffer(value: ArrayBufferLike): Value {
    return this.#leaf(value, { ab: { b: this.#base64(value) } });
  }

  #base64(buffer: ArrayBufferLike): string {
    if (!is(buffer, "ArrayBuffer")) throw new NotPortable(tagOf(buffer));
    // Newer than the language version that is compiled for.
    if ("resizable" in buffer && buffer.resizable === true) throw new NotPortable("a resizable ArrayBuffer");
    this.#count(buffer.byteLength);
    return toBase64(new Uint8Array(buffer));
  }

  #blob(value: Blob): Value {
    const content = { b: "", t: value.type };
    this.#count(value.size);
    this.#blobs.push({ blob: value, into: content });
    return this.#leaf(value, { blob: content });
  }

  #file(value: File): Value {
    const content = { b: "", t: value.type, n: value.name, m: value.lastModified };
    this.#count(value.size);
    this.#blobs.push({ blob: value, into: content });
    return this.#leaf(value, { file: content });
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > bytesLimit) throw new NotPortable(`a value of over ${bytesLimit} bytes of binary data`);
  }

  #openList(values: readonly unknown[], into: Value[], depth: number): void {
    this.#later(values.map((value, index) => ({ value, depth: depth + 1, put: (made) => (into[index] = made) })));
  }

  #openMembers(value: object, keys: readonly string[], into: Member[], depth: number): void {
    const tasks = keys.map((k): Task => {
      const member = { k, v: placeholder };
      into.push(member);
      return { value: Reflect.get(value, k), depth: depth + 1, put: (made) => (member.v = made) };
    });
    this.#later(tasks);
  }

  /** The first of them is the next to be written, all that is in it included: so that names come before references. */
  #later(tasks: readonly Task[]): void {
    for (const task of tasks.toReversed()) this.#open.push(task);
  }

  #named<Node extends { id: number }>(value: object, node: Node): Node {
    node.id = this.#nextId();
    this.#seen.set(value, () => node.id);
    return node;
  }

  /** Named only when it is seen again. */
  #leaf(value: object, node: Value & { id?: number }): Value {
    this.#seen.set(value, () => (node.id ??= this.#nextId()));
    return node;
  }

  #nextId(): number {
    return ++this.#lastId;
  }
}

function numberNode(value: number): Value {
  if (Number.isNaN(value)) return { v: "NaN" };
  if (value === Infinity) return { v: "Infinity" };
  if (value === -Infinity) return { v: "-Infinity" };
  return Object.is(value, -0) ? { v: "-0" } : value;
}

function bigIntNode(value: bigint): Value {
  const digits = value.toString();
  if (digits.length > bigIntLimit) throw new NotPortable(`a BigInt of over ${bigIntLimit} digits`);
  return { bi: digits };
}

/** HTML, StructuredSerializeInternal, and AggregateError, which Firefox keeps. */
const errorNames = ["EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError", "AggregateError"] as const;

interface Tagged {
  Date: Date;
  Map: ReadonlyMap<unknown, unknown>;
  Set: ReadonlySet<unknown>;
  ArrayBuffer: ArrayBuffer;
  DataView: DataView;
  Blob: Blob;
  File: File;
  RegExp: RegExp;
  Error: Error;
  // The objects, not the primitives: they come through the same wrappers' prototypes.
  Boolean: { valueOf: () => boolean };
  Number: { valueOf: () => number };
  String: { valueOf: () => string };
  BigInt: { valueOf: () => bigint };
}

function is<Tag extends keyof Tagged>(value: object, tag: Tag): value is Tagged[Tag] {
  return tagOf(value) === tag;
}

interface TypedArray {
  readonly buffer: ArrayBufferLike;
  readonly byteOffset: number;
  readonly byteLength: number;
  readonly length: number;
}

const kindsByTag: Readonly<Record<string, TypedArrayKind>> = {
  Int8Array: "i8", Uint8Array: "ui8", Uint8ClampedArray: "ui8c", Int16Array: "i16", Uint16Array: "ui16", Int32Array: "i32", Uint32Array: "ui32",
  Float16Array: "f16", Float32Array: "f32", Float64Array: "f64", BigInt64Array: "bi64", BigUint64Array: "bui64",
};

function isTypedArray(value: object): value is TypedArray {
  return Object.hasOwn(kindsByTag, tagOf(value));
}

function tagOf(value: object): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

function textOf(text: unknown): string {
  return typeof text === "string" ? text : "";
}
