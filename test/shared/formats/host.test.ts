import { describe, expect, it } from "vitest";
import { canonicalHost, commonSite, concerns, isPublicSuffix, standsAlone } from "../../../shared/formats/host.ts";

describe("canonicalHost", () => {
  it.each([
    ["App.Example.COM", "app.example.com"],
    ["bücher.example", "xn--bcher-kva.example"],
    ["::1", "[::1]"],
    ["[::1]", "[::1]"],
    ["127.0.0.1", "127.0.0.1"],
    ["a_b.example.com", "a_b.example.com"],
    ["", undefined],
    ["a.test:80", undefined],
    ["[::1]:80", undefined],
    ["a.test/x", undefined],
    ["u@a.test", undefined],
    ["a b.test", undefined],
    ["a%2eb.test", undefined],
    ["https://a.test", undefined],
    [".a.test", undefined],
    ["a..test", undefined],
  ])("%j is %j", (host, expected) => {
    expect(canonicalHost(host)).toBe(expected);
  });
});

describe("concerns", () => {
  it.each([
    ["app.example.com", "app.example.com", true],
    [".example.com", "app.example.com", true],
    ["example.com", "app.example.com", false],
    ["app.example.com", "example.com", true],
    [".app.example.com", "example.com", true],
    ["other.example.com", "app.example.com", false],
    ["notexample.com", "example.com", false],
    ["example.com.evil.test", "example.com", false],
    ["localhost", "localhost", true],
    ["app.localhost", "localhost", true],
  ])("a cookie of %s and --domain %s: %s", (cookieDomain, domain, expected) => {
    expect(concerns({ domain: cookieDomain, path: "/", name: "n" }, domain)).toBe(expected);
  });

  it("lets nothing be missed by asking the store for the common site alone", () => {
    expect(commonSite("app.example.co.uk")).toBe("example.co.uk");
    for (const many of ["github.io", "com", "localhost", "127.0.0.1"]) expect(commonSite(many)).toBeUndefined();
  });
});

describe("isPublicSuffix and standsAlone", () => {
  it.each([
    ["com", true, false],
    ["co.uk", true, false],
    ["github.io", true, false],
    ["a.github.io", false, false],
    ["localhost", false, true],
    ["intranet", false, true],
    ["127.0.0.1", false, true],
    ["[::1]", false, true],
    ["acme.test", false, false],
  ])("%s: %s, %s", (host, suffix, alone) => {
    expect([isPublicSuffix(host), standsAlone(host)]).toEqual([suffix, alone]);
  });
});
