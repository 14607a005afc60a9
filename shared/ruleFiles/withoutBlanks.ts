/**
 * A pattern's canonical text with no blank in it, that matches the same. Only an expression can have blanks; `\x20` says
 * the same there, but between `\Q` and `\E`, where nothing is an escape.
 */
export function withoutBlanks(pattern: string): string {
  return pattern.replace(quotedOrBlank, (token) => {
    if (token.startsWith(String.raw`\Q`)) return token.replaceAll(" ", String.raw`\E\x20\Q`);
    return token === " " || token === String.raw`\ ` ? String.raw`\x20` : token;
  });
}

const quotedOrBlank = /\\Q[^]*?(?:\\E|$)|\\[^]| /g;
