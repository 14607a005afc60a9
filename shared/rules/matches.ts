import { mismatch } from "./mismatch.ts";
import type { Pattern } from "./pattern.ts";
import { readTarget } from "./target.ts";

/** Whether one pattern matches a URL, for a look at a few of each; an exclusion matches like the pattern behind its `!`. */
export function matches(pattern: Pattern, url: string): boolean {
  const target = readTarget(url);
  return target !== undefined && mismatch(pattern, target) === undefined;
}
