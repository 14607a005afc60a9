import { describe, expect, it } from "vitest";
import { expectWebUrl, readWebUrl } from "../../shared/webUrl.ts";

describe("a web address", () => {
  it.each([
    ["https://example.com", "https://example.com/"],
    ["HTTP://Example.com:80/a b?c#d", "http://example.com/a%20b?c#d"],
    [" http://localhost:3000/ ", "http://localhost:3000/"],
  ])("%j is %j", (text, url) => {
    expect(readWebUrl(text)).toBe(url);
    expect(expectWebUrl(text)).toBe(url);
  });

  it.each(["", "example.com", "localhost:3000", "//example.com", "http://", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "about:config", "moz-extension://a/b", "view-source:https://a.test"])(
    "%j is none",
    (text) => {
      expect(readWebUrl(text)).toBeUndefined();
      expect(() => expectWebUrl(text)).toThrow(expect.objectContaining({ code: "badUrl" }));
    },
  );

  it("is refused without a word of what it hides", () => {
    expect(() => expectWebUrl("ftp://ann:sEcReT@a.test/sEcReT")).toThrow(/^Expected an http or https address, but got one that begins with ftp:\.$/);
  });
});
