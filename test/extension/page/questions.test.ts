import { describe, expect, it } from "vitest";
import { Questions, withoutQuestion, withQuestion } from "../../../extension/core/page/questions.ts";
import type { PageContent } from "../../../shared/protocol/page.ts";
import { projectId } from "./pageScenes.ts";

const content: PageContent = { kind: "contested", url: "https://example.com/", project: projectId(1) };
const hour = 60 * 60 * 1000;

describe("questions", () => {
  it("are kept by id, and gone when answered", () => {
    const two = withQuestion(withQuestion({}, "a", content, 1), "b", content, 2);
    expect(two).toEqual({ a: { content, at: 1 }, b: { content, at: 2 } });
    expect(withoutQuestion(two, "a")).toEqual({ b: { content, at: 2 } });
    expect(withoutQuestion(two, "never asked")).toEqual(two);
  });

  it("know who asked, where that is known, and that it is not", () => {
    const all = withQuestion(withQuestion(withQuestion({}, "a", content, 1), "b", content, 2, null), "c", content, 3, "https://from.example");
    expect(Object.entries(Questions.parse(all)).map(([id, { from }]) => [id, from])).toEqual([["c", "https://from.example"], ["b", null], ["a", undefined]]);
  });

  it("are never more than a hundred: the oldest make room", () => {
    let all: Questions = {};
    for (let n = 0; n < 150; n++) all = withQuestion(all, `q${n}`, content, n);
    expect(Object.keys(all)).toHaveLength(100);
    expect(all["q149"]).toBeDefined();
    expect(all["q50"]).toBeDefined();
    expect(all["q49"]).toBeUndefined();
  });

  it("stand overnight, and not for ever", () => {
    const asked = withQuestion({}, "old", content, 0);
    expect(Object.keys(withQuestion(asked, "new", content, 12 * hour))).toContain("old");
    expect(Object.keys(withQuestion(asked, "new", content, 49 * hour))).toEqual(["new"]);
  });
});
