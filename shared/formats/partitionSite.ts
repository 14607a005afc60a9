import { registrableDomain } from "../site.ts";
import { standsAlone } from "./host.ts";

/**
 * The site of a top-level page as Firefox names partitions: scheme and registrable domain, or the host with its port where it
 * is an address or a single name. Undefined for what is no http or https address.
 */
export function partitionSite(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, hostname, host } = new URL(address);
  if (!/^https?:$/.test(protocol)) return undefined;
  return `${protocol}//${standsAlone(hostname) ? host : registrableDomain(hostname)}`;
}
