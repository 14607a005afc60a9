import type { Suggestion } from "../../shared/protocol/popup.ts";
import { isAddress, withoutDot } from "../../shared/rules/parseHost.ts";
import { parsePattern } from "../../shared/rules/parsePattern.ts";
import { formatPattern } from "../../shared/rules/formatPattern.ts";
import { parseUrl } from "../../shared/rules/parseUrl.ts";
import { registrableDomain } from "../../shared/site.ts";

const longestPath = 3;

/**
 * Patterns for a page, the likeliest first, each once; none for what is no http or https page. On this machine and in its
 * network the port tells one site from another, elsewhere the host does.
 */
export function suggestPatterns(address: string): Suggestion[] {
  const url = parseUrl(address);
  if (url?.protocol !== "http:" && url?.protocol !== "https:") return [];
  const host = withoutDot(url.hostname);
  const local = url.port !== "" && isLocalHost(host);
  const base = local ? `${host}:${url.port}` : host;
  const all: Suggestion[] = [{ pattern: host, covers: "host" }];
  if (local) all.unshift({ pattern: base, covers: "port" });
  if (hasSite(host)) all.push({ pattern: `*.${registrableDomain(host)}`, covers: "site" });
  // An empty segment is one too: its slash stays.
  for (const { index, 0: segment } of [...url.pathname.matchAll(/\/+[^/]+/g)].slice(0, longestPath)) {
    all.push({ pattern: base + url.pathname.slice(0, index + segment.length), covers: "path" });
  }
  if (!local && url.port !== "") all.push({ pattern: `${host}:${url.port}`, covers: "port" });
  return all.flatMap(canonical).filter(({ pattern }, at, whole) => whole.findIndex((other) => other.pattern === pattern) === at);
}

/** Addresses, single labels, and the names that are no one's on the internet (RFC 6761, 6762, 8375; ICANN on .internal). */
function isLocalHost(host: string): boolean {
  return isAddress(host) || !host.includes(".") || /\.(?:localhost|local|test|internal|home\.arpa)$/.test(host);
}

/** A bare public suffix, as `github.io` is, has hosts of other people below it. */
function hasSite(host: string): boolean {
  return !isAddress(host) && registrableDomain(`below.${host}`) !== `below.${host}`;
}

/** Not every address has a pattern: `a*b` in a path is none. */
function canonical({ pattern, covers }: Suggestion): Suggestion[] {
  try {
    return [{ pattern: formatPattern(parsePattern(pattern.replaceAll("*", (star, at) => (at === 0 ? star : "%2A")))), covers }];
  } catch {
    return [];
  }
}
