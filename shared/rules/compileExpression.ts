import { RE2JS, RE2JSException, RE2JSSyntaxException } from "re2js";
import { badPattern } from "./badPattern.ts";

/** In UTF-16 units. */
const longestExpression = 1000;
/** In instructions of the engine, which counted repeats multiply: the time for one character grows with them. */
const largestProgram = 500;
/** In UTF-16 units. No address of a page a person reads is near it; one that is matches no expression. */
const longestText = 8192;

/**
 * A regular expression (RE2's syntax: no look-around, no back-references) as a predicate that is true when the whole text
 * matches. Throws SteadError `badPattern`.
 *
 * Rules come from files that others wrote, and every page's address is tried: only an engine whose time grows linearly
 * with the text will do, which RegExp is not.
 */
export function compileExpression(source: string): (text: string) => boolean {
  if (source.length > longestExpression) {
    throw badPattern(`Expected an expression of at most ${longestExpression} characters, but got ${source.length}.`);
  }
  const compiled = compile(source);
  if (compiled.programSize() > largestProgram) {
    throw badPattern("Expected an expression with fewer or smaller counted repeats.", "Write + or * in place of a large {n}, or make two rules of it.");
  }
  return (text) => text.length <= longestText && compiled.testExact(text);
}

function compile(source: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    // The message would repeat the expression.
    const what = error instanceof RE2JSSyntaxException ? error.getDescription() : "one the engine does not take";
    throw badPattern(`Expected a regular expression, but got: ${what}.`, "The syntax is RE2's: no look-ahead, look-behind or back-reference.");
  }
}
