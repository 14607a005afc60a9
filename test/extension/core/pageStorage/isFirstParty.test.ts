import { describe, expect, it } from "vitest";
import { isFirstParty } from "../../../../extension/core/pageStorage/isFirstParty.ts";

describe("isFirstParty", () => {
  it.each<[string, string, string[], boolean]>([
    ["a page of its own", "https://acme.test/", [], true],
    ["a frame of the page's own origin", "https://acme.test/a", ["https://acme.test/"], true],
    ["a sub-domain in its site", "https://app.acme.co.uk/", ["https://acme.co.uk/"], true],
    ["a site around its sub-domain's neighbour", "https://a.acme.co.uk/", ["https://b.acme.co.uk/"], true],
    ["another site under the same suffix", "https://acme.co.uk/", ["https://beta.co.uk/"], false],
    ["a frame of another site", "https://cdn.test/", ["https://acme.test/"], false],
    ["a page's own frame with another site in between", "https://acme.test/", ["https://ads.test/", "https://acme.test/"], false],
    ["a frame within one of its site", "https://acme.test/", ["https://a.acme.test/", "https://b.acme.test/"], true],
    ["another scheme", "http://acme.test/", ["https://acme.test/"], false],
    ["another port of localhost", "http://localhost:3000/", ["http://localhost:8080/"], true],
    ["localhost by another name", "http://127.0.0.1:3000/", ["http://localhost:3000/"], false],
    ["another port of one address", "http://10.0.0.1:1/", ["http://10.0.0.1:2/"], true],
    ["another address that ends alike", "http://10.0.0.1/", ["http://11.0.0.1/"], false],
    ["an IPv6 address in itself", "http://[::1]:3000/", ["http://[::1]/"], true],
    ["two users of a public suffix", "https://a.github.io/", ["https://b.github.io/"], false],
    ["one user of a public suffix", "https://x.a.github.io/", ["https://a.github.io/"], true],
    ["a public suffix itself", "https://github.io/", ["https://a.github.io/"], false],
    ["a name with a dot at the end", "https://acme.test./", ["https://acme.test/"], true],
    ["a name that only ends alike", "https://notacme.test/", ["https://acme.test/"], false],
    ["a frame in about:blank", "https://acme.test/", ["about:blank", "https://acme.test/"], false],
    ["a frame in a page of an extension's", "https://acme.test/", ["moz-extension://x/"], false],
    ["a frame of which nothing is known", "https://acme.test/", [""], false],
    ["a file", "file:///home/x.html", [], false],
    ["a page without an address", "about:blank", [], false],
  ])("%s", (_title, url, ancestors, expected) => {
    expect(isFirstParty(url, ancestors)).toBe(expected);
  });
});
