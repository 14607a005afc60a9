import { childrenOf } from "../state/canonicalValue.ts";
import { sameValue } from "../state/sameEntry.ts";
import type { Value } from "../state/value.ts";
import { toPlaywrightValue } from "./playwrightValue.ts";

type Word = "m" | "s" | "ab" | "ta";

/** The words that a version does not know yet, by the version before which: of such a node it makes a plain object of that form. */
const unknownWords: readonly (readonly Word[])[] = [[], /* 1.64 */ ["m", "s"], /* 1.59 */ ["m", "s", "ab"], /* 1.52 */ ["m", "s", "ab", "ta"]];

/**
 * Whether `theirs` is what some version of Playwright since 1.51 gives back for `given` when nobody changed it: without what
 * was lost when it was written, with plain objects in the place of kinds that the version does not know, or as the JSON that
 * it writes. A Map, a Set and a buffer that a page itself has made anew are empty objects in such a state; that they changed
 * cannot be told then, and an empty object is no reason to give up what is there.
 */
export function isEcho(theirs: Value, given: Value): boolean {
  const written = toPlaywrightValue(given);
  if (written.kind === "none") return false;
  const encoded = written.kind === "plain" ? given : written.encoded;
  return unknownWords
    .flatMap((words) => [new Misreading(words, asItIsWritten).of(encoded), new Misreading(words, asNothing).of(encoded)])
    .some((seen) => sameValue(seen, theirs) || (isJson(seen) && sameValue(asJson(seen), theirs)));
}

type Literal = (node: object, name: () => number) => Value;

/** A value as a version reads it that does not know some words. */
class Misreading {
  readonly #words: readonly string[];
  readonly #literal: Literal;
  readonly #named = new Set<number>();
  #lastName = 0;

  constructor(words: readonly Word[], literal: Literal) {
    this.#words = words;
    this.#literal = literal;
  }

  of(value: Value): Value {
    if (typeof value !== "object") return value;
    // Below zero, where no name of the value's own is.
    if (Object.keys(value).some((key) => this.#words.includes(key))) return this.#literal(value, () => --this.#lastName);
    if ("ref" in value) return this.#named.has(value.ref) ? value : { v: "undefined" };
    if ("id" in value) this.#named.add(value.id);
    if ("a" in value) return { ...value, a: value.a.map((item) => this.of(item)) };
    if ("o" in value) return { ...value, o: value.o.map(({ k, v }) => ({ k, v: this.of(v) })) };
    if ("m" in value) return { ...value, m: value.m.map(({ k, v }) => ({ k: this.of(k), v: this.of(v) })) };
    return "s" in value ? { ...value, s: value.s.map((item) => this.of(item)) } : value;
  }
}

function asItIsWritten(node: unknown, name: () => number): Value {
  if (typeof node === "string" || typeof node === "number" || typeof node === "boolean") return node;
  if (typeof node !== "object" || node === null) return { v: "null" };
  const id = name();
  if (Array.isArray(node)) return { a: node.map((item) => asItIsWritten(item, name)), id };
  return { o: Object.entries(node).map(([k, v]) => ({ k, v: asItIsWritten(v, name) })), id };
}

function asNothing(_node: object, name: () => number): Value {
  return { o: [], id: name() };
}

/** Whether Playwright writes the value as plain JSON: up to 1.64 whatever numbers are in it. What is in itself it cannot write. */
function isJson(value: Value, within: ReadonlySet<number> = new Set()): boolean {
  if (typeof value !== "object") return true;
  if ("v" in value) return value.v !== "undefined";
  if ("ref" in value) return !within.has(value.ref);
  if (!("a" in value || "o" in value)) return false;
  const inside = new Set([...within, value.id]);
  return childrenOf(value).every((child) => isJson(child, inside));
}

/** What is left of it in JSON, where nothing is one and the same as something else. */
function asJson(root: Value): Value {
  const named = new Map<number, Value>();
  return write(root);

  function write(value: Value): Value {
    if (typeof value !== "object") return value;
    if ("v" in value) return value.v === "-0" ? 0 : { v: "null" };
    if ("ref" in value) return write(named.get(value.ref) ?? { v: "null" });
    if (!("a" in value || "o" in value)) return value;
    named.set(value.id, value);
    return "a" in value ? { ...value, a: value.a.map(write) } : { ...value, o: value.o.map(({ k, v }) => ({ k, v: write(v) })) };
  }
}
