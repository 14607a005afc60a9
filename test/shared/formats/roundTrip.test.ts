import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cookieKey } from "../../../shared/cookie.ts";
import { cookieFault } from "../../../shared/formats/fault.ts";
import { lastExpiry } from "../../../shared/formats/expiry.ts";
import { formats, importNames, stateOf } from "../../../shared/formats/index.ts";
import type { ImportName } from "../../../shared/formats/index.ts";
import type { Cookie, Tally } from "../../../shared/models.ts";
import { anyEntries } from "../state/arbitraries.ts";
import { anyCookie, everything, goodCookie, now, options } from "./arbitraries.ts";

/** What each format keeps of a cookie it holds. */
const kept: Record<ImportName, (cookie: Cookie) => Cookie> = {
  json: (cookie) => cookie,
  playwright: withoutFirstParty,
  netscape: (cookie) => wholeSeconds({ ...withoutFirstParty(cookie), sameSite: "unspecified" }),
  wget: (cookie) => wholeSeconds({ ...withoutFirstParty(cookie), sameSite: "unspecified", httpOnly: false }),
};

/** Which good cookies each format holds. */
const holds: Record<ImportName, (cookie: Cookie) => boolean> = {
  json: () => true,
  playwright: (cookie) => !cookie.firstPartyDomain && (!cookie.partitionKey || cookie.secure),
  netscape: (cookie) => !cookie.firstPartyDomain && !cookie.partitionKey,
  wget: (cookie) => !cookie.firstPartyDomain && !cookie.partitionKey,
};

describe.each(importNames)("%s", (name) => {
  const { write, read } = formats[name];

  it("gives back every good cookie it holds, and counts each of the others", () => {
    fc.assert(
      fc.property(unique(goodCookie), (cookies) => {
        const written = write({ cookies, origins: [] }, options);
        const expected = cookies.filter(holds[name]);
        expect(written.cookies).toBe(expected.length);
        expect(sum(written.dropped)).toBe(cookies.length - expected.length);
        const { cookies: back, ...rest } = read(written.document, { now });
        expect(byKey(back)).toEqual(byKey(expected.map(kept[name])));
        expect(rest).toEqual({ origins: [], repaired: [], dropped: [] });
      }),
    );
  });

  it("accounts for every cookie, however odd, both ways", () => {
    fc.assert(
      fc.property(unique(anyCookie), (cookies) => {
        const written = write({ cookies, origins: [] }, options);
        expect(written.cookies + sum(written.dropped) + written.expired).toBe(cookies.length);
        const back = read(written.document, { now });
        const twice = back.repaired.find(({ reason }) => reason.startsWith("named twice"))?.count ?? 0;
        expect(back.cookies.length + sum(back.dropped) + twice).toBe(written.cookies);
        for (const cookie of back.cookies) expect(cookieFault(cookie)).toBeUndefined();
      }),
    );
  });
});

/** Cookies that every format with cookies holds, with all that some have no place for. */
const rich = fc
  .record({ made: goodCookie, late: fc.boolean(), insecure: fc.boolean() })
  .filter(({ made }) => !made.partitionKey && !made.firstPartyDomain)
  .map(({ made, late, insecure }): Cookie => ({
    ...withoutFirstParty(made),
    ...(late && { expires: lastExpiry + 1.5 }),
    ...(insecure && { secure: false, sameSite: "no_restriction" as const }),
  }));

/** How one sees from before and after that an attribute was lost. */
const differences: Record<string, (before: Cookie, after: Cookie) => boolean> = {
  SameSite: (before, after) => before.sameSite !== after.sameSite,
  "SameSite=None without Secure": (before, after) => before.sameSite !== after.sameSite,
  HttpOnly: (before, after) => before.httpOnly !== after.httpOnly,
  "the expiry's fraction of a second": ({ expires = 0 }, after) => expires !== (after.expires ?? 0) && expires <= lastExpiry,
  "an expiry after the year 9999": ({ expires = 0 }, after) => expires !== (after.expires ?? 0) && expires > lastExpiry,
};

