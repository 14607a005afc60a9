import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalPath } from "../../../shared/rules/canonicalPath.ts";
import { parseUrl } from "../../../shared/rules/parseUrl.ts";
import { readTarget, type OriginCache } from "../../../shared/rules/target.ts";
import { urlText } from "./arbitraries.ts";

const unruly = fc
  .array(fc.constantFrom("https://", "http://", "https:", "/", "\\", "\t", "\n", " ", "a", "example.com", "@", ":", ":80", ":443", "..", ".", "?", "#", "%41", "%", "[::1]", "ü", "\ud800", "*"), { maxLength: 9 })
  .map((parts) => parts.join(""));

describe("readTarget", () => {
  it.each([
    ["https://example.com", "https://example.com/"],
    ["https://Example.com.:443/%61?b=%61#c", "https://example.com/a?b=%61"],
    ["http://me:secret@localhost:3000/x/../y?", "http://localhost:3000/y"],
    ["http://example.com:443/", "http://example.com:443/"],
    ["https://[0::1]/", "https://[::1]/"],
    ["  https://example.com/a b ", "https://example.com/a%20b"],
  ])("writes %j for expressions as %s", (url, text) => {
    expect(readTarget(url)?.text).toBe(text);
  });

  it("sees in every text what the URL parser sees, from memory too", () => {
    const cache: OriginCache = new Map();
    fc.assert(
      fc.property(fc.oneof(urlText, unruly, unruly.map((rest) => `https://${rest}`), fc.webUrl()), (text) => {
        for (const target of [readTarget(text), readTarget(text, cache), readTarget(text, cache)]) {
          const url = parseUrl(text);
          const port = url && { "http:": 80, "https:": 443 }[url.protocol];
          if (url === undefined || port === undefined) {
            expect(target).toBeUndefined();
            continue;
          }
          expect(target?.origin).toMatchObject({
            scheme: url.protocol.slice(0, -1),
            host: url.hostname.replace(/\.$/, ""),
            port: url.port === "" ? port : Number(url.port),
          });
          expect(target?.path).toBe(canonicalPath(url.pathname));
        }
      }),
      { numRuns: 3000 },
    );
  });
});
