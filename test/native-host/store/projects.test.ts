import { describe, expect, it } from "vitest";
import { cookie } from "../../support/cookies.ts";
import { errorCode } from "../../support/errorCode.ts";
import { storeHome, storeIn } from "../../support/storeHome.ts";

const nobody = "00000000-0000-0000-0000-000000000000";

describe("projects", () => {
  it("are listed in the order they were made, with counts", async () => {
    const store = await storeIn(storeHome());
    const names = ["zebra", "Acme", "mid"];
    const made = names.map((name) => store.addProject({ name }));
    store.write(made[1]?.id ?? "", [{ kind: "set", cookie: cookie(), at: 1 }], { by: "cli" });
    store.updateProject(made[0]?.id ?? "", { name: "last" });
    expect(store.registry().projects).toEqual([
      { ...made[0], name: "last", items: 0, rules: 0 },
      { ...made[1], items: 1, rules: 0 },
      { ...made[2], items: 0, rules: 0 },
    ]);
  });

  it("take a colour that is in use least when none is asked for", async () => {
    const store = await storeIn(storeHome());
    expect(store.addProject({ name: "a", color: "blue", icon: "fence" })).toMatchObject({ color: "blue", icon: "fence" });
    expect(store.addProject({ name: "b" }).color).toBe("turquoise");
    expect(store.addProject({ name: "c" }).color).toBe("green");
  });

  it("grow the revision by one with every change, and not without one", async () => {
    const store = await storeIn(storeHome());
    const { id } = store.addProject({ name: "a" });
    expect(store.revision()).toBe(1);
    store.updateProject(id, { name: "a" });
    store.updateProject(id, {});
    expect(store.revision()).toBe(1);
    store.updateProject(id, { color: "red" });
    expect(store.revision()).toBe(2);
    store.removeProject(id, { by: "cli" });
    expect(store.revision()).toBe(3);
  });

  it("added again under the same id and name are the same: the first answer may have been lost", async () => {
    const store = await storeIn(storeHome());
    const project = store.addProject({ name: "Acme" });
    expect(store.addProject(project)).toEqual(project);
    expect(store.revision()).toBe(1);
    expect(await errorCode(() => store.addProject({ id: project.id, name: "Other" }))).toBe("projectExists");
  });

  it.each([
    ["the same letters", "Acme", "Acme"],
    ["another case", "Acme", "aCME"],
    ["another composition", "Caf\u00e9", "Cafe\u0301"],
    ["full-width letters", "Acme", "Ａｃｍｅ"],
    ["a sharp s", "Straße", "STRASSE"],
  ])("share no name: %s", async (_what, first, second) => {
    const store = await storeIn(storeHome());
    store.addProject({ name: first });
    const other = store.addProject({ name: "other" });
    expect(await errorCode(() => store.addProject({ name: second }))).toBe("projectExists");
    expect(await errorCode(() => store.updateProject(other.id, { name: second }))).toBe("projectExists");
    expect(store.registry().projects).toHaveLength(2);
  });

  it("may change the case of their own name, and take one that became free", async () => {
    const store = await storeIn(storeHome());
    const { id } = store.addProject({ name: "acme" });
    expect(store.updateProject(id, { name: "ACME" }).name).toBe("ACME");
    store.updateProject(id, { name: "other" });
    expect(store.addProject({ name: "Acme" }).name).toBe("Acme");
  });

  it("keep their name composed, whatever the system that typed it", async () => {
    const store = await storeIn(storeHome());
    expect(store.addProject({ name: "Cafe\u0301" }).name).toBe("Caf\u00e9");
  });

  it.each(["", " a", "-rf", "a\nb", "x".repeat(65)])("are not made with the name %j", async (name) => {
    const store = await storeIn(storeHome());
    const { id } = store.addProject({ name: "a" });
    expect(await errorCode(() => store.addProject({ name }))).toBe("badName");
    expect(await errorCode(() => store.updateProject(id, { name }))).toBe("badName");
    expect(store.revision()).toBe(1);
  });

  it("that nobody knows are said to be unknown", async () => {
    const store = await storeIn(storeHome());
    const calls = [
      () => store.updateProject(nobody, { color: "red" }),
      () => store.removeProject(nobody, { by: "cli" }),
      () => store.unaudited.items(nobody),
      () => store.write(nobody, [], { by: "cli" }),
      () => store.setActive({ project: nobody, at: 1, pending: false }),
      () => store.setSynced("i", nobody, 1),
      () => store.reconcile({ instance: "i", project: nobody, cookies: [], marks: [], now: 1 }),
    ];
    for (const call of calls) expect(await errorCode(call)).toBe("unknownProject");
  });
});

describe("removing a project", () => {
  it("says what was destroyed and leaves the others alone", async () => {
    const store = await storeIn(storeHome());
    const gone = store.addProject({ name: "Acme" });
    const kept = store.addProject({ name: "Other" });
    for (const { id } of [gone, kept]) {
      store.write(id, ["a", "b"].map((name) => ({ kind: "set", cookie: cookie({ name }), at: 1 })), { by: "cli" });
    }
    store.write(gone.id, [{ kind: "remove", id: cookie({ name: "a" }), at: 2 }], { by: "cli" });
    expect(store.removeProject(gone.id, { by: "cli" })).toEqual({ name: "Acme", items: 1, rules: 0 });
    expect(store.registry().projects).toEqual([{ ...kept, items: 2, rules: 0 }]);
    expect(store.itemCount()).toBe(2);
    expect(store.verify()).toEqual({ items: 2, damaged: [] });
  });

  it("is remembered for good, and undone by nobody who missed it", async () => {
    const store = await storeIn(storeHome());
    const first = store.addProject({ name: "Acme" });
    const second = store.addProject({ name: "Other" });
    store.removeProject(second.id, { by: "cli" });
    store.removeProject(first.id, { by: "cli" });
    expect(store.registry().removed).toEqual([second.id, first.id]);
    expect(await errorCode(() => store.addProject(first))).toBe("unknownProject");
    expect(store.addProject({ name: "Acme" }).id).not.toBe(first.id);
  });

  it("leaves no project active when it was", async () => {
    const options = storeHome();
    const store = await storeIn({ ...options, now: () => 50 });
    const { id } = store.addProject({ name: "Acme" });
    store.setActive({ project: id, at: 10, pending: true });
    store.removeProject(id, { by: "cli" });
    expect(store.active()).toEqual({ project: null, at: 50, pending: false });
    expect(store.registry().active).toBeNull();
  });
});

describe("the active project", () => {
  it("is the one set last by its own clock, whatever the order of arrival", async () => {
    const store = await storeIn(storeHome());
    const [a, b] = ["a", "b"].map((name) => store.addProject({ name }).id);
    if (a === undefined || b === undefined) throw new Error("unreachable");
    store.setActive({ project: a, at: 20, pending: true });
    store.setActive({ project: b, at: 10, pending: false });
    expect(store.active()).toEqual({ project: a, at: 20, pending: true });
    store.setActive({ project: b, at: 30, pending: false });
    expect(store.registry().active).toBe(b);
    store.setActive({ project: null, at: 30, pending: false });
    expect(store.active().project).toBeNull();
  });

  it("takes a revision only when it changes", async () => {
    const store = await storeIn(storeHome());
    const { id } = store.addProject({ name: "a" });
    store.setActive({ project: id, at: 20, pending: false });
    const revision = store.revision();
    store.setActive({ project: id, at: 20, pending: false });
    store.setActive({ project: null, at: 19, pending: false });
    expect(store.revision()).toBe(revision);
  });
});
