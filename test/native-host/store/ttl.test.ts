import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expiryOf, type NewEntry } from "../../../native-host/store/sealedEntry.ts";
import { endingAt, endOf, type Ttl, ttlOf } from "../../../native-host/store/ttl.ts";
import { entryId } from "../../../shared/state/entryId.ts";
import { anyEntry, cookieEntry, local } from "../../support/entries.ts";

const ttls: Ttl[] = [
  { domain: null, seconds: 1000 },
  { domain: "example.com", seconds: 500 },
  { domain: "app.example.com", seconds: 2000 },
];

describe("the time to live of an entry", () => {
  it.each([
    [".example.com", 500],
    ["example.com", 500],
    ["www.example.com", 500],
    ["app.example.com", 2000],
    [".app.example.com", 2000],
    ["deep.app.example.com", 2000],
    ["notexample.com", 1000],
    ["other.test", 1000],
  ])("is the one of the longest host that it is within: %s", (domain, seconds) => {
    expect(ttlOf(ttls, entryId(cookieEntry({ domain })))).toBe(seconds * 1000);
    expect(ttlOf(ttls.toReversed(), entryId(cookieEntry({ domain })))).toBe(seconds * 1000);
    expect(ttlOf(ttls, entryId(local("k", "v", `https://${domain.replace(/^\./, "")}:8443`)))).toBe(seconds * 1000);
  });

  it("is none where nothing is said of its host", () => {
    const id = entryId(cookieEntry({ domain: "other.test" }));
    expect(ttlOf([], id)).toBeUndefined();
    expect(ttlOf(ttls.slice(1), id)).toBeUndefined();
  });

  it("never lets an entry end later than its cookie expires, nor than so long after its change", () => {
    const anyTtl: fc.Arbitrary<Ttl> = fc.record({
      domain: fc.constantFrom(null, "example.com", "app.example.com", "localhost"),
      seconds: fc.integer({ min: 60, max: 315_360_000 }),
    });
    fc.assert(
      fc.property(anyEntry, fc.uniqueArray(anyTtl, { selector: ({ domain }) => domain }), fc.integer({ min: 0, max: 4e12 }), (entry, all, at) => {
        const made: NewEntry = { id: entryId(entry), entry, at, by: "cli" };
        const own = expiryOf(made) ?? Infinity;
        const ttl = ttlOf(all, made.id) ?? Infinity;
        const end = endOf(made, all);
        expect(end ?? Infinity).toBe(Math.min(own, at + ttl));
        const given = endingAt(entry, end);
        if (entry.kind !== "cookie" || given.kind !== "cookie") expect(given).toBe(entry);
        else if (entry.expires === undefined) expect(given.expires).toBeUndefined();
        else expect(given.expires ?? Infinity).toBeLessThanOrEqual(Math.min(entry.expires, (at + ttl) / 1000));
      }),
    );
  });

  it("means nothing to a tombstone", () => {
    expect(endOf({ id: entryId(cookieEntry()), at: 1, by: "cli" }, ttls)).toBeNull();
  });
});
