import { describe, expect, it } from "vitest";
import { PendingOrigins } from "../../../../extension/core/pageStorage/pendingOrigins.ts";

const [acme, beta] = ["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"];
const origin = "https://app.test";

function pendingOf(...pending: Parameters<PendingOrigins["replace"]>[0]): PendingOrigins {
  const origins = new PendingOrigins();
  origins.replace(pending);
  return origins;
}

describe("PendingOrigins", () => {
  it("keeps one origin of two projects apart", () => {
    const pending = pendingOf({ project: acme, origin, revision: 5 }, { project: acme, origin: "https://other.test", revision: 6 });
    expect([pending.has(acme, origin), pending.has(beta, origin)]).toEqual([true, false]);
    expect(pending.origins()).toEqual([origin, "https://other.test"]);
  });

  it.each<[string, number, boolean]>([
    ["has an origin settled that has it all", 5, true],
    ["has one settled that has more", 6, true],
    ["leaves one that another hand wrote to meanwhile", 4, false],
  ])("%s", (_title, revision, isSettled) => {
    const pending = pendingOf({ project: acme, origin, revision: 5 });
    expect(pending.settle(acme, origin, revision)).toBe(isSettled);
    expect(pending.has(acme, origin)).toBe(!isSettled);
  });

  it("settles once, and nothing that was not named", () => {
    const pending = pendingOf({ project: acme, origin, revision: 5 });
    expect([pending.settle(acme, origin, 5), pending.settle(acme, origin, 5), pending.settle(beta, origin, 5)]).toEqual([true, false, false]);
  });

  it("forgets what is not named any more", () => {
    const pending = pendingOf({ project: acme, origin, revision: 5 });
    pending.replace([{ project: beta, origin, revision: 1 }]);
    expect([pending.has(acme, origin), pending.has(beta, origin)]).toEqual([false, true]);
  });
});
