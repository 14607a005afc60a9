import * as z from "zod/mini";

/**
 * A structured clone as JSON: Playwright's serialisation of IndexedDB values (utilityScriptSerializers.ts, as storage states
 * hold it since 1.51) and, beyond it, Blob and File. `id` and `ref` are for cycles and for what is there twice.
 */
export type Value =
  | boolean
  | number
  | string
  | { v: "null" | "undefined" | "NaN" | "Infinity" | "-Infinity" | "-0" }
  /** Date, ISO 8601; an invalid one has an empty text */
  | { d: string }
  /** URL; only ever read, a structured clone has none */
  | { u: string }
  /** BigInt, decimal */
  | { bi: string }
  /** Error: name, message, stack */
  | { e: { n: string; m: string; s: string } }
  /** RegExp: source, flags */
  | { r: { p: string; f: string } }
  | { a: Value[]; id: number }
  | { o: { k: string; v: Value }[]; id: number }
  | { m: { k: Value; v: Value }[]; id: number }
  | { s: Value[]; id: number }
  | { ref: number }
  /** Typed array: base64 of its bytes, its kind */
  | { ta: { b: string; k: TypedArrayKind } }
  /** ArrayBuffer, base64 */
  | { ab: { b: string } }
  /** Blob: base64, MIME type. Ours: Playwright has no word for it. */
  | { blob: { b: string; t: string } }
  /** File: base64, MIME type, name, last modification in milliseconds since 1970. Ours. */
  | { file: { b: string; t: string; n: string; m: number } };

export const typedArrayKinds = ["i8", "ui8", "ui8c", "i16", "ui16", "i32", "ui32", "f32", "f64", "bi64", "bui64"] as const;
export type TypedArrayKind = (typeof typedArrayKinds)[number];

export const Value: z.ZodMiniType<Value> = z.lazy(() =>
  z.union([
    z.boolean(),
    z.number(),
    z.string(),
    z.object({ v: z.enum(["null", "undefined", "NaN", "Infinity", "-Infinity", "-0"]) }),
    z.object({ d: z.string() }),
    z.object({ u: z.string() }),
    z.object({ bi: z.string().check(z.regex(/^-?\d+$/)) }),
    z.object({ e: z.object({ n: z.string(), m: z.string(), s: z.string() }) }),
    z.object({ r: z.object({ p: z.string(), f: z.string() }) }),
    z.object({ a: z.array(Value), id: z.number() }),
    z.object({ o: z.array(z.object({ k: z.string(), v: Value })), id: z.number() }),
    z.object({ m: z.array(z.object({ k: Value, v: Value })), id: z.number() }),
    z.object({ s: z.array(Value), id: z.number() }),
    z.object({ ref: z.number() }),
    z.object({ ta: z.object({ b: z.string(), k: z.enum(typedArrayKinds) }) }),
    z.object({ ab: z.object({ b: z.string() }) }),
    z.object({ blob: z.object({ b: z.string(), t: z.string() }) }),
    z.object({ file: z.object({ b: z.string(), t: z.string(), n: z.string(), m: z.number() }) }),
  ]),
);
