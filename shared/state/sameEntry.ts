import { sameCookie } from "../cookie.ts";
import { canonicalShape } from "./canonicalShape.ts";
import { canonicalValue } from "./canonicalValue.ts";
import type { Entry } from "./entry.ts";
import { entryKey } from "./entryKey.ts";
import type { Value } from "./value.ts";

/** Whether two entries are of one identity and also say the same. */
export function sameEntry(a: Entry, b: Entry): boolean {
  if (a.kind === "cookie" && b.kind === "cookie") return sameCookie(a, b);
  return entryKey(a) === entryKey(b) && sameContent(a, b);
}

function sameContent(a: Entry, b: Entry): boolean {
  if ((a.kind === "local" || a.kind === "session") && a.kind === b.kind) return a.value === b.value;
  if (a.kind === "database" && b.kind === "database") return JSON.stringify(canonicalShape(a.shape)) === JSON.stringify(canonicalShape(b.shape));
  return a.kind === "record" && b.kind === "record" && sameValue(a.value, b.value);
}

/** Whether two Values stand for the same, whatever names their objects have. The order of properties is a difference: a page sees it. */
export function sameValue(a: Value, b: Value): boolean {
  return JSON.stringify(canonicalValue(a)) === JSON.stringify(canonicalValue(b));
}
