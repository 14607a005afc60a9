import { describe, expect, it } from "vitest";
import { readTypedUrl } from "../../../native-host/cli/typedUrl.ts";

describe("an address as a person types it", () => {
  it.each([
    ["https://example.com", "https://example.com/"],
    ["HTTP://Example.com/a?b#c", "http://example.com/a?b#c"],
    ["example.com", "https://example.com/"],
    ["example.com/x?y=1", "https://example.com/x?y=1"],
    ["  example.com:8443/x ", "https://example.com:8443/x"],
    ["//example.com/x", "https://example.com/x"],
    ["localhost", "http://localhost/"],
    ["localhost:3000", "http://localhost:3000/"],
    ["localhost:3000/a?redirect=https://x.test", "http://localhost:3000/a?redirect=https://x.test"],
    ["LOCALHOST.:3000", "http://localhost.:3000/"],
    ["app.localhost:5173/x", "http://app.localhost:5173/x"],
    ["127.0.0.1:8080", "http://127.0.0.1:8080/"],
    ["127.1", "http://127.0.0.1/"],
    ["[::1]:3000/x", "http://[::1]:3000/x"],
    ["[2001:db8::1]", "https://[2001:db8::1]/"],
    ["nas", "https://nas/"],
    ["notlocalhost:3000", "https://notlocalhost:3000/"],
    ["bücher.example", "https://xn--bcher-kva.example/"],
    ["example.com?x=1", "https://example.com/?x=1"],
  ])("%j is %s", (typed, url) => {
    expect(readTypedUrl(typed)).toBe(url);
  });

  it.each([
    "", " ", "/etc/passwd", "./page.html", "../x", "?q=cAnArY", "#x", "mailto:cAnArY@a.test", "javascript:alert('cAnArY')", "file:///etc/passwd", "about:config",
    "ext+stead:open?url=x", "me:cAnArY@example.com", "two words.test", "http://", "https://?cAnArY", "example.com:99999", "exa*mple.com",
  ])("%j is refused without being repeated", (typed) => {
    const refused = (): string => readTypedUrl(typed);
    expect(refused).toThrow(expect.objectContaining({ code: "badUrl" }));
    expect(refused).not.toThrow("cAnArY");
  });
});
