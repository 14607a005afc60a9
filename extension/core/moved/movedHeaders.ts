import type { SameSite } from "../../../shared/models.ts";
import { type FetchSite, fetchSite, type Initiator, isForeign } from "./initiator.ts";

export interface Header {
  name: string;
  value?: string | undefined;
  binaryValue?: number[] | undefined;
}

/** A request that an add-on's page made in the place of another one, on its way to the network. */
export interface MovedRequest {
  url: string;
  method: string;
  /** Who asked for the first. */
  initiator: Initiator;
  /** The addresses that redirected to it, before and after it was moved. */
  from: readonly string[];
  /** The first request's own headers, where they were seen; not after a redirect. */
  seen: SeenHeaders | undefined;
  /** The first request was seen to be another site's. */
  wasCrossSite: boolean;
}

export interface SeenHeaders {
  origin: string | undefined;
  referer: string | undefined;
  site: FetchSite | undefined;
}

/** A cookie that Firefox holds for the address. */
export interface HeldCookie {
  name: string;
  value: string;
  sameSite: SameSite;
}

/** Whether some cookies of the site must stay behind. */
export function holdsBack({ initiator, from, url, wasCrossSite }: MovedRequest): boolean {
  return wasCrossSite || isForeign(initiator, from, url);
}

/**
 * The headers as the first request would have had them. An add-on's navigation counts as the site's own: it carries
 * every SameSite cookie and says `Sec-Fetch-Site: same-origin`, so that another site's link or form would pass for the
 * site's own. `cookies`: those of the address and container; undefined when they are not known, and then none is sent.
 */
export function movedHeaders(headers: readonly Header[], moved: MovedRequest, cookies: readonly HeldCookie[] | undefined): Header[] {
  const { method, seen, initiator, from, url, wasCrossSite } = moved;
  const replaced = new Set(["cookie", "origin", "referer", "sec-fetch-site"]);
  const had = (name: string): string | undefined => headers.find((header) => header.name.toLowerCase() === name)?.value;
  const cookie = holdsBack(moved) ? cookieHeader(had("cookie"), cookies, method) : had("cookie");
  const site = seen?.site ?? (wasCrossSite ? "cross-site" : fetchSite(initiator, from, url));
  return [
    ...headers.filter((header) => !replaced.has(header.name.toLowerCase())),
    ...(cookie === undefined ? [] : [{ name: "Cookie", value: cookie }]),
    ...(had("origin") === undefined ? [] : [{ name: "Origin", value: originHeader(moved) }]),
    ...(seen?.referer === undefined ? [] : [{ name: "Referer", value: seen.referer }]),
    ...(had("sec-fetch-site") === undefined ? [] : [{ name: "Sec-Fetch-Site", value: site }]),
  ];
}

/** The Cookie header without what the browser keeps from another site's request: Strict ones, and Lax ones unless it only reads. */
function cookieHeader(header: string | undefined, cookies: readonly HeldCookie[] | undefined, method: string): string | undefined {
  if (header === undefined || cookies === undefined) return undefined;
  const isSafe = method === "GET" || method === "HEAD";
  const back = new Map<string, number>();
  for (const { name, value, sameSite } of cookies) {
    if (sameSite !== "strict" && (isSafe || sameSite !== "lax")) continue;
    const pair = name === "" ? value : `${name}=${value}`;
    back.set(pair, (back.get(pair) ?? 0) + 1);
  }
  const kept = header.split("; ").filter((pair) => {
    const count = back.get(pair) ?? 0;
    if (count > 0) back.set(pair, count - 1);
    return count === 0;
  });
  return kept.length === 0 ? undefined : kept.join("; ");
}

/** Fetch's "serialise a request origin": null once a redirect led from a third party's address to another one. */
function originHeader({ initiator, from, url, seen }: MovedRequest): string {
  if (seen?.origin !== undefined) return seen.origin;
  const own = initiator.kind === "page" ? initiator.origin : "null";
  const steps = [...from, url].map((text) => new URL(text).origin);
  const isTainted = steps.some((origin, at) => at + 1 < steps.length && steps[at + 1] !== origin && origin !== own);
  return isTainted ? "null" : own;
}
