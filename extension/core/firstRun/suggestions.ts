import { decide } from "../../../shared/rules/decide.ts";
import { formatPattern } from "../../../shared/rules/formatPattern.ts";
import { parsePattern } from "../../../shared/rules/parsePattern.ts";
import { parseUrl } from "../../../shared/rules/parseUrl.ts";
import type { Rule, RuleId } from "../../../shared/rules/rule.ts";
import { buildRules } from "../../../shared/rules/ruleIndex.ts";

/** Patterns for the sites of these addresses that no rule has yet, in their order: the host, with its port where it names one. */
export function suggestions(urls: readonly string[], rules: ReadonlyMap<RuleId, Rule>, most = 6): string[] {
  const index = buildRules(rules.values());
  const found = new Set<string>();
  for (const address of urls) {
    const url = parseUrl(address);
    if (url === undefined || !/^https?:$/.test(url.protocol) || url.hostname === "") continue;
    const pattern = formatPattern(parsePattern(url.host));
    if (decide(index, address).kind === "none") found.add(pattern);
    if (found.size === most) break;
  }
  return [...found];
}
