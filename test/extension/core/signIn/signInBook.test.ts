import { describe, expect, it } from "vitest";
import { type Departure, SignInBook } from "../../../../extension/core/signIn/signInBook.ts";
import { acme, begun, beta, callbackAddress, minute, recordOf, requestOf } from "./support.ts";

const inAcme = { cookieStoreId: "firefox-container-1", project: acme, tab: 1 };

function departure(change: Partial<Departure> = {}, request: Parameters<typeof requestOf>[1] = {}): Departure {
  return {
    flow: { redirect: callbackAddress, provider: "https://id.example", issuer: null, responseMode: null, pkce: true, nonce: false },
    state: { hash: "hash", length: 20 },
    request: requestOf("https://id.example/authorize", { ...inAcme, requestId: "1", originUrl: "http://localhost:3000/login?secret=canary", at: begun, ...request }),
    project: acme,
    ...change,
  };
}

describe("SignInBook", () => {
  it("keeps of a flow what recognises it, and no secret", () => {
    const book = new SignInBook();
    book.begin(departure());
    expect(book.records).toEqual([recordOf()]);
    expect(JSON.stringify(book.records)).not.toContain("canary");
  });

  it.each([[7, true], [8, false]])("marks a state of %i characters as short: %s", (length, short) => {
    const book = new SignInBook();
    book.begin(departure({ state: { hash: "hash", length } }));
    expect(book.records[0]?.short).toBe(short);
  });

  it("takes a flow that leaves once more for the same, and counts its time from the first", () => {
    const book = new SignInBook();
    book.begin(departure());
    book.begin(departure({}, { at: begun + minute, requestId: "2" }));
    expect(book.records).toEqual([recordOf({ request: "2" })]);
  });

  it("begins anew with a state that was used", () => {
    const book = new SignInBook([recordOf({ used: begun })]);
    book.begin(departure({}, { at: begun + minute }));
    expect(book.records).toEqual([recordOf({ at: begun + minute })]);
  });

  it("keeps one state in two containers apart", () => {
    const book = new SignInBook([recordOf()]);
    book.begin(departure({ project: beta }, { cookieStoreId: "firefox-container-2" }));
    expect(book.records.map(({ project }) => project)).toEqual([acme, beta]);
  });

  it("keeps 256 flows, the newest", () => {
    const book = new SignInBook();
    for (let index = 0; index < 300; index++) book.begin(departure({ state: { hash: `hash ${index}`, length: 20 } }));
    expect(book.records).toHaveLength(256);
    expect(book.records[0]?.state).toBe("hash 44");
  });

  it.each([
    ["waited for", null, 15 * minute - 1, true],
    ["no longer waited for", null, 15 * minute, false],
    ["used a short time ago", begun + minute, 11 * minute - 1, true],
    ["used some time ago", begun + minute, 11 * minute, false],
  ])("keeps one that is %s", (_, used, age, kept) => {
    const book = new SignInBook([recordOf({ used })]);
    book.prune(begun + age);
    expect(book.records).toHaveLength(kept ? 1 : 0);
  });
});

describe("a flow's own pages", () => {
  const follows = (url: string, request: Parameters<typeof requestOf>[1] = {}, record = recordOf()): boolean =>
    new SignInBook([record]).follow(requestOf(url, { ...inAcme, originUrl: "https://id.example/authorize", ...request }));

  it.each<[string, boolean, string, Parameters<typeof requestOf>[1]?]>([
    ["the provider's page", true, "https://id.example/password"],
    ["a page of the provider's domain", true, "https://login.id.example/"],
    ["the provider's page in another tab", false, "https://id.example/password", { tab: 2 }],
    ["the provider's page in another container", false, "https://id.example/password", { cookieStoreId: "firefox-container-2" }],
    ["the provider's page after fifteen minutes", false, "https://id.example/password", { at: begun + 15 * minute }],
    ["a link from the provider to another site", false, "https://docs.example/terms"],
    ["a redirect of the provider to another site", true, "https://partner.test/sso", { requestId: "1" }],
    ["a form of the provider for another site", true, "https://partner.test/saml", { method: "POST" }],
    ["another site's form for another site", false, "https://partner.test/saml", { method: "POST", originUrl: "https://other.test/" }],
    ["no page", false, "about:blank", { requestId: "1" }],
  ])("%s: %s", (_, expected, url, request) => {
    expect(follows(url, request)).toBe(expected);
  });

  it("are no more when the flow has ended", () => {
    expect(follows("https://id.example/", {}, recordOf({ used: begun }))).toBe(false);
  });

  it("on this machine are those of the provider's port", () => {
    const record = recordOf({ provider: "http://localhost:9000", sites: ["http://localhost:9000"] });
    expect(follows("http://localhost:9000/login", {}, record)).toBe(true);
    expect(follows("http://localhost:9001/login", {}, record)).toBe(false);
  });

  it("include those of a site the provider handed on to, and where that one goes", () => {
    const book = new SignInBook([recordOf()]);
    const ask = (url: string, request: Parameters<typeof requestOf>[1]): boolean => book.follow(requestOf(url, { ...inAcme, ...request }));
    expect(ask("https://partner.test/sso", { requestId: "1" })).toBe(true);
    expect(ask("https://partner.test/second-factor", { requestId: "2", originUrl: "https://partner.test/sso" })).toBe(true);
    expect(ask("https://third.test/", { requestId: "2" })).toBe(true);
    expect(ask("https://fourth.test/", { requestId: "3" })).toBe(false);
  });
});
