import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cookieKey } from "../../../shared/cookie.ts";
import { cookieFault } from "../../../shared/formats/fault.ts";
import { formats, importNames } from "../../../shared/formats/index.ts";
import type { ImportName } from "../../../shared/formats/index.ts";
import type { Cookie, Tally } from "../../../shared/models.ts";
import { anyCookie, goodCookie, now, options } from "./arbitraries.ts";

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

describe("every writer", () => {
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
