import { expect, it } from "vitest";
import { goodLeases } from "../../../extension/core/goodLeases.ts";

const lease = (project: string, expiresAt: number) => ({ project, holder: "agent", expiresAt });

it.each([
  [0, ["a", "b"], 1000],
  [999, ["a", "b"], 1],
  [1000, ["b"], 1000],
  [2000, [], undefined],
])("at %i the leases of %j are good, and the first ends in %s ms", (now, projects, endsIn) => {
  const { good, ...rest } = goodLeases([lease("a", 1000), lease("b", 2000)], now);
  expect([good.map(({ project }) => project), rest]).toEqual([projects, { endsIn }]);
});
