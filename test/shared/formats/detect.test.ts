import { describe, expect, it } from "vitest";
import { detectFormat } from "../../../shared/formats/index.ts";

describe("detectFormat", () => {
  it.each([
    ["json", '{"format": "stead-state"}'],
    ["playwright", '\uFEFF {"cookies": []}'],
    ["playwright", '{"origins": []}'],
    ["netscape", "# Netscape HTTP Cookie File\n"],
    ["netscape", "# HTTP Cookie File\n"],
    ["netscape", "a.test\tFALSE\t/\tFALSE\t0\tn\tv\n"],
    ["netscape", "# mine\n#HttpOnly_a.test\tFALSE\t/\tFALSE\t0\tn\tv\n"],
  ])("takes for %s: %j", (format, text) => {
    expect(detectFormat(text)).toBe(format);
  });

  it.each([
    ["[]", 'expected an object with "cookies"'],
    ["{}", 'expected an object with "cookies"'],
    ["{cAnArY", "expected valid JSON"],
    ["cAnArY", "expected a Playwright storage state"],
    ['header = "Cookie: cAnArY"', "does not say which host"],
    ['// cAnArY\n{"cookies": []}', "expected a Playwright storage state"],
    ['cookie = "cAnArY"', "does not say which host"],
  ])("refuses %j without quoting it", (text, message) => {
    expect(() => detectFormat(text)).toThrow(message);
    expect(() => detectFormat(text)).not.toThrow("cAnArY");
  });

  it.each([
    ["blank lines", `x${"\n".repeat(2_000_000)}`],
    ["blanks", `cookie${" ".repeat(2_000_000)}`],
    ["one long line", "x".repeat(20_000_000)],
  ])("is done with very many %s in no time", (_what, text) => {
    expect(() => detectFormat(text)).toThrow("expected a Playwright storage state");
  });
});
