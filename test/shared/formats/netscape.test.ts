import { describe, expect, it } from "vitest";
import { netscape, netscapeHeader, wget } from "../../../shared/formats/netscape.ts";
import type { Cookie } from "../../../shared/models.ts";
import { allStorage, cookie, everything, now, options, origin } from "./arbitraries.ts";

const lines = (document: string) => document.split("\n");

describe("writing a cookie file", () => {
  it.each<[string, Partial<Cookie>, string]>([
    ["a host-only session cookie", {}, "app.acme.test\tFALSE\t/\tFALSE\t0\tsid\tabc"],
    ["a domain cookie", { domain: ".acme.test" }, ".acme.test\tTRUE\t/\tFALSE\t0\tsid\tabc"],
    ["Secure and a path", { secure: true, path: "/app" }, "app.acme.test\tFALSE\t/app\tTRUE\t0\tsid\tabc"],
    ["whole seconds", { expires: 1_900_000_000.9 }, "app.acme.test\tFALSE\t/\tFALSE\t1900000000\tsid\tabc"],
    ["an empty value", { value: "" }, "app.acme.test\tFALSE\t/\tFALSE\t0\tsid\t"],
    ["quotes and blanks within a value", { value: '"a b"' }, 'app.acme.test\tFALSE\t/\tFALSE\t0\tsid\t"a b"'],
    ["an IPv6 host without brackets", { domain: "[::1]" }, "::1\tFALSE\t/\tFALSE\t0\tsid\tabc"],
  ])("writes %s alike in both dialects", (_what, more, line) => {
    for (const { write } of [netscape, wget]) {
      expect(lines(write({ cookies: [cookie(more)], origins: [] }, options).document)).toEqual([netscapeHeader, line, ""]);
    }
  });

  it("marks HttpOnly for curl, and not for wget, where the mark makes the line a comment", () => {
    const state = { cookies: [cookie({ httpOnly: true })], origins: [] };
    expect(lines(netscape.write(state, options).document)[1]).toMatch(/^#HttpOnly_app\.acme\.test\t/);
    const written = wget.write(state, options);
    expect(lines(written.document)[1]).toMatch(/^app\.acme\.test\t/);
    expect(written).toMatchObject({ dropped: [], lost: [{ reason: "HttpOnly", count: 1 }] });
  });

  it("names the attributes a line has no field for", () => {
    const { dropped, lost } = netscape.write({ cookies: [cookie({ sameSite: "lax", expires: 1_900_000_000.5 }), cookie({ name: "b", sameSite: "strict" })], origins: [] }, options);
    expect(dropped).toEqual([]);
    expect(lost).toEqual([{ reason: "SameSite", count: 2 }, { reason: "the expiry's fraction of a second", count: 1 }]);
  });

  it.each<[string, Partial<Cookie>]>([
    ["partitioned by top-level site", { partitionKey: { topLevelSite: "https://top.test" } }],
    ["isolated by first-party domain", { firstPartyDomain: "top.test" }],
    ["a tab in name, value or path", { value: "a\tb" }],
    ["a control character in name, value or path", { value: "a\nb" }],
    ["no name", { name: "" }],
    ["name or value begins or ends with a blank", { name: " a" }],
    ["a name prefix (__Host-, __Secure-, __Http-) whose conditions are not met", { name: "__Host-a" }],
  ])("leaves out and counts in both dialects: %s", (reason, more) => {
    for (const { write } of [netscape, wget]) {
      expect(write({ cookies: [cookie(more), cookie()], origins: [] }, options)).toMatchObject({ cookies: 1, dropped: [{ reason, count: 1 }] });
    }
  });

  it("counts a line over curl's limit, and leaves it to wget, which has none", () => {
    const long = cookie({ value: "v".repeat(4090), path: `/${"p".repeat(1000)}`, httpOnly: true });
    expect(netscape.write({ cookies: [long], origins: [] }, options)).toMatchObject({ cookies: 0, dropped: [{ reason: "a line over curl's 5,000 bytes", count: 1 }] });
    expect(wget.write({ cookies: [long], origins: [] }, options)).toMatchObject({ cookies: 1, dropped: [] });
  });

  it("counts by kind what is no cookie, which it cannot hold", () => {
    expect(netscape.write(everything, options).dropped).toEqual(allStorage);
    expect(netscape.write({ cookies: [], origins: [origin()] }, options).dropped).toEqual([]);
  });
});

describe("reading a cookie file", () => {
  const read = (...rows: string[]) => netscape.read(`${[netscapeHeader, ...rows].join("\n")}\n`, { now });

  it.each<[string, string, Partial<Cookie>]>([
    ["a plain line", "app.acme.test\tFALSE\t/\tFALSE\t0\tsid\tabc", {}],
    ["the HttpOnly mark", "#HttpOnly_app.acme.test\tFALSE\t/\tFALSE\t0\tsid\tabc", { httpOnly: true }],
    ["words in small letters", "app.acme.test\tfalse\t/\ttrue\t0\tsid\tabc", { secure: true }],
    ["no expiry, as Python writes it", "app.acme.test\tFALSE\t/\tFALSE\t\tsid\tabc", {}],
    ["a fractional expiry", "app.acme.test\tFALSE\t/\tFALSE\t1900000000.5\tsid\tabc", { expires: 1_900_000_000.5 }],
    ["a value with a tab, as wget writes it", "app.acme.test\tFALSE\t/\tFALSE\t0\tsid\ta\tb", { value: "a\tb" }],
    ["an IPv6 host", "::1\tFALSE\t/\tFALSE\t0\tsid\tabc", { domain: "[::1]" }],
    ["a host in capitals", "APP.acme.test\tFALSE\t/\tFALSE\t0\tsid\tabc", {}],
    ["an international host", "bücher.example\tFALSE\t/\tFALSE\t0\tsid\tabc", { domain: "xn--bcher-kva.example" }],
  ])("reads %s", (_what, row, more) => {
    expect(read("", "# a comment", row)).toEqual({ cookies: [cookie(more)], origins: [], repaired: [], dropped: [] });
  });

  it.each<[string, string, Partial<Cookie>]>([
    ["an expiry in microseconds was read as seconds", "app.acme.test\tFALSE\t/\tFALSE\t1900000000000000\tsid\tabc", { expires: 1_900_000_000 }],
    ["an expiry after the year 9999 was brought back to it", `app.acme.test\tFALSE\t/\tFALSE\t${"9".repeat(400)}\tsid\tabc`, { expires: 253_402_300_799 }],
    ["a missing value was read as empty", "app.acme.test\tFALSE\t/\tFALSE\t0\tsid", { value: "" }],
    ["an expiry of -1 was read as a session cookie", "app.acme.test\tFALSE\t/\tFALSE\t-1\tsid\tabc", {}],
    ["an expiry in milliseconds was read as seconds", "app.acme.test\tFALSE\t/\tFALSE\t1900000000000\tsid\tabc", { expires: 1_900_000_000 }],
    ["the domain's dot and the flag beside it disagreed: the flag was taken", "acme.test\tTRUE\t/\tFALSE\t0\tsid\tabc", { domain: ".acme.test" }],
    ["the domain's dot and the flag beside it disagreed: the flag was taken", ".app.acme.test\tFALSE\t/\tFALSE\t0\tsid\tabc", {}],
    ["an address or a single name with a leading dot was read as that host alone", ".localhost\tTRUE\t/\tFALSE\t0\tsid\tabc", { domain: "localhost" }],
  ])("repairs and names: %s", (reason, row, more) => {
    expect(read(row)).toEqual({ cookies: [cookie(more)], origins: [], repaired: [{ reason, count: 1 }], dropped: [] });
  });

  it.each<[string, string]>([
    ["expired", "app.acme.test\tFALSE\t/\tFALSE\t1\tsid\tabc"],
    ["expired", "app.acme.test\tFALSE\t/\tFALSE\t-86400\tsid\tabc"],
    ["a control character in name, value or path", "app.acme.test\tFALSE\t/\tFALSE\t0\tsid\ta\u0000bc"],
    ["name and value over 4096 bytes", `app.acme.test\tFALSE\t/\tFALSE\t0\tsid\t${"x".repeat(4094)}`],
    ["no name", "app.acme.test\tFALSE\t/\tFALSE\t0\t\tabc"],
    ["for a whole public suffix", ".github.io\tTRUE\t/\tFALSE\t0\tsid\tabc"],
    ["a name prefix (__Host-, __Secure-, __Http-) whose conditions are not met", "app.acme.test\tFALSE\t/\tFALSE\t0\t__Host-sid\tabc"],
    ["a domain that is no host name", "\tFALSE\t/\tFALSE\t0\tsid\tabc"],
  ])("drops and counts: %s", (reason, row) => {
    expect(read(row)).toEqual({ cookies: [], origins: [], repaired: [], dropped: [{ reason, count: 1 }] });
  });

  it("reads CRLF, CR, a byte order mark and a file without its first line", () => {
    const row = "app.acme.test\tFALSE\t/\tFALSE\t0\tsid\tabc";
    for (const text of [`\uFEFF${netscapeHeader}\r\n${row}\r\n`, `${netscapeHeader}\r${row}\r`, row]) expect(netscape.read(text, { now }).cookies).toEqual([cookie()]);
  });

  it.each<[string, string, string]>([
    ["blanks for tabs", "app.acme.test FALSE / FALSE 0 sid cAnArY", "line 2: expected seven fields with a tab between them"],
    ["another flag", "app.acme.test\tcAnArY\t/\tFALSE\t0\tsid\tabc", "line 2: expected TRUE or FALSE in the second field"],
    ["another secure", "app.acme.test\tFALSE\t/\tcAnArY\t0\tsid\tabc", "line 2: expected TRUE or FALSE in the fourth field"],
    ["NaN as expiry", "app.acme.test\tFALSE\t/\tFALSE\tNaN\tsid\tcAnArY", "line 2: expected seconds since 1970 in the fifth field"],
    ["a date as expiry", "app.acme.test\tFALSE\t/\tFALSE\tcAnArY\tsid\tabc", "line 2: expected seconds since 1970 in the fifth field"],
  ])("refuses %s and says where", (_what, row, message) => {
    expect(() => read(row)).toThrow(`The cookie file, ${message}.`);
  });

  it("refuses a text that holds neither the first line nor a cookie", () => {
    expect(() => netscape.read("# notes\n\n", { now })).toThrow("expected the line");
  });
});
