import { describe, expect, it } from "vitest";
import { leastUsedColor } from "../../shared/leastUsedColor.ts";
import { sameName } from "../../shared/projectName.ts";

describe("sameName", () => {
  it.each([
    ["acme", "ACME", true],
    ["Straße", "STRASSE", true],
    ["ａｃｍｅ", "acme", true],
    [" acme", "acme ", true],
    ["Cafe", "Café", false],
    ["acme", "acme-2", false],
  ])("of %s and %s is %s", (one, other, same) => {
    expect(sameName(one, other)).toBe(same);
  });
});

describe("leastUsedColor", () => {
  it("takes the first in Firefox's order of those fewest projects have", () => {
    expect(leastUsedColor([])).toBe("blue");
    expect(leastUsedColor([{ color: "blue" }])).toBe("turquoise");
    expect(leastUsedColor([{ color: "blue" }, { color: "red" }], ["red", "blue", "pink"])).toBe("pink");
  });
});
