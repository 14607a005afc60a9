import { fromBase64, toBase64 } from "../state/base64.ts";
import type { Member, Value } from "../state/value.ts";
import { valueFault } from "../state/valueFault.ts";
import { elementSizes } from "../state/valueKinds.ts";

/** A Value as Playwright reads it, or why it cannot. */
export type PlaywrightValue =
  | { kind: "plain"; plain: unknown }
  /** `lost` names what is there but not quite as it was. */
  | { kind: "encoded"; encoded: Value; lost: ReadonlySet<string> }
  | { kind: "none"; why: string };

/**
 * Plain JSON where Playwright would write it so itself, which more tools read; else encoded. Playwright up to 1.64 takes 0,
 * an empty text, false and null in a plain field for nothing at all, so that these are always encoded, which all versions restore.
 */
export function toPlaywrightValue(value: Value): PlaywrightValue {
  if (isPlain(value) && !isEmpty(value)) return { kind: "plain", plain: plain(value) };
  try {
    const encoding = new Encoding();
    const encoded = encoding.of(value);
    // Something may refer to what is only in a part that was lost.
    if (valueFault(encoded)) return { kind: "none", why: "an object whose first place is lost" };
    return { kind: "encoded", encoded, lost: encoding.lost };
  } catch (error) {
    if (error instanceof NoWord) return { kind: "none", why: error.message };
    throw error;
  }
}

class NoWord extends Error {}

function isEmpty(value: Value): boolean {
  return value === 0 || value === "" || value === false || (typeof value === "object" && "v" in value);
}

function isPlain(value: Value): boolean {
  if (typeof value !== "object") return true;
  if ("v" in value) return value.v === "null";
  if ("a" in value) return value.n === undefined && value.more === undefined && value.a.every(isPlain);
  // Playwright makes a script of it, in which a `__proto__` would set the prototype.
  return "o" in value && value.o.every(({ k, v }) => k !== "__proto__" && isPlain(v));
}

function plain(value: Value): unknown {
  if (typeof value !== "object") return value;
  if ("a" in value) return value.a.map(plain);
  return "o" in value ? Object.fromEntries(value.o.map(({ k, v }) => [k, plain(v)])) : null;
}

/** One that only a newer engine than this knows is left out as well: what Chromium does not know costs the whole state. */
function isExpression({ p, f }: { p: string; f: string }): boolean {
  try {
    return new RegExp(p, f).source.length > 0;
  } catch {
    return false;
  }
}

/** Above it an array's holes are not written out one by one. */
const holesLimit = 10_000;

class Encoding {
  readonly lost = new Set<string>();
  /** What has a name here but none in Playwright's words, and so is written again where it is referred to. */
  readonly #unnamed = new Map<number, Value>();

  of(value: Value): Value {
    if (typeof value !== "object" || "v" in value || "bi" in value) return value;
    if ("ref" in value) return this.#again(value);
    if ("a" in value) return { a: this.#items(value), id: value.id };
    if ("o" in value) return { o: value.o.map((member) => this.#member(member)), id: value.id };
    if ("m" in value) return { m: value.m.map(({ k, v }) => ({ k: this.of(k), v: this.of(v) })), id: value.id };
    if ("s" in value) return { s: value.s.map((item) => this.of(item)), id: value.id };
    if ("d" in value) return this.#unname(value, { d: value.d });
    if ("r" in value) {
      if (!isExpression(value.r)) throw new NoWord("a regular expression that is none");
      return this.#unname(value, { r: value.r });
    }
    if ("e" in value) {
      if (value.e.own) this.lost.add("an error's cause");
      const { n, m, s } = value.e;
      return this.#unname(value, { e: { n, m, s } });
    }
    if ("ab" in value) return this.#unname(value, { ab: value.ab });
    if ("ta" in value) {
      if (value.ta.k === "f16") throw new NoWord("a Float16Array");
      if (value.buffer !== undefined) this.#unnamed.set(value.buffer, { ab: { b: value.ta.b } });
      return this.#unname(value, { ta: value.ta });
    }
    if ("view" in value) return this.#part(value);
    if ("u" in value) throw new NoWord("a URL");
    throw new NoWord("box" in value ? "a boxed primitive" : "a Blob or File");
  }

  #again({ ref }: { ref: number }): Value {
    const unnamed = this.#unnamed.get(ref);
    if (unnamed === undefined) return { ref };
    this.lost.add("that two are one object");
    return unnamed;
  }

  #unname(value: { id?: number }, written: Value): Value {
    if (value.id !== undefined) this.#unnamed.set(value.id, written);
    return written;
  }

  #member({ k, v }: Member): Member {
    if (k === "__proto__") throw new NoWord("a property named __proto__");
    return { k, v: this.of(v) };
  }

  #items({ a, n = a.length, more = [] }: Extract<Value, { a: unknown }>): Value[] {
    const items = a.map((item) => this.of(item));
    if (n > a.length) {
      if (n > holesLimit) throw new NoWord("an array with very many holes");
      this.lost.add("the holes of an array");
      while (items.length < n) items.push({ v: "undefined" });
    }
    for (const { k, v } of more) {
      const index = Number(k);
      if (String(index) === k && Number.isInteger(index) && index >= 0 && index < n) items[index] = this.of(v);
      else this.lost.add("an array's own properties");
    }
    return items;
  }

  #part(value: Extract<Value, { view: unknown }>): Value {
    const { of, k, at, n } = value.view;
    if (k === "dv") throw new NoWord("a DataView");
    if (k === "f16") throw new NoWord("a Float16Array");
    const buffer = this.of(of);
    const b = typeof buffer === "object" && "ab" in buffer ? buffer.ab.b : "";
    this.lost.add("a view's place in its buffer");
    return this.#unname(value, { ta: { b: toBase64(fromBase64(b).subarray(at, at + n * elementSizes[k])), k } });
  }
}
