import { parseUrl } from "../../../shared/rules/parseUrl.ts";

/** Whether both are one page to a person: the scheme and the fragment apart, for Firefox tries https before http. */
export function isSamePage(one: string, other: string): boolean {
  return one === other || bare(one) === bare(other);
}

/** The address without query and fragment: what a loop comes back to, though it count its rounds in the query. */
export function placeOf(url: string): string {
  return url.replace(/[?#].*$/s, "");
}

/** The host with its port; the address itself where there is none. */
export function hostOf(url: string): string {
  return parseUrl(url)?.host ?? url;
}

/** What a tab shows, without the wrapping of reader mode. */
export function pageShown(url: string): string {
  if (!url.startsWith(reader)) return url;
  return new URLSearchParams(url.slice(reader.length)).get("url") ?? url;
}

/** Whether the address is of a page that has nothing to lose: undefined before the tab has shown anything. */
export function isBlank(url: string | undefined): boolean {
  return url === undefined || blank.has(placeOf(url));
}

/** Whether the request comes from a page of an add-on other than the one at `own`, `moz-extension://…/`. */
export function isOtherAddOn(origin: string | undefined, own: string): boolean {
  return origin?.startsWith("moz-extension:") === true && !origin.startsWith(own);
}

function bare(url: string): string {
  return url.replace(/^https?:/, "").replace(/#.*$/s, "");
}

const reader = "about:reader?";
const blank: ReadonlySet<string> = new Set(["about:blank", "about:newtab", "about:home", "about:privatebrowsing"]);
