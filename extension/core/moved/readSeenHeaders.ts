import type { FetchSite } from "./initiator.ts";
import type { Header, SeenHeaders } from "./movedHeaders.ts";

const sites: readonly FetchSite[] = ["none", "same-origin", "same-site", "cross-site"];

/** What a form's own request says: how it is encoded (`Content-Type`), its length in bytes, and who sends it. */
export function readSeenHeaders(headers: readonly Header[]): { type: string | undefined; length: string | undefined; seen: SeenHeaders } {
  const get = (name: string): string | undefined => headers.find((header) => header.name.toLowerCase() === name)?.value;
  const site = get("sec-fetch-site");
  return {
    type: get("content-type"),
    length: get("content-length"),
    seen: { origin: get("origin"), referer: get("referer"), site: sites.find((known) => known === site) },
  };
}
