import { describe, expect, it } from "vitest";
import { containerIcon } from "../../../extension/core/containerIcon.ts";
import { menuClick, menuItems, menuText } from "../../../extension/core/menuItems.ts";
import { project, projectId, projects } from "../page/pageScenes.ts";

const parentOf = (item: ReturnType<typeof menuItems>[number]) => ("parent" in item ? item.parent : undefined);

describe("menuItems", () => {
  it("are none without a project", () => {
    expect(menuItems([], [])).toEqual([]);
  });

  it("list every project below one entry for tabs and one for links, then none, then what else can be done", () => {
    const items = menuItems(projects, []);
    expect(items.filter((item) => parentOf(item) === undefined).map(({ id }) => id)).toEqual(["reopen", "link"]);
    const below = (parent: string) => items.filter((item) => parentOf(item) === parent).map((item) => (item.kind === "project" ? item.name : item.id));
    const names = ["Acme", "Bäckerei Schön", "Client portal", "side-project"];
    expect(below("reopen")).toEqual([...names, "reopen-none", "reopen:none", "reopen-more", "always"]);
    expect(below("link")).toEqual([...names, "link-none", "link:none", "link-more", "open-here"]);
  });

  it("have ids of their own, and each comes after its parent", () => {
    const items = menuItems(projects, []);
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
    for (const [at, item] of items.entries()) {
      const parent = parentOf(item);
      if (parent !== undefined) expect(items.slice(0, at).map(({ id }) => id)).toContain(parent);
    }
  });

  it("list of very many projects the most recently used, in their order", () => {
    const many = Array.from({ length: 500 }, (_, n) => project(n + 1, `Client ${n + 1}`, "blue"));
    const listed = menuItems(many, [projectId(480), projectId(7)]).flatMap((item) => (item.kind === "project" && item.parent === "link" ? item.name : []));
    expect(listed).toHaveLength(40);
    expect(listed.at(-1)).toBe("Client 480");
    expect(listed.indexOf("Client 7")).toBe(6);
  });

  it("are read back from their ids", () => {
    expect(menuItems(projects, []).flatMap(({ id }) => menuClick(id) ?? [])).toEqual([
      ...projects.map(({ id }) => ({ kind: "reopen", project: id })),
      { kind: "reopen", project: null },
      { kind: "always" },
      ...projects.map(({ id }) => ({ kind: "openLink", project: id })),
      { kind: "openLink", project: null },
      { kind: "openHere" },
    ]);
    expect(menuClick("another's")).toBeUndefined();
  });
});

describe("menuText", () => {
  it("keeps Firefox from reading an access key into a name", () => {
    expect(menuText("R&D & Co")).toBe("R&&D && Co");
  });
});

describe("containerIcon", () => {
  it("is a drawing in the container's colour", () => {
    expect(decodeURIComponent(containerIcon("tree", "orange"))).toMatch(/^data:image\/svg\+xml,<svg .*stroke="#ff9f00".*<path d="M.*"\/><\/svg>$/);
  });
});
