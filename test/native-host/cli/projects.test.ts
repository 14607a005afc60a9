import { describe, expect, it } from "vitest";
import { SteadError } from "../../../shared/errors.ts";
import { acme, fakeHost, fakeStore, globex, harness } from "./harness.ts";
import { shapes } from "./shapes.ts";

describe("stead project add, rename, recolor", () => {
  it("adds a project and tells every Firefox how far the store is", async () => {
    const hosts = [fakeHost({}), fakeHost(null)];
    const ran = await harness({ store: fakeStore([acme]), hosts }).run("project", "add", "initech", "--color", "purple", "--icon", "fence", "--json");
    expect(ran).toMatchObject({ status: 0, stderr: "" });
    expect(shapes.project.parse(ran.json).project).toMatchObject({ name: "initech", color: "purple", icon: "fence" });
    for (const host of hosts) expect(host.calls).toEqual([{ method: "poke", params: { revision: 2 } }]);
  });

  it.each([
    [["project", "rename", "acme", "acme corp"], { name: "acme corp", color: "green" }, "acme is acme corp now.\n"],
    [["project", "recolor", "acme", "pink"], { name: "acme", color: "pink" }, "acme is pink now.\n"],
    [["project", "recolor", "acme", "cyan"], { name: "acme", color: "turquoise" }, "acme is turquoise now.\n"],
  ])("performs %j", async (args, expected, text) => {
    const ran = await harness({ store: fakeStore([{ ...acme }]) }).run(...args, "--json");
    expect(shapes.project.parse(ran.json).project).toMatchObject({ id: acme.id, ...expected });
    expect(await harness({ store: fakeStore([{ ...acme }]) }).run(...args)).toMatchObject({ status: 0, stdout: text });
  });

  it.each([
    [["project", "add", ""], "badName", 2],
    [["project", "add", "a\u0007b"], "badName", 2],
    [["project", "add", "--", "-x"], "badName", 2],
    [["project", "add", "x".repeat(65)], "badName", 2],
    [["project", "add", "new", "--color", "mauve"], "badColor", 2],
    [["project", "add", "new", "--icon", "cat"], "badIcon", 2],
    [["project", "add", "acme"], "projectExists", 5],
    [["project", "rename", "acme", " x"], "badName", 2],
    [["project", "rename", "acme", "globex"], "projectExists", 5],
    [["project", "rename", "nobody", "x"], "unknownProject", 1],
    [["project", "recolor", "acme", "mauve"], "badColor", 2],
    [["project", "remove", "nobody", "--yes"], "unknownProject", 1],
  ])("refuses %j with %s and pokes nobody", async (args, code, status) => {
    const host = fakeHost({});
    const ran = await harness({ store: fakeStore([acme, globex]), hosts: [host] }).run("--json", ...args);
    expect(ran).toMatchObject({ status, stderr: "" });
    expect(shapes.error.parse(ran.json).error.code).toBe(code);
    expect(host.calls).toEqual([]);
  });

  it("counts what Firefox could not take over, and ends with 3", async () => {
    const partly = (): ReturnType<typeof fakeHost> => fakeHost({}, { poke: () => ({ failed: [{ reason: "too large", count: 2 }] }) });
    const gone = fakeHost({}, { poke: () => { throw new SteadError("timeout", "Late."); } });
    const ran = await harness({ store: fakeStore(), hosts: [partly(), partly(), gone] }).run("project", "add", "acme", "--json");
    expect(ran.status).toBe(3);
    expect(ran.stderr).toContain("stead: Not applied in Firefox: too large (4)\n");
    expect(ran.stderr).toContain("did not answer (timeout)");
    shapes.project.parse(ran.json);
  });
});

