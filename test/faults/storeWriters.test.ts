import { beforeAll, describe, expect, it } from "vitest";
import { homeFrom } from "../../native-host/home.ts";
import { openStore } from "../../native-host/store/openStore.ts";
import { buildProgram, run } from "../support/program.ts";
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
