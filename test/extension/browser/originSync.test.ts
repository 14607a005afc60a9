import { describe, expect, it, vi } from "vitest";
import { entryId } from "../../../shared/state/entryId.ts";
import { entryKey } from "../../../shared/state/entryKey.ts";
import { PageEntryId } from "../../../shared/state/pageEntry.ts";
import { origin } from "../../support/entries.ts";
import { local, originWorld, set } from "./support/originWorld.ts";

vi.mock("../../../extension/browser/webext.ts", () => ({
  webext: { storage: { local: { get: () => Promise.resolve({}), set: () => Promise.resolve() } } },
}));

const idOf = (key: string): PageEntryId => PageEntryId.parse({ kind: "local", origin, key });

/** A promise and what resolves it. */
function gate(): { passed: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}

describe("an origin that is compared with the store", () => {
  it("has its contents read before they are written over, told before anything is applied, and counts as in step last", async () => {
    const world = await originWorld();
    world.container.put(local("own", "1"));
    world.others(set(local("theirs", "2")));
    await world.load();
    expect(world.log).toEqual(["storage.update", "1 apply", "storage.synced", "onSynced true", "storage.compare", "1 values", "storage.delta", "storage.synced", "onSynced true", "storage.update", "storage.synced", "onSynced true"]);
    expect(world.stored()).toEqual({ own: "1", theirs: "2" });
    expect(world.shown()).toEqual({ own: "1", theirs: "2" });
    expect(world.isPending()).toBe(false);
  });

  it("is not compared again for its next document, and told nothing that is known", async () => {
    const world = await originWorld();
    const first = await world.load();
    first.page.set(local("k", "1"));
    await world.see(first);
    world.log.length = 0;
    await world.load();
    expect(world.log).toEqual([]);
  });

  it("has the store told what changed while nobody looked", async () => {
    const world = await originWorld();
    world.container.put(local("gone", "1"));
    const { page, close } = await world.load();
    close();
    page.remove(idOf("gone"));
    page.set(local("new", "2"));
    await world.load();
    expect(world.stored()).toEqual({ gone: undefined, new: "2" });
  });

  it("has an item told that comes back as it was after it had gone unseen", async () => {
    const world = await originWorld();
    const { page, close } = await world.load();
    page.set(local("login", "1"));
    await world.load();
    page.remove(idOf("login"));
    close();
    const next = await world.load();
    expect(world.stored()).toEqual({ login: undefined });
    next.page.set(local("login", "1"));
    await world.see(next);
    expect(world.stored()).toEqual({ login: "1" });
  });

  it("keeps what another document told since a report was made", async () => {
    const world = await originWorld();
    const [one, two] = [await world.load({ tab: 1 }), await world.load({ tab: 2 })];
    const late = one.page.report();
    two.page.set(local("k", "new"));
    await world.see(two);
    world.sync.reported(one.document, late);
    await world.settled();
    expect(world.stored()).toEqual({ k: "new" });
  });

  it("has what another document told before the first comparison, when that was made of an older look", async () => {
    const world = await originWorld();
    const [one, two] = [world.open({ tab: 1 }), world.open({ tab: 2 })];
    two.page.report();
    const late = one.page.report();
    two.page.set(local("k", "new"));
    await world.see(two);
    world.sync.reported(one.document, late);
    await world.see(one);
    expect(world.stored()).toEqual({ k: "new" });
  });

  it("is compared again for the next document when one went away in the middle", async () => {
    const world = await originWorld();
    const { page, document, close } = world.open();
    page.set(local("k", "1"));
    world.before.set("1 values", close);
    world.sync.reported(document, page.report());
    await world.settled();
    expect(world.stored()).toEqual({});
    world.before.clear();
    await world.load();
    expect(world.stored()).toEqual({ k: "1" });
  });
});