describe("stead project remove", () => {
  it("asks at a terminal, saying what is destroyed", async () => {
    const store = fakeStore([acme], { items: 7 });
    const world = harness({ store, terminal: true, answers: [true] });
    expect(await world.run("project", "remove", "acme")).toMatchObject({ status: 0, stdout: "Removed acme: 7 items, 0 rules.\n" });
    expect(world.asked).toEqual(["Removing acme destroys its 7 items and 0 rules, its key, and its containers in Firefox with their tabs. This cannot be undone. Remove it?"]);
    expect(store.registry().projects).toEqual([]);
  });

  it("leaves the project when the answer is no", async () => {
    const store = fakeStore([acme]);
    const ran = await harness({ store, terminal: true, answers: [false] }).run("project", "remove", "acme");
    expect(ran).toMatchObject({ status: 1, stdout: "acme was left as it is.\n" });
    expect(store.registry().projects).toHaveLength(1);
  });

  it("needs --yes where no one can be asked", async () => {
    const store = fakeStore([acme]);
    for (const terminal of [false, true]) {
      const ran = await harness({ store, terminal }).run("project", "remove", "acme", "--json");
      expect(ran.status).toBe(2);
      expect(shapes.error.parse(ran.json).error.code).toBe("confirmationNeeded");
    }
    expect(store.registry().projects).toHaveLength(1);
    const ran = await harness({ store }).run("project", "remove", "acme", "--yes", "--json");
    expect(shapes.removed.parse(ran.json)).toEqual({ removed: { name: "acme", items: 0, rules: 0 } });
  });

  it("takes no abbreviated name, not even at a terminal", async () => {
    const store = fakeStore([acme]);
    expect(await harness({ store, terminal: true }).run("project", "remove", "ac", "--yes")).toMatchObject({ status: 1 });
    expect(store.registry().projects).toHaveLength(1);
  });
});

describe("stead list", () => {
  it("sums tabs over the connected profiles and marks the current project", async () => {
    const hosts = [
      fakeHost({ focusedAt: 2, current: "globex" }, { tabs: () => ({ counts: { [acme.id]: 2, [globex.id]: 1 } }) }),
      fakeHost({ focusedAt: 1 }, { tabs: () => ({ counts: { [acme.id]: 3 } }) }),
    ];
    const ran = await harness({ store: fakeStore([acme, globex], { items: 4 }), hosts }).run("project", "list", "--json");
    expect(shapes.list.parse(ran.json).projects).toEqual([
      { ...acme, current: false, tabs: 5, rules: 0, items: 4 },
      { ...globex, current: true, tabs: 1, rules: 0, items: 4 },
    ]);
  });

  it("knows no tabs without a Firefox", async () => {
    const ran = await harness({ store: fakeStore([acme]) }).run("list", "--json");
    expect(shapes.list.parse(ran.json).projects).toEqual([{ ...acme, current: false, tabs: null, rules: 0, items: 0 }]);
  });

  it("names a profile that does not answer, and ends with 3", async () => {
    const host = fakeHost({ instance: "work" }, { tabs: () => { throw new SteadError("timeout", "Late."); } });
    const ran = await harness({ store: fakeStore([acme]), hosts: [host] }).run("list", "--json");
    expect(ran).toMatchObject({ status: 3, stderr: "stead: Tabs of work are not counted: Late.\n" });
    expect(shapes.list.parse(ran.json).projects[0]?.tabs).toBeNull();
  });

  it("aligns its columns, wide characters included", async () => {
    const { stdout } = await harness({ store: fakeStore([acme, { ...globex, name: "日本" }]) }).run("list");
    expect(stdout.split("\n")).toEqual([
      "  PROJECT  COLOR  TABS  RULES  ITEMS",
      "  acme     green  -     0      0",
      "  日本     red    -     0      0",
      "",
    ]);
  });

  it("shows colours at a terminal unless NO_COLOR is set", async () => {
    const dot = "\u001B[38;5;76m●\u001B[39m";
    const world = { store: fakeStore([acme]), terminal: true };
    expect((await harness(world).run("list")).stdout).toContain(dot);
    expect((await harness({ ...world, env: { NO_COLOR: "1" } }).run("list")).stdout).not.toContain("\u001B");
    expect((await harness({ ...world, env: { NO_COLOR: "" } }).run("list")).stdout).toContain(dot);
  });

  it("tells how to begin when there is no project", async () => {
    expect((await harness({ store: fakeStore() }).run("list")).stdout).toContain("stead project add NAME");
    expect((await harness({ store: fakeStore() }).run("list", "--json")).json).toEqual({ projects: [] });
  });
});
