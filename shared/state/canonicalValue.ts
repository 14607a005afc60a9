import type { Member, Value } from "./value.ts";

/**
 * The same value with its names counted anew in reading order, the unused ones left out, and fields in one order: its JSON is
 * equal exactly for Values that stand for the same. Expects what `valueFault` lets through. An error's stack counts for nothing:
 * Firefox takes none back and Playwright adds to it, so that a value restored would differ from itself.
 */
export function canonicalValue(value: Value): Value {
  const used = new Set<number>();
  collectRefs(value, used);
  return new Renaming(used).of(value);
}

class Renaming {
  readonly #used: ReadonlySet<number>;
  readonly #names = new Map<number, number>();

  constructor(used: ReadonlySet<number>) {
    this.#used = used;
  }

  of(value: Value): Value {
    if (typeof value !== "object") return value;
    if ("ref" in value) return { ref: this.#names.get(value.ref) ?? 0 };
    if ("v" in value) return { v: value.v };
    if ("u" in value) return { u: value.u };
    if ("bi" in value) return { bi: value.bi };
    if ("a" in value) {
      const id = this.#rename(value.id);
      const a = value.a.map((item) => this.of(item));
      return { a, id, ...(value.n !== undefined && { n: value.n }), ...(value.more && { more: this.#members(value.more) }) };
    }
    if ("o" in value) return { id: this.#rename(value.id), o: this.#members(value.o) };
    if ("m" in value) return { id: this.#rename(value.id), m: value.m.map(({ k, v }) => ({ k: this.of(k), v: this.of(v) })) };
    if ("s" in value) return { id: this.#rename(value.id), s: value.s.map((item) => this.of(item)) };
    const name = this.#optional(value.id);
    if ("d" in value) return { ...name, d: value.d };
    if ("e" in value) {
      const { n, m, own } = value.e;
      return { ...name, e: { n, m, s: "", ...(own && { own: this.#members(own) }) } };
    }
    if ("r" in value) return { ...name, r: { p: value.r.p, f: value.r.f } };
    if ("ta" in value) {
      const buffer = this.#optional(value.buffer).id;
      return { ...name, ...(buffer !== undefined && { buffer }), ta: { b: value.ta.b, k: value.ta.k } };
    }
    if ("ab" in value) return { ...name, ab: { b: value.ab.b } };
    if ("view" in value) return { ...name, view: { of: this.of(value.view.of), k: value.view.k, at: value.view.at, n: value.view.n } };
    if ("box" in value) return { ...name, box: this.of(value.box) };
    if ("blob" in value) return { ...name, blob: { b: value.blob.b, t: value.blob.t } };
    return { ...name, file: { b: value.file.b, t: value.file.t, n: value.file.n, m: value.file.m } };
  }

  #members(members: readonly Member[]): Member[] {
    return members.map(({ k, v }) => ({ k, v: this.of(v) }));
  }

  #rename(id: number): number {
    const name = this.#names.size + 1;
    this.#names.set(id, name);
    return name;
  }

  #optional(id: number | undefined): { id?: number } {
    return id !== undefined && this.#used.has(id) ? { id: this.#rename(id) } : {};
  }
}

/** The names that something refers to. */
function collectRefs(value: Value, into: Set<number>): void {
  if (typeof value !== "object") return;
  if ("ref" in value) into.add(value.ref);
  for (const inside of childrenOf(value)) collectRefs(inside, into);
}

/** The values directly within one, in reading order. */
export function childrenOf(value: Value): readonly Value[] {
  if (typeof value !== "object") return [];
  if ("o" in value) return value.o.map(({ v }) => v);
  if ("a" in value) return [...value.a, ...(value.more ?? []).map(({ v }) => v)];
  if ("m" in value) return value.m.flatMap(({ k, v }) => [k, v]);
  if ("s" in value) return value.s;
  if ("e" in value) return (value.e.own ?? []).map(({ v }) => v);
  return "view" in value ? [value.view.of] : [];
}
