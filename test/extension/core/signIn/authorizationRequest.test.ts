import { describe, expect, it } from "vitest";
import { readAuthorizationRequest } from "../../../../extension/core/signIn/authorizationRequest.ts";
import { jwtOf } from "./support.ts";

const isRuled = (url: string): boolean => new URL(url).hostname === "app.acme.test";
const provider = "https://id.example/authorize";
const local = encodeURIComponent("http://localhost:3000/cb");

describe("readAuthorizationRequest", () => {
  it.each([
    ["a redirect to this machine", `?client_id=c&redirect_uri=${local}&state=12345678`, "http://localhost:3000/cb"],
    ["no response_type, as GitHub has it", `?client_id=c&redirect_uri=${local}`, "http://localhost:3000/cb"],
    ["127.0.0.1", `?client_id=c&redirect_uri=http://127.0.0.1:5000/cb`, "http://127.0.0.1:5000/cb"],
    ["[::1]", `?client_id=c&redirect_uri=http://[::1]:5000/cb`, "http://[::1]:5000/cb"],
    ["a name below localhost", `?client_id=c&redirect_uri=http://acme.localhost:5000/cb`, "http://acme.localhost:5000/cb"],
    ["a page of a project's rule", `?client_id=c&redirect_uri=https://app.acme.test/cb?next=/x`, "https://app.acme.test/cb"],
    ["the scheme's own port", `?client_id=c&redirect_uri=https://app.acme.test:443/cb`, "https://app.acme.test/cb"],
    ["parameters in the fragment", `#client_id=c&redirect_uri=${local}`, "http://localhost:3000/cb"],
    ["PAR", "?client_id=c&request_uri=urn:ietf:params:oauth:request_uri:x", null],
    ["an encrypted request", "?client_id=c&request=a.b.c.d.e", null],
  ])("reads %s", (_, query, redirect) => {
    expect(readAuthorizationRequest({ url: `${provider}${query}`, formData: undefined }, isRuled)).toMatchObject({ redirect, provider: "https://id.example" });
  });

  it.each([
    ["no client", `${provider}?redirect_uri=${local}&state=12345678`],
    ["no redirect", `${provider}?client_id=c&state=12345678`],
    ["a redirect to a site of no project", `${provider}?client_id=c&redirect_uri=https://other.test/cb`],
    ["a redirect to a name that only begins like this machine's", `${provider}?client_id=c&redirect_uri=http://localhost.evil.test/cb`],
    ["a redirect to a program", `${provider}?client_id=c&redirect_uri=com.acme.app:/cb`],
    ["a redirect that is no address", `${provider}?client_id=c&redirect_uri=localhost`],
    ["two redirects", `${provider}?client_id=c&redirect_uri=${local}&redirect_uri=http://localhost:4000/cb`],
    ["an address that is no page", `ftp://id.example/?client_id=c&redirect_uri=${local}`],
    ["PAR for another site's address beside it", `${provider}?client_id=c&request_uri=urn:x&redirect_uri=https://other.test/cb`],
  ])("is none with %s", (_, url) => {
    expect(readAuthorizationRequest({ url, formData: undefined }, isRuled)).toBeUndefined();
  });

  it("reads a signed request, without trusting it, before what stands beside it", () => {
    const request = jwtOf({ redirect_uri: "http://localhost:3000/jar", state: "signed-state", nonce: "n", code_challenge: "c", aud: "https://issuer.example/t", response_mode: "form_post" });
    expect(readAuthorizationRequest({ url: `${provider}?client_id=c&request=${request}&state=other&redirect_uri=${local}`, formData: undefined }, isRuled)).toEqual({
      state: "signed-state",
      redirect: "http://localhost:3000/jar",
      provider: "https://id.example",
      issuer: "issuer.example",
      responseMode: "form_post",
      pkce: true,
      nonce: true,
    });
  });

  it("takes a signed request of more than 16 KiB for one it cannot read", () => {
    const request = jwtOf({ redirect_uri: "http://localhost:3000/jar", state: "x".repeat(16_384) });
    expect(readAuthorizationRequest({ url: `${provider}?client_id=c&request=${request}`, formData: undefined }, isRuled)).toMatchObject({ redirect: null, state: undefined });
  });

  it("reads a request that is sent as a form", () => {
    const formData = { client_id: ["c"], redirect_uri: ["http://localhost:3000/cb"], state: ["form-state"] };
    expect(readAuthorizationRequest({ url: provider, formData }, isRuled)).toMatchObject({ redirect: "http://localhost:3000/cb", state: "form-state" });
  });

  it("keeps no response mode that is none", () => {
    const url = `${provider}?client_id=c&redirect_uri=${local}&response_mode=canary`;
    expect(readAuthorizationRequest({ url, formData: undefined }, isRuled)?.responseMode).toBeNull();
  });
});
