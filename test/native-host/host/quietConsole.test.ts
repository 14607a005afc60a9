import { afterEach, beforeEach, expect, it } from "vitest";
import { quietConsole } from "../../../native-host/host/quietConsole.ts";

const real = { ...console };
let written: string;
beforeEach(() => {
  written = "";
  quietConsole({ write: (text) => (written += text) });
});
afterEach(() => {
  Object.assign(console, real);
});

it.each(["log", "info", "debug", "warn", "error", "trace", "dir", "table"] as const)("writes console.%s to stderr", (method) => {
  console[method]("a word", 7);
  expect(written).toBe("a word 7\n");
});

it("writes an error's kind and place, and nothing of its text", () => {
  console.error("it failed:", new TypeError("secret\nsecret on a line\n    at secret"), { secret: "secret" });
  expect(written).toMatch(/^it failed: TypeError\n {4}at .*quietConsole\.test\.ts:\d+:\d+/);
  expect(written).not.toContain("secret");
});
