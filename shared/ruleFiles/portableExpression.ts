/**
 * Why a regular expression as JavaScript reads it (without flags) may mean something else to RE2, whose syntax rules have;
 * undefined when both mean the same. What RE2 refuses is not found here: parsePattern() does.
 */
export function foreignSyntax(source: string): string | undefined {
  return differences.find(({ syntax }) => syntax.test(source))?.what;
}

// Escapes that JavaScript takes for the letter itself, and brackets that end elsewhere.
const differences: readonly { syntax: RegExp; what: string }[] = [
  { syntax: /(?:^|[^\\])(?:\\\\)*\\[aACEpPQz]/, what: "an escape that JavaScript alone takes for a letter" },
  { syntax: /(?:^|[^\\])(?:\\\\)*\\[0-9ck]/, what: "a back-reference or an octal or control escape" },
  { syntax: /\[\^?\]/, what: "an empty set in brackets" },
  { syntax: /\[\[:/, what: "a bracket that opens a class by name elsewhere" },
];

/** The same, wherever it may stand in the whole text: RE2's rules match whole addresses, JavaScript's test() any part. */
export function anywhere(source: string): string {
  const { begin, body, end } = anchors(source);
  return `${begin || leading.test(body) ? "" : ".*"}${body}${end || trailing.test(body) ? "" : ".*"}`;
}

/**
 * An expression that was tested against the host alone (and its port), as one for the whole address. Undefined where it
 * cannot be kept from reaching beyond the host.
 */
export function withinHost(source: string): string | undefined {
  const { begin, body, end } = anchors(source);
  const held = heldInHost(body);
  return held === undefined ? undefined : `https?://${begin || leading.test(body) ? "" : "[^/]*"}${held}${end || trailing.test(body) ? "" : "[^/]*"}/.*`;
}

/** The expression without `^` and `$` at its ends; a choice at the top keeps its parts together. */
function anchors(source: string): { begin: boolean; body: string; end: boolean } {
  if (hasTopChoice(source)) return { begin: false, body: `(?:${source})`, end: false };
  const begin = source.startsWith("^");
  const end = /(?:^|[^\\])(?:\\\\)*\$$/.test(source);
  return { begin, body: source.slice(begin ? 1 : 0, end ? -1 : undefined), end };
}

const leading = /^\.[*+](?![?*+{])/;
const trailing = /(?:^|[^\\])(?:\\\\)*\.[*+]$/;

function hasTopChoice(source: string): boolean {
  let depth = 0;
  for (const token of tokensOf(source)) {
    if (token === "(") depth++;
    if (token === ")") depth--;
    if (token === "|" && depth === 0) return true;
  }
  return false;
}

function heldInHost(source: string): string | undefined {
  const held = tokensOf(source).map((token) => {
    if (token === ".") return "[^/]";
    if (token.startsWith("[^")) return `[^/${token.slice(2)}`;
    // What may stand for a slash, or for a place that is another in the whole address.
    return token === "/" || token === "^" || token === "$" || /^\\[DSW/x]/.test(token) || /^\[.*(?:\/|\\[DSWx]|[ -.]-[0-~])/.test(token.slice(0, -1)) ? undefined : token;
  });
  return held.every((token) => token !== undefined) ? held.join("") : undefined;
}

/** Escapes and sets in one piece, everything else by character. */
function tokensOf(source: string): string[] {
  return source.match(/\\[^]|\[\^?(?:\\[^]|[^\]\\])*\]|[^]/gu) ?? [];
}
