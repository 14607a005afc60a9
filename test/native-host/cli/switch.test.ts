import { describe, expect, it } from "vitest";
import { SteadError } from "../../../shared/errors.ts";
import { acme, fakeHost, fakeStore, globex, harness } from "./harness.ts";
import { shapes } from "./shapes.ts";

describe("stead switch", () => {
  it("switches in the Firefox focused last, touching neither store nor vault", async () => {
    const older = fakeHost({ instance: "firefox", focusedAt: 5 });
    const newer = fakeHost({ instance: "work", focusedAt: 9 });
    const silent = fakeHost(null);
    const ran = await harness({ hosts: [silent, older, newer] }).run("switch", "acme", "--json");
    expect(ran).toMatchObject({ status: 0, stderr: "" });
    expect(shapes.switch.parse(ran.json)).toEqual({ project: "acme", instances: [{ instance: "work", shown: 3, hidden: 2 }] });
    expect(newer.calls).toEqual([{ method: "switch", params: { project: "acme", prefix: false } }]);
    expect([...older.calls, ...silent.calls]).toEqual([]);
  });

  it.each([
    [["--instance", "work"], {}],
    [["--instance", "20000000-0000-4000-8000-000000000002"], {}],
    [["--instance", "work", "--window"], { window: "bind" }],
    [["--instance", "work", "--no-window"], { window: "unbind" }],
    [["--instance", "work", "--adopt"], { adopt: true }],
    [["--instance", "work", "--no-adopt"], { adopt: false }],
  ])("carries %j to the profile", async (args, expected) => {
    const work = fakeHost({ instance: "work", id: "20000000-0000-4000-8000-000000000002", focusedAt: 0 });
    const ran = await harness({ hosts: [fakeHost({ focusedAt: 9 }), work] }).run("switch", "acme", ...args);
    expect(ran).toMatchObject({ status: 0, stdout: "Switched to acme in work: 3 shown, 2 hidden.\n" });
    expect(work.calls).toEqual([{ method: "switch", params: { project: "acme", prefix: false, ...expected } }]);
  });

  it("names the connected profiles when the wanted one is not", async () => {
    const ran = await harness({ hosts: [fakeHost({ instance: "firefox" })] }).run("switch", "acme", "--instance", "play");
    expect(ran.status).toBe(6);
    expect(ran.stderr).toContain('No Firefox profile named "play" is connected; connected: firefox.');
    const none = await harness().run("switch", "acme", "--instance", "play", "--json");
    expect(none.status).toBe(6);
    expect(shapes.error.parse(none.json).error.code).toBe("unknownInstance");
  });

  it("passes on what the host refuses", async () => {
    const host = fakeHost({}, { switch: () => { throw new SteadError("unknownProject", "There is no project named \"acm\"."); } });
    const ran = await harness({ hosts: [host] }).run("switch", "acm", "--json");
    expect(ran.status).toBe(1);
    expect(shapes.error.parse(ran.json).error).toMatchObject({ code: "unknownProject", message: 'There is no project named "acm".' });
  });

  it("records the project for the next Firefox when none is connected, and says so", async () => {
    const store = fakeStore([acme, globex]);
    const ran = await harness({ store }).run("switch", "globex", "--json");
    expect(ran).toMatchObject({ status: 0, stderr: "stead: No Firefox is connected; the next one to connect switches.\n" });
    expect(shapes.switch.parse(ran.json)).toEqual({ project: "globex", instances: [] });
    expect(store.active()).toMatchObject({ project: globex.id, pending: true });
    expect(Math.abs(store.active().at - Date.now())).toBeLessThan(60_000);
  });

  it.each([["--window"], ["--no-window"], ["--adopt"], ["--no-adopt"]])("refuses %s without a Firefox and records nothing", async (option) => {
    const store = fakeStore([acme]);
    expect(await harness({ store }).run("switch", "acme", option)).toMatchObject({ status: 6, stdout: "" });
    expect(store.active().project).toBeNull();
  });

  it("takes a unique prefix at a terminal only", async () => {
    const store = fakeStore([acme, globex, { ...acme, id: globex.id.replace(/2$/, "3"), name: "acorn" }]);
    expect(await harness({ store, terminal: true }).run("switch", "gl")).toMatchObject({ status: 0 });
    expect(store.active().project).toBe(globex.id);
    const both = await harness({ store, terminal: true }).run("switch", "ac");
    expect(both.status).toBe(2);
    expect(both.stderr).toContain("acme, acorn");
    expect(await harness({ store }).run("switch", "gl")).toMatchObject({ status: 1 });
    expect(await harness({ store, terminal: true }).run("switch", "gl", "--json")).toMatchObject({ status: 1 });
    expect(await harness({ store, terminal: true }).run("switch", "")).toMatchObject({ status: 1 });
  });

  it("lets a person pick at a terminal", async () => {
    const host = fakeHost({});
    const world = harness({ store: fakeStore([acme, globex]), hosts: [host], terminal: true, answers: ["globex"] });
    expect(await world.run("switch")).toMatchObject({ status: 0 });
    expect(host.calls).toEqual([{ method: "switch", params: { project: "globex", prefix: true } }]);
    expect(await harness({ store: fakeStore(), terminal: true }).run("switch")).toMatchObject({ status: 1 });
  });

  it("asks about a container that is not Stead's at a terminal, and refuses elsewhere", async () => {
    const needsAnswer = (): ReturnType<typeof fakeHost> =>
      fakeHost({}, {
        switch: ({ project, adopt }) => {
          if (adopt === undefined) throw new SteadError("adoptionNeeded", "There is a container named acme that Stead did not make.");
          return { project, shown: 0, hidden: 0 };
        },
      });
    const host = needsAnswer();
    const world = harness({ hosts: [host], terminal: true, answers: [false] });
    expect(await world.run("switch", "acme")).toMatchObject({ status: 0 });
    expect(world.asked).toEqual([expect.stringContaining("There is a container named acme")]);
    expect(host.calls[1]?.params).toMatchObject({ adopt: false });
    expect(await harness({ hosts: [needsAnswer()] }).run("switch", "acme")).toMatchObject({ status: 5 });
  });
});

describe("stead current", () => {
  it("asks the Firefox focused last, touching neither store nor vault", async () => {
    const hosts = [fakeHost({ focusedAt: 1, current: "globex" }), fakeHost({ focusedAt: 2, current: "acme" })];
    expect(await harness({ hosts }).run("current")).toMatchObject({ status: 0, stdout: "acme\n", stderr: "" });
    expect(shapes.current.parse((await harness({ hosts: [fakeHost({})] }).run("current", "--json")).json)).toEqual({ project: null });
  });

  it("answers from the store when no Firefox is connected", async () => {
    const store = fakeStore([acme]);
    expect((await harness({ store }).run("current", "--json")).json).toEqual({ project: null });
    store.setActive({ project: acme.id, at: 1, pending: true });
    expect(await harness({ store }).run("current")).toMatchObject({ status: 0, stdout: "acme\n" });
  });
});
