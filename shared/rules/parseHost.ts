import { parseUrl } from "./parseUrl.ts";

/**
 * A host as URL.hostname writes it, without the dot that may end it (`example.com.` is `example.com`). Undefined for what
 * is no host or has an empty label, and for the characters that the URL parser lets pass but no name has, such as `*` and `!`.
 */
export function parseHost(text: string): string | undefined {
  if (text === "" || foreign.test(text)) return undefined;
  const parsed = parseUrl(`http://${text}/`);
  if (parsed === undefined) return undefined;
  const host = withoutDot(parsed.hostname);
  return host.startsWith("[") || (name.test(host) && !host.split(".").includes("")) ? host : undefined;
}

export function withoutDot(hostname: string): string {
  return hostname.endsWith(".") ? hostname.slice(0, -1) : hostname;
}

/** An IPv4 or IPv6 address as URL.hostname writes it. */
export function isAddress(host: string): boolean {
  return host.startsWith("[") || ipv4.test(host);
}

/** The host and all it is below, nearest first: `a.b.example`, `b.example`, `example`. Empty for an address. */
export function hostAndParents(host: string): string[] {
  if (isAddress(host)) return [];
  const hosts = [host];
  for (let dot = host.indexOf("."); dot !== -1; dot = host.indexOf(".", dot + 1)) hosts.push(host.slice(dot + 1));
  return hosts;
}

// The URL parser drops tabs and line ends, trims blanks, and takes the rest for another part of a URL. A colon stands
// only in brackets.
const foreign = /[\s\p{Cc}/\\?#@]|:(?![^[]*\])/u;
const name = /^[\w.-]+$/;
const ipv4 = /^\d+\.\d+\.\d+\.\d+$/;
