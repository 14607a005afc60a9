import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { playwright } from "../../../shared/formats/playwright.ts";
import { isEcho } from "../../../shared/formats/playwrightEcho.ts";
import type { Value } from "../../../shared/state/value.ts";
import { anyValue } from "../state/arbitraries.ts";
import { now, options, origin } from "./arbitraries.ts";

const inObject = (value: Value, id = 1): Value => ({ o: [{ k: "in", v: value }], id });
const map: Value = { m: [{ k: "k", v: { v: "null" } }], id: 2 };

describe("isEcho", () => {
  it.each<[string, Value, Value]>([
    ["a plain object of a Map's form", inObject({ o: [{ k: "m", v: { a: [{ o: [{ k: "k", v: "k" }, { k: "v", v: { o: [{ k: "v", v: "null" }], id: 5 } }], id: 4 }], id: 3 } }, { k: "id", v: 2 }], id: 2 }), inObject(map)],
    ["an empty object for a Map", inObject({ o: [], id: 2 }), inObject(map)],
    ["an empty object for a Set", { o: [], id: 1 }, { s: [1], id: 1 }],
    ["an empty object for a buffer", inObject({ o: [], id: 2 }), inObject({ ab: { b: "AQ==" } })],
    ["a plain object of a typed array's form", { o: [{ k: "ta", v: { o: [{ k: "b", v: "AQ==" }, { k: "k", v: "ui8" }], id: 2 } }], id: 1 }, { ta: { b: "AQ==", k: "ui8" } }],
    ["null for NaN", inObject({ v: "null" }), inObject({ v: "NaN" })],
    ["0 for -0", 0, { v: "-0" }],
    ["copies for what was one", { a: [{ o: [], id: 2 }, { o: [], id: 3 }], id: 1 }, { a: [{ o: [], id: 2 }, { ref: 2 }], id: 1 }],
    ["undefined for a hole", { a: [1, { v: "undefined" }], id: 1 }, { a: [1], n: 2, id: 1 }],
    ["nothing for what a Map named", { a: [{ o: [], id: 2 }, { v: "undefined" }], id: 1 }, { a: [{ m: [], id: 2 }, { ref: 2 }], id: 1 }],
  ])("knows %s", (_what, theirs, given) => {
    expect(isEcho(theirs, given)).toBe(true);
  });

  it.each<[string, Value, Value]>([
    ["another Map", inObject({ m: [], id: 2 }), inObject(map)],
    ["an object with something in it where a Map was", inObject(inObject(1, 2)), inObject(map)],
    ["a change beside a lost Map", { o: [{ k: "in", v: { o: [], id: 2 } }, { k: "new", v: 1 }], id: 1 }, inObject(map)],
    ["an empty object where an object was", inObject({ o: [], id: 2 }), inObject(inObject(1, 2))],
    ["null for a number", inObject({ v: "null" }), inObject(1)],
    ["0 for NaN", 0, { v: "NaN" }],
    ["anything of what is not written", { o: [], id: 1 }, { blob: { b: "", t: "" } }],
  ])("does not take for one %s", (_what, theirs, given) => {
    expect(isEcho(theirs, given)).toBe(false);
  });

  it("knows every value that was written and read back", () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const state = [origin({ databases: [{ name: "d", shape: { version: 1, stores: [{ name: "s", keyPath: null, autoIncrement: false, indexes: [] }] }, records: [{ store: "s", key: 1, value }] }] })];
        const back = playwright.read(playwright.write({ cookies: [], origins: state }, options).document, { now }).origins[0]?.databases[0]?.records[0];
        expect(back === undefined || isEcho(back.value, value)).toBe(true);
      }),
    );
  });
});
