import type { ImportName } from "../../shared/formats/index.ts";
import { lastExpiry } from "../../shared/formats/expiry.ts";
import { isEcho } from "../../shared/formats/playwrightEcho.ts";
import type { Cookie } from "../../shared/models.ts";
import type { Entry } from "../../shared/state/entry.ts";
import { sameValue } from "../../shared/state/sameEntry.ts";

/** What a document of this format cannot but have lost of a cookie or record, taken from the one that was given out. */
export function refinement(format: ImportName): (theirs: Entry, given: Entry) => Entry {
  return (theirs, given) => {
    if (theirs.kind === "cookie" && given.kind === "cookie") return { ...theirs, ...lost(format, theirs, given) };
    if (format !== "playwright" || theirs.kind !== "record" || given.kind !== "record" || sameValue(theirs.value, given.value)) return theirs;
    return isEcho(theirs.value, given.value) ? given : theirs;
  };
}

function lost(format: ImportName, theirs: Cookie, given: Cookie): Partial<Cookie> {
  const { sameSite, httpOnly, expires } = given;
  const isLate = expires !== undefined && expires > lastExpiry && theirs.expires === lastExpiry;
  const late = isLate ? { expires } : {};
  const fraction = expires !== undefined && theirs.expires === Math.floor(expires) ? { expires } : late;
  switch (format) {
    case "json":
      return {};
    case "playwright":
      // A browser has no word for an absent attribute: Chromium gives Lax back, Playwright's Firefox None.
      return { ...late, ...(sameSite === "unspecified" && theirs.sameSite !== "strict" && { sameSite }) };
    case "netscape":
      return { sameSite, ...fraction };
    case "wget":
      return { sameSite, httpOnly, ...fraction };
  }
}
