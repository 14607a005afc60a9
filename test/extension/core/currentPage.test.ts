import { describe, expect, it } from "vitest";
import { currentPage } from "../../../extension/core/currentPage.ts";
import { buildRules } from "../../../shared/rules/ruleIndex.ts";
import { projectId } from "../page/pageScenes.ts";

const [acme, beta] = [projectId(1), projectId(2)];
const index = buildRules(
  [
    [acme, "*.acme.test"],
    [acme, "!blog.acme.test"],
    [acme, "both.test"],
    [beta, "both.test"],
  ].map(([project = "", pattern = ""], n) => ({ id: projectId(100 + n), project, pattern, ask: false })),
);
const page = (url: string) => currentPage(index, { tab: 7, url, project: null });

describe("currentPage", () => {
  it.each([
    ["https://shop.acme.test/x", [acme], "*.acme.test"],
    ["https://both.test/", [acme, beta], "both.test"],
    ["https://blog.acme.test/", [], null],
    ["https://example.com/", [], null],
  ])("says to whom %s belongs", (url, owners, pattern) => {
    expect(page(url)).toMatchObject({ tab: 7, url, project: null, owners, pattern });
  });

  it("offers patterns for a rule", () => {
    expect(page("https://shop.acme.test/x")?.suggestions[0]).toEqual({ pattern: "shop.acme.test", covers: "host" });
  });

  it.each(["about:config", "moz-extension://x/y", "view-source:https://both.test/", ""])("says nothing of %j", (url) => {
    expect(page(url)).toBeUndefined();
  });
});
