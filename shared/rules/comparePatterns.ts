import { formatPattern } from "./formatPattern.ts";
import type { Pattern } from "./pattern.ts";

/** What may decide between two patterns, in this order (docs/rules.md). */
export type Criterion = "host" | "path" | "port" | "scheme" | "text";

/** Negative when `a` is the more specific one; 0 only for patterns of equal canonical text. A total order. */
export function comparePatterns(a: Pattern, b: Pattern): number {
  for (const [, compare] of criteria) {
    const order = compare(a, b);
    if (order !== 0) return order;
  }
  return 0;
}

/** The first criterion in which they differ; undefined for equal patterns. */
export function decisiveCriterion(a: Pattern, b: Pattern): Criterion | undefined {
  return criteria.find(([, compare]) => compare(a, b) !== 0)?.[0];
}

const criteria: readonly (readonly [Criterion, (a: Pattern, b: Pattern) => number])[] = [
  ["host", (a, b) => hostRank(a) - hostRank(b) || labels(b) - labels(a)],
  ["path", (a, b) => segments(b) - segments(a)],
  ["port", (a, b) => width(a) - width(b) || from(a) - from(b)],
  ["scheme", (a, b) => schemeRank(a) - schemeRank(b)],
  ["text", (a, b) => compareText(formatPattern(a), formatPattern(b))],
];

function hostRank(pattern: Pattern): number {
  return pattern.kind === "expression" ? 2 : pattern.subdomains ? 1 : 0;
}

function labels(pattern: Pattern): number {
  return pattern.kind === "expression" ? 0 : count(pattern.host, ".") + 1;
}

function segments(pattern: Pattern): number {
  return pattern.kind === "expression" ? 0 : count(pattern.path, "/");
}

const anyPort = 65_536;

function width(pattern: Pattern): number {
  return pattern.kind === "expression" || pattern.ports === undefined ? anyPort : pattern.ports.to - pattern.ports.from;
}

function from(pattern: Pattern): number {
  return pattern.kind === "expression" ? 0 : (pattern.ports?.from ?? 0);
}

function schemeRank(pattern: Pattern): number {
  return pattern.kind === "expression" || pattern.scheme === undefined ? 1 : 0;
}

/** By UTF-16 unit, the same everywhere: no locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function count(text: string, character: string): number {
  let found = 0;
  for (let at = text.indexOf(character); at !== -1; at = text.indexOf(character, at + 1)) found++;
  return found;
}
