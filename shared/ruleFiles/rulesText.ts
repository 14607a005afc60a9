import { linesOf } from "./lines.ts";
import { RulesBasket } from "./rulesBasket.ts";
import type { NamedRule, ReadRules, ReadRulesOptions } from "./types.ts";
import { withoutBlanks } from "./withoutBlanks.ts";

/** In front of a pattern whose page opens only after asking. No pattern begins with it. */
const askMark = "?";

/** Stead's rules text: one rule a line, `PATTERN PROJECT`. What readRulesText() reads back. */
export function formatRulesText(rules: readonly NamedRule[]): string {
  return rules.map((rule) => `${rule.ask ? askMark : ""}${withoutBlanks(rule.pattern)} ${rule.project}\n`).join("");
}

/**
 * The pattern ends at the first blank, the rest of the line is the project's name; a pattern alone belongs to `project`.
 * A `?` before the pattern says to ask, a line that begins with `#` says nothing.
 */
export function readRulesText(text: string, { project }: ReadRulesOptions = {}): ReadRules {
  const basket = new RulesBasket();
  for (const line of linesOf(text)) {
    const [, mark = "", pattern = "", name = ""] = /^(\??)[ \t]*([^ \t]*)[ \t]*(.*)$/su.exec(line.text) ?? [];
    const owner = name === "" ? project : name;
    if (owner === undefined) basket.skip(line.number, noProject);
    else basket.add(line.number, { project: owner, pattern, ask: mark === askMark });
  }
  return basket.finish();
}

export const noProject = "the line names no project, and none was given for such lines";
