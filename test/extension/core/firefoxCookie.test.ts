import { describe, expect, it } from "vitest";
import { type FirefoxCookie, fromFirefox, toFirefox, toFirefoxRemoval } from "../../../extension/core/firefoxCookie.ts";

const base: FirefoxCookie = {
  name: "sid", value: "v", domain: "app.test", hostOnly: true, path: "/", secure: false, httpOnly: true, sameSite: "lax", storeId: "firefox-container-1",
};

describe("fromFirefox and toFirefox", () => {
  it.each<[string, Partial<FirefoxCookie>, object]>([
    ["host-only", {}, { url: "http://app.test/", path: "/" }],
    ["a domain cookie", { domain: ".app.test", hostOnly: false }, { url: "http://app.test/", domain: "app.test" }],
    ["secure", { secure: true }, { url: "https://app.test/", secure: true }],
    ["persistent", { expirationDate: 1900000000.5 }, { expirationDate: 1900000000.5 }],
    ["below a path", { path: "/a/b" }, { url: "http://app.test/a/b", path: "/a/b" }],
    ["of an IPv6 host", { domain: "::1" }, { url: "http://[::1]/" }],
    ["partitioned", { partitionKey: { topLevelSite: "https://top.test", hasCrossSiteAncestor: true } }, { partitionKey: { topLevelSite: "https://top.test", hasCrossSiteAncestor: true } }],
    ["of a first-party domain", { firstPartyDomain: "top.test" }, { firstPartyDomain: "top.test" }],
  ])("carries a cookie that is %s", (_what, more, expected) => {
    const details = toFirefox(fromFirefox({ ...base, ...more }), "firefox-container-9");
    expect(details).toMatchObject({ storeId: "firefox-container-9", name: "sid", value: "v", httpOnly: true, sameSite: "lax", ...expected });
  });

  it("names no domain for a host-only cookie: naming one would make it a domain cookie", () => {
    expect(toFirefox(fromFirefox(base), "s")).not.toHaveProperty("domain");
  });

  it("takes an empty partition key and first-party domain for none", () => {
    const cookie = fromFirefox({ ...base, partitionKey: {}, firstPartyDomain: "" });
    expect(cookie).not.toHaveProperty("partitionKey");
    expect(cookie).not.toHaveProperty("firstPartyDomain");
  });

  it("removes by the exact identity, with no value", () => {
    const details = toFirefoxRemoval({ domain: ".app.test", path: "/a", name: "sid" }, "s");
    expect(details).toMatchObject({ domain: "app.test", path: "/a", name: "sid", value: "", expirationDate: 1 });
  });
});
