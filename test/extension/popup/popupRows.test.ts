import { describe, expect, it } from "vitest";
import { popupRows, freshColor, type Row } from "../../../extension/core/popupRows.ts";
import { quickest } from "../../support/quickest.ts";
import { project } from "./scenes.ts";

const projects = [project(1, "Acme", "blue"), project(2, "Beta acme", "turquoise"), project(3, "Macme", "green")];
const brief = (row: Row) => (row.kind === "create" ? `+${row.name}` : row.project.name);

describe("popupRows", () => {
  it.each([
    ["", ["Acme", "Beta acme", "Macme"]],
    ["  ", ["Acme", "Beta acme", "Macme"]],
    ["acme", ["Acme", "Beta acme", "Macme"]],
    ["ma", ["Macme", "+ma"]],
    ["beta", ["Beta acme", "+beta"]],
    [" New one ", ["+New one"]],
  ])("lists for %j: %j", (query, rows) => {
    expect(popupRows(projects, query).rows.map(brief)).toEqual(rows);
  });

  it.each(["-rf", "x".repeat(65), "zero\u200bwidth"])("does not offer to create %j and says why", (query) => {
    expect(popupRows(projects, query)).toEqual({ rows: [], nameRefused: true });
  });

  it("offers the colour that fewest projects have", () => {
    expect(popupRows(projects, "new").rows).toEqual([{ kind: "create", id: "create", name: "new", color: "yellow" }]);
    expect(freshColor([])).toBe("blue");
  });

  it("answers within a frame for 500 projects", () => {
    const many = Array.from({ length: 500 }, (_, n) => project(n, `Client number ${n}`, "blue"));
    expect(quickest(() => popupRows(many, "cn 49"))).toBeLessThan(17);
  });
});
