import type { Order } from "../../../../extension/core/routing/belongs.ts";
import { decide } from "../../../../shared/rules/decide.ts";
import type { Rule } from "../../../../shared/rules/rule.ts";
import { buildRules } from "../../../../shared/rules/ruleIndex.ts";
import { defaultSettings, type Settings } from "../../../../shared/settings.ts";

/** `pattern project`, with a `?` behind it where the rule asks. */
export function rulesOf(lines: readonly string[]): Rule[] {
  return lines.map((line, index) => {
    const [pattern = "", project = ""] = line.replace(/\?$/, "").split(" ");
    return { id: String(index), project, pattern, ask: line.endsWith("?") };
  });
}

/** Every project is there but `ghost`. */
export function orderOf(lines: readonly string[], settings: Partial<Settings> = {}, active: string | null = null): Order {
  const all: Settings = { ...defaultSettings, inherit: [], ...settings };
  const inherited = buildRules(all.inherit.map((pattern, index) => ({ id: String(index), project: "", pattern, ask: false })));
  return {
    index: buildRules(rulesOf(lines)),
    settings: all,
    inherits: (url) => decide(inherited, url).kind !== "none",
    knows: (project) => project !== "ghost",
    active,
  };
}
