import { getDomain, parse } from "tldts";
import { isHostOnly } from "../cookie.ts";
import type { Cookie, CookieId } from "../models.ts";
import { isWithin, normalizeHost } from "../site.ts";

/**
 * A host as browsers write it: lower case, in ASCII, an IPv6 address in brackets. Undefined for what is no host: an
 * empty name, one with a port, a path, a user or a character that no host has, one that is longer than names are.
 */
export function canonicalHost(host: string): string | undefined {
  if (/[/?#@\\\s%*]|^\.|\.\./.test(host)) return undefined;
  const bare = /^[^[\]]*:[^[\]]*:[^[\]]*$/.test(host) ? `[${host}]` : host;
  if (/:[0-9]*$/.test(bare)) return undefined;
  const url = `http://${bare}/`;
  if (!URL.canParse(url)) return undefined;
  const { hostname } = new URL(url);
  return hostname.length <= 254 && hostname.split(".").every((label) => label.length <= 63) ? hostname : undefined;
}

/** Whether it is an address or a single label such as `localhost`: hosts that no other host is below of. */
export function standsAlone(host: string): boolean {
  const { isIp, isIcann, isPrivate } = parse(host, { allowPrivateDomains: true });
  return isIp === true || (!host.includes(".") && isIcann !== true && isPrivate !== true);
}

/** Whether anyone may register a name below it: `com`, `co.uk`, `github.io`. A cookie for all of these is refused everywhere. */
export function isPublicSuffix(host: string): boolean {
  const { publicSuffix, isIcann, isPrivate } = parse(host, { allowPrivateDomains: true });
  return publicSuffix === normalizeHost(host) && (isIcann === true || isPrivate === true);
}

/**
 * Whether a cookie belongs to what `--domain` names: one of the host or of any host below it, or one of a domain
 * above that is sent to it (`.example.com` for `app.example.com`).
 */
export function concerns(cookie: CookieId, domain: string): boolean {
  return isWithin(cookie.domain, domain) || isSentTo(cookie, domain);
}

/** Whether a browser sends the cookie to exactly this host (RFC 6265 section 5.1.3), path and scheme aside. */
export function isSentTo(cookie: CookieId, host: string): boolean {
  return isHostOnly(cookie) ? normalizeHost(cookie.domain) === normalizeHost(host) : isWithin(host, cookie.domain);
}

/** The registrable domain that everything concerning `domain` shares; undefined where there is no single one. */
export function commonSite(domain: string): string | undefined {
  return getDomain(normalizeHost(domain), { allowPrivateDomains: true }) ?? undefined;
}

/** The one host to which all these cookies go; undefined when there is none. */
export function onlyHost(cookies: readonly Cookie[]): string | undefined {
  const hosts = cookies.map((cookie) => cookie.domain.replace(/^\./, ""));
  const deepest = hosts.reduce((a, b) => (b.length > a.length ? b : a), "");
  return deepest !== "" && cookies.every((cookie) => isSentTo(cookie, deepest)) ? deepest : undefined;
}
