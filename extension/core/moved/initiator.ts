import { parseUrl } from "../../../shared/rules/parseUrl.ts";
import { registrableDomain } from "../../../shared/site.ts";

/** Who asked for a page. */
export type Initiator =
  /** A person, another program, or an add-on. */
  | { kind: "user" }
  | { kind: "page"; origin: string }
  /** A page without an origin of its own (sandboxed, data:, a file), or one that is not known. */
  | { kind: "opaque" };

/** `Sec-Fetch-Site`. */
export type FetchSite = "none" | "same-origin" | "same-site" | "cross-site";

/**
 * Reads webRequest's `originUrl`. A sandboxed page has none, like a person at the address bar: `mayBePage` says whether
 * a page could have asked.
 */
export function initiatorOf(originUrl: string | undefined, mayBePage: boolean): Initiator {
  const url = originUrl === undefined ? undefined : parseUrl(originUrl);
  if (url === undefined) return mayBePage ? { kind: "opaque" } : { kind: "user" };
  if (/^https?:\/\//.test(url.origin)) return { kind: "page", origin: url.origin };
  return /^(moz-extension|about|chrome|resource):$/.test(url.protocol) ? { kind: "user" } : { kind: "opaque" };
}

/** What the browser would say of the request (Fetch Metadata); `from`: the addresses that redirected to it. */
export function fetchSite(initiator: Initiator, from: readonly string[], url: string): FetchSite {
  if (initiator.kind !== "page") return initiator.kind === "user" ? "none" : "cross-site";
  const target = new URL(url);
  const others = [initiator.origin, ...from].map((text) => new URL(text));
  if (others.every((other) => other.origin === target.origin)) return "same-origin";
  const isSame = (other: URL): boolean => other.protocol === target.protocol && registrableDomain(other.hostname) === registrableDomain(target.hostname);
  return others.every(isSame) ? "same-site" : "cross-site";
}

/** Whether SameSite cookies are held back: Firefox compares hosts, and counts every redirect on the way. */
export function isForeign(initiator: Initiator, from: readonly string[], url: string): boolean {
  if (initiator.kind === "opaque") return true;
  const site = registrableDomain(new URL(url).hostname);
  return [...(initiator.kind === "page" ? [initiator.origin] : []), ...from].some((text) => registrableDomain(new URL(text).hostname) !== site);
}
