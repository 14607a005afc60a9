import { SteadError } from "../errors.ts";
import { parseJson, withoutMark } from "./refusal.ts";
import { stateFormat } from "./state.ts";

export type DetectedFormat = "json" | "playwright" | "netscape";

/** Which format a document is of, by its first look; the format's own reader judges it then. Throws `fileFormat`. */
export function detectFormat(text: string): DetectedFormat {
  const start = withoutMark(text).trimStart();
  if (start.startsWith("{") || start.startsWith("[")) return detectJson(parseJson(text, "The file"));
  if (/^[ \t]*(cookie|header)[ \t=:]*"/m.test(start)) {
    throw unknown("A curl configuration does not say which host its cookies are for, so that it cannot be imported.");
  }
  if (/^# (Netscape )?HTTP Cookie File/m.test(start) || /^(?!# )\S+\t(TRUE|FALSE)\t/im.test(start)) return "netscape";
  throw unknown("The file is none that can be read: expected a Playwright storage state, a Netscape cookie file or Stead's own JSON.");
}

function detectJson(document: unknown): DetectedFormat {
  if (document !== null && typeof document === "object" && !Array.isArray(document)) {
    if ("format" in document && document.format === stateFormat) return "json";
    if ("cookies" in document || "origins" in document) return "playwright";
  }
  throw unknown(`The JSON document is none that can be read: expected an object with "cookies", as Playwright and Stead write it.`);
}

function unknown(message: string): SteadError {
  return new SteadError("fileFormat", message, { hint: "Nothing was changed; docs/formats.md describes the formats." });
}
