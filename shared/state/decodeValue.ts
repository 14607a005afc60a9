import { SteadError } from "../errors.ts";
import { fromBase64 } from "./base64.ts";
import type { Member, Value } from "./value.ts";
import { valueFault } from "./valueFault.ts";
import type { TypedArrayKind } from "./valueKinds.ts";

/**
 * The structured clone that a Value stands for, made of this global's own objects. Nothing of it is run, and a property named
 * `__proto__` is a property. Throws `fileFormat` for what is no Value, and for what this engine cannot make.
 */
export function decodeValue(value: Value): unknown {
  const fault = valueFault(value);
  if (fault) throw new SteadError("fileFormat", `A stored value${fault.path.length > 0 ? `, at ${fault.path.join(".")}` : ""}: expected ${fault.expected}.`);
  return new Decoder().decode(value);
}

/** Recursive, within the depth that `valueFault` lets through; names are there before they are referred to, as it made sure. */
class Decoder {
  readonly #named = new Map<number, unknown>();

  decode(value: Value): unknown {
    if (typeof value !== "object") return value;
    if ("ref" in value) return this.#named.get(value.ref);
    if ("v" in value) return specials[value.v];
    if ("d" in value) return this.#name(value, new Date(value.d === "" ? NaN : value.d));
    if ("u" in value) return new URL(value.u);
    if ("bi" in value) return BigInt(value.bi);
    if ("o" in value) return this.#withMembers(this.#name(value, {}), value.o);
    if ("a" in value) return this.#array(value);
    if ("m" in value) {
      const map = this.#name(value, new Map<unknown, unknown>());
      for (const { k, v } of value.m) map.set(this.decode(k), this.decode(v));
      return map;
    }
    if ("s" in value) {
      const set = this.#name(value, new Set<unknown>());
      for (const item of value.s) set.add(this.decode(item));
      return set;
    }
    if ("e" in value) return this.#error(value);
    if ("r" in value) return this.#name(value, regExp(value.r));
    if ("ab" in value) return this.#name(value, fromBase64(value.ab.b).buffer);
    if ("ta" in value) {
      const { buffer } = fromBase64(value.ta.b);
      if (value.buffer !== undefined) this.#named.set(value.buffer, buffer);
      return this.#name(value, viewOn(buffer, value.ta.k));
    }
    if ("view" in value) {
      const { of, k, at, n } = value.view;
      return this.#name(value, viewOn(bufferOf(this.decode(of)), k, at, n));
    }
    if ("box" in value) return this.#name(value, boxed(this.decode(value.box)));
    if ("blob" in value) return this.#name(value, new Blob([fromBase64(value.blob.b)], { type: value.blob.t }));
    const { b, t, n, m } = value.file;
    return this.#name(value, new File([fromBase64(b)], n, { type: t, lastModified: m }));
  }

  #array(value: Extract<Value, { a: unknown }>): unknown[] {
    const array = this.#name(value, new Array<unknown>());
    value.a.forEach((item, index) => setOwn(array, String(index), this.decode(item)));
    if (value.n !== undefined) array.length = value.n;
    return this.#withMembers(array, value.more ?? []);
  }

  #error(value: Extract<Value, { e: unknown }>): Error {
    const { n, m, s, own = [] } = value.e;
    const error = this.#name(value, errorOf(n, m));
    // Firefox does not store this one: its own is no property.
    hide(error, "stack", s);
    for (const { k, v } of own) hide(error, k, this.decode(v));
    return error;
  }

  #withMembers<Target extends object>(target: Target, members: readonly Member[]): Target {
    for (const { k, v } of members) setOwn(target, k, this.decode(v));
    return target;
  }

  #name<Made>(value: { id?: number }, made: Made): Made {
    if (value.id !== undefined) this.#named.set(value.id, made);
    return made;
  }
}

const specials = { null: null, undefined: undefined, NaN: NaN, Infinity: Infinity, "-Infinity": -Infinity, "-0": -0 };

/** Not by assignment: that would reach setters, `__proto__` among them. */
function setOwn(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}

function hide(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: false, configurable: true });
}

const errors = { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };

function errorOf(name: string, message: string): Error {
  const text = message === "" ? undefined : message;
  if (name === "AggregateError") return new AggregateError([], text);
  const known = Object.entries(errors).find(([standard]) => standard === name)?.[1];
  const error = new (known ?? Error)(text);
  // One that Playwright saw with a name of its own.
  if (known === undefined && name !== "Error") hide(error, "name", name);
  return error;
}

function regExp({ p, f }: { p: string; f: string }): RegExp {
  try {
    return new RegExp(p, f);
  } catch {
    throw new SteadError("fileFormat", "A stored regular expression: expected one that this browser knows.");
  }
}

function bufferOf(made: unknown): ArrayBuffer {
  if (made instanceof ArrayBuffer) return made;
  throw new SteadError("fileFormat", "A stored view: expected an ArrayBuffer below it.");
}

const views: Record<TypedArrayKind | "dv", (new (buffer: ArrayBuffer, at?: number, n?: number) => unknown) | undefined> = {
  i8: Int8Array, ui8: Uint8Array, ui8c: Uint8ClampedArray, i16: Int16Array, ui16: Uint16Array, i32: Int32Array, ui32: Uint32Array,
  f16: float16(), f32: Float32Array, f64: Float64Array, bi64: BigInt64Array, bui64: BigUint64Array, dv: DataView,
};

function viewOn(buffer: ArrayBuffer, kind: TypedArrayKind | "dv", at?: number, n?: number): unknown {
  const View = views[kind];
  if (View === undefined) throw new SteadError("fileFormat", "A stored Float16Array: expected a browser that knows the kind.");
  return new View(buffer, at, n);
}

/** Newer than Node 20 and Firefox 128. */
function float16(): (new (buffer: ArrayBuffer) => unknown) | undefined {
  const found: unknown = Reflect.get(globalThis, "Float16Array");
  return isConstructor(found) ? found : undefined;
}

function isConstructor(value: unknown): value is new (buffer: ArrayBuffer) => unknown {
  return typeof value === "function";
}

function boxed(primitive: unknown): unknown {
  return Object(primitive);
}
