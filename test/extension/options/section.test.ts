import { expect, it } from "vitest";
import { placeOf } from "../../../extension/core/options/section.ts";

it.each([
  ["", { section: "projects" }],
  ["#rules", { section: "rules" }],
  ["#rules?pattern=github.com%2Facme&project=p", { section: "rules", pattern: "github.com/acme", project: "p" }],
  ["#rules?pattern=%2Fa%3Fb%2F", { section: "rules", pattern: "/a?b/" }],
  ["#projects?project=p", { section: "projects", project: "p" }],
  ["#nothing", { section: "projects" }],
])("the address %o leads to %o", (hash, place) => {
  expect(placeOf(hash)).toEqual({ pattern: undefined, project: undefined, ...place });
});
