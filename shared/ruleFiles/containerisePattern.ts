import { SteadError } from "../errors.ts";
import { parsePattern } from "../rules/parsePattern.ts";
import { anywhere, foreignSyntax, withinHost } from "./portableExpression.ts";

/** What becomes of a pattern of Containerise's. */
export type Converted =
  | { kind: "pattern"; pattern: string; /** What the pattern does otherwise than there. */ change?: string | undefined }
  | { kind: "refused"; reason: string };

/**
 * A pattern as Containerise reads it (`host`, `*.host`, each with a path, `!glob`, `@expression`) as one of Stead's.
 * `hostOnly`: its setting "Match domain only" was on; undefined when nobody knows.
 */
export function convertContainerise(text: string, { hostOnly }: { hostOnly?: boolean | undefined } = {}): Converted {
  if (text.startsWith("@")) return fromExpression(text.slice(1), hostOnly);
  if (text.startsWith("!")) return fromGlob(text.slice(1));
  // An expression in Stead's language, and a path without a host there.
  if (text.startsWith("/")) return { kind: "refused", reason: "expected a host before the path" };
  const hasLetters = /\/.*\p{L}/u.test(text.replace(/^\w+:\/\//, ""));
  return { kind: "pattern", pattern: text, change: hasLetters ? "in a path, upper and lower case now differ" : undefined };
}

function fromExpression(source: string, hostOnly: boolean | undefined): Converted {
  if (source === "") return { kind: "refused", reason: "there is no expression after the @" };
  const foreign = foreignSyntax(source);
  if (foreign !== undefined) return { kind: "refused", reason: `the expression has ${foreign}, which Stead's would read otherwise` };
  if (!(hostOnly ?? isMeantForHost(source))) return expression(anywhere(source));
  const within = withinHost(source);
  if (within !== undefined) return expression(within);
  return { kind: "refused", reason: "the expression was made for the host alone, and one for the whole address could match more" };
}

/**
 * No address ends with its host, so that an expression that asks for it can only have been made for the setting "Match
 * domain only"; Containerise's own manual has such examples.
 */
function isMeantForHost(source: string): boolean {
  return /[^\\]\$$/.test(source) && !/[/#=&]|\\\?/.test(source);
}

/**
 * Containerise looks for a glob anywhere in the address, which is more than anybody means by it: `!*.example.com` finds
 * `notexample.com` and `evil.test/?example.com` too. A glob of one host and what is below it becomes just that.
 */
function fromGlob(glob: string): Converted {
  const [, host, path = ""] = /^(?:\*:\/\/|https?:\/\/)?(?:\*\.?)?([^*?/]+)(\/[^*?]*|\/(?:[^*?]*\/)?\*)?$/u.exec(glob) ?? [];
  const scheme = /^https?:\/\//.exec(glob)?.[0] ?? "";
  if (host !== undefined) {
    const candidates = [`${scheme}*.${host}${path}`, `${scheme}${host}${path}`];
    const pattern = candidates.find(isPattern);
    if (pattern !== undefined) return { kind: "pattern", pattern, change: "a glob was taken for a host and the hosts below it; Containerise finds it anywhere in an address" };
  }
  if (!/^[\w.:/*?%~@&=,;!-]+$/u.test(glob)) return { kind: "refused", reason: "the glob has characters that Containerise reads as a regular expression; write it as an expression" };
  const literal = glob.replace(/[.*?]/g, (one) => (one === "." ? String.raw`\.` : `.${one}`));
  return expression(anywhere(literal));
}

function expression(source: string): Converted {
  return { kind: "pattern", pattern: `/${source}/` };
}

function isPattern(text: string): boolean {
  try {
    parsePattern(text);
    return true;
  } catch (error) {
    if (!(error instanceof SteadError)) throw error;
    return false;
  }
}
