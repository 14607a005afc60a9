import { getDomain } from "tldts";

/**
 * The registrable domain (eTLD+1) of a host or a cookie domain, private suffixes included (`a.github.io` is its own
 * site); the host itself where there is none: an IP address, `localhost`, a bare public suffix.
 */
export function registrableDomain(host: string): string {
  const bare = normalizeHost(host);
  return getDomain(bare, { allowPrivateDomains: true }) ?? bare;
}

/** Lower case, without a cookie domain's leading dot, a trailing dot or an IPv6 address's brackets. */
export function normalizeHost(host: string): string {
  return host.toLowerCase().replace(/^\./, "").replace(/\.$/, "").replace(/^\[(.*)\]$/, "$1");
}

/** Whether `host` is `domain` or below it, compared by label: `notexample.com` is not below `example.com`. */
export function isWithin(host: string, domain: string): boolean {
  const inner = normalizeHost(host);
  const outer = normalizeHost(domain);
  return inner === outer || inner.endsWith(`.${outer}`);
}
