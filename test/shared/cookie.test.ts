import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cookieId, cookieKey, isExpired, isHostOnly, sameCookie } from "../../shared/cookie.ts";
import type { Cookie } from "../../shared/models.ts";
import { anyCookie, cookie } from "../support/cookies.ts";

const partitionKey = { topLevelSite: "https://top.example" };

describe("a cookie's identity", () => {
  const apart: [what: string, a: Partial<Cookie>, b: Partial<Cookie>][] = [
    ["host-only from domain", { domain: "example.com" }, { domain: ".example.com" }],
    ["paths", { path: "/" }, { path: "/app" }],
    ["names by case", { name: "sid" }, { name: "SID" }],
    ["partitions", {}, { partitionKey }],
    ["a partition with a cross-site ancestor", { partitionKey }, { partitionKey: { ...partitionKey, hasCrossSiteAncestor: true } }],
    ["first-party domains", {}, { firstPartyDomain: "top.example" }],
    ["fields that concatenate to the same text", { name: "ab", path: "/c" }, { name: "a", path: "b/c" }],
  ];
  it.each(apart)("tells %s apart", (_what, a, b) => {
    expect(cookieKey(cookie(a))).not.toBe(cookieKey(cookie(b)));
  });

  const together: [what: string, a: Partial<Cookie>, b: Partial<Cookie>][] = [
    ["value", { value: "1" }, { value: "2" }],
    ["case of the domain", { domain: "Example.com" }, { domain: "example.com" }],
    ["an absent ancestor bit", { partitionKey }, { partitionKey: { ...partitionKey, hasCrossSiteAncestor: false } }],
    ["an empty first-party domain", {}, { firstPartyDomain: "" }],
    ["flags", { secure: true, httpOnly: true }, { secure: false, httpOnly: false }],
  ];
  it.each(together)("does not depend on %s", (_what, a, b) => {
    expect(cookieKey(cookie(a))).toBe(cookieKey(cookie(b)));
  });

  it("survives being cut down to it", () => {
    fc.assert(fc.property(anyCookie, (one) => cookieKey(cookieId(one)) === cookieKey(one)));
  });

  it("holds nothing else", () => {
    expect(cookieId(cookie({ value: "secret", partitionKey }))).toEqual({ domain: "app.example.com", path: "/", name: "sid", partitionKey });
  });
});

describe("sameCookie", () => {
  const rows: [what: string, a: Partial<Cookie>, b: Partial<Cookie>, same: boolean][] = [
    ["equal cookies", {}, {}, true],
    ["another value", { value: "1" }, { value: "2" }, false],
    ["another flag", { secure: true }, { secure: false }, false],
    ["httpOnly", { httpOnly: true }, { httpOnly: false }, false],
    ["sameSite", { sameSite: "lax" }, { sameSite: "unspecified" }, false],
    ["a session cookie and a lasting one", {}, { expires: 5 }, false],
    ["expiries a rounding error apart", { expires: 5 }, { expires: 5.0004 }, true],
    ["expiries a millisecond apart", { expires: 5 }, { expires: 5.002 }, false],
    ["another identity", { name: "a" }, { name: "b" }, false],
  ];
  it.each(rows)("compares %s", (_what, a, b, same) => {
    expect(sameCookie(cookie(a), cookie(b))).toBe(same);
    expect(sameCookie(cookie(b), cookie(a))).toBe(same);
  });
});

describe("isExpired", () => {
  it.each([
    [undefined, 1e15, false],
    [1, 999, false],
    [1, 1000, true],
    [0, 0, true],
  ])("a cookie with expires %s at %s ms: %s", (expires, now, expired) => {
    expect(isExpired(cookie(expires === undefined ? {} : { expires }), now)).toBe(expired);
  });
});

it("knows a host-only cookie by the missing dot", () => {
  expect(isHostOnly(cookie({ domain: "example.com" }))).toBe(true);
  expect(isHostOnly(cookie({ domain: ".example.com" }))).toBe(false);
});
