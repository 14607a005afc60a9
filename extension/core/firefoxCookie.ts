import { isHostOnly } from "../../shared/cookie.ts";
import type { Cookie, CookieId, PartitionKey } from "../../shared/models.ts";

/** A cookie as Firefox's cookies API hands it out (browser.cookies.Cookie, with the fields of newer versions). */
export interface FirefoxCookie {
  name: string;
  value: string;
  domain: string;
  hostOnly: boolean;
  path: string;
  secure: boolean;
  httpOnly: boolean;
  sameSite: Cookie["sameSite"];
  expirationDate?: number | undefined;
  storeId: string;
  firstPartyDomain?: string | undefined;
  partitionKey?: { topLevelSite?: string | undefined; hasCrossSiteAncestor?: boolean | undefined } | null | undefined;
}

/** What cookies.set takes (browser.cookies._SetDetails). */
export interface CookieDetails {
  url: string;
  storeId: string;
  name: string;
  value: string;
  path: string;
  secure: boolean;
  domain?: string;
  httpOnly?: boolean;
  sameSite?: Cookie["sameSite"];
  expirationDate?: number;
  partitionKey?: { topLevelSite: string; hasCrossSiteAncestor?: boolean };
  firstPartyDomain?: string;
}

export function fromFirefox(cookie: FirefoxCookie): Cookie {
  const bare = cookie.domain.replace(/^\./, "");
  const site = cookie.partitionKey?.topLevelSite;
  const ancestor = cookie.partitionKey?.hasCrossSiteAncestor;
  return {
    name: cookie.name,
    value: cookie.value,
    domain: cookie.hostOnly ? bare : `.${bare}`,
    path: cookie.path,
    secure: cookie.secure,
    httpOnly: cookie.httpOnly,
    sameSite: cookie.sameSite,
    ...(cookie.expirationDate !== undefined && { expires: cookie.expirationDate }),
    ...(site && { partitionKey: { topLevelSite: site, ...(ancestor !== undefined && { hasCrossSiteAncestor: ancestor }) } }),
    ...(cookie.firstPartyDomain && { firstPartyDomain: cookie.firstPartyDomain }),
  };
}

/** What cookies.set takes to make exactly this cookie in a container. */
export function toFirefox(cookie: Cookie, storeId: string): CookieDetails {
  return {
    ...address(cookie, cookie.secure),
    storeId,
    name: cookie.name,
    value: cookie.value,
    secure: cookie.secure,
    httpOnly: cookie.httpOnly,
    sameSite: cookie.sameSite,
    ...(cookie.expires !== undefined && { expirationDate: cookie.expires }),
  };
}

/**
 * What cookies.set takes to delete exactly this cookie: one that has expired takes its place and goes at once.
 * cookies.remove has no path and no host-only flag, and deletes the wrong one of two twins.
 */
export function toFirefoxRemoval(id: CookieId, storeId: string): CookieDetails {
  return { ...address(id, true), storeId, name: id.name, value: "", expirationDate: 1, secure: true };
}

function address(id: CookieId, secure: boolean): Pick<CookieDetails, "url" | "domain" | "path" | "partitionKey" | "firstPartyDomain"> {
  const bare = id.domain.replace(/^\./, "");
  const host = bare.includes(":") && !bare.startsWith("[") ? `[${bare}]` : bare;
  return {
    url: `${secure ? "https" : "http"}://${host}${id.path}`,
    path: id.path,
    ...(!isHostOnly(id) && { domain: bare }),
    ...(id.partitionKey && { partitionKey: partitionOf(id.partitionKey) }),
    ...(id.firstPartyDomain !== undefined && { firstPartyDomain: id.firstPartyDomain }),
  };
}

function partitionOf(key: PartitionKey): NonNullable<CookieDetails["partitionKey"]> {
  const { topLevelSite, hasCrossSiteAncestor } = key;
  return { topLevelSite, ...(hasCrossSiteAncestor !== undefined && { hasCrossSiteAncestor }) };
}
