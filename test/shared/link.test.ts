import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SteadError } from "../../shared/errors.ts";
import { formatLink, type Link, parseLink } from "../../shared/link.ts";

const whole: Link = { url: "https://example.com/a?b=c&d=e#f", project: "acme", mac: "Abc-_9" };

describe("a link", () => {
  it("looks like this", () => {
    expect(formatLink(whole)).toBe("ext+stead:open?project=acme&url=https%3A%2F%2Fexample.com%2Fa%3Fb%3Dc%26d%3De%23f&mac=Abc-_9");
    expect(formatLink({ url: "http://localhost:3000/", project: undefined, mac: undefined })).toBe("ext+stead:open?url=http%3A%2F%2Flocalhost%3A3000%2F");
  });

  it("is read back as it was written", () => {
    const text = fc.string({ unit: "grapheme", minLength: 1 });
    const optional = fc.option(text, { nil: undefined });
    fc.assert(
      fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), optional, optional, (address, project, mac) => {
        const link: Link = { url: new URL(address).href, project, mac };
        expect(parseLink(formatLink(link))).toEqual(link);
      }),
    );
  });

  it.each<[string, string, Link]>([
    ["in another order, with other letters in the scheme", "EXT+Stead:open?mac=x&url=https%3a%2f%2fa.test%2f&project=a", { url: "https://a.test/", project: "a", mac: "x" }],
    ["with spaces around it", "  ext+stead:open?url=http%3A%2F%2Fa.test%2F\n", { url: "http://a.test/", project: undefined, mac: undefined }],
    ["with what needs no encoding left plain", "ext+stead:open?url=https://a.test/b=c", { url: "https://a.test/b=c", project: undefined, mac: undefined }],
    ["with a plus, which stays one", "ext+stead:open?project=a+b&url=https%3A%2F%2Fa.test%2F%3Fq%3Da+b", { url: "https://a.test/?q=a+b", project: "a+b", mac: undefined }],
    ["with empty fields", "ext+stead:open?&project=&url=https%3A%2F%2Fa.test%2F&mac=&", { url: "https://a.test/", project: undefined, mac: undefined }],
    ["with an address that browsers write otherwise", "ext+stead:open?url=HTTPS%3A%2F%2FA.test%3A443", { url: "https://a.test/", project: undefined, mac: undefined }],
  ])("may come %s", (_what, text, link) => {
    expect(parseLink(text)).toEqual(link);
  });

  const url = "url=https%3A%2F%2Fa.test%2F";
  it.each([
    ["nothing", ""],
    ["another scheme", `stead:open?${url}`],
    ["something before it", `see ext+stead:open?${url}`],
    ["another action", `ext+stead:close?${url}`],
    ["an action that begins so", `ext+stead:opener?${url}`],
    ["no action", `ext+stead:?${url}`],
    ["slashes", `ext+stead://open?${url}`],
    ["no query", "ext+stead:open"],
    ["no address", "ext+stead:open?project=acme"],
    ["an empty address", "ext+stead:open?url="],
    ["an address of another scheme", "ext+stead:open?url=javascript%3Aalert(1)"],
    ["a file", "ext+stead:open?url=file%3A%2F%2F%2Fetc%2Fpasswd"],
    ["an extension's page", "ext+stead:open?url=moz-extension%3A%2F%2Fa%2Fb"],
    ["a link in the link", "ext+stead:open?url=ext%2Bstead%3Aopen"],
    ["an address without a scheme", "ext+stead:open?url=a.test"],
    ["two addresses", `ext+stead:open?${url}&${url}`],
    ["two projects", `ext+stead:open?project=a&project=b&${url}`],
    ["a second mac, though empty", `ext+stead:open?${url}&mac=a&mac=`],
    ["a field that is none", `ext+stead:open?${url}&window=1`],
    ["a field in other letters", "ext+stead:open?URL=https%3A%2F%2Fa.test%2F"],
    ["an address that was not encoded", "ext+stead:open?url=https://a.test/?b=c&d=e"],
    ["an address with a fragment that was not encoded", "ext+stead:open?url=https://a.test/#f"],
    ["broken encoding", "ext+stead:open?url=https%3A%2F%2Fa.test%2F%"],
    ["encoding that is no UTF-8", "ext+stead:open?project=%FF&url=https%3A%2F%2Fa.test%2F"],
    ["no end", `ext+stead:open?${url}${"a".repeat(66_000)}`],
  ])("is refused with %s", (_what, text) => {
    expect(() => parseLink(text)).toThrow(expect.objectContaining({ code: "badLink" }));
  });

  it("is refused without a word of what it hides", () => {
    for (const text of ["ext+stead:open?url=https://a.test/?b=c&sEcReT=1", "ext+stead:open?url=javascript%3AsEcReT", "ext+stead:open?url=https://a.test/%sEcReT", "sEcReT"]) {
      try {
        parseLink(text);
        expect.unreachable();
      } catch (error) {
        expect(error).toBeInstanceOf(SteadError);
        expect(String(error)).not.toContain("sEcReT");
      }
    }
  });
});
