import { describe, expect, it } from "vitest";
import { curl } from "../../../shared/formats/curl.ts";
import type { Cookie } from "../../../shared/models.ts";
import { allStorage, cookie, everything, options } from "./arbitraries.ts";

const write = (cookies: Cookie[], host?: string) => curl.write({ cookies, origins: [] }, { ...options, host });

describe("writing a curl configuration", () => {
  it("counts by kind what is no cookie, which it cannot hold", () => {
    expect(curl.write(everything, options).dropped).toEqual(allStorage);
  });

  it.each<[string, string, string]>([
    ["plain", "abc", 'header = "Cookie: sid=abc"'],
    ["quotes and backslashes", '"a\\b"', 'header = "Cookie: sid=\\"a\\\\b\\""'],
    ["a tab", "a\tb", 'header = "Cookie: sid=a\\tb"'],
    ["a hash", "a #b", 'header = "Cookie: sid=a #b"'],
  ])("escapes a value that is %s", (_what, value, line) => {
    expect(write([cookie({ value })], "app.acme.test").document).toBe(`# Cookies for app.acme.test alone. Use: curl -K - URL\n${line}\n`);
  });

  it("joins the cookies a browser would send to the host", () => {
    const { document } = write([cookie(), cookie({ domain: ".acme.test", name: "b" })], "app.acme.test");
    expect(document).toContain('"Cookie: sid=abc; b=abc"');
  });

  it.each<[string, Partial<Cookie>]>([
    ["for another host than the one named", { domain: "other.acme.test" }],
    ["for another host than the one named", { domain: "acme.test" }],
    ["for one path only", { path: "/app" }],
    ["partitioned by top-level site", { partitionKey: { topLevelSite: "https://top.test" } }],
    ["a control character in name, value or path", { value: "a\r\nX-Evil: 1" }],
  ])("leaves out and counts: %s", (reason, more) => {
    expect(write([cookie(more)], "app.acme.test")).toMatchObject({ cookies: 0, dropped: [{ reason, count: 1 }] });
  });

  it.each<[string, boolean]>([
    ["app.acme.test", true],
    ["localhost", false],
    ["app.localhost", false],
    ["127.0.0.1", false],
    ["[::1]", false],
    ["127.evil.test", true],
  ])("binds Secure cookies of %s to https: %s", (host, bound) => {
    expect(write([cookie({ domain: host, secure: true })], host).document.includes('proto = "=https"')).toBe(bound);
  });

  it("takes the one host all cookies go to when none is named", () => {
    expect(write([cookie({ domain: ".acme.test" }), cookie({ name: "b" })])).toMatchObject({ cookies: 2, dropped: [] });
  });

  it("asks for --domain when the cookies belong to several hosts", () => {
    expect(() => write([cookie(), cookie({ domain: "other.test" })])).toThrow(expect.objectContaining({ code: "usage" }) as Error);
  });

  it("names what a header does not say", () => {
    expect(write([cookie({ httpOnly: true, sameSite: "lax", expires: 1_900_000_000 })]).lost.map(({ reason }) => reason)).toEqual(["SameSite", "HttpOnly", "the expiry"]);
  });
});
