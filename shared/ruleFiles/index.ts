import { refusal } from "../formats/refusal.ts";
import { readContainerise, readContaineriseStorage } from "./containerise.ts";
import { detectRules, readSource } from "./detect.ts";
import type { RuleFormat } from "./formatNames.ts";
import { readMultiAccount } from "./multiAccount.ts";
import { readPatternList } from "./patternList.ts";
import { readRulesText } from "./rulesText.ts";
import type { StorageOptions } from "./storageArea.ts";
import type { ReadRules, ReadRulesOptions } from "./types.ts";

export { isRuleFormat, ruleFormats, type RuleFormat } from "./formatNames.ts";
export { formatRulesText } from "./rulesText.ts";
export type { Container, NamedRule, ReadRules, ReadRulesOptions, Skipped } from "./types.ts";

/**
 * Rules from a file's text, of the format that it looks like or the one that is named. A line that is no rule stops no
 * other. Throws `fileFormat` for a file that is none of the formats.
 */
export function readRules(text: string, options: ReadRulesOptions & { format?: RuleFormat | undefined } = {}): ReadRules & { format: RuleFormat } {
  const source = readSource(text);
  const format = options.format ?? detectRules(source);
  if (source.kind === "storage") {
    if (format !== "multi-account-containers" && format !== "containerise") throw refusal("The file", "one rule a line, but got JSON");
    const read = format === "containerise" ? readContaineriseStorage : readMultiAccount;
    return { format, ...read(source.storage, { lineOf: lineFinder(text) }) };
  }
  switch (format) {
    case "rules":
      return { format, ...readRulesText(text, options) };
    case "list":
      return { format, ...readPatternList(text, options) };
    case "containerise":
      return { format, ...readContainerise(text) };
    case "multi-account-containers":
      throw refusal("The file", "JSON, as Multi-Account Containers' storage is");
  }
}

/** Where a key stands in a JSON text. */
function lineFinder(text: string): StorageOptions["lineOf"] {
  const lines = new Map<string, number>();
  text.split("\n").forEach((line, index) => {
    for (const [, key = ""] of line.matchAll(/("(?:[^"\\]|\\.)*")\s*:/g)) if (!lines.has(key)) lines.set(key, index + 1);
  });
  return (key) => lines.get(JSON.stringify(key)) ?? null;
}
