/**
 * The only importer of the polyfill: upstream is frozen, in Firefox it hands back the global `browser`, and it throws
 * when loaded outside an extension. Typed as that global, which @types/firefox-webext-browser describes.
 */
import polyfill from "webextension-polyfill";

export const webext: typeof browser = polyfill;
