import { isAddress } from "./parseHost.ts";
import type { Pattern, SitePattern } from "./pattern.ts";
import type { Target } from "./target.ts";

export type Mismatch = "host" | "port" | "scheme" | "path" | "text";

/** Why the pattern does not match the URL; undefined when it does. An exclusion matches like the pattern behind its `!`. */
export function mismatch(pattern: Pattern, target: Target): Mismatch | undefined {
  if (pattern.kind === "expression") return pattern.matches(target.text) ? undefined : "text";
  const { origin } = target;
  if (!hasHost(pattern, origin.host)) return "host";
  if (!hasPort(pattern, origin.port)) return "port";
  if (!hasScheme(pattern, origin.scheme)) return "scheme";
  return hasPath(pattern, target) ? undefined : "path";
}

export function hasPort({ ports }: SitePattern, port: number): boolean {
  return ports === undefined || (ports.from <= port && port <= ports.to);
}

export function hasScheme(pattern: SitePattern, scheme: string): boolean {
  return pattern.scheme === undefined || pattern.scheme === scheme;
}

function hasHost(pattern: SitePattern, host: string): boolean {
  return host === pattern.host || (pattern.subdomains && !isAddress(host) && host.endsWith(`.${pattern.host}`));
}

function hasPath({ path }: SitePattern, target: Target): boolean {
  return path === "" || target.path === path || target.path.startsWith(`${path}/`);
}
