import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SteadError } from "../../../shared/errors.ts";
import { formatPattern } from "../../../shared/rules/formatPattern.ts";
import { parsePattern } from "../../../shared/rules/parsePattern.ts";
import { siteText } from "./arbitraries.ts";

const canonical = (text: string): string => formatPattern(parsePattern(text));

describe("parsePattern", () => {
  it.each([
    ["example.com", "example.com"],
    ["  Example.COM. ", "example.com"],
    ["example.com/", "example.com"],
    ["example.com/*", "example.com"],
    ["*.Example.com", "*.example.com"],
    ["*.localhost", "*.localhost"],
    ["http://example.com", "http://example.com"],
    ["HTTPS://example.com", "https://example.com"],
    ["*://*.example.com/*", "*.example.com"],
    ["bücher.example", "xn--bcher-kva.example"],
    ["BÜCHER.example", "xn--bcher-kva.example"],
    ["XN--BCHER-KVA.example", "xn--bcher-kva.example"],
    ["example。com", "example.com"],
    ["ex%61mple.com", "example.com"],
    ["127.0.0.1", "127.0.0.1"],
    ["127.1", "127.0.0.1"],
    ["0x7f000001", "127.0.0.1"],
    ["127.0.0.1.", "127.0.0.1"],
    ["[::1]", "[::1]"],
    ["[0:0:0:0:0:0:0:1]:3000", "[::1]:3000"],
    ["[FE80::A]/x", "[fe80::a]/x"],
    ["localhost:3000", "localhost:3000"],
    ["localhost:03000", "localhost:3000"],
    ["localhost:5170-5179", "localhost:5170-5179"],
    ["localhost:5170-5170", "localhost:5170"],
    ["https://example.com:443", "https://example.com:443"],
    ["github.com/acme", "github.com/acme"],
    ["github.com/acme/", "github.com/acme"],
    ["github.com/acme//", "github.com/acme"],
    ["github.com/acme/*", "github.com/acme"],
    ["github.com//acme", "github.com//acme"],
    ["github.com/Acme/site", "github.com/Acme/site"],
    ["github.com/a/../b/./c", "github.com/b/c"],
    ["github.com/a/%2e%2e/b", "github.com/b"],
    ["github.com/%61cme", "github.com/acme"],
    ["github.com/a%2fb", "github.com/a%2Fb"],
    ["github.com/a%2ab", "github.com/a%2Ab"],
    ["github.com/%40acme", "github.com/@acme"],
    ["github.com/ü b", "github.com/%C3%BC%20b"],
    ["github.com/%c3%bc%20b", "github.com/%C3%BC%20b"],
    ["github.com/100%", "github.com/100%25"],
    ["github.com/100%25", "github.com/100%25"],
    ["github.com/a|b[c]", "github.com/a%7Cb%5Bc%5D"],
    ["!blog.example.com", "!blog.example.com"],
    ["!https://*.Example.com:8443/A/*", "!https://*.example.com:8443/A"],
  ])("reads %j as %s", (text, expected) => {
    expect(canonical(text)).toBe(expected);
  });

  it("keeps what the forms mean apart", () => {
    expect(parsePattern("!https://*.example.com:5170-5179/a/b")).toEqual({
      kind: "site", exclude: true, scheme: "https", host: "example.com", subdomains: true, ports: { from: 5170, to: 5179 }, path: "/a/b",
    });
    expect(parsePattern("example.com")).toEqual({
      kind: "site", exclude: false, scheme: undefined, host: "example.com", subdomains: false, ports: undefined, path: "",
    });
  });

  it.each([
    ["", "nothing"],
    ["!", "nothing"],
    ["   ", "nothing"],
    ["exam ple.com", "exam ple.com"],
    ["exam\tple.com", "control character"],
    ["a.test\nb.test", "control character"],
    ["! example.com", " example.com"],
    ["!!example.com", 'got "!example.com"'],
    ["ftp://example.com", "ftp"],
    ["file:///etc/passwd", "file"],
    ["view-source:https://example.com", "view-source:https"],
    ["://example.com", 'scheme ""'],
    ["https://", 'got ""'],
    ["https:///acme", 'got ""'],
    ["*", 'got "*"'],
    ["*.", 'got ""'],
    ["*.*.example.com", "*.example.com"],
    ["www.*.com", "www.*.com"],
    ["*example.com", "*example.com"],
    ["%2A.example.com", "%2A.example.com"],
    ["*.%2a", "%2a"],
    [".example.com", ".example.com"],
    ["example..com", "example..com"],
    ["example.com..", "example.com.."],
    [".", 'got "."'],
    ["exa<mple.com", "exa<mple.com"],
    ["evil.test\\.example.com", "evil.test\\.example.com"],
    ["*.127.0.0.1", "address 127.0.0.1"],
    ["*.1", "address 0.0.0.1"],
    ["*.[::1]", "address [::1]"],
    ["256.0.0.1", "256.0.0.1"],
    ["::1", 'got ":"'],
    ["[::1", "[:"],
    ["[::1]x", "[::1]x"],
    ["localhost:", 'got ""'],
    ["localhost:0", 'got "0"'],
    ["localhost:65536", "65536"],
    ["localhost:http", "http"],
    ["localhost:*", 'got "*"'],
    ["localhost:-1", "-1"],
    ["localhost:20-10", "20-10"],
    ["localhost:1-2-3", "1-2-3"],
    ["localhost:+80", "+80"],
    ["github.com/*/issues", "another"],
    ["github.com/acme*", "another"],
    ["github.com/**", "another"],
    ["/acme", "slash at the front alone"],
    ["/", "slash at the front alone"],
    ["//", "slash at the front alone"],
    ["%21example.com", "%21example.com"],
    ["exam$ple.com", "exam$ple.com"],
  ])("refuses %j", (text, part) => {
    const error = refusal(text);
    expect(error).toMatchObject({ code: "badPattern", exitCode: 2 });
    expect(error.message).toContain(part);
    expect(error.hint).not.toBe("");
  });

  it("refuses more than 2,000 characters", () => {
    expect(canonical(`example.com/${"a".repeat(1988)}`)).toHaveLength(2000);
    expect(refusal(`example.com/${"a".repeat(1989)}`).message).toContain("at most 2000");
  });

  it.each([
    "https://example.com/cb?code=s3cret",
    "https://example.com/cb#s3cret",
    "https://me:s3cret@example.com/",
    "me@example.com:s3cret@x",
  ])("does not repeat a secret of %s", (text) => {
    const { message, hint } = refusal(text);
    expect(message + hint).not.toContain("s3cret");
  });

  it("gives equal texts to equal patterns, and reads its own text as the same pattern", () => {
    fc.assert(
      fc.property(siteText, (text) => {
        const pattern = parsePattern(text);
        expect(parsePattern(formatPattern(pattern))).toEqual(pattern);
        expect(canonical(canonical(text))).toBe(canonical(text));
      }),
    );
  });

  it("either reads or refuses whatever it is given", () => {
    const near = fc.array(fc.constantFrom("!", "*", ".", "/", ":", "[", "]", "-", "%", "2A", "a", "1", "ü", " ", "\\", "@", "?", "http", "//"), { maxLength: 12 });
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), near.map((parts) => parts.join(""))), (text) => {
        try {
          const once = canonical(text);
          expect(canonical(once)).toBe(once);
        } catch (error) {
          if (!(error instanceof SteadError)) throw error;
          expect(error.code).toBe("badPattern");
        }
      }),
      { numRuns: 1000 },
    );
  });
});

function refusal(text: string): SteadError {
  try {
    parsePattern(text);
  } catch (error) {
    if (error instanceof SteadError) return error;
    throw error;
  }
  throw new Error(`${text} was not refused.`);
}
