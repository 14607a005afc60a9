import { describe, expect, it } from "vitest";
import { readRules, type RuleFormat } from "../../../shared/ruleFiles/index.ts";

describe("readRules", () => {
  it.each<[RuleFormat, string]>([
    ["rules", "a.test Acme, Inc\nb.test Beta"],
    ["rules", "a.test\nb.test beta"],
    ["rules", "[::1] acme"],
    ["rules", "?a.test acme\nc,d"],
    ["list", "a.test\nhttps://b.test/a,b"],
    ["list", "[2001:db8::1]:3000"],
    ["list", ""],
    ["containerise", "a.test, Acme\nb.test,Beta\nnonsense"],
    ["containerise", '{"map=a.test": {}}'],
    ["multi-account-containers", '\uFEFF {"siteContainerMap@@_a.test": {}}'],
    ["multi-account-containers", '{"identity@@_x": {}}'],
  ])("recognises %s in %j", (format, text) => {
    expect(readRules(text, { project: "acme" }).format).toBe(format);
  });

  it.each<[string, string, RuleFormat | undefined, string]>([
    ["JSON of another kind", '{"cookies": []}', undefined, "storage of Multi-Account Containers"],
    ["a JSON list", '["a.test"]', undefined, "an object"],
    ["broken JSON", '{"map=a.test":', undefined, "valid JSON"],
    ["a whole set-up", '{"stead": "setup"}', undefined, "whole set-up"],
    ["JSON as rules", '{"map=a.test": {}}', "rules", "got JSON"],
    ["text as storage", "a.test acme", "multi-account-containers", "expected JSON"],
  ])("refuses %s", (_what, text, format, message) => {
    expect(() => readRules(text, { format })).toThrow(message);
  });

  it("reads as it is told to", () => {
    expect(readRules("a.test, b", { format: "rules" })).toMatchObject({ rules: [], skipped: [{ line: 1 }] });
    expect(readRules("a.test", { format: "containerise" })).toMatchObject({ skipped: [{ line: 1 }] });
  });
});
