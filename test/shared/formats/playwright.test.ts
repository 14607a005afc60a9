import { describe, expect, it } from "vitest";
import { playwright } from "../../../shared/formats/playwright.ts";
import type { Cookie } from "../../../shared/models.ts";
import { cookie, now, options } from "./arbitraries.ts";

describe("writing a Playwright storage state", () => {
  it.each<[string, Partial<Cookie>, object]>([
    ["a session cookie as expires -1", {}, { expires: -1 }],
    ["a fractional expiry as it is", { expires: 1_900_000_000.123 }, { expires: 1_900_000_000.123 }],
    ["a host-only domain without a dot", {}, { domain: "app.acme.test" }],
    ["a domain cookie with its dot", { domain: ".acme.test" }, { domain: ".acme.test" }],
    ["an IPv6 host in brackets", { domain: "::1" }, { domain: "[::1]" }],
    ["SameSite strict", { sameSite: "strict" }, { sameSite: "Strict" }],
    ["SameSite lax", { sameSite: "lax" }, { sameSite: "Lax" }],
    ["SameSite none", { sameSite: "no_restriction", secure: true }, { sameSite: "None" }],
    ["a partition with its ancestor bit", { secure: true, partitionKey: { topLevelSite: "https://top.test", hasCrossSiteAncestor: false } }, { partitionKey: "https://top.test", _crHasCrossSiteAncestor: false }],
    ["a partition of another site, with no bit known", { secure: true, partitionKey: { topLevelSite: "https://top.test" } }, { _crHasCrossSiteAncestor: true }],
    ["a partition of its own site, with no bit known", { secure: true, partitionKey: { topLevelSite: "https://acme.test" } }, { _crHasCrossSiteAncestor: false }],
    ["a cookie without a name", { name: "", value: "bare" }, { name: "", value: "bare" }],
  ])("writes %s", (_what, more, expected) => {
    const written = playwright.write({ cookies: [cookie(more)], origins: [] }, options);
    expect(JSON.parse(written.document)).toEqual({ cookies: [expect.objectContaining(expected)], origins: [] });
    expect(written).toMatchObject({ cookies: 1, dropped: [], lost: [], expired: 0 });
  });

  it("leaves an unspecified SameSite out", () => {
    expect(playwright.write({ cookies: [cookie()], origins: [] }, options).document).not.toContain("sameSite");
  });

  it("names SameSite=None without Secure as not kept: no browser takes the pair", () => {
    const written = playwright.write({ cookies: [cookie({ sameSite: "no_restriction" })], origins: [] }, options);
    expect(written.document).not.toContain("sameSite");
    expect(written).toMatchObject({ cookies: 1, dropped: [], lost: [{ reason: "SameSite=None without Secure", count: 1 }] });
  });

  it.each<[string, Partial<Cookie>]>([
    ["isolated by first-party domain", { firstPartyDomain: "top.test" }],
    ["partitioned but not Secure", { partitionKey: { topLevelSite: "https://top.test" } }],
    ["a tab in name, value or path", { value: "a\tb" }],
    ["a control character in name, value or path", { value: "a\u0001b" }],
    ["a semicolon in name, value or path", { value: "a;b" }],
    ["an equals sign in the name", { name: "a=b" }],
    ["no name", { name: "", value: "" }],
    ["no name", { name: "", value: "a=b" }],
    ["name or value begins or ends with a blank", { value: "a " }],
    ["name and value over 4096 bytes", { value: "x".repeat(4094) }],
    ["a path over 1024 bytes", { path: `/${"p".repeat(1024)}` }],
    ["for a whole public suffix", { domain: ".co.uk" }],
    ["a name prefix (__Host-, __Secure-, __Http-) whose conditions are not met", { name: "__Host-a" }],
  ])("leaves out and counts: %s", (reason, more) => {
    const written = playwright.write({ cookies: [cookie(more), cookie()], origins: [] }, options);
    expect(written).toMatchObject({ cookies: 1, dropped: [{ reason, count: 1 }] });
  });

  it("passes over what has expired without calling it a loss", () => {
    expect(playwright.write({ cookies: [cookie({ expires: now / 1000 })], origins: [] }, options)).toMatchObject({ cookies: 0, dropped: [], expired: 1 });
  });

  it("writes partitioned cookies first: older versions know no partitions and take the later of two of one name", () => {
    const cookies = [cookie(), cookie({ secure: true, partitionKey: { topLevelSite: "https://top.test" } })];
    expect(JSON.parse(playwright.write({ cookies, origins: [] }, options).document)).toMatchObject({ cookies: [{ partitionKey: "https://top.test" }, expect.not.objectContaining({ partitionKey: "https://top.test" })] });
  });

  it("counts what Chromium would throw out of a site with too many cookies", () => {
    const cookies = Array.from({ length: 181 }, (_, index) => cookie({ name: `n${index}` }));
    expect(playwright.write({ cookies, origins: [] }, options)).toMatchObject({ cookies: 180, dropped: [{ reason: "over the 180 cookies that a browser keeps of one site", count: 1 }] });
  });

  it("brings an expiry after the year 9999 back to it, which Playwright's newContext would throw for", () => {
    const written = playwright.write({ cookies: [cookie({ expires: 1e13 })], origins: [] }, options);
    expect(JSON.parse(written.document)).toMatchObject({ cookies: [{ expires: 253_402_300_799 }] });
    expect(written.lost).toEqual([{ reason: "an expiry after the year 9999", count: 1 }]);
  });
});

