import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { popupMatch } from "../../../extension/core/popupMatch.ts";
import { sameName } from "../../../shared/projectName.ts";
import { quickest } from "../../support/quickest.ts";

/** The matched parts of a name in brackets. */
function shown(name: string, query: string): string | undefined {
  const match = popupMatch(name, query);
  if (!match) return undefined;
  return match.ranges.toReversed().reduce((text, [start, end]) => `${text.slice(0, start)}[${text.slice(start, end)}]${text.slice(end)}`, name);
}

describe("popupMatch", () => {
  it.each([
    ["Acme", "acme", "[Acme]"],
    ["Acme", "AC", "[Ac]me"],
    ["Side project", "pro", "Side [pro]ject"],
    ["Side project", "oje", "Side pr[oje]ct"],
    ["Side project", "ject side", "[Side] pro[ject]"],
    ["Side project", "sp", "[S]ide [p]roject"],
    ["Side project", "sidepro", "[Side] [pro]ject"],
    ["Bäckerei Schön", "backerei schon", "[Bäckerei Schön]"],
    ["Ba\u0308ckerei", "bäck", "[Ba\u0308ck]erei"],
    ["ﬁnance", "fi", "[ﬁ]nance"],
    ["a.b-c", "bc", "a.[b]-[c]"],
    ["Acme", "  acme ", "[Acme]"],
    ["Acme", "", "Acme"],
  ])("finds in %j what %j names: %j", (name, query, answer) => {
    expect(shown(name, query)).toBe(answer);
  });

  it.each([
    ["Acme", "acmes"],
    ["Acme", "ae"],
    ["Side project", "ip"],
    ["Side project", "side x"],
  ])("finds nothing in %j for %j", (name, query) => {
    expect(popupMatch(name, query)).toBeUndefined();
  });

  it("scores a whole name before a beginning, a word, a part, scattered words and initials", () => {
    const names = ["np", "npm", "my npm", "ynpm"].map((name) => popupMatch(name, "np")?.score);
    expect([...names, popupMatch("p is n", "n p")?.score, popupMatch("New project", "np")?.score]).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("marks parts that are inside the name, in order, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 64 }), fc.string({ unit: "grapheme", maxLength: 10 }), (name, query) => {
        const ends = (popupMatch(name, query)?.ranges ?? []).flat();
        expect(ends).toEqual(ends.toSorted((a, b) => a - b));
        expect(ends.every((end) => end >= 0 && end <= name.length)).toBe(true);
      }),
    );
  });

  it("does not take long over names that nearly match in many ways", () => {
    expect(quickest(() => popupMatch("a ".repeat(32), `${"a".repeat(30)}b`))).toBeLessThan(17);
  });
});

describe("sameName", () => {
  it("does not mind case, spaces around, or how an accent is written", () => {
    expect(sameName(" Café", "CAFE\u0301 ")).toBe(true);
    expect(sameName("Cafe", "Café")).toBe(false);
  });
});
