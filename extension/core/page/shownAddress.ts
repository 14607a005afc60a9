import { parseUrl } from "../../../shared/rules/parseUrl.ts";

/** An address in the parts a reader needs: who it is, where there, and that more follows. */
export interface ShownAddress {
  /** With its slashes. */
  scheme: string;
  /** With the port where it is not the scheme's own. */
  host: string;
  /** The middle of a long one is left out. */
  path: string;
  /** The names of its fields: their values may be anything, codes and tokens too. */
  query: string;
}

const longestPath = 90;
const fieldsShown = 3;
const longestField = 20;

/** Undefined for what is no address. */
export function shownAddress(address: string): ShownAddress | undefined {
  const url = parseUrl(address);
  if (url === undefined) return undefined;
  return { scheme: `${url.protocol}//`, host: url.host, path: shortened(url.pathname, longestPath), query: fieldsOf(url) };
}

function fieldsOf(url: URL): string {
  const names = [...new Set(url.searchParams.keys())];
  if (names.length === 0) return url.search === "" ? "" : "?…";
  const shown = names.slice(0, fieldsShown).map((name) => `${shortened(name, longestField)}=…`);
  return `?${shown.join("&")}${names.length > fieldsShown ? "&…" : ""}`;
}

function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const half = Math.floor(longest / 2);
  return `${text.slice(0, half)}…${text.slice(-half)}`;
}
