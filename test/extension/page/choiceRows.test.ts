import { describe, expect, it } from "vitest";
import { choiceRows } from "../../../extension/core/page/choiceRows.ts";
import { firstChoice } from "../../../extension/core/page/firstChoice.ts";
import type { PageContent } from "../../../shared/protocol/page.ts";
import { project, projectId } from "./pageScenes.ts";

type Choice = Extract<PageContent, { kind: "choose" }>;

const projects = Array.from({ length: 12 }, (_, n) => project(n + 1, `Client ${n + 1}`, "blue"));
const asks = (rest: Partial<Choice> = {}): Choice => ({ kind: "choose", url: "https://example.com/", why: "rule", projects: [], pattern: null, ...rest });
const names = (content: Choice, query = "") => choiceRows(content, projects, query).map(({ project: one }) => one?.name ?? "none");

describe("choiceRows", () => {
  it("gives the named projects first, then the others, both in the order of the list, then none", () => {
    expect(names(asks({ projects: [projectId(7), projectId(3)] })).slice(0, 4)).toEqual(["Client 3", "Client 7", "Client 1", "Client 2"]);
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
  const [two, four, five, gone] = [projectId(2), projectId(4), projectId(5), projectId(99)];
  const recent = [gone, four, five, two];

  it.each<{ what: string; choice: Choice; here?: string; active?: string; chosen: string | null }>([
    { what: "of the named ones the tab's own", choice: asks({ projects: [five, two] }), here: two, chosen: two },
    { what: "of the named ones the one used last", choice: asks({ projects: [two, five] }), here: four, chosen: five },
    { what: "the first of those named where none was used", choice: asks({ projects: [projectId(8), projectId(9)] }), active: four, chosen: projectId(8) },
    { what: "one that is there still", choice: asks({ projects: [gone, two] }), chosen: two },
    { what: "the tab's own where none is named", choice: asks({ why: "external" }), here: four, active: two, chosen: four },
    { what: "the active one in a tab without a project", choice: asks({ why: "external" }), active: two, chosen: two },
    { what: "none where nothing speaks for one", choice: asks({ why: "external" }), chosen: null },
    { what: "none for a stranger's link, wherever it was followed", choice: asks({ why: "link" }), here: four, active: two, chosen: null },
    { what: "none where the tab's own is gone", choice: asks(), here: gone, chosen: null },
  ])("is $what", ({ choice, here, active, chosen }) => {
    expect(firstChoice(choice, here ?? null, { projects, recent, active: active ?? null })).toBe(chosen);
  });
});
