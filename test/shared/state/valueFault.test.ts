import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeValue } from "../../../shared/state/decodeValue.ts";
import { Value } from "../../../shared/state/value.ts";
import { valueFault } from "../../../shared/state/valueFault.ts";
import { ValueSyntax } from "../../../shared/state/valueSyntax.ts";
import { anyValue } from "./arbitraries.ts";

const named = { o: [], id: 1 };

describe("a foreign Value", () => {
  it.each<[string, unknown, (string | number)[], string]>([
    ["nothing", undefined, [], "a value"],
    ["null, which has a word", null, [], "a value"],
    ["a bare list", [1], [], "a value"],
    ["NaN", NaN, [], "a finite number other than -0"],
    ["-0", { a: [-0], id: 1 }, ["a", 0], "a finite number other than -0"],
    ["a handle of Playwright's", { h: 0 }, [], "a value of one known kind"],
    ["a function of Playwright's", { fn: "cAnArY" }, [], "a value of one known kind"],
    ["an empty object", {}, [], "a value of one known kind"],
    ["two kinds at once", { d: "", bi: "1" }, [], "a value of one known kind"],
    ["a kind of Object's own", JSON.parse('{"__proto__": 1}'), [], "a value of one known kind"],
    ["an unknown special", { v: "cAnArY" }, [], "null, undefined, NaN, Infinity, -Infinity or -0"],
    ["a date that is none", { d: "cAnArY" }, [], "a date in ISO 8601"],
    ["a date that is no text", { d: 5 }, [], "a date in ISO 8601"],
    ["a URL that is none", { u: "cAnArY" }, [], "a URL"],
    ["a BigInt with a fraction", { bi: "1.5" }, [], "a whole number"],
    ["a BigInt in two forms", { bi: "007" }, [], "a whole number"],
    ["a BigInt of a million digits", { bi: "9".repeat(1_000_000) }, [], "a whole number"],
    ["an error without a message", { e: { n: "Error", s: "" } }, [], "an error's name"],
    ["an error with a property of its own", { e: { n: "Error", m: "", s: "", own: [{ k: "__proto__", v: 1 }] } }, [], "names k that such a value has"],
    ["unknown flags", { r: { p: "a", f: "gx" } }, [], "an expression p and its flags"],
    ["an array without an id", { a: [] }, [], "an id"],
    ["an id that is text", { s: [], id: "1" }, [], "an id that is given once"],
    ["an id given twice", { a: [named, { o: [], id: 1 }], id: 2 }, ["a", 1], "an id that is given once"],
    ["an array shorter than its values", { a: [1, 2], id: 1, n: 1 }, [], "an array's length"],
    ["an array longer than any", { a: [], id: 1, n: 2 ** 32 }, [], "an array's length"],
    ["an array that sets its own length", { a: [], id: 1, more: [{ k: "length", v: named }] }, [], "names k"],
    ["an object as an object", { o: { a: 1 }, id: 1 }, [], "a list of names k and values v"],
    ["a member without a value", { o: [{ k: "cAnArY" }], id: 1 }, [], "a list of names k and values v"],
    ["a member whose name is no text", { o: [{ k: 1, v: 1 }], id: 1 }, [], "names k"],
    ["a bad value in an object", { o: [{ k: "cAnArY", v: null }], id: 1 }, ["o", 0, "v"], "a value"],
    ["a bad key in a Map", { m: [{ k: null, v: 1 }], id: 1 }, ["m", 0, "k"], "a value"],
    ["a ref that points nowhere", { a: [{ ref: 7 }], id: 1 }, ["a", 0], "a ref to an id given before it"],
    ["a ref before its id", { a: [{ ref: 2 }, { o: [], id: 2 }], id: 1 }, ["a", 0], "a ref to an id given before it"],
    ["base64 that is none", { ab: { b: "cAn-rY==" } }, [], "base64"],
    ["base64 without padding", { ab: { b: "AAA" } }, [], "base64"],
    ["base64 with a line break", { ab: { b: "AAAA\nAAA" } }, [], "base64"],
    ["an unknown kind of typed array", { ta: { b: "", k: "i64" } }, [], "a typed array's kind"],
    ["a kind of Object's", { ta: { b: "", k: "constructor" } }, [], "a typed array's kind"],
    ["three bytes of 16-bit numbers", { ta: { b: "AAAA", k: "i16" } }, [], "base64 of a multiple of 2 bytes"],
    ["a view beyond its buffer", { view: { of: { ab: { b: "AAAA" } }, k: "ui8", at: 2, n: 2 } }, [], "a view within its buffer"],
    ["a view between two elements", { view: { of: { ab: { b: "AAAAAAAA" } }, k: "ui16", at: 1, n: 1 } }, [], "a view within its buffer"],
    ["a view before its buffer", { view: { of: { ab: { b: "AAAA" } }, k: "ui8", at: -1, n: 1 } }, [], "a view's buffer"],
    ["a view on no buffer", { a: [named, { view: { of: { ref: 1 }, k: "ui8", at: 0, n: 0 } }], id: 2 }, ["a", 1], "on an ArrayBuffer"],
    ["an object in a box", { box: named }, [], "in a box"],
    ["null in a box", { box: { v: "null" } }, [], "in a box"],
    ["a Blob without a type", { blob: { b: "" } }, [], "a Blob's type"],
    ["a File without a time", { file: { b: "", t: "", n: "" } }, [], "a File's type"],
    ["33 MiB together", { a: [{ ab: { b: "AAAA".repeat(6e6) } }, { ab: { b: "AAAA".repeat(6e6) } }], id: 1 }, ["a", 1], "bytes of binary data"],
  ])("is refused for %s, with the place and what was expected", (_what, value, path, expected) => {
    expect(valueFault(value)).toEqual({ path, expected: expect.stringContaining(expected) as string });
    const refuse = () => decodeValue(value as Value);
    expect(refuse).toThrow(expect.objectContaining({ code: "fileFormat" }) as Error);
    expect(refuse).not.toThrow("cAnArY");
    expect(Value.safeParse(value).success).toBe(false);
  });

  it("is refused for its depth, however deep", () => {
    let value: unknown = 1;
    for (let id = 1; id <= 100_000; id++) value = { o: [{ k: "a", v: value }], id };
    expect(valueFault(value)).toMatchObject({ expected: "a value nested at most 256 levels deep" });
  });

  it("is good where it was written here", () => {
    fc.assert(fc.property(anyValue, (value) => {
        expect(valueFault(JSON.parse(JSON.stringify(value)))).toBeUndefined();
        expect(ValueSyntax.safeParse(value).success).toBe(true);
      }),
   );
  });

  it("never changes a prototype, whatever its names are", () => {
    const made = decodeValue({ o: [{ k: "__proto__", v: { o: [{ k: "polluted", v: true }], id: 2 } }, { k: "constructor", v: { o: [], id: 3 } }], id: 1 });
    expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
    expect(made).not.toHaveProperty("polluted");
    expect({}).not.toHaveProperty("polluted");
    const array = decodeValue({ a: [], id: 1, more: [{ k: "__proto__", v: { o: [], id: 2 } }] });
    expect(Array.isArray(array) && Object.getPrototypeOf(array) === Array.prototype).toBe(true);
  });

  it.each<[string, Value, string]>([
    ["an expression", { r: { p: "(", f: "" } }, "a stored regular expression: expected one that this browser knows"],
    ["flags that contradict each other", { r: { p: "a", f: "gg" } }, "a stored regular expression: expected one that this browser knows"],
  ])("with %s this engine does not know is refused when it is made", (_what, value, message) => {
    expect(valueFault(value)).toBeUndefined();
    expect(() => decodeValue(value)).toThrow(new RegExp(message, "i"));
  });
});
