import type { Cookie } from "../models.ts";
import { registrableDomain } from "../site.ts";

/** Chromium and Firefox both keep so many cookies of one site and partition, and then throw out old ones without a word. */
export const siteLimit = 180;
export const overSiteLimit = `over the ${siteLimit} cookies that a browser keeps of one site`;

/** The cookies that stay when they are set in this order, the later ones, as in a browser; `over` is how many do not. */
export function withinSiteLimit(cookies: readonly Cookie[]): { cookies: Cookie[]; over: number } {
  const counts = new Map<string, number>();
  const kept = cookies.toReversed().filter(({ domain, partitionKey, firstPartyDomain }) => {
    const site = JSON.stringify([registrableDomain(domain), partitionKey?.topLevelSite, partitionKey?.hasCrossSiteAncestor, firstPartyDomain]);
    const count = (counts.get(site) ?? 0) + 1;
    counts.set(site, count);
    return count <= siteLimit;
  });
  return { cookies: kept.reverse(), over: cookies.length - kept.length };
}
