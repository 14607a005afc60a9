import * as z from "zod/mini";
import { describe, expect, it } from "vitest";
import { json, StateDocument } from "../../../shared/formats/state.ts";
import { cookie, now, options } from "./arbitraries.ts";

const document = { format: "stead-state", version: 1, project: "acme", exportedAt: "2027-01-15T08:00:00.000Z", cookies: [cookie()], origins: [] };

describe("Stead's own JSON", () => {
  it("says what it is, whose and when", () => {
    expect(JSON.parse(json.write({ cookies: [cookie()], origins: [] }, options).document)).toEqual(document);
  });

  it("holds everything, partitions and first-party domains included", () => {
    const cookies = [cookie({ partitionKey: { topLevelSite: "https://top.test" }, firstPartyDomain: "top.test", expires: 1_900_000_000.25, value: "a\tb" })];
    const origins = [{ origin: "https://app.acme.test", localStorage: [{ name: "k", value: "v" }] }];
    const written = json.write({ cookies, origins }, options);
    expect(written).toMatchObject({ cookies: 1, origins: 1, dropped: [], lost: [] });
    expect(json.read(written.document, { now })).toEqual({ cookies, origins, repaired: [], dropped: [] });
  });

  it.each<[string, unknown, string]>([
    ["another format", { ...document, format: "cAnArY" }, 'at format: expected "stead-state"'],
    ["a newer version", { ...document, version: 2 }, "version 1; update Stead"],
    ["an unknown older version", { ...document, version: 0 }, "at version: expected 1"],
    ["no cookies", { ...document, cookies: undefined }, "at cookies: expected an array"],
    ["a cookie without a domain", { ...document, cookies: [{ ...cookie(), domain: undefined }] }, "at cookies[0].domain: expected a string"],
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
    const schema = {
      title: "Stead state",
      description: "What `stead export --format json` writes and `stead import` reads; docs/formats.md.",
      ...z.toJSONSchema(StateDocument, { io: "input" }),
    };
    await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot("../../../docs/state.schema.json");
  });
});
