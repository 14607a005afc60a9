import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { suggestPatterns } from "../../../extension/core/suggestPatterns.ts";
import { matches } from "../../../shared/rules/matches.ts";
import { formatPattern } from "../../../shared/rules/formatPattern.ts";
import { parsePattern } from "../../../shared/rules/parsePattern.ts";

const patterns = (url: string) => suggestPatterns(url).map(({ pattern }) => pattern);

describe("suggestPatterns", () => {
  it.each([
    ["https://example.com/", ["example.com", "*.example.com"]],
    ["https://www.shop.example.co.uk/", ["www.shop.example.co.uk", "*.example.co.uk"]],
    ["https://ada.github.io/", ["ada.github.io", "*.ada.github.io"]],
    ["https://github.com/acme/site/issues/7?q=1#top", ["github.com", "*.github.com", "github.com/acme", "github.com/acme/site", "github.com/acme/site/issues"]],
    ["https://example.com:8443/", ["example.com", "*.example.com", "example.com:8443"]],
    ["http://localhost/", ["localhost"]],
    ["http://localhost:3000/app", ["localhost:3000", "localhost", "localhost:3000/app"]],
    ["http://shop.acme.localhost:3000/", ["shop.acme.localhost:3000", "shop.acme.localhost", "*.acme.localhost"]],
    ["http://127.0.0.1:8080/", ["127.0.0.1:8080", "127.0.0.1"]],
    ["http://[::1]:3000/", ["[::1]:3000", "[::1]"]],
    ["http://build-server:9000/", ["build-server:9000", "build-server"]],
    ["https://github.io/", ["github.io"]],
    ["https://bücher.example/", ["xn--bcher-kva.example", "*.xn--bcher-kva.example"]],
    ["https://example.com./x", ["example.com", "*.example.com", "example.com/x"]],
  ])("offers for %s the likeliest first", (url, offered) => {
    expect(patterns(url)).toEqual(offered);
  });

  it.each(["about:blank", "moz-extension://x/page.html", "file:///tmp/x", "nonsense", ""])("offers nothing for %j", (url) => {
    expect(suggestPatterns(url)).toEqual([]);
  });

  it("says what each takes in", () => {
    expect(suggestPatterns("http://app.test:3000/a").map(({ covers }) => covers)).toEqual(["port", "host", "site", "path"]);
  });

  it("offers canonical patterns that match the page, for any address", () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true, validSchemes: ["http", "https"] }), (url) => {
        for (const pattern of patterns(url)) {
          expect(formatPattern(parsePattern(pattern))).toBe(pattern);
          expect(matches(parsePattern(pattern), url)).toBe(true);
        }
      }),
    );
  });
});
