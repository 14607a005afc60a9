import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeValue } from "../../../shared/state/decodeValue.ts";
import { encodeNow, encodeValue } from "../../../shared/state/encodeValue.ts";
import { Value } from "../../../shared/state/value.ts";
import { depthLimit } from "../../../shared/state/valueKinds.ts";
import { anyClone, sameClone, valueOf } from "./arbitraries.ts";

/** As it travels and is stored. */
function throughJson(value: Value): Value {
  return Value.parse(JSON.parse(JSON.stringify(value)));
}

const shared = { a: 1 };
const date = new Date(86_400_000);
const buffer = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]).buffer;
const cyclic: unknown[] = [];
cyclic.push(cyclic);
const sparse = [1, 2];
sparse[5] = 6;
const far: unknown[] = [];
far[2 ** 32 - 2] = "last";
const causing = new Error("a");
causing.cause = causing;

const table: [string, unknown, unknown][] = [
  ["true", true, true],
  ["a number", 1.5, 1.5],
  ["NaN", NaN, { v: "NaN" }],
  ["-0", -0, { v: "-0" }],
  ["Infinity", Infinity, { v: "Infinity" }],
  ["-Infinity", -Infinity, { v: "-Infinity" }],
  ["undefined", undefined, { v: "undefined" }],
  ["null", null, { v: "null" }],
  ["a string with half a character", "\ud800", "\ud800"],
  ["a BigInt", -(2n ** 70n), { bi: "-1180591620717411303424" }],
  ["a date", date, { d: "1970-01-02T00:00:00.000Z" }],
  ["a date far away", new Date(8.64e15), { d: "+275760-09-13T00:00:00.000Z" }],
  ["an invalid date", new Date(NaN), { d: "" }],
  ["a date that is there twice", [date, date], { a: [{ d: "1970-01-02T00:00:00.000Z", id: 2 }, { ref: 2 }], id: 1 }],
  ["an expression", /a\/b/gi, { r: { p: "a\\/b", f: "gi" } }],
  ["an array", [1, [2]], { a: [1, { a: [2], id: 2 }], id: 1 }],
  ["an array in itself", cyclic, { a: [{ ref: 1 }], id: 1 }],
  ["an array with holes", sparse, { a: [1, 2], id: 1, n: 6, more: [{ k: "5", v: 6 }] }],
  ["an array of holes only", new Array(3), { a: [], id: 1, n: 3 }],
  ["an array as long as can be", far, { a: [], id: 1, n: 2 ** 32 - 1, more: [{ k: String(2 ** 32 - 2), v: "last" }] }],
  ["an array with a property", Object.assign(["m"], { index: 4 }), { a: ["m"], id: 1, n: 1, more: [{ k: "index", v: 4 }] }],
  ["an object", { b: 1, a: null }, { o: [{ k: "b", v: 1 }, { k: "a", v: { v: "null" } }], id: 1 }],
  ["an object that is there twice", { a: shared, b: shared }, { o: [{ k: "a", v: { o: [{ k: "a", v: 1 }], id: 2 } }, { k: "b", v: { ref: 2 } }], id: 1 }],
  ["a property named __proto__", JSON.parse('{"__proto__": {"polluted": true}}'), { o: [{ k: "__proto__", v: { o: [{ k: "polluted", v: true }], id: 2 } }], id: 1 }],
  ["a Map", new Map<unknown, unknown>([[NaN, "n"], [shared, 1]]), { m: [{ k: { v: "NaN" }, v: "n" }, { k: { o: [{ k: "a", v: 1 }], id: 2 }, v: 1 }], id: 1 }],
  ["a Set", new Set([undefined, "a"]), { s: [{ v: "undefined" }, "a"], id: 1 }],
  ["an error with a cause", withStack(new RangeError("oh", { cause: 1 })), { e: { n: "RangeError", m: "oh", s: "there", own: [{ k: "cause", v: 1 }] } }],
  ["an error that is its own cause", withStack(causing), { e: { n: "Error", m: "a", s: "there", own: [{ k: "cause", v: { ref: 1 } }] }, id: 1 }],
  ["several errors", withStack(new AggregateError([1], "many")), { e: { n: "AggregateError", m: "many", s: "there", own: [{ k: "errors", v: { a: [1], id: 1 } }] } }],
  ["a boxed boolean", Object(false), { box: false }],
  ["a boxed -0", Object(-0), { box: { v: "-0" } }],
  ["a boxed string", Object("ab"), { box: "ab" }],
  ["a boxed BigInt", Object(1n), { box: { bi: "1" } }],
  ["an ArrayBuffer", new Uint8Array([255, 0, 1]).buffer, { ab: { b: "/wAB" } }],
  ["an empty ArrayBuffer", new ArrayBuffer(0), { ab: { b: "" } }],
  ["an Int8Array", Int8Array.of(-1), { ta: { b: "/w==", k: "i8" } }],
  ["a Uint8Array", Uint8Array.of(255), { ta: { b: "/w==", k: "ui8" } }],
  ["a Uint8ClampedArray", Uint8ClampedArray.of(300), { ta: { b: "/w==", k: "ui8c" } }],
  ["an Int16Array", Int16Array.of(-2), { ta: { b: "/v8=", k: "i16" } }],
  ["a Uint16Array", Uint16Array.of(1), { ta: { b: "AQA=", k: "ui16" } }],
  ["an Int32Array", Int32Array.of(-1), { ta: { b: "/////w==", k: "i32" } }],
  ["a Uint32Array", Uint32Array.of(1), { ta: { b: "AQAAAA==", k: "ui32" } }],
  ["a Float32Array", Float32Array.of(1), { ta: { b: "AACAPw==", k: "f32" } }],
  ["a Float64Array", Float64Array.of(-0), { ta: { b: "AAAAAAAAAIA=", k: "f64" } }],
  ["a BigInt64Array", BigInt64Array.of(-1n), { ta: { b: "//////////8=", k: "bi64" } }],
  ["a BigUint64Array", BigUint64Array.of(1n), { ta: { b: "AQAAAAAAAAA=", k: "bui64" } }],
  ["a part of a buffer", new Uint16Array(buffer, 2, 2), { view: { of: { ab: { b: "AQIDBAUGBwg=" } }, k: "ui16", at: 2, n: 2 } }],
  ["two views on one buffer", [new Uint8Array(buffer), new Uint8Array(buffer, 4)], { a: [{ ta: { b: "AQIDBAUGBwg=", k: "ui8" }, buffer: 2 }, { view: { of: { ref: 2 }, k: "ui8", at: 4, n: 4 } }], id: 1 }],
  ["a view and its buffer", [new Uint8Array(buffer), buffer], { a: [{ ta: { b: "AQIDBAUGBwg=", k: "ui8" }, buffer: 2 }, { ref: 2 }], id: 1 }],
  ["a buffer and its view", [buffer, new DataView(buffer, 1)], { a: [{ ab: { b: "AQIDBAUGBwg=" }, id: 2 }, { view: { of: { ref: 2 }, k: "dv", at: 1, n: 7 } }], id: 1 }],
];

