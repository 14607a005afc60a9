import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalPath } from "../../../shared/rules/canonicalPath.ts";

const pathname = fc
  .array(fc.constantFrom("/", "%", "%25", "%2F", "%2f", "%41", "A", "%c3%bc", "ü", "%7E", "~", "%2A", "*", "%00", "[", " ", "."), { maxLength: 12 })
  .map((parts) => new URL(`http://host/${parts.join("")}`).pathname);

describe("canonicalPath", () => {
  it.each([
    ["/acme/site", "/acme/site"],
    ["/%61%2D%7e", "/a-~"],
    ["/%C3%bc", "/%C3%BC"],
    ["/a%2fb/%2F", "/a%2Fb/%2F"],
    ["/50%", "/50%25"],
    ["/50%zz", "/50%25zz"],
    ["/%2561", "/%2561"],
    ["/[x]|", "/%5Bx%5D%7C"],
    ["/%ff", "/%FF"],
  ])("writes %s as %s", (path, expected) => {
    expect(canonicalPath(path)).toBe(expected);
  });

  it("changes nothing the second time, and is a path the URL parser leaves alone", () => {
    fc.assert(
      fc.property(pathname, (path) => {
        const once = canonicalPath(path);
        expect(canonicalPath(once)).toBe(once);
        expect(canonicalPath(new URL(`http://host${once}`).pathname)).toBe(once);
      }),
    );
  });
});
