import type { Cookie, CookieId } from "./models.ts";

/** The identity as one string: equal exactly for cookies that would replace each other in Firefox. */
export function cookieKey(id: CookieId): string {
  return JSON.stringify([
    id.domain.toLowerCase(),
    id.path,
    id.name,
    id.partitionKey?.topLevelSite ?? "",
    id.partitionKey?.hasCrossSiteAncestor ?? false,
    id.firstPartyDomain ?? "",
  ]);
}

/** Only the identity of a cookie, for a removal. */
export function cookieId(cookie: CookieId): CookieId {
  return {
    domain: cookie.domain,
    path: cookie.path,
    name: cookie.name,
    ...(cookie.partitionKey && { partitionKey: cookie.partitionKey }),
    ...(cookie.firstPartyDomain !== undefined && { firstPartyDomain: cookie.firstPartyDomain }),
  };
}

/** Whether two cookies of one identity also say the same. */
export function sameCookie(a: Cookie, b: Cookie): boolean {
  return (
    a.value === b.value &&
    a.secure === b.secure &&
    a.httpOnly === b.httpOnly &&
    a.sameSite === b.sameSite &&
    sameExpiry(a.expires, b.expires) &&
    cookieKey(a) === cookieKey(b)
  );
}

/** A host-only cookie goes to its host alone (RFC 6265 section 5.3). */
export function isHostOnly(id: CookieId): boolean {
  return !id.domain.startsWith(".");
}

/** `now` in milliseconds since 1970. */
export function isExpired(cookie: Cookie, now: number): boolean {
  return cookie.expires !== undefined && cookie.expires * 1000 <= now;
}

/** Firefox hands expiries out as floats of whole milliseconds: less than that is not a difference. */
function sameExpiry(a: number | undefined, b: number | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return Math.abs(a - b) < 0.001;
}
