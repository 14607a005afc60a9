import { beforeEach, describe, expect, it, vi } from "vitest";
import { SteadError } from "../../../shared/errors.ts";
import { PageEntryId } from "../../../shared/state/pageEntry.ts";
import { origin } from "../../support/entries.ts";
import { local, originWorld, session } from "./support/originWorld.ts";

/** Firefox's part: what storage.local is given. */
const firefox = vi.hoisted(() => ({ written: [] as string[] }));

vi.mock("../../../extension/browser/webext.ts", () => ({
  webext: {
    storage: {
      local: {
        get: () => Promise.resolve({}),
        set: (values: unknown) => {
          firefox.written.push(JSON.stringify(values));
          return Promise.resolve();
        },
      },
    },
  },
}));

const idOf = (key: string): PageEntryId => PageEntryId.parse({ kind: "local", origin, key });
const refuse = (): never => {
  throw new SteadError("busy", "Not now.");
};

beforeEach(() => {
  firefox.written.length = 0;
});

describe("without a host", () => {
  it("only remembers which items changed, and never their content", async () => {
    const world = await originWorld();
    const opened = await world.load();
    world.live = false;
    opened.page.set(local("token", "canary-value-0123456789"));
    opened.page.set(session("step", "canary-session-0123456789"));
    await world.see(opened, 7);
    expect(world.local.pageMarks(world.project, origin)).toEqual([
      { id: idOf("token"), at: 7, removed: false },
      { id: PageEntryId.parse({ kind: "session", origin, key: "step" }), at: 7, removed: false },
    ]);
    await vi.waitFor(() => expect(firefox.written.join()).toContain("token"));
    expect(firefox.written.join()).not.toContain("canary");
    expect(world.stored()).toEqual({});
  });

  it("tells all of it when the host is there again, and forgets the marks", async () => {
    const world = await originWorld();
    world.container.put(local("old", "1"));
    const opened = await world.load();
    world.live = false;
    opened.page.set(local("new", "2"));
    opened.page.remove(idOf("old"));
    await world.see(opened);
    world.live = true;
    await world.sync.connected();
    expect(world.stored()).toEqual({ old: undefined, new: "2" });
    expect(world.local.pageMarks(world.project, origin)).toEqual([]);
  });

  it("loses no tab's sessionStorage: what changed and what went is told at the next connection", async () => {
    const world = await originWorld();
    const [one, two] = [await world.load({ tab: 1 }), await world.load({ tab: 2 })];
    one.page.set(session("kept", "old"));
    one.page.set(session("gone", "old"));
    await world.see(one);
    world.live = false;
    one.page.set(session("kept", "new"));
    one.page.remove(PageEntryId.parse({ kind: "session", origin, key: "gone" }));
    two.page.set(session("other", "2"));
    await world.see(one);
    await world.see(two);
    world.live = true;
    await world.sync.connected();
    expect(world.stored()).toEqual({ kept: "new", gone: undefined, other: "2" });
  });

  it("tells sessionStorage when the store was locked in the middle of the comparison", async () => {
    const world = await originWorld();
    world.container.put(session("s", "1"), 1);
    world.before.set("storage.delta", refuse);
    const { page, document } = await world.load();
    expect(world.stored()).toEqual({});
    world.before.clear();
    world.sync.reported(document, page.report());
    await world.settled();
    expect(world.stored()).toEqual({ s: "1" });
  });
});

describe("a change that the store refuses", () => {
  it("stays marked, and the whole is compared again when the page goes on changing", async () => {
    const world = await originWorld();
    const opened = await world.load();
    world.before.set("storage.delta", refuse);
    opened.page.set(local("a", "1"));
    await world.see(opened);
    expect(world.local.pageMarks(world.project, origin)).toMatchObject([{ id: { key: "a" } }]);
    world.before.clear();
    vi.useFakeTimers({ now: Date.now() + 11_000, toFake: ["Date"] });
    try {
      opened.page.set(local("b", "2"));
      await world.see(opened);
    } finally {
      vi.useRealTimers();
    }
    expect(world.stored()).toEqual({ a: "1", b: "2" });
    expect(world.local.pageMarks(world.project, origin)).toEqual([]);
  });

  it("does not have the whole compared with every change", async () => {
    const world = await originWorld();
    const opened = await world.load();
    world.before.set("storage.delta", refuse);
    world.log.length = 0;
    for (const value of ["1", "2", "3"]) {
      opened.page.set(local("a", value));
      await world.see(opened);
    }
    expect(world.log.filter((method) => method === "storage.compare")).toEqual([]);
  });

  it("is told of what could not be carried all the same when that word is refused", async () => {
    const world = await originWorld();
    await world.load();
    const { page, document } = world.open();
    page.set(local("k", "1"));
    world.before.set("storage.gaps", refuse);
    world.sync.reported(document, { ...page.report(), gaps: [{ what: "CryptoKey in IndexedDB", count: 1 }] });
    await world.settled();
    expect(world.stored()).toEqual({ k: "1" });
  });
});
