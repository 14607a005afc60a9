import { describe, expect, it } from "vitest";
import { choiceRows, firstChoice } from "../../../extension/core/page/choiceRows.ts";
import type { PageContent, PageState } from "../../../shared/protocol/page.ts";
import { project, projectId } from "./pageScenes.ts";

type Choice = Extract<PageContent, { kind: "choose" }>;

const projects = Array.from({ length: 12 }, (_, n) => project(n + 1, `Client ${n + 1}`, "blue"));
const asks = (rest: Partial<Choice> = {}): Choice => ({ kind: "choose", url: "https://example.com/", why: "rule", projects: [], pattern: null, ...rest });
const names = (content: Choice, query = "") => choiceRows(content, projects, query).map(({ project: one }) => one?.name ?? "none");

describe("choiceRows", () => {
  it("gives the named projects first in their order, then the others in theirs, then none", () => {
    expect(names(asks({ projects: [projectId(7), projectId(3)] })).slice(0, 4)).toEqual(["Client 7", "Client 3", "Client 1", "Client 2"]);
    expect(names(asks()).at(-1)).toBe("none");
    expect(names(asks({ projects: [projectId(7)] }))).toHaveLength(13);
  });

  it("leaves out a named project that is gone", () => {
    expect(names(asks({ projects: [projectId(99), projectId(2)] }))[0]).toBe("Client 2");
  });

  it("gives digits to the first nine, and 0 to none", () => {
    const rows = choiceRows(asks({ projects: [projectId(12)] }), projects, "");
    expect(rows.map(({ digit }) => digit)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, undefined, undefined, undefined, 0]);
    expect(rows[0]?.project?.name).toBe("Client 12");
  });

  it("finds by name, each with the digit it had", () => {
    expect(choiceRows(asks(), projects, "4")).toEqual([{ project: projects[3], digit: 4, named: false }]);
    expect(names(asks(), "none of them")).toEqual([]);
  });
});

describe("firstChoice", () => {
  const state = (here: string | null): PageState => ({ content: null, projects, here, remembers: null });

  it.each<{ what: string; choice: Choice; here: string | null; chosen: string | null }>([
    { what: "the first that rules name", choice: asks({ projects: [projectId(5), projectId(2)] }), here: projectId(2), chosen: projectId(5) },
    { what: "the first that is there still", choice: asks({ projects: [projectId(99), projectId(2)] }), here: null, chosen: projectId(2) },
    { what: "the tab's own where none is named", choice: asks({ why: "external" }), here: projectId(4), chosen: projectId(4) },
    { what: "none where nothing speaks for one", choice: asks({ why: "external" }), here: null, chosen: null },
    { what: "none for a stranger's link, wherever it was followed", choice: asks({ why: "link" }), here: projectId(4), chosen: null },
    { what: "none where the tab's own is gone", choice: asks(), here: projectId(99), chosen: null },
  ])("is $what", ({ choice, here, chosen }) => {
    expect(firstChoice(state(here), choice)).toBe(chosen);
  });
});
