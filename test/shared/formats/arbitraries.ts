import fc from "fast-check";
import type { Origin, State } from "../../../shared/formats/index.ts";
import type { Cookie } from "../../../shared/models.ts";

/** The time of every test here: milliseconds since 1970. */
export const now = 1_800_000_000_000;
export const options = { now, project: "acme" };

export function cookie(more: Partial<Cookie> = {}): Cookie {
  return { domain: "app.acme.test", path: "/", name: "sid", value: "abc", secure: false, httpOnly: false, sameSite: "unspecified", ...more };
}

export function origin(more: Partial<Origin> = {}): Origin {
  return { origin: "https://app.acme.test", localStorage: [], sessionStorage: [], databases: [], ...more };
}

/** A state with one of everything beside cookies, and how a format that holds cookies only counts it. */
export const everything: State = {
  cookies: [],
  origins: [
    origin({
      localStorage: [{ name: "k", value: "v" }, { name: "l", value: "w" }],
      sessionStorage: [{ name: "tab", value: "t" }],
      databases: [
        {
          name: "d",
          shape: {
            version: 2,
            stores: [
              { name: "s", keyPath: null, autoIncrement: true, nextKey: 9, indexes: [] },
              { name: "t", keyPath: ["id", "a.b"], autoIncrement: false, indexes: [{ name: "i", keyPath: "id", unique: true, multiEntry: true }] },
            ],
          },
          records: [{ store: "s", key: { d: "1970-01-01T00:00:00.000Z" }, value: { a: [{ v: "undefined" }], id: 1 } }],
        },
        { name: "orphaned", records: [{ store: "gone", key: 1, value: { blob: { b: "AQ==", t: "text/plain" } } }] },
      ],
      opfs: [{ path: "f", type: "file", base64: "AQ==", later: "field" }],
    }),
    origin({ origin: "http://localhost:3000", localStorage: [{ name: "k", value: "v" }] }),
  ],
  credentials: [{ id: "a", rpId: "acme.test", later: [1] }],
};
export const allStorage = [
  { reason: "an item of localStorage", count: 3 },
  { reason: "an item of sessionStorage", count: 1 },
  { reason: "an IndexedDB database", count: 1 },
  { reason: "an IndexedDB record", count: 2 },
  { reason: "a file or folder of the origin private file system", count: 1 },
  { reason: "a passkey", count: 1 },
];

const token = fc.string({ unit: fc.constantFrom(...Array.from("abcXYZ019!#$%&'*+-.^_`|~é☃😀")), minLength: 1, maxLength: 12 });
const value = fc.string({ unit: fc.constantFrom(...Array.from('abcXYZ019 "\\,=%+/:é☃😀{}[]')), maxLength: 40 }).map((text) => text.trim());
const domain = fc.constantFrom(
  "app.acme.test", ".acme.test", "localhost", "127.0.0.1", "[::1]", "a.github.io", ".a.github.io", "github.io", "xn--bcher-kva.example", ".x_y.example.co.uk", "example.com.",
);
const path = fc.constantFrom("/", "/app", "/app/", "/a b", "/é", "/a%20b", '/"q"');
/** In the future; whole and fractional, up to the last second every format takes. */
const expires = fc.oneof(
  fc.integer({ min: now / 1000 + 1, max: 253_402_300_799 }),
  fc.double({ min: now / 1000 + 1, max: 253_402_300_798, noNaN: true }).map((seconds) => Math.round(seconds * 1000) / 1000),
);

/** What Firefox may hold and every browser would take. */
export const goodCookie: fc.Arbitrary<Cookie> = fc
  .record(
    {
      domain, path, name: token, value, secure: fc.boolean(), httpOnly: fc.boolean(),
      sameSite: fc.constantFrom("unspecified", "no_restriction", "lax", "strict"),
      expires,
      partitionKey: fc.record({ topLevelSite: fc.constantFrom("https://top.test", "http://localhost"), hasCrossSiteAncestor: fc.boolean() }),
      firstPartyDomain: fc.constantFrom("top.test", ""),
    },
    { requiredKeys: ["domain", "path", "name", "value", "secure", "httpOnly", "sameSite"] },
  )
  .map((made) => (made.sameSite === "no_restriction" ? { ...made, secure: true } : made));

const nasty = fc.string({ unit: fc.oneof(fc.constantFrom("\t", "\n", "\r", "\0", ";", "=", " ", "#", '"', "\\", "\ud800", "\u2028", "\ufeff", "\u0085"), fc.string({ minLength: 1, maxLength: 1 })), maxLength: 8 });

/** Anything the store's model can hold, sane or not. */
export const anyCookie: fc.Arbitrary<Cookie> = fc.oneof(
  goodCookie,
  fc
    .record({
      base: goodCookie,
      more: fc.record(
        {
          name: fc.oneof(nasty, fc.constantFrom("__Host-a", "__hOST-b", "__Secure-c", "__Http-d", "#HttpOnly_", "")),
          value: fc.oneof(nasty, fc.constant("x".repeat(4097))),
          path: fc.oneof(nasty.map((text) => `/${text}`), fc.constantFrom("", "x", `/${"p".repeat(1020)}`, `/${"p".repeat(1100)}`)),
          domain: fc.constantFrom(".com", ".github.io", ".localhost", ".127.0.0.1", "::1"),
          expires: fc.oneof(fc.constantFrom(0, -1, 1, 0.5, 253_402_300_800, 1e12, 1e18), fc.double({ noNaN: true, noDefaultInfinity: true })),
        },
        { requiredKeys: [] },
      ),
    })
    .map(({ base, more }) => ({ ...base, ...more })),
);
