import type { ChildProcess } from "node:child_process";
import { beforeAll, describe, expect, it } from "vitest";
import { homeFrom } from "../../native-host/home.ts";
import { openStore } from "../../native-host/store/openStore.ts";
import type { Store } from "../../native-host/store/types.ts";
import { SteadError } from "../../shared/errors.ts";
import { buildProgram, ended, run, start } from "../support/program.ts";
import { waitFor } from "../support/waitFor.ts";
import { inHome } from "./homes.ts";

const each = process.env["STEAD_FAULTS"] === "full" ? 2000 : 250;
let write: string;
let open: string;

beforeAll(async () => {
  write = await buildProgram("test/faults/programs/write.ts", "write");
  open = await buildProgram("test/faults/programs/open.ts", "open");
});

describe("processes that write at once", () => {
  it.each([2, 4])("%i of them lose nothing, and none is turned away", async (count) => {
    await inHome(async (env) => {
      const options = { home: homeFrom(env), env };
      const store = await openStore(options);
      const { id } = store.addProject({ name: "Acme" });
      const before = store.revision();
      const writers = Array.from({ length: count }, (_, place) => `w${place}`);
      const ends = await Promise.all(writers.map((name) => run(process.execPath, [write, id, name, String(each)], env)));
      for (const { status, stderr } of ends) expect({ status, stderr }).toEqual({ status: 0, stderr: "" });

      const expected = writers.flatMap((name) => Array.from({ length: each }, (_, place) => `${name}-${place}`));
      expect(store.unaudited.items(id).map((item) => item.id.name).sort()).toEqual(expected.sort());
      expect(store.revision()).toBe(before + count * each);
      expect(store.verify()).toEqual({ items: count * each, damaged: [] });
      store.close();
    });
  });

  it.each(["killed", "stopped and woken"])("go on when one of them is %s in the middle of a write, and nothing that was acknowledged is lost", async (what) => {
    await inHome(async (env) => {
      const options = { home: homeFrom(env), env };
      const store = await openStore(options, { patienceMs: 50 });
      const { id } = store.addProject({ name: "Acme" });
      const victim = start(process.execPath, [write, id, "victim", "1000000"], env);
      const end = ended(victim);
      await holdingTheLock(victim, store, id);
      // They wait for the lock; reading needs none.
      const others = ["a", "b"].map((name) => ended(start(process.execPath, [write, id, name, String(each)], env)));
      expect(store.unaudited.items(id).length).toBeGreaterThan(0);
      victim.kill(what === "killed" ? "SIGKILL" : "SIGCONT");
      for (const { status, stderr } of await Promise.all(others)) expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      victim.kill("SIGKILL");
      const { stdout, stderr } = await end;
      expect(stderr).toBe("");

      // The last line may have been cut in the middle.
      const acknowledged = [...stdout.split("\n").slice(0, -1), ...["a", "b"].flatMap((name) => Array.from({ length: each }, (_, place) => `${name}-${place}`))];
      const names = new Set(store.unaudited.items(id).map((item) => item.id.name));
      expect(acknowledged.filter((name) => !names.has(name))).toEqual([]);
      expect(names.size).toBeLessThanOrEqual(acknowledged.length + 1);
      expect(store.verify().damaged).toEqual([]);
      store.close();
    });
  });

  it("find one key when all of them are the first, time after time", async () => {
    for (let round = 0; round < 5; round++) {
      await inHome(async (env) => {
        const names = ["a", "b", "c", "d"];
        const ends = await Promise.all(names.map((name) => run(process.execPath, [open, name], env)));
        for (const { status, stderr } of ends) expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
        const store = await openStore({ home: homeFrom(env), env });
        expect(store.registry().projects.map((project) => project.name).sort()).toEqual(names);
        expect(store.verify().damaged).toEqual([]);
        store.close();
      });
    }
  });
});

/** Stops the writer at a moment at which nobody else can write. */
async function holdingTheLock(writer: ChildProcess, store: Store, project: string): Promise<void> {
  await waitFor("the writer's first changes", () => store.unaudited.items(project).length > 3);
  await waitFor("a moment at which it holds the lock", () => {
    writer.kill("SIGSTOP");
    try {
      store.setSettings({});
    } catch (error) {
      if (error instanceof SteadError && error.code === "storeBusy") return true;
      throw error;
    }
    writer.kill("SIGCONT");
    return false;
  });
}
