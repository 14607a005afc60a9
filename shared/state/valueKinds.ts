export const specialValues = ["null", "undefined", "NaN", "Infinity", "-Infinity", "-0"] as const;
export type SpecialValue = (typeof specialValues)[number];

/** The bytes of one element by kind. `f16` is ours: Playwright and Node 20 do not know it. */
export const elementSizes = { i8: 1, ui8: 1, ui8c: 1, i16: 2, ui16: 2, i32: 4, ui32: 4, f16: 2, f32: 4, f64: 8, bi64: 8, bui64: 8 } as const;
export type TypedArrayKind = keyof typeof elementSizes;

export function isTypedArrayKind(kind: string): kind is TypedArrayKind {
  return Object.hasOwn(elementSizes, kind);
}

/**
 * Structured clones nest deeper than JSON can be written in any engine (Node 20 ends near 1,700 levels of JSON, and a level of
 * a Value is up to three of those), so that both ends keep to this.
 */
export const depthLimit = 256;

/** What binary data of one value may sum up to, in bytes: a message of the wire takes no more in base64. */
export const bytesLimit = 32 * 1024 * 1024;

/** Digits of a BigInt: more are an attack, not a number. */
export const bigIntLimit = 100_000;
