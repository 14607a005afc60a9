import { isHostOnly } from "../cookie.ts";
import type { Cookie } from "../models.ts";
import { isPublicSuffix } from "./host.ts";
import { partitionSite } from "./partitionSite.ts";

/** RFC 6265bis section 5.6: name and value together, and each attribute, in UTF-8 bytes. */
export const pairLimit = 4096;
export const pathLimit = 1024;

/**
 * Why no browser would keep the cookie: undefined for a good one. Firefox's own `cookies.set` lets several of these
 * through, prefixes among them, so that what comes from a file is checked here. Its host must be canonical already.
 */
export function cookieFault(cookie: Cookie): string | undefined {
  return faults.find(({ found }) => found(cookie))?.reason;
}

const faults: readonly { reason: string; found: (cookie: Cookie) => boolean }[] = [
  { reason: "no name", found: (cookie) => cookie.name === "" },
  { reason: "a control character in name, value or path", found: (cookie) => texts(cookie).some((text) => control.test(text)) },
  { reason: "a semicolon in name, value or path", found: (cookie) => texts(cookie).some((text) => text.includes(";")) },
  { reason: "an equals sign in the name", found: (cookie) => cookie.name.includes("=") },
  { reason: "half a character in name, value or path", found: (cookie) => texts(cookie).some((text) => /\p{Cs}/u.test(text)) },
  { reason: `name and value over ${pairLimit} bytes`, found: (cookie) => byteLength(cookie.name + cookie.value) > pairLimit },
  { reason: "a path that does not begin with a slash", found: (cookie) => !cookie.path.startsWith("/") },
  { reason: `a path over ${pathLimit} bytes`, found: (cookie) => byteLength(cookie.path) > pathLimit },
  { reason: "for a whole public suffix", found: (cookie) => !isHostOnly(cookie) && isPublicSuffix(cookie.domain) },
  { reason: "a name prefix (__Host-, __Secure-, __Http-) whose conditions are not met", found: (cookie) => !keepsPrefix(cookie) },
  {
    reason: "a partition that is not the http or https address of a site",
    found: ({ partitionKey }) => partitionKey !== undefined && partitionSite(partitionKey.topLevelSite) === undefined,
  },
];

/** Control characters but for the tab, which a cookie may hold (RFC 6265bis section 5.6). */
const control = /[\u0000-\u0008\u000a-\u001f\u007f]/;

export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

function texts(cookie: Cookie): string[] {
  return [cookie.name, cookie.value, cookie.path];
}

/** RFC 6265bis section 4.1.3: browsers compare the prefix without regard to case. */
function keepsPrefix(cookie: Cookie): boolean {
  const name = cookie.name.toLowerCase();
  const hostBound = isHostOnly(cookie) && cookie.path === "/";
  if (name.startsWith("__host-http-")) return cookie.secure && cookie.httpOnly && hostBound;
  if (name.startsWith("__host-")) return cookie.secure && hostBound;
  if (name.startsWith("__http-")) return cookie.secure && cookie.httpOnly;
  return !name.startsWith("__secure-") || cookie.secure;
}
