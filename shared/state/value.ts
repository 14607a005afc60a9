import * as z from "zod/mini";
import { valueFault } from "./valueFault.ts";
import type { SpecialValue, TypedArrayKind } from "./valueKinds.ts";

/**
 * A structured clone as JSON: Playwright's serialisation of IndexedDB values (utilityScriptSerializers.ts, as storage states
 * hold it since 1.51) and, beyond it, what Playwright has no word for (marked "ours").
 *
 * `id` names an object, `ref` stands for the object named so before, in reading order: for cycles and for what is there
 * twice. Arrays, objects, Maps and Sets always have one; for everything else it is ours, and there only if referred to.
 */
export type Value =
  | boolean
  /** Finite, and not -0 */
  | number
  | string
  | { v: SpecialValue }
  /** Date, ISO 8601; an invalid one has an empty text */
  | { d: string; id?: number }
  /** URL; only ever read, a structured clone has none */
  | { u: string }
  /** BigInt, decimal */
  | { bi: string }
  /** Error: name, message, stack. `own`, its cause and errors, is ours. */
  | { e: { n: string; m: string; s: string; own?: Member[] }; id?: number }
  /** RegExp: source, flags */
  | { r: { p: string; f: string }; id?: number }
  /** Array. With holes or properties of its own (ours): `n` is its length, `more` what comes after the first hole, by key. */
  | { a: Value[]; id: number; n?: number; more?: Member[] }
  | { o: Member[]; id: number }
  | { m: { k: Value; v: Value }[]; id: number }
  | { s: Value[]; id: number }
  | { ref: number }
  /** Typed array over a whole buffer of its own: base64 of its bytes, its kind. `buffer` (ours) names that buffer. */
  | { ta: { b: string; k: TypedArrayKind }; id?: number; buffer?: number }
  /** ArrayBuffer, base64 */
  | { ab: { b: string }; id?: number }
  /** Typed array or DataView over a part of a buffer or a shared one: the buffer, the kind, its first byte, its length in elements. Ours. */
  | { view: { of: Value; k: TypedArrayKind | "dv"; at: number; n: number }; id?: number }
  /** Boolean, Number, String or BigInt object: the primitive in it. Ours. */
  | { box: Value; id?: number }
  /** Blob: base64, MIME type. Ours. */
  | { blob: { b: string; t: string }; id?: number }
  /** File: base64, MIME type, name, last modification in milliseconds since 1970. Ours. */
  | { file: { b: string; t: string; n: string; m: number }; id?: number };

/** A property: its name and value. */
export interface Member {
  k: string;
  v: Value;
}

/** Read without recursion and once per node, since what is read may be large or hostile; valueSyntax.ts says the same for people. */
export const Value: z.ZodMiniType<Value> = z.custom<Value>().check(({ value, issues }) => {
  const fault = valueFault(value);
  if (fault) issues.push({ code: "custom", path: fault.path, message: fault.expected, input: undefined });
});
