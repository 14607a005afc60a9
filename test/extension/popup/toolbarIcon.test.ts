import { describe, expect, it } from "vitest";
import { colors } from "../../../shared/models.ts";
import { containerColors, contrast, letterOf, textOn, toolbarIcon } from "../../../extension/core/toolbarIcon.ts";

describe("toolbarIcon", () => {
  it("shows Stead's mark when no project is current", () => {
    expect(toolbarIcon(undefined)).toEqual({ kind: "mark" });
  });

  it("shows the project's colour and letter", () => {
    expect(toolbarIcon({ name: "acme", color: "yellow" })).toEqual({ kind: "letter", letter: "A", background: "#ffcb00", text: "#15141a" });
  });

  it.each(colors)("is readable on %s", (color) => {
    expect(contrast(containerColors[color], textOn(containerColors[color]))).toBeGreaterThan(4.3);
  });

  it("knows contrast as WCAG gives it", () => {
    expect(contrast("#000000", "#ffffff")).toBe(21);
    expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
  });
});

describe("letterOf", () => {
  it.each([
    ["acme", "A"],
    ["  éclair", "É"],
    ["e\u0301clair", "E\u0301"],
    ["ßtrasse", "ß"],
    ["iğne", "I"],
    ["👩‍💻 work", "👩‍💻"],
    ["🇩🇪 site", "🇩🇪"],
    ["9 lives", "9"],
    ["프로젝트", "프"],
  ])("takes one grapheme of %j: %j", (name, letter) => {
    expect(letterOf(name)).toBe(letter);
  });
});
