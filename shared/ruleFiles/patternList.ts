import { linesOf } from "./lines.ts";
import { RulesBasket } from "./rulesBasket.ts";
import { noProject } from "./rulesText.ts";
import type { ReadRules, ReadRulesOptions } from "./types.ts";

/** Hosts, addresses or patterns, one a line, all for `project`. */
export function readPatternList(text: string, { project }: ReadRulesOptions = {}): ReadRules {
  const basket = new RulesBasket();
  for (const { number, text: line } of linesOf(text)) {
    if (project === undefined) {
      basket.skip(number, noProject);
      continue;
    }
    const pattern = isExpression(line) ? line : withoutEnd(line);
    if (pattern !== line) basket.note("an address with a query or a fragment: only what stands before it was taken");
    basket.add(number, { project, pattern, ask: false });
  }
  return basket.finish();
}

function isExpression(line: string): boolean {
  return /^!?\//.test(line);
}

/** A list of addresses copied from somewhere has queries; no pattern has. */
function withoutEnd(line: string): string {
  return line.replace(/[?#].*$/su, "");
}
