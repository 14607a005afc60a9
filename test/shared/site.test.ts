import { describe, expect, it } from "vitest";
import { isWithin, normalizeHost, registrableDomain } from "../../shared/site.ts";

describe("registrableDomain", () => {
  it.each([
    ["example.com", "example.com"],
    ["a.b.example.com", "example.com"],
    [".example.com", "example.com"],
    ["Example.COM.", "example.com"],
    ["a.example.co.uk", "example.co.uk"],
    ["a.github.io", "a.github.io"],
    ["x.a.github.io", "a.github.io"],
    ["github.io", "github.io"],
    ["localhost", "localhost"],
    ["127.0.0.1", "127.0.0.1"],
    ["[::1]", "::1"],
    ["co.uk", "co.uk"],
    ["app.test", "app.test"],
  ])("%s belongs to %s", (host, site) => {
    expect(registrableDomain(host)).toBe(site);
  });
});

describe("isWithin", () => {
  it.each([
    ["example.com", "example.com", true],
    ["a.example.com", "example.com", true],
    [".a.example.com", ".example.com", true],
    ["A.EXAMPLE.com.", "example.com", true],
    ["notexample.com", "example.com", false],
    ["example.com", "a.example.com", false],
    ["example.com.evil.tld", "example.com", false],
  ])("%s within %s: %s", (host, domain, within) => {
    expect(isWithin(host, domain)).toBe(within);
  });
});

it.each([
  [".Example.com", "example.com"],
  ["example.com.", "example.com"],
  ["[FE80::1]", "fe80::1"],
])("writes %s as %s", (host, normal) => {
  expect(normalizeHost(host)).toBe(normal);
});
