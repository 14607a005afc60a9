import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { entriesOf, stateOf } from "../../../shared/formats/entries.ts";
import { json } from "../../../shared/formats/state.ts";
import { stateSchema } from "../../../shared/formats/stateSchema.ts";
import { anyEntries } from "../state/arbitraries.ts";
import { cookie, everything, now, options, origin } from "./arbitraries.ts";

const document = { format: "stead-state", version: 1, project: "acme", exportedAt: "2027-01-15T08:00:00.000Z", cookies: [cookie()], origins: [] };

describe("Stead's own JSON", () => {
  it("says what it is, whose and when", () => {
    expect(JSON.parse(json.write({ cookies: [cookie()], origins: [] }, options).document)).toEqual(document);
  });

  it("holds everything, partitions and first-party domains included", () => {
    const cookies = [cookie({ partitionKey: { topLevelSite: "https://top.test" }, firstPartyDomain: "top.test", expires: 1_900_000_000.25, value: "a\tb" })];
    const written = json.write({ ...everything, cookies }, options);
    expect(written).toMatchObject({ cookies: 1, origins: 2, dropped: [], lost: [] });
    expect(json.read(written.document, { now })).toEqual({ ...everything, cookies, repaired: [], dropped: [] });
  });

  it("gives back every entry there may be", () => {
    fc.assert(
      fc.property(anyEntries, (entries) => {
        const written = json.write(stateOf(entries), options);
        const back = json.read(written.document, { now });
        expect(back).toMatchObject({ repaired: [], dropped: [] });
        expect(entriesOf(back)).toEqual(entriesOf(stateOf(entries)));
      }),
    );
  });

  it("reads documents from before there was page storage", () => {
    expect(json.read(JSON.stringify({ ...document, origins: undefined }), { now })).toEqual({ cookies: [cookie()], origins: [], repaired: [], dropped: [] });
  });

  it("takes the later of two of one identity, whatever form its key has", () => {
    const records = [{ store: "s", key: { v: "-0" }, value: 1 }, { store: "s", key: 0, value: 2 }];
    const given = { ...document, origins: [{ origin: "https://a.test", databases: [{ name: "d", records }] }, { origin: "https://a.test", localStorage: [{ name: "k", value: "v" }] }] };
    expect(json.read(JSON.stringify(given), { now })).toMatchObject({
      origins: [origin({ origin: "https://a.test", localStorage: [{ name: "k", value: "v" }], databases: [{ name: "d", records: [{ store: "s", key: 0, value: 2 }] }] })],
      repaired: [{ reason: "named twice: the later one was taken", count: 1 }],
    });
  });

  it.each<[string, unknown, string]>([
    ["another format", { ...document, format: "cAnArY" }, 'at format: expected "stead-state"'],
    ["a newer version", { ...document, version: 2 }, "version 1; update Stead"],
    ["an unknown older version", { ...document, version: 0 }, "at version: expected 1"],
    ["no cookies", { ...document, cookies: undefined }, "at cookies: expected an array"],
    ["a cookie without a domain", { ...document, cookies: [{ ...cookie(), domain: undefined }] }, "at cookies[0].domain: expected a string"],
    ["an origin with a path", { ...document, origins: [{ origin: "https://a.test/cAnArY" }] }, "at origins[0].origin: expected"],
    ["a value that is none", { ...document, origins: [{ origin: "https://a.test", databases: [{ name: "d", records: [{ store: "s", key: 1, value: { ref: 4 } }] }] }] }, "at origins[0].databases[0].records[0].value: expected a ref to an id given before it"],
    ["a key that is none", { ...document, origins: [{ origin: "https://a.test", databases: [{ name: "d", records: [{ store: "s", key: true, value: 1 }] }] }] }, "at origins[0].databases[0].records[0].key: expected a number, a date"],
    ["a key path that is none", { ...document, origins: [{ origin: "https://a.test", databases: [{ name: "d", shape: { version: 1, stores: [{ name: "s", keyPath: "cAn-ArY", autoIncrement: false, indexes: [] }] } }] }] }, "at origins[0].databases[0].shape: expected a store's key path"],
    ["an unknown SameSite", { ...document, cookies: [{ ...cookie(), sameSite: "cAnArY" }] }, "at cookies[0].sameSite: expected"],
  ])("refuses %s", (_what, given, message) => {
    const read = () => json.read(JSON.stringify(given), { now });
    expect(read).toThrow(message);
    expect(read).not.toThrow("cAnArY");
  });

  it("drops from a document what no browser keeps", () => {
    const given = { ...document, cookies: [cookie({ domain: ".com" })] };
    expect(json.read(JSON.stringify(given), { now })).toMatchObject({ cookies: [], dropped: [{ reason: "for a whole public suffix", count: 1 }] });
  });

  it("is described by docs/state.schema.json (vitest -u writes it anew)", async () => {
    await expect(`${JSON.stringify(stateSchema(), null, 2)}\n`).toMatchFileSnapshot("../../../docs/state.schema.json");
  });
});
