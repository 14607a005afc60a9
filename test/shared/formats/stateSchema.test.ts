import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { json } from "../../../shared/formats/state.ts";
import { stateOf } from "../../../shared/formats/index.ts";
import { stateSchema } from "../../../shared/formats/stateSchema.ts";
import { entryKey } from "../../../shared/state/entryKey.ts";
import { anyEntries } from "../state/arbitraries.ts";
import { anyCookie, cookie, everything, now, options } from "./arbitraries.ts";

const file = new URL("../../../docs/state.schema.json", import.meta.url);
const isValid = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(JSON.parse(readFileSync(file, "utf8")) as object);

const anyDocument = fc
  .record({ cookies: fc.uniqueArray(anyCookie, { selector: (made) => entryKey({ kind: "cookie", ...made }), maxLength: 4 }), entries: anyEntries })
  .map(({ cookies, entries }) => json.write({ ...everything, cookies, origins: stateOf(entries).origins }, options).document);

const whole = json.write({ ...everything, cookies: [cookie({ expires: 1_900_000_000, partitionKey: { topLevelSite: "https://top.test" } })] }, options).document;
const junk = fc.constantFrom<unknown>(null, true, 0, -1, 0.5, "", "x", "https://a.test", [], {}, [1], { v: "null" }, { v: "nothing" }, { o: [], id: 1 }, { ref: 9 }, undefined);

/** The document with what stands at one place, any, replaced; `undefined` takes it out. */
function altered(text: string, place: number, by: unknown): string {
  let at = 0;
  const count = places(text) - 1;
  return JSON.stringify(JSON.parse(text, (_key, value: unknown) => (at++ === place % count ? by : value)));
}

function places(text: string): number {
  let count = 0;
  JSON.parse(text, (_key, value: unknown) => {
    count++;
    return value;
  });
  return count;
}

function isRead(text: string): boolean {
  try {
    json.read(text, { now });
    return true;
  } catch {
    return false;
  }
}

describe("docs/state.schema.json", () => {
  it("is what the code makes of its own schema", () => {
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(JSON.parse(JSON.stringify(stateSchema())));
  });

  it("holds for every document that is written", () => {
    fc.assert(
      fc.property(anyDocument, (text) => {
        expect(isValid(JSON.parse(text)), JSON.stringify(isValid.errors)).toBe(true);
      }),
    );
  });

  it("holds for everything that the import takes", () => {
    fc.assert(
      fc.property(fc.nat(), junk, (place, by) => {
        const given = altered(whole, place, by);
        expect(!isRead(given) || isValid(JSON.parse(given)), `${given} ${JSON.stringify(isValid.errors)}`).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, (document: Record<string, unknown>) => object]>([
    ["another format", (document) => ({ ...document, format: "cookies" })],
    ["a newer version", (document) => ({ ...document, version: 2 })],
    ["no cookies", (document) => ({ ...document, cookies: undefined })],
    ["a cookie whose expiry is text", (document) => ({ ...document, cookies: [{ ...cookie(), expires: "1900000000" }] })],
    ["a cookie with Chromium's word for SameSite", (document) => ({ ...document, cookies: [{ ...cookie(), sameSite: "Lax" }] })],
    ["a cookie without a domain", (document) => ({ ...document, cookies: [{ ...cookie(), domain: undefined }] })],
    ["an origin that is a file", (document) => ({ ...document, origins: [{ origin: "file:///a" }] })],
    ["an origin with a path", (document) => ({ ...document, origins: [{ origin: "https://a.test/b" }] })],
    ["an item that is a number", (document) => ({ ...document, origins: [{ origin: "https://a.test", localStorage: [{ name: "k", value: 1 }] }] })],
    ["a value of no known kind", (document) => ({ ...document, origins: [{ origin: "https://a.test", databases: [{ name: "d", records: [{ store: "s", key: 1, value: { fn: "x" } }] }] }] })],
    ["a handle for a value", (document) => ({ ...document, origins: [{ origin: "https://a.test", databases: [{ name: "d", records: [{ store: "s", key: 1, value: { h: 0 } }] }] }] })],
    ["a list for a document", () => []],
  ])("refuses %s, as the import does", (_what, alter) => {
    const given = alter(JSON.parse(whole) as Record<string, unknown>);
    const text = JSON.stringify(given);
    expect(isValid(JSON.parse(text))).toBe(false);
    expect(isRead(text)).toBe(false);
  });
});
