import { describe, expect, it } from "vitest";
import { compareIssuer } from "../../../../extension/core/signIn/compareIssuer.ts";

describe("compareIssuer", () => {
  it.each([
    [undefined, "https://id.example", null, "fits"],
    ["https://github.com/login/oauth", "https://github.com", null, "fits"],
    ["https://accounts.google.com", "https://accounts.google.com", null, "fits"],
    ["https://login.microsoftonline.com/tenant/v2.0", "https://login.microsoftonline.com", null, "fits"],
    ["https://sts.windows.net/tenant/", "https://login.microsoftonline.com", null, "unsure"],
    ["https://other.id.example/", "https://id.example", null, "unsure"],
    ["https://issuer.example", "https://login.vanity.test", "issuer.example", "fits"],
    ["https://evil.test", "https://id.example", null, "contradicts"],
    ["https://id.example.evil.test", "https://id.example", null, "contradicts"],
    ["http://localhost:9001", "http://localhost:9000", null, "unsure"],
    ["not an address", "https://id.example", null, "contradicts"],
    ["javascript:0", "https://id.example", null, "contradicts"],
  ])("says of %s from %s (issuer %s): %s", (issuer, provider, known, answer) => {
    expect(compareIssuer(issuer, { provider, issuer: known })).toBe(answer);
  });
});
