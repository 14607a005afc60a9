import type { PageRequest } from "../../../../extension/core/routing/pageRequest.ts";
import type { SignInRecord } from "../../../../extension/core/signIn/signInRecord.ts";

export const acme = "00000000-0000-4000-8000-00000000000a";
export const beta = "00000000-0000-4000-8000-00000000000b";
export const begun = 1_000_000;
export const minute = 60_000;
/** Where the flow of the record leads back to. */
export const callbackAddress = "http://localhost:3000/cb";

/** A flow of acme, begun at `begun`. */
export function recordOf(change: Partial<SignInRecord> = {}): SignInRecord {
  return {
    state: "hash",
    short: false,
    project: acme,
    container: "firefox-container-1",
    tab: 1,
    request: "1",
    page: "http://localhost:3000",
    redirect: callbackAddress,
    provider: "https://id.example",
    sites: ["id.example"],
    issuer: null,
    responseMode: null,
    pkce: true,
    nonce: false,
    at: begun,
    used: null,
    ...change,
  };
}

/** A request in no container, half a minute later. */
export function requestOf(url: string, change: Partial<PageRequest> = {}): PageRequest {
  return {
    requestId: "9",
    tab: 9,
    url,
    method: "GET",
    cookieStoreId: "firefox-default",
    project: undefined,
    originUrl: undefined,
    at: begun + minute / 2,
    formData: undefined,
    ...change,
  };
}

/** A signed token whose signature nobody checks. */
export function jwtOf(claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256" })}.${part(claims)}.c2lnbmF0dXJl`;
}
