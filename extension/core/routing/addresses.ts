import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import * as z from "zod/mini";
import { parseUrl } from "../../../shared/rules/parseUrl.ts";

/** What is kept of an address: enough to know it again, and nothing of what it says, for a callback holds a code. */
export const Trace = z.object({
  exact: z.string(),
  /** What is one page to a person: the scheme and the fragment apart, for Firefox tries https before http. */
  page: z.string(),
  /** Without query and fragment: what a loop comes back to, though it count its rounds in the query. */
  place: z.string(),
});
export type Trace = z.infer<typeof Trace>;

export function traceOf(url: string): Trace {
  return { exact: digest(url), page: digest(url.replace(/^https?:/, "").replace(/#.*$/s, "")), place: digest(withoutQuery(url)) };
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
  return url === undefined || blank.has(withoutQuery(url));
}

/** Whether the request comes from a page of an add-on other than the one at `own`, `moz-extension://…/`. */
export function isOtherAddOn(origin: string | undefined, own: string): boolean {
  return origin?.startsWith("moz-extension:") === true && !origin.startsWith(own);
}

function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, "");
}

function digest(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}

const reader = "about:reader?";
const blank: ReadonlySet<string> = new Set(["about:blank", "about:newtab", "about:home", "about:privatebrowsing"]);
