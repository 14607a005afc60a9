import { badPattern } from "./badPattern.ts";

/**
 * A regular expression as a predicate that is true when the whole text matches. Throws SteadError `badPattern`.
 *
 * Rules come from files that others wrote, and every page's address is tried: only an engine whose time grows linearly
 * with the text will do, which RegExp is not. There is none among the dependencies yet, so every expression is refused.
 */
export function compileExpression(source: string): (text: string) => boolean {
  throw badPattern(
    `Expected a host, such as *.example.com, but got a regular expression of ${source.length} characters.`,
    "This build takes no expressions yet; write the rule by host, port and path.",
  );
}
