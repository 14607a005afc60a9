import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fakeHost } from "./harness.ts";
import { real } from "./realHarness.ts";
import { shapes } from "./shapes.ts";

describe("the command line over the real store", () => {
  it("lives a project's life, each command a process of its own", async () => {
    const { run } = real();
    const added = shapes.project.parse((await run("project", "add", "acme", "--color", "green", "--json")).json).project;
    expect(added).toMatchObject({ name: "acme", color: "green" });
    shapes.project.parse((await run("project", "add", "globex", "--json")).json);
    expect((await run("project", "rename", "acme", "initech", "--json")).json).toEqual({ project: { ...added, name: "initech" } });
    expect((await run("project", "recolor", "initech", "red", "--json")).json).toMatchObject({ project: { id: added.id, color: "red" } });
    expect(shapes.switch.parse((await run("switch", "initech", "--json")).json)).toEqual({ project: "initech", instances: [] });
    expect((await run("current", "--json")).json).toEqual({ project: "initech" });
    expect(shapes.list.parse((await run("list", "--json")).json).projects.map((one) => [one.name, one.current])).toEqual([["initech", true], ["globex", false]]);
    expect(shapes.removed.parse((await run("project", "remove", "initech", "--yes", "--json")).json)).toEqual({ removed: { name: "initech", items: 0, rules: 0 } });
    expect(shapes.status.parse((await run("status", "--json")).json)).toMatchObject({ active: null, vault: { state: "unlocked", source: "file" } });
    expect(shapes.list.parse((await run("list", "--json")).json).projects.map((one) => one.name)).toEqual(["globex"]);
  });

  it("tells connected hosts the revision that was committed", async () => {
    const host = fakeHost({});
    const { run } = real({ hosts: [host] });
    await run("project", "add", "acme");
    const { store } = shapes.status.parse((await run("status", "--json")).json);
    expect(host.calls.find(({ method }) => method === "poke")?.params).toEqual({ revision: store.revision });
  });

  it.each([["status"], ["complete", "--", "switch", ""]])("makes nothing for %s on a fresh machine", async (...args) => {
    const one = real();
    expect((await one.run(...args)).status).toBe(0);
    expect(readdirSync(one.home)).toEqual([]);
  });

  it("refuses to read a locked vault, and reads it again when it is unlocked", async () => {
    const { run } = real();
    await run("project", "add", "acme");
    expect(shapes.vault.parse((await run("lock", "--json")).json).vault.state).toBe("locked");
    const refused = await run("list", "--json");
    expect(refused.status).toBe(4);
    expect(shapes.error.parse(refused.json).error.code).toBe("vaultLocked");
    expect(await run("project", "add", "other")).toMatchObject({ status: 4 });
    expect(shapes.status.parse((await run("status", "--json")).json)).toMatchObject({ vault: { state: "locked" }, store: { items: null } });
    expect(shapes.vault.parse((await run("unlock", "--json")).json).vault.state).toBe("unlocked");
    expect((await run("list")).stdout).toContain("acme");
  });

  it("says where the key lies when it is made, and makes it for this user's eyes only", async () => {
    const one = real();
    const ran = await one.run("project", "add", "acme", "--json");
    expect(ran.stderr).toMatch(/^stead: The key of the store is kept in the file /);
    shapes.project.parse(ran.json);
    for (const name of ["key", "store.db"]) expect(statSync(join(one.home, "stead", name)).mode & 0o777).toBe(0o600);
    const key = readFileSync(join(one.home, "stead", "key"), "latin1").trim();
    expect(ran.stderr + ran.stdout).not.toContain(key);
  });

  it("refuses a second project of the same name", async () => {
    const { run } = real();
    await run("project", "add", "acme");
    const ran = await run("project", "add", "acme", "--json");
    expect(ran.status).toBe(5);
    expect(shapes.error.parse(ran.json).error.code).toBe("projectExists");
  });
});
