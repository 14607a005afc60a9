import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { shellWord } from "../../../extension/core/shellWord.ts";

it.each([
  ["acme", "acme"],
  ["Bäckerei", "Bäckerei"],
  ["Side project", "'Side project'"],
  ["it's", "'it'\\''s'"],
  ["$(id)`id`\"\\", "'$(id)`id`\"\\'"],
])("%s is written as %s, which a shell reads as it was", (word, written) => {
  expect(shellWord(word)).toBe(written);
  expect(execFileSync("/bin/sh", ["-c", `printf %s ${written}`], { encoding: "utf8" })).toBe(word);
});
