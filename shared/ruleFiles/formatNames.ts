/** The formats of rules by their names on the command line. */
export const ruleFormats = ["rules", "list", "multi-account-containers", "containerise"] as const;
export type RuleFormat = (typeof ruleFormats)[number];

export function isRuleFormat(name: string): name is RuleFormat {
  return ruleFormats.some((known) => known === name);
}
