import { describe, expect, it } from "vitest";
import { Redirects } from "../../../../extension/core/moved/redirects.ts";

describe("Redirects", () => {
  it("names the origins that led to a request, and keeps no more of an address", () => {
    const redirects = new Redirects();
    expect(redirects.pass("1", "https://a.test/x?code=canary")).toEqual([]);
    expect(redirects.pass("2", "https://other.test/")).toEqual([]);
    expect(redirects.pass("1", "https://b.test:8443/y#z")).toEqual(["https://a.test"]);
    expect(redirects.pass("1", "https://c.test/")).toEqual(["https://a.test", "https://b.test:8443"]);
  });

  it("forgets the requests of long ago", () => {
    const redirects = new Redirects();
    redirects.pass("first", "https://a.test/");
    for (let index = 0; index < 128; index++) redirects.pass(String(index), "https://b.test/");
    expect(redirects.pass("first", "https://c.test/")).toEqual([]);
    expect(redirects.pass("127", "https://c.test/")).toEqual(["https://b.test"]);
  });
});
