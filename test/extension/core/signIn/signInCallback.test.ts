import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCallback } from "../../../../extension/core/signIn/signInCallback.ts";
import { unverifiedClaims } from "../../../../extension/core/signIn/unverifiedClaims.ts";
import { callbackAddress as cb, jwtOf } from "./support.ts";

describe("readCallback", () => {
  it.each([
    ["a code in the query", `${cb}?code=x&state=12345678`, "12345678"],
    ["a code in the fragment", `${cb}#code=x&state=12345678`, "12345678"],
    ["tokens in the fragment", `${cb}#access_token=x&id_token=y&state=12345678`, "12345678"],
    ["an error", `${cb}?error=access_denied&state=12345678`, "12345678"],
    ["a signed response", `${cb}?response=${jwtOf({ code: "x", state: "in-the-token" })}`, "in-the-token"],
    ["an answer in the fragment beside a query of the site's own", `${cb}?code=coupon#code=x&state=12345678`, "12345678"],
    ["no state", `${cb}?code=x`, undefined],
    ["two states", `${cb}?code=x&state=12345678&state=87654321`, undefined],
    ["an empty state", `${cb}?code=x&state=`, undefined],
    ["a state that is not beside the answer", `${cb}?state=12345678#code=x`, undefined],
  ])("reads %s", (_, url, state) => {
    expect(readCallback({ url, formData: undefined })).toMatchObject({ address: cb, host: "localhost:3000", state });
  });

  it.each([
    ["Auth0's own page with a state", "https://tenant.auth0.com/u/login?state=hKFo2SB"],
    ["a filter", "https://shop.example/?state=CA"],
    ["a session's state", `${cb}?session_state=12345678`],
    ["an empty code", `${cb}?code=&state=12345678`],
    ["a parameter that ends like one", `${cb}?zipcode=12345&state=12345678`],
    ["an answer in the path", "http://localhost:3000/code=x/state=12345678"],
    ["no page", "about:blank?code=x&state=12345678"],
  ])("takes %s for none", (_, url) => {
    expect(readCallback({ url, formData: undefined })).toBeUndefined();
  });

  it("reads a form before the address it is sent to", () => {
    const formData = { code: ["x"], state: ["in-the-form"], iss: ["https://id.example"] };
    expect(readCallback({ url: `${cb}?state=other&code=y`, formData })).toMatchObject({ state: "in-the-form", issuer: "https://id.example" });
  });
});

describe("unverifiedClaims", () => {
  it("never throws, whatever it is given", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[\w-]{0,40}\.[\w-]{0,80}\.[\w-]{0,20}$/)), (token) => {
      const claims = unverifiedClaims(token);
      expect(claims === undefined || typeof claims === "object").toBe(true);
    }));
  });

  it("reads what was written, in any script", () => {
    fc.assert(fc.property(fc.dictionary(fc.string({ unit: "binary" }).filter((name) => name !== "__proto__"), fc.string({ unit: "grapheme" })), (claims) => {
      expect(unverifiedClaims(jwtOf(claims))).toEqual(claims);
    }));
  });
});