function withStack<E extends Error>(error: E): E {
  Object.defineProperty(error, "stack", { value: "there", writable: true, configurable: true, enumerable: false });
  return error;
}

describe("a structured clone as JSON", () => {
  it.each(table)("writes %s and makes it again", (_what, of, written) => {
    const value = valueOf(of);
    expect(value).toStrictEqual(written);
    expect(sameClone(decodeValue(throughJson(value)), of)).toBe(true);
  });

  it("reads a URL, which only Playwright's own values have", () => {
    expect(decodeValue({ u: "https://a.test/" })).toEqual(new URL("https://a.test/"));
  });

  it("gives an error that Playwright saw under a name of its own that name", () => {
    expect(decodeValue({ e: { n: "AuthError", m: "x", s: "" } })).toMatchObject({ name: "AuthError", message: "x" });
  });

  it("gives back whatever structured cloning gives, same objects in the same places", () => {
    fc.assert(
      fc.property(anyClone, (clone) => {
        expect(sameClone(decodeValue(throughJson(valueOf(clone))), clone)).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it("says the same of a clone and of what it made of it", () => {
    fc.assert(
      fc.property(anyClone, (clone) => {
        const value = valueOf(clone);
        expect(valueOf(decodeValue(value))).toStrictEqual(value);
      }),
    );
  });

  it("makes a class's object a plain one and reads accessors, as structured cloning does", () => {
    class Point {
      x = 1;
      get y() {
        return 2;
      }
    }
    expect(decodeValue(valueOf(new Point()))).toStrictEqual({ x: 1 });
    expect(valueOf({ get x() { return 3; } })).toEqual(valueOf({ x: 3 }));
  });

  it("tells kinds by what they are and not by their prototype, which in a content script is the page's", () => {
    const foreign = Object.setPrototypeOf(new Map([[1, 2]]), Object.create(Map.prototype) as object) as object;
    expect(valueOf(foreign)).toEqual({ m: [{ k: 1, v: 2 }], id: 1 });
  });
});

describe("Blobs and Files", () => {
  it("are read and made again with type, name and time", async () => {
    const blob = new Blob(["héllo"], { type: "text/plain" });
    const file = new File([Uint8Array.of(0, 255)], "a/ü.bin", { type: "application/x", lastModified: 1234 });
    const encoded = await encodeValue({ blob, again: blob, file });
    expect(encoded).toEqual({
      kind: "value",
      value: {
        o: [
          { k: "blob", v: { blob: { b: "aMOpbGxv", t: "text/plain" }, id: 2 } },
          { k: "again", v: { ref: 2 } },
          { k: "file", v: { file: { b: "AP8=", t: "application/x", n: "a/ü.bin", m: 1234 } } },
        ],
        id: 1,
      },
    });
    const made = encoded.kind === "value" ? (decodeValue(throughJson(encoded.value)) as { blob: Blob; again: Blob; file: File }) : undefined;
    expect(await made?.blob.text()).toBe("héllo");
    expect(made?.blob.type).toBe("text/plain");
    expect(made?.again).toBe(made?.blob);
    expect(made?.file).toMatchObject({ name: "a/ü.bin", type: "application/x", lastModified: 1234, size: 2 });
  });

  it("that cannot be read are named", async () => {
    const gone = Object.assign(new Blob(["x"]), { arrayBuffer: () => Promise.reject(new DOMException("gone", "NotReadableError")) });
    expect(await encodeValue([gone])).toEqual({ kind: "notPortable", what: "a Blob or File that cannot be read" });
  });

  it("are no part of what can be told at once", () => {
    expect(encodeNow(new Blob([]))).toEqual({ kind: "notPortable", what: "a Blob" });
  });
});

describe("what has no words", () => {
  it.each<[string, () => unknown, string]>([
    ["a CryptoKey", () => crypto.subtle.generateKey({ name: "AES-GCM", length: 128 }, false, ["encrypt"]), "CryptoKey"],
    ["an ImageData", () => ({ [Symbol.toStringTag]: "ImageData" }), "ImageData"],
    ["a file handle", () => ({ [Symbol.toStringTag]: "FileSystemFileHandle" }), "FileSystemFileHandle"],
    ["a DOMException", () => new DOMException("x"), "DOMException"],
    ["a function", () => () => 1, "a function"],
    ["a symbol", () => Symbol("cAnArY"), "a symbol"],
    ["a SharedArrayBuffer", () => new SharedArrayBuffer(1), "SharedArrayBuffer"],
    ["a view on a SharedArrayBuffer", () => new Uint8Array(new SharedArrayBuffer(1)), "SharedArrayBuffer"],
    ["a resizable ArrayBuffer", () => new Uint8Array(Reflect.construct(ArrayBuffer, [1, { maxByteLength: 2 }]) as ArrayBuffer), "a resizable ArrayBuffer"],
    ["a BigInt of a million digits", () => 10n ** 1_000_000n, "a BigInt of over 100000 digits"],
    ["33 MiB", () => [new ArrayBuffer(33 * 1024 * 1024)], "a value of over 33554432 bytes of binary data"],
  ])("names %s wherever it is", async (_what, make, what) => {
    expect(await encodeValue({ deep: [new Map([["cAnArY", await make()]])] })).toEqual({ kind: "notPortable", what });
  });

  it("is what nests too deep, with no limit to how deep that may be", async () => {
    const nested = (depth: number) => {
      let value: unknown = "end";
      for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { value };
      return value;
    };
    expect(await encodeValue(nested(100_000))).toEqual({ kind: "notPortable", what: `a value nested over ${depthLimit} levels deep` });
    expect(encodeNow(nested(depthLimit + 1)).kind).toBe("notPortable");
    expect(sameClone(decodeValue(throughJson(valueOf(nested(depthLimit)))), nested(depthLimit))).toBe(true);
  });
});
