import { registrableDomain } from "../../../shared/site.ts";
import { isLoopback } from "./isLoopback.ts";

/** What counts as one party: the registrable domain, but the whole origin on this machine, where every port is another program. */
export function siteOf(url: URL): string {
  return isLoopback(url.hostname) ? url.origin : registrableDomain(url.hostname);
}
