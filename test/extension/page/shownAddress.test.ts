import { describe, expect, it } from "vitest";
import { shownAddress } from "../../../extension/core/page/shownAddress.ts";

describe("shownAddress", () => {
  it.each([
    ["https://example.com/", { scheme: "https://", host: "example.com", path: "/", query: "" }],
    ["http://localhost:3000/a/b#part", { scheme: "http://", host: "localhost:3000", path: "/a/b", query: "" }],
    ["https://example.com/cb?code=s3cret&state=xyz", { scheme: "https://", host: "example.com", path: "/cb", query: "?code=…&state=…" }],
    ["https://example.com/?a=1&a=2&b&c=3&d=4", { scheme: "https://", host: "example.com", path: "/", query: "?a=…&b=…&c=…&…" }],
    ["https://ada:pass@example.com/", { scheme: "https://", host: "example.com", path: "/", query: "" }],
  ])("takes %s apart", (address, parts) => {
    expect(shownAddress(address)).toEqual(parts);
  });

  it("leaves out the middle of a long path, and most of a long field's name", () => {
    const { path, query } = shownAddress(`https://example.com/${"a".repeat(500)}/end?${"n".repeat(400)}=1`) ?? { path: "", query: "" };
    expect(path.length).toBeLessThan(100);
    expect(path).toMatch(/^\/aaa.*…a.*\/end$/);
    expect(query.length).toBeLessThan(30);
  });

  it("shows no address for what is none", () => {
    expect(shownAddress("nothing")).toBeUndefined();
  });
});
