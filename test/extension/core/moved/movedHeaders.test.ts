import { describe, expect, it } from "vitest";
import { fetchSite, type Initiator, initiatorOf, isForeign } from "../../../../extension/core/moved/initiator.ts";
import { isSameTarget } from "../../../../extension/core/moved/isSameTarget.ts";
import { type HeldCookie, type MovedRequest, movedHeaders } from "../../../../extension/core/moved/movedHeaders.ts";

const user: Initiator = { kind: "user" };
const opaque: Initiator = { kind: "opaque" };
const page = (origin: string): Initiator => ({ kind: "page", origin });
const app = "https://app.acme.test/x";

describe("initiatorOf", () => {
  it.each([
    [undefined, false, user],
    [undefined, true, opaque],
    ["https://id.example/a?b", true, page("https://id.example")],
    ["blob:https://id.example/1", true, page("https://id.example")],
    ["moz-extension://57ead000-57ea-457e-a57e-ad57ead57ead/x", true, user],
    ["about:home", true, user],
    ["file:///tmp/x.html", true, opaque],
    ["data:text/html,x", true, opaque],
  ])("of %s, where a page may have asked (%s)", (url, mayBePage, expected) => {
    expect(initiatorOf(url, mayBePage)).toEqual(expected);
  });
});

// The first six as Firefox sent and held back itself, on *.localhost.
describe.each<[string, Initiator, string[], string, ReturnType<typeof fetchSite>, boolean]>([
  ["typed", user, [], app, "none", false],
  ["typed, by way of another site", user, ["https://id.example"], app, "none", true],
  ["another site's link", page("https://id.example"), [], app, "cross-site", true],
  ["the site's own link", page("https://app.acme.test"), [], app, "same-origin", false],
  ["the site's own link, by way of another site", page("https://app.acme.test"), ["https://id.example"], app, "cross-site", true],
  ["a sandboxed page's link", opaque, [], app, "cross-site", true],
  ["a link of another host of the site", page("https://www.acme.test"), [], app, "same-site", false],
  ["a link of the site without TLS", page("http://app.acme.test"), [], app, "cross-site", false],
  ["a link of a name that ends like the site's", page("https://notacme.test"), [], app, "cross-site", true],
  ["another port of this machine", page("http://localhost:9000"), [], "http://localhost:3000/", "same-site", false],
  ["another name of this machine", page("http://beta.localhost:3000"), [], "http://acme.localhost:3000/", "cross-site", true],
])("%s", (_, initiator, from, url, site, foreign) => {
  it(`is ${site}, and holds SameSite cookies back: ${foreign}`, () => {
    expect(fetchSite(initiator, from, url)).toBe(site);
    expect(isForeign(initiator, from, url)).toBe(foreign);
  });
});

describe("movedHeaders", () => {
  const cookies: HeldCookie[] = [
    { name: "strict", value: "1", sameSite: "strict" },
    { name: "lax", value: "2", sameSite: "lax" },
    { name: "plain", value: "3", sameSite: "unspecified" },
    { name: "none", value: "4", sameSite: "no_restriction" },
    { name: "", value: "nameless", sameSite: "strict" },
  ];
  const sent = [
    { name: "Host", value: "app.acme.test" },
    { name: "Cookie", value: "strict=1; lax=2; plain=3; none=4; nameless" },
    { name: "Sec-Fetch-Site", value: "same-origin" },
  ];
  const posted = [...sent, { name: "Origin", value: "moz-extension://57ead000-57ea-457e-a57e-ad57ead57ead" }];
  const moved = (change: Partial<MovedRequest>): MovedRequest =>
    ({ url: app, method: "GET", initiator: page("https://id.example"), from: [], seen: undefined, wasCrossSite: false, ...change });
  const valuesOf = (headers: readonly { name: string; value?: string | undefined }[]): Record<string, string | undefined> =>
    Object.fromEntries(headers.map(({ name, value }) => [name, value]));

  it("takes Strict cookies out of another site's GET", () => {
    expect(valuesOf(movedHeaders(sent, moved({}), cookies))).toEqual({ Host: "app.acme.test", Cookie: "lax=2; plain=3; none=4", "Sec-Fetch-Site": "cross-site" });
  });

  it("takes Strict and Lax cookies out of another site's POST, and gives it its origin", () => {
    expect(valuesOf(movedHeaders(posted, moved({ method: "POST" }), cookies))).toEqual({
      Host: "app.acme.test", Cookie: "plain=3; none=4", Origin: "https://id.example", "Sec-Fetch-Site": "cross-site",
    });
  });

  it("leaves every cookie to the site's own request and to a person's", () => {
    for (const initiator of [user, page("https://app.acme.test")]) {
      expect(valuesOf(movedHeaders(sent, moved({ initiator }), undefined))["Cookie"]).toBe(sent[1]?.value);
    }
  });

  it("sends no cookie at all when it is not known which to hold back", () => {
    expect(valuesOf(movedHeaders(sent, moved({}), undefined))).not.toHaveProperty("Cookie");
  });

  it("leaves no empty Cookie header behind", () => {
    const only = [{ name: "Cookie", value: "strict=1" }];
    expect(movedHeaders(only, moved({}), cookies)).toEqual([]);
  });

  it("keeps a cookie that only its value tells from one held back, and one of two that are alike", () => {
    const header = [{ name: "Cookie", value: "strict=1; strict=other; strict=1" }];
    expect(valuesOf(movedHeaders(header, moved({}), cookies))["Cookie"]).toBe("strict=other; strict=1");
  });

  it("repeats what the first request's own headers said", () => {
    const seen = { origin: "null", referer: "https://id.example/", site: "cross-site" } as const;
    expect(valuesOf(movedHeaders(posted, moved({ method: "POST", seen, wasCrossSite: true }), cookies))).toMatchObject({
      Origin: "null", Referer: "https://id.example/", "Sec-Fetch-Site": "cross-site",
    });
  });

  it("says of no page where it came from but what the first said", () => {
    const headers = [...posted, { name: "Referer", value: "moz-extension://57ead000-57ea-457e-a57e-ad57ead57ead/post/post.html" }];
    expect(valuesOf(movedHeaders(headers, moved({ method: "POST" }), cookies))).not.toHaveProperty("Referer");
  });

  it.each([
    ["a sandboxed page", moved({ method: "POST", initiator: opaque }), "null"],
    ["a page by way of its own site", moved({ method: "POST", from: ["https://id.example"] }), "https://id.example"],
    ["a page by way of a third one", moved({ method: "POST", from: ["https://third.example"] }), "null"],
  ])("gives the form of %s the origin that Firefox would", (_, request, origin) => {
    expect(valuesOf(movedHeaders(posted, request, cookies))["Origin"]).toBe(origin);
  });

  it("goes on holding cookies back after a redirect within the site", () => {
    const request = moved({ initiator: page("https://id.example"), from: ["https://app.acme.test"] });
    expect(valuesOf(movedHeaders(sent, request, cookies))["Cookie"]).toBe("lax=2; plain=3; none=4");
  });
});

describe("isSameTarget", () => {
  it.each([
    [app, app, true],
    ["http://app.acme.test/x", app, true],
    [`${app}#fragment`, app, true],
    [app, "http://app.acme.test/x", false],
    ["http://app.acme.test:8080/x", "https://app.acme.test:8080/x", false],
    [app, `${app}?y`, false],
  ])("%s and %s: %s", (asked, came, same) => {
    expect(isSameTarget(asked, came)).toBe(same);
  });
});