describe("what the store has for an origin", () => {
  it("is in a held document before its scripts run, which is not loaded again", async () => {
    const world = await originWorld();
    await world.load();
    world.others(set(local("k", "1")));
    const { page, document } = world.open({ isNew: true });
    await world.sync.opened(document, true);
    expect(world.shown()).toEqual({ k: "1" });
    world.sync.reported(document, page.report());
    await world.settled();
    expect(world.log).not.toContain("1 reload");
  });

  it.each([
    ["has a new document that was not held loaded again", { isNew: true }, true],
    ["never has one loaded again that has long been there", { isNew: false }, false],
  ])("%s", async (_title, options, isReloaded) => {
    const world = await originWorld();
    await world.load();
    world.others(set(local("k", "1")));
    await world.sync.opened(world.open(options).document, false);
    expect(world.shown()).toEqual({ k: "1" });
    expect(world.log.includes("1 reload")).toBe(isReloaded);
  });

  it("does not have a document loaded again that was new when the host went", async () => {
    const world = await originWorld();
    world.live = false;
    const opened = await world.load({ isNew: true });
    world.others(set(local("k", "1")));
    world.live = true;
    vi.useFakeTimers({ now: Date.now() + 60_000, toFake: ["Date"] });
    try {
      await world.sync.connected();
    } finally {
      vi.useRealTimers();
    }
    expect(opened.document.newUntil).toBeGreaterThan(0);
    expect(world.shown()).toEqual({ k: "1" });
    expect(world.log).not.toContain("1 reload");
  });

  it("is written in the document in front", async () => {
    const world = await originWorld();
    await world.load({ tab: 1, visible: false });
    await world.load({ tab: 2, visible: true });
    world.others(set(local("k", "1")));
    expect(await world.sync.update()).toEqual([]);
    expect(world.log.filter((method) => method.endsWith("apply"))).toEqual(["2 apply"]);
  });

  it("waits when no document is open", async () => {
    const world = await originWorld();
    (await world.load()).close();
    world.others(set(local("k", "1")));
    expect(await world.sync.update()).toBeUndefined();
    expect(world.isPending()).toBe(true);
  });

  it("is not told back as the page's own change", async () => {
    const world = await originWorld();
    const [one, two] = [await world.load({ tab: 1 }), await world.load({ tab: 2 })];
    world.others(set(local("k", "1")));
    await world.sync.update();
    world.log.length = 0;
    await world.see(one);
    await world.see(two);
    expect(world.log).toEqual([]);
  });

  it("is not in step when something could not be written, which is told once, and tried again", async () => {
    const world = await originWorld();
    await world.load();
    const warned = vi.spyOn(console, "warn").mockReturnValue();
    world.container.refused.add(entryKey(idOf("big")));
    world.others(set(local("big", "canary-value-0123456789")), set(local("k", "1")));
    world.log.length = 0;
    const tallies = [{ reason: "localStorage is full", count: 1 }];
    expect(await world.sync.update()).toEqual(tallies);
    expect(world.log).not.toContain("storage.synced");
    expect(world.failures).toEqual([tallies]);
    expect(JSON.stringify(warned.mock.calls)).not.toContain("canary");
    expect(world.isPending()).toBe(true);
    world.container.refused.clear();
    await world.sync.opened(world.open().document, true);
    expect(world.shown()).toEqual({ k: "1", big: "canary-value-0123456789" });
    expect(world.isPending()).toBe(false);
    warned.mockRestore();
  });

  it("never has a document loaded again and again for what cannot be written", async () => {
    const world = await originWorld();
    await world.load();
    const warned = vi.spyOn(console, "warn").mockReturnValue();
    world.container.refused.add(entryKey(idOf("big")));
    world.others(set(local("big", "1")), set(local("k", "1")));
    const { document } = world.open({ isNew: true });
    await world.sync.opened(document, false);
    expect(world.isPending()).toBe(true);
    expect(world.log).not.toContain("1 reload");
    warned.mockRestore();
  });

  it("is taken again when another hand writes while it is being written", async () => {
    const world = await originWorld();
    await world.load();
    world.others(set(local("k", "1")));
    world.before.set("1 apply", () => {
      world.before.clear();
      world.others(set(local("k", "2")));
      void world.sync.update();
    });
    await world.sync.update();
    await world.settled();
    expect(world.shown()).toEqual({ k: "2" });
    expect(world.isPending()).toBe(false);
  });

  it.each(["the word that something is pending", "a new document"])("does not write over what changed while the host was away, before it was told, when %s comes first", async (first) => {
    const world = await originWorld();
    world.container.put(local("k", "base"));
    const opened = await world.load();
    world.live = false;
    opened.page.set(local("k", "mine"));
    await world.see(opened, Date.now());
    world.others(set(local("k", "theirs"), 1));
    world.live = true;
    if (first === "a new document") await world.sync.opened(world.open({ tab: 2 }).document, true);
    else await world.sync.update();
    // Both are somewhere: the newer stands, and the other is in history.
    expect(world.stored()).toEqual({ k: "mine" });
    expect(world.shown()).toEqual({ k: "mine" });
    expect(world.store.history(world.project)[0]).toMatchObject({ conflicts: [{ kind: "local", name: "k" }] });
  });
});