describe("reading a Playwright storage state", () => {
  const read = (document: unknown) => playwright.read(JSON.stringify(document), { now });
  const base = { name: "sid", value: "abc", domain: "app.acme.test", path: "/" };

  it.each<[string, object, Partial<Cookie>]>([
    ["only what it must have", base, {}],
    ["expires -1 as a session cookie", { ...base, expires: -1 }, {}],
    ["an expiry", { ...base, expires: 1_900_000_000.5 }, { expires: 1_900_000_000.5 }],
    ["an https url as host, folder and Secure", { name: "sid", value: "abc", url: "https://app.acme.test:8443/a/b?q" }, { path: "/a/", secure: true }],
    ["an http url as not Secure whatever is said", { name: "sid", value: "abc", url: "http://app.acme.test", secure: true }, { secure: false }],
    ["a partition without the bit as Playwright does", { ...base, secure: true, partitionKey: "https://top.test" }, { secure: true, partitionKey: { topLevelSite: "https://top.test", hasCrossSiteAncestor: true } }],
    ["fields it does not know", { ...base, sourceScheme: "Secure", size: 3 }, {}],
  ])("reads %s", (_what, document, more) => {
    expect(read({ cookies: [document] })).toEqual({ cookies: [cookie(more)], origins: [], repaired: [], dropped: [] });
  });

  it("takes an empty document, since every top key is optional", () => {
    expect(read({})).toEqual({ cookies: [], origins: [], repaired: [], dropped: [] });
  });

  it.each<[string, object, Partial<Cookie>]>([
    ["an expiry in milliseconds was read as seconds", { expires: 1_900_000_000_500 }, { expires: 1_900_000_000.5 }],
    ["an expiry in microseconds was read as seconds", { expires: 1_900_000_000_500_000 }, { expires: 1_900_000_000.5 }],
    ["an expiry after the year 9999 was brought back to it", { expires: 1e18 }, { expires: 253_402_300_799 }],
    ["SameSite=None without Secure was read as no SameSite", { sameSite: "None" }, {}],
    ["an address or a single name with a leading dot was read as that host alone", { domain: ".localhost" }, { domain: "localhost" }],
    ["an address or a single name with a leading dot was read as that host alone", { domain: ".127.0.0.1" }, { domain: "127.0.0.1" }],
  ])("repairs and names: %s", (reason, more, expected) => {
    expect(read({ cookies: [{ ...base, ...more }] })).toEqual({ cookies: [cookie(expected)], origins: [], repaired: [{ reason, count: 1 }], dropped: [] });
  });

  it.each<[string, string]>([
    ["https://u:p@shop.top.test:8443/x?y#z", "https://top.test"],
    ["HTTPS://TOP.test", "https://top.test"],
    ["https://a.github.io/", "https://a.github.io"],
    ["http://localhost:3000/x", "http://localhost:3000"],
    ["http://[::1]:8080/", "http://[::1]:8080"],
  ])("reads a partition named %s as %s, and says so", (partitionKey, topLevelSite) => {
    expect(read({ cookies: [{ ...base, secure: true, partitionKey }] })).toMatchObject({
      cookies: [{ partitionKey: { topLevelSite, hasCrossSiteAncestor: true } }],
      repaired: [{ reason: "a partition named by a page's address was read as its site", count: 1 }],
      dropped: [],
    });
  });

  it("keeps the last 180 cookies of a site and partition, as a browser does", () => {
    const many = (more: object, count: number) => Array.from({ length: count }, (_, index) => ({ ...base, ...more, name: `n${index}` }));
    const { cookies, dropped } = read({
      cookies: [...many({}, 200), ...many({ domain: ".acme.test" }, 1), ...many({ secure: true, partitionKey: "https://top.test" }, 180), ...many({ domain: "other.test" }, 180)],
    });
    expect(dropped).toEqual([{ reason: "over the 180 cookies that a browser keeps of one site", count: 21 }]);
    expect(cookies.filter(({ domain, partitionKey }) => domain === "app.acme.test" && !partitionKey).map(({ name }) => name)).toEqual(many({}, 200).slice(21).map(({ name }) => name));
    expect(cookies).toHaveLength(3 * 180);
  });

  it("takes the later of two cookies of one identity", () => {
    const { cookies, repaired } = read({ cookies: [base, { ...base, value: "later" }] });
    expect(cookies).toEqual([cookie({ value: "later" })]);
    expect(repaired).toEqual([{ reason: "named twice: the later one was taken", count: 1 }]);
  });

  it.each<[string, object]>([
    ["expired", { expires: 0 }],
    ["expired", { expires: -5 }],
    ["expired", { expires: now / 1000 - 1 }],
    ["no name", { name: "" }],
    ["a control character in name, value or path", { value: "a\nb" }],
    ["a semicolon in name, value or path", { value: "a; Domain=evil.test" }],
    ["an equals sign in the name", { name: "a=b" }],
    ["half a character in name, value or path", { value: "\ud800" }],
    ["name and value over 4096 bytes", { value: "é".repeat(2048) }],
    ["a path that does not begin with a slash", { path: "app" }],
    ["a path over 1024 bytes", { path: `/${"p".repeat(1024)}` }],
    ["for a whole public suffix", { domain: ".com" }],
    ["for a whole public suffix", { domain: ".github.io" }],
    ["for a whole public suffix", { domain: ".CO.UK" }],
    ["a name prefix (__Host-, __Secure-, __Http-) whose conditions are not met", { name: "__Host-a" }],
    ["a name prefix (__Host-, __Secure-, __Http-) whose conditions are not met", { name: "__Host-a", secure: true, path: "/a" }],
    ["a name prefix (__Host-, __Secure-, __Http-) whose conditions are not met", { name: "__Host-a", secure: true, domain: ".acme.test" }],
    ["a name prefix (__Host-, __Secure-, __Http-) whose conditions are not met", { name: "__sEcUrE-a" }],
    ["a name prefix (__Host-, __Secure-, __Http-) whose conditions are not met", { name: "__Http-a", secure: true }],
    ["a name prefix (__Host-, __Secure-, __Http-) whose conditions are not met", { name: "__Host-Http-a", secure: true }],
    ["a partition that is not the http or https address of a site", { partitionKey: "top.test" }],
    ["a domain that is no host name", { domain: "" }],
    ["a domain that is no host name", { domain: "app.acme.test:443" }],
    ["a domain that is no host name", { domain: "evil.test/app.acme.test" }],
    ["a domain that is no host name", { domain: "..acme.test:1" }],
    ["a domain that is no host name", { domain: "*.acme.test" }],
    ["a domain that is no host name", { domain: `${"a".repeat(64)}.test` }],
    ["a domain that is no host name", { domain: `${"a.".repeat(130)}test` }],
    ["a domain that is no host name", { domain: "a\u0000.test" }],
    ["for a whole public suffix", { domain: ".co.uk." }],
    ["a partition that is not the http or https address of a site", { partitionKey: "file:///top" }],
    ["a partition that is not the http or https address of a site", { partitionKey: "null" }],
  ])("drops and counts what no browser keeps: %s", (reason, more) => {
    expect(read({ cookies: [{ ...base, ...more }, { ...base, name: "good" }] })).toEqual({
      cookies: [cookie({ name: "good" })], origins: [], repaired: [], dropped: [{ reason, count: 1 }],
    });
  });

  it.each<[string, unknown, string]>([
    ["a list", [base], "expected an object"],
    ["cookies that are no list", { cookies: {} }, "at cookies: expected an array"],
    ["a cookie without a name", { cookies: [{ value: "cAnArY", domain: "a.test", path: "/" }] }, "at cookies[0].name: expected a string"],
    ["an expiry that is text", { cookies: [base, { ...base, expires: "cAnArY" }] }, "at cookies[1].expires: expected a number"],
    ["an unknown SameSite", { cookies: [{ ...base, sameSite: "cAnArY" }] }, 'at cookies[0].sameSite: expected "Strict" or "Lax" or "None"'],
    ["url beside domain", { cookies: [{ ...base, url: "https://app.acme.test" }] }, "at cookies[0]: expected either url or both domain and path"],
    ["neither url nor domain", { cookies: [{ name: "a", value: "cAnArY" }] }, "at cookies[0]: expected either url or both domain and path"],
    ["domain without path", { cookies: [{ name: "a", value: "b", domain: "a.test" }] }, "at cookies[0]: expected either url or both domain and path"],
    ["an origin without its address", { origins: [{ localStorage: [] }] }, "at origins[0].origin: expected a string"],
  ])("refuses %s and says where", (_what, document, message) => {
    expect(() => read(document)).toThrow(expect.objectContaining({ code: "fileFormat", message: expect.stringContaining(message) as string }) as Error);
    expect(() => read(document)).toThrow(expect.not.objectContaining({ message: expect.stringContaining("cAnArY") as string }) as Error);
  });

  it.each<[string, string]>([
    ["a comment", '// cAnArY\n{"cookies": []}'],
    ["a comma at the end", '{"cookies": [],}'],
    ["NaN", '{"cookies": [{"expires": NaN}]}'],
    ["half of a document", '{"cookies": [{"name": "cAnArY"'],
    ["nothing", ""],
  ])("refuses JSON with %s", (_what, text) => {
    expect(() => playwright.read(text, { now })).toThrow("The Playwright storage state: expected valid JSON.");
  });

  it("refuses an expiry that JSON's numbers go beyond", () => {
    expect(() => playwright.read(JSON.stringify({ cookies: [{ ...base, expires: 7 }] }).replace("7", "1e999"), { now })).toThrow("at cookies[0].expires: expected a number");
  });

  it("takes names that JavaScript's objects have for names", () => {
    const text = '{"__proto__": {"cookies": []}, "cookies": [{"name": "__proto__", "value": "v", "domain": "app.acme.test", "path": "/", "__proto__": {"secure": true}}], "origins": [{"origin": "https://a.test", "__proto__": 1, "localStorage": [{"name": "__proto__", "value": "w"}]}]}';
    expect(playwright.read(text, { now })).toMatchObject({ cookies: [cookie({ name: "__proto__", value: "v" })], origins: [{ origin: "https://a.test", localStorage: [{ name: "__proto__", value: "w" }] }], repaired: [], dropped: [] });
  });

  it("refuses broken JSON without quoting it", () => {
    expect(() => playwright.read('{"cookies": [cAnArY', { now })).toThrow("The Playwright storage state: expected valid JSON.");
  });
});
