import { describe, expect, it } from "vitest";
import { Color, colors, CookieChange, ProjectId, ProjectName } from "../../shared/models.ts";
import { cookie } from "../support/cookies.ts";

describe("a project's name", () => {
  it.each(["Acme", "a", "Ünïcode 客户", "two  words", "x".repeat(64), "a-b", "rock & roll", "🦊 fox"])("may be %j", (name) => {
    expect(ProjectName.safeParse(name).success).toBe(true);
  });

  it.each([
    ["nothing", ""],
    ["a space at the beginning", " a"],
    ["a space at the end", "a "],
    ["only spaces", "  "],
    ["a dash at the beginning", "-rf"],
    ["65 characters", "x".repeat(65)],
    ["a line break", "a\nb"],
    ["a tab", "a\tb"],
    ["an escape character", "a\u001b[31m"],
    ["a direction override", "a\u202eb"],
    ["a zero-width joiner", "a\u200db"],
    ["a line separator", "a\u2028b"],
    ["half a surrogate pair", "a\ud800"],
  ])("may not be or have %s", (_what, name) => {
    expect(ProjectName.safeParse(name).success).toBe(false);
  });
});

it("takes only a UUID in lower case for a project's id", () => {
  const id = crypto.randomUUID();
  expect(ProjectId.safeParse(id).success).toBe(true);
  expect(ProjectId.safeParse(id.toUpperCase()).success).toBe(false);
  expect(ProjectId.safeParse(`${id}x`).success).toBe(false);
  expect(ProjectId.safeParse("firefox-container-1").success).toBe(false);
});

it("takes the colours every supported Firefox takes and no others", () => {
  for (const color of colors) expect(Color.safeParse(color).success).toBe(true);
  for (const color of ["violet", "gray", "cyan", "Blue", ""]) expect(Color.safeParse(color).success).toBe(false);
});

it.each([
  [{ kind: "set", cookie: cookie(), at: 1 }, true],
  [{ kind: "remove", id: { domain: "a", path: "/", name: "n" }, at: 1 }, true],
  [{ kind: "set", id: { domain: "a", path: "/", name: "n" }, at: 1 }, false],
  [{ kind: "set", cookie: { ...cookie(), sameSite: "none" }, at: 1 }, false],
  [{ kind: "set", cookie: { ...cookie(), expires: Number.NaN }, at: 1 }, false],
  [{ kind: "change", cookie: cookie(), at: 1 }, false],
])("reads a change %#", (change, valid) => {
  expect(CookieChange.safeParse(change).success).toBe(valid);
});