describe.each(["playwright", "netscape", "wget"] as const)("what %s loses of cookies", (name) => {
  it("is counted as often as it differs after", () => {
    fc.assert(
      fc.property(unique(rich), (cookies) => {
        const written = formats[name].write({ cookies, origins: [] }, options);
        const back = new Map(formats[name].read(written.document, { now }).cookies.map((cookie) => [cookieKey(cookie), cookie]));
        expect(back.size).toBe(cookies.length);
        for (const { reason, count } of written.lost) {
          const differ = cookies.filter((before) => differences[reason]?.(before, back.get(cookieKey(before)) ?? before));
          expect([reason, differ.length]).toEqual([reason, count]);
        }
        const named = new Set(written.lost.map(({ reason }) => reason));
        const untouched = cookies.filter((before) => ![...named].some((reason) => differences[reason]?.(before, back.get(cookieKey(before)) ?? before)));
        for (const before of untouched) expect(back.get(cookieKey(before))).toEqual(before);
      }),
    );
  });
});

describe("every writer", () => {
  it.each(Object.entries(formats))("%s accounts for every item of a whole state", (_name, { write }) => {
    fc.assert(
      fc.property(unique(anyCookie), anyEntries, (cookies, entries) => {
        const { origins } = stateOf(entries);
        const carried = { credentials: everything.credentials, opfs: everything.origins[0]?.opfs ?? [] };
        const [first, ...others] = origins;
        const state = { cookies, origins: first ? [{ ...first, opfs: carried.opfs }, ...others] : [], credentials: carried.credentials };
        const all = cookies.length + entries.length + (first ? carried.opfs.length : 0) + (carried.credentials?.length ?? 0);
        const { document, expired, dropped } = write(state, { ...options, host: "app.acme.test" });
        expect(itemsIn(document) + expired + sum(dropped)).toBe(all);
      }),
    );
  });

  const canary = "cAnArY";

  it.each(Object.entries(formats))("%s names no value, name or host in what it counts", (_name, { write }) => {
    fc.assert(
      fc.property(anyCookie, (made) => {
        const cookie = { ...made, domain: `${canary.toLowerCase()}.test`, value: canary + made.value, name: made.name && canary + made.name };
        const { dropped, lost } = write({ cookies: [cookie], origins: [] }, { ...options, host: cookie.domain });
        expect(JSON.stringify([dropped, lost])).not.toMatch(/canary/i);
      }),
    );
  });
});

/** How many items a document of any format holds, counted by its own form. */
function itemsIn(document: string): number {
  if (document.startsWith("# Netscape")) return document.trimEnd().split("\n").length - 1;
  if (!document.startsWith("{")) return /^header = "Cookie: (.*)"$/m.exec(document)?.[1]?.split("; ").length ?? 0;
  const { cookies, origins, credentials = [] } = JSON.parse(document) as Holding;
  return origins.reduce(
    (count, { localStorage, sessionStorage = [], databases, indexedDB, opfs = [] }) => count + localStorage.length + sessionStorage.length + opfs.length + recordsIn(databases, indexedDB),
    cookies.length + credentials.length,
  );
}

interface Holding {
  cookies: unknown[];
  origins: { localStorage: unknown[]; sessionStorage?: unknown[]; opfs?: unknown[]; databases?: { shape?: object; records: unknown[] }[]; indexedDB?: { stores: { records: unknown[] }[] }[] }[];
  credentials?: unknown[];
}

function recordsIn(databases: Holding["origins"][number]["databases"] = [], indexedDB: Holding["origins"][number]["indexedDB"] = []): number {
  const own = databases.reduce((count, { shape, records }) => count + (shape ? 1 : 0) + records.length, 0);
  return indexedDB.reduce((count, { stores }) => count + 1 + stores.reduce((sum, { records }) => sum + records.length, 0), own);
}

function unique(one: fc.Arbitrary<Cookie>): fc.Arbitrary<Cookie[]> {
  return fc.uniqueArray(one, { selector: cookieKey, maxLength: 12 });
}

function byKey(cookies: readonly Cookie[]): Cookie[] {
  return cookies.toSorted((a, b) => (cookieKey(a) < cookieKey(b) ? -1 : 1));
}

function sum(tallies: readonly Tally[]): number {
  return tallies.reduce((total, { count }) => total + count, 0);
}

function wholeSeconds(cookie: Cookie): Cookie {
  return cookie.expires === undefined ? cookie : { ...cookie, expires: Math.floor(cookie.expires) };
}

/** What a format holds has none but an empty one, which says the same as none. */
function withoutFirstParty(cookie: Cookie): Cookie {
  const copy = { ...cookie };
  delete copy.firstPartyDomain;
  return copy;
}