describe("a container that was removed", () => {
  it("is forgotten, and its emptiness is no deletion in the next one", async () => {
    const world = await originWorld();
    world.container.put(local("k", "1"));
    (await world.load()).close();
    world.sync.forget();
    world.store.resetOrigins({ instance: "one", project: world.project });
    world.container.shared.clear();
    await world.load();
    expect(world.stored()).toEqual({ k: "1" });
    expect(world.shown()).toEqual({ k: "1" });
  });

  it.each(["storage.compare", "storage.synced", "storage.update", "1 values", "storage.delta"])("leaves nothing to the next one that was under way, such as %s", async (method) => {
    const world = await originWorld();
    world.container.put(local("k", "1"));
    (await world.load()).close();
    await world.sync.connected();
    const old = world.open();
    if (method !== "storage.compare") old.page.set(local("k", "2"));
    const passing = gate();
    world.after.set(method, () => passing.passed);
    world.log.length = 0;
    world.sync.reported(old.document, old.page.report());
    await vi.waitFor(() => expect(world.log).toContain(method));
    const before = world.stored();
    old.close();
    world.container.shared.clear();
    world.sync.forget();
    world.store.resetOrigins({ instance: "one", project: world.project });
    passing.open();
    await world.settled();
    expect(world.isPending()).toBe(true);
    await world.load();
    expect(world.stored()).toEqual(before);
    expect(world.shown()).toEqual(before);
    expect(world.local.pageMarks(world.project, origin)).toEqual([]);
  });

  it("has nothing told of it that was still to be told", async () => {
    const world = await originWorld();
    const opened = await world.load();
    const passing = gate();
    world.after.set("storage.delta", () => passing.passed);
    opened.page.set(local("a", "1"));
    world.sync.changed(opened.document, { changes: opened.page.look(1), gaps: [] });
    await vi.waitFor(() => expect(world.log).toContain("storage.delta"));
    opened.page.set(local("b", "1"));
    world.sync.changed(opened.document, { changes: opened.page.look(1), gaps: [] });
    world.sync.forget();
    passing.open();
    await world.settled();
    expect(world.stored()).toEqual({ a: "1" });
    expect(world.local.pageMarks(world.project, origin)).toEqual([]);
  });
});

describe("several documents", () => {
  it("tell a change once", async () => {
    const world = await originWorld();
    const [one, two] = [await world.load({ tab: 1 }), await world.load({ tab: 2 })];
    one.page.set(local("k", "1"));
    world.log.length = 0;
    await world.see(one);
    await world.see(two);
    expect(world.log).toEqual(["storage.delta"]);
  });

  it("of one tab and frame are one: the later stands in the earlier's place", async () => {
    const world = await originWorld();
    await world.load({ tab: 1 });
    const next = await world.load({ tab: 1 });
    expect([...world.sync.documents]).toEqual([next.document]);
  });

  it("have a change that one tells before it has reported compared with the rest", async () => {
    const world = await originWorld();
    const { page, document } = world.open();
    page.report();
    page.set(local("k", "1"));
    const changes = page.look(5);
    world.sync.changed(document, { changes, gaps: [] });
    await world.settled();
    expect(world.stored()).toEqual({ k: "1" });
    expect(changes.map((change) => change.kind === "set" && entryId(change.entry))).toEqual([idOf("k")]);
  });
});
