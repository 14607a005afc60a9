import { once } from "node:events";
import { beforeAll, expect, it } from "vitest";
import { homeFrom } from "../../native-host/home.ts";
import { openStore } from "../../native-host/store/openStore.ts";
import { buildProgram, ended, start } from "../support/program.ts";
import { inHome, tell } from "./homes.ts";

const rounds = process.env["STEAD_FAULTS"] === "full" ? 100 : 15;
let program: string;

beforeAll(async () => {
  program = await buildProgram("test/faults/programs/write.ts", "write");
});

it("has every acknowledged change after its writer was killed at random, round after round", async () => {
  await inHome(async (env) => {
    const options = { home: homeFrom(env), env };
    const first = await openStore(options);
    const { id } = first.addProject({ name: "Acme" });
    first.close();
    const acknowledged: string[] = [];
    for (let round = 0; round < rounds; round++) {
      const child = start(process.execPath, [program, id, `r${round}`, "100000"], env);
      const end = ended(child);
      if (child.stdout) await once(child.stdout, "data");
      // Anywhere in the next milliseconds: in a write, between two, in a checkpoint.
      setTimeout(() => child.kill("SIGKILL"), Math.random() * 40);
      const { stdout, stderr, signal } = await end;
      expect({ signal, stderr }).toEqual({ signal: "SIGKILL", stderr: "" });
      // The last line may have been cut in the middle.
      acknowledged.push(...stdout.split("\n").slice(0, -1));

      const store = await openStore(options);
      const names = new Set(store.unaudited.items(id).map((item) => item.id.name));
      expect(acknowledged.filter((name) => !names.has(name))).toEqual([]);
      // Of each round, at most the one change that was under way is there without having been acknowledged.
      expect(names.size).toBeLessThanOrEqual(acknowledged.length + round + 1);
      store.close();
    }
    const store = await openStore(options);
    expect(store.verify().damaged).toEqual([]);
    expect(acknowledged.length).toBeGreaterThan(rounds);
    tell(`a writer killed at random ${rounds} times: ${acknowledged.length} changes acknowledged, none lost`);
    store.close();
  });
});
