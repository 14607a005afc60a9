import { curl } from "./curl.ts";
import { netscape, wget } from "./netscape.ts";
import { playwright } from "./playwright.ts";
import { json } from "./state.ts";
import type { Format } from "./types.ts";

export { detectFormat } from "./detect.ts";
export { distinct, entriesOf, stateOf } from "./entries.ts";
export { canonicalHost, commonSite, concerns } from "./host.ts";
export type { Credential, Format, Origin, Read, State, StorePlace, WriteOptions, Written } from "./types.ts";

/** Every format by the name it has on the command line. */
export const formats = { playwright, netscape, wget, curl, json } as const satisfies Record<string, Format>;

export type FormatName = keyof typeof formats;
export const formatNames: readonly FormatName[] = ["playwright", "netscape", "wget", "curl", "json"];
/** Those that can be read back. */
export const importNames = ["playwright", "netscape", "wget", "json"] as const satisfies readonly FormatName[];
export type ImportName = (typeof importNames)[number];

export function isFormatName(name: string): name is FormatName {
  return Object.hasOwn(formats, name);
}

export function isImportName(name: string): name is ImportName {
  return importNames.some((known) => known === name);
}
