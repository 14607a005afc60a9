import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readClone } from "../../../native-host/import/structuredClone.ts";
import { errorCode } from "../../support/errorCode.ts";

const tags = { null: 0, undefined: 1, boolean: 2, int32: 3, string: 4, date: 5, regexp: 6, array: 7, object: 8, numberObject: 12, backReference: 13, map: 17, end: 19 };

function word(tag: number, data = 0): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(data >>> 0, 0);
  bytes.writeUInt32LE(tag, 4);
  return bytes;
}

const tagged = (kind: keyof typeof tags, data = 0): Buffer => word(0xffff_0000 + tags[kind], data);
const header = word(0xfff1_0000, 2);

function double(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
}

function text(value: string): Buffer {
  const latin1 = /^[\0-\xff]*$/.test(value);
  const bytes = Buffer.from(value, latin1 ? "latin1" : "utf16le");
  return Buffer.concat([tagged("string", latin1 ? value.length + 2 ** 31 : value.length), bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)]);
}

/** As SpiderMonkey writes it. */
function clone(value: unknown): Buffer {
  if (value === null) return tagged("null");
  if (value === undefined) return tagged("undefined");
  if (typeof value === "boolean") return tagged("boolean", Number(value));
  if (typeof value === "number") return Object.is(value | 0, value) ? tagged("int32", value) : double(value);
  if (typeof value === "string") return text(value);
  if (value instanceof Date) return Buffer.concat([tagged("date"), double(value.getTime())]);
  const entries = Array.isArray(value) ? value.map((one: unknown, index) => [index, one] as const) : Object.entries(value);
  const begin = Array.isArray(value) ? tagged("array", value.length) : tagged("object");
  return Buffer.concat([begin, ...entries.flatMap(([key, one]) => [clone(key), clone(one)]), tagged("end")]);
}

const document = (...parts: Buffer[]): Uint8Array => Buffer.concat([header, ...parts]);

describe("a structured clone", () => {
  it("gives back what was written, wide texts and whatever JSON can say among it", () => {
    fc.assert(fc.property(fc.jsonValue(), fc.string({ unit: "binary" }), (value, wide) => {
      const given = { value, wide, date: new Date(0), nothing: undefined };
      expect(readClone(document(clone(given)))).toEqual(given);
    }));
  });

  it("begins with a header, or without, as before Firefox 54", () => {
    expect(readClone(clone("x"))).toBe("x");
  });

  it("keeps a name that objects inherit", () => {
    const read = readClone(document(tagged("object"), text("__proto__"), clone({ a: 1 }), tagged("end")));
    expect(Object.entries(read ?? {})).toEqual([["__proto__", { a: 1 }]]);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  });

  it("finds what it refers back to", () => {
    expect(readClone(document(tagged("array", 2), clone(0), clone({ a: 1 }), clone(1), tagged("backReference", 1), tagged("end")))).toEqual([{ a: 1 }, { a: 1 }]);
  });

  it("has no beginning that is a value of its own", async () => {
    const bytes = document(clone({ a: ["ü", 1.5, { b: "漢字" }], c: null }));
    for (let end = 0; end < bytes.length; end++) expect(await errorCode(() => readClone(bytes.subarray(0, end)))).toBe("fileFormat");
  });

  it("breaks with an error of its own, or not, wherever a byte is wrong", async () => {
    const bytes = document(clone({ a: ["ü", 1.5, { b: "漢字" }], c: null, d: new Date(5) }));
    for (let place = 0; place < bytes.length; place++) {
      for (const byte of [0, 1, 8, 0x7f, 0xff]) {
        const wrong = Buffer.from(bytes);
        wrong[place] = byte;
        expect(["none", "fileFormat"]).toContain(await errorCode(() => readClone(wrong)));
      }
    }
  });

  it.each<[string, Uint8Array]>([
    ["a regular expression", document(tagged("regexp"))],
    ["a Map", document(tagged("map"), tagged("end"))],
    ["a text longer than the bytes", document(tagged("string", 2 ** 31 - 1))],
    ["an array with a hole", document(tagged("array", 9), clone(5), clone(1), tagged("end"))],
    ["an array with a name", document(tagged("array", 1), text("x"), clone(1), tagged("end"))],
    ["an object as a key", document(tagged("object"), clone({}), clone(1), tagged("end"))],
    ["what contains itself", document(tagged("object"), text("a"), tagged("backReference", 0), tagged("end"))],
    ["a reference to nothing", document(tagged("backReference", 7))],
    ["what is too deep", document(Buffer.concat(Array.from({ length: 5000 }, () => Buffer.concat([tagged("array", 1), clone(0)]))))],
  ])("is refused for %s", async (_what, bytes) => {
    expect(await errorCode(() => readClone(bytes))).toBe("fileFormat");
  });
});
