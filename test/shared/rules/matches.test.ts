import { describe, expect, it } from "vitest";
import { matches } from "../../../shared/rules/matches.ts";
import { parsePattern } from "../../../shared/rules/parsePattern.ts";

describe("a pattern", () => {
  it.each([
    ["example.com", ["https://example.com/", "http://example.com:8080/x?y#z", "https://EXAMPLE.com./", "https://user:pw@example.com/"]],
    ["*.example.com", ["https://example.com/", "https://a.example.com/", "https://c.b.a.example.com/x", "https://a.example.com./"]],
    ["*.localhost", ["http://localhost:3000/", "http://app.localhost/"]],
    ["bücher.example", ["https://bücher.example/", "https://xn--bcher-kva.example/", "https://BÜCHER.EXAMPLE/"]],
    ["10.0.0.1", ["http://10.0.0.1/", "http://10.0.0.1:18080/", "http://10.1/", "http://0xa000001/"]],
    ["[::1]:3000", ["http://[::1]:3000/", "http://[0:0::1]:3000/x"]],
    ["localhost:3000", ["http://localhost:3000/", "https://localhost:3000/"]],
    ["localhost:5170-5179", ["http://localhost:5170/", "http://localhost:5179/"]],
    ["example.com:443", ["https://example.com/", "https://example.com:443/", "http://example.com:443/"]],
    ["example.com:80", ["http://example.com/"]],
    ["https://example.com", ["https://example.com:8443/"]],
    ["github.com/acme", ["https://github.com/acme", "https://github.com/acme/", "https://github.com/acme/x/y", "https://github.com/acme?q", "https://github.com/acme#f", "https://github.com/%61cme", "https://github.com/x/../acme", "https://github.com\\acme"]],
    ["github.com/@acme", ["https://github.com/%40acme/x"]],
    ["github.com/a%2Fb", ["https://github.com/a%2fb/c"]],
    ["github.com/a%2Ab", ["https://github.com/a*b"]],
    ["!github.com/acme", ["https://github.com/acme/x"]],
  ])("%s matches %j", (text, urls) => {
    for (const url of urls) expect({ url, matches: matches(parsePattern(text), url) }).toEqual({ url, matches: true });
  });

  it.each([
    ["example.com", ["https://www.example.com/", "https://notexample.com/", "https://example.com.evil.test/", "https://example.co/", "https://evil.test/example.com", "https://example.com@evil.test/", "ftp://example.com/", "wss://example.com/", "view-source:https://example.com/", "about:blank", "example.com", "", "https://"]],
    ["*.example.com", ["https://notexample.com/", "https://a.example.com.evil.test/", "https://evil.test/?a.example.com", "https://evil.test\\.example.com/", "https://xexample.com/", "https://com/"]],
    ["10.0.0.1:18080", ["http://10.0.0.11:8080/", "http://10.0.0.1:1808/", "http://10.0.0.1/"]],
    ["10.0.0.1", ["http://10.0.0.11/", "http://110.0.0.1/"]],
    ["[::1]", ["http://[::11]/", "http://1/"]],
    ["localhost:3000", ["http://localhost/", "http://localhost:30000/", "http://localhost:300/"]],
    ["localhost:5170-5179", ["http://localhost:5169/", "http://localhost:5180/", "http://localhost:517/"]],
    ["example.com:443", ["http://example.com/", "https://example.com:8443/"]],
    ["https://example.com", ["http://example.com/"]],
    ["github.com/acme", ["https://github.com/acme-labs", "https://github.com/acm", "https://github.com/", "https://github.com/ACME", "https://github.com/x/acme", "https://github.com//acme", "https://github.com/acme/../x", "https://github.com/acme%2Fx", "https://github.com/?/acme", "https://github.com/#/acme"]],
  ])("%s does not match %j", (text, urls) => {
    for (const url of urls) expect({ url, matches: matches(parsePattern(text), url) }).toEqual({ url, matches: false });
  });
});
