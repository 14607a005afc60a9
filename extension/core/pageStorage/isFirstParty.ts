import { registrableDomain } from "../../../shared/site.ts";

/**
 * Whether a document has its origin's own storage: it and every document around it are of one site. Firefox gives a frame of
 * another site a storage of its own under each site around it (state partitioning), which is none of the project's state.
 */
export function isFirstParty(url: string, ancestors: readonly string[]): boolean {
  const site = siteOf(url);
  return site !== undefined && ancestors.every((ancestor) => siteOf(ancestor) === site);
}

function siteOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, hostname } = new URL(url);
  return protocol === "http:" || protocol === "https:" ? `${protocol}${registrableDomain(hostname)}` : undefined;
}
