import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { homeFrom } from "../../native-host/home.ts";
import { Handle } from "../../native-host/library/handle.ts";
import { openStore } from "../../native-host/store/openStore.ts";
import { buildProgram, type Ended, run } from "../support/program.ts";
import { inHome } from "./homes.ts";

const rounds = process.env["STEAD_FAULTS"] === "full" ? 300 : 30;
const imports = process.env["STEAD_FAULTS"] === "full" ? 40 : 6;
const cli = fileURLToPath(new URL("../../dist/native-host/stead.js", import.meta.url));
let program: string;

beforeAll(async () => {
  program = await buildProgram("test/faults/programs/library.ts", "library");
});

/** `stead import` again and again, each time with an item of its own. */
async function importAll(env: NodeJS.ProcessEnv, directory: string): Promise<string[]> {
  const keys = Array.from({ length: imports }, (_, place) => `cli-${place}`);
  for (const name of keys) {
    const file = join(directory, `${name}.json`);
    writeFileSync(file, JSON.stringify({ cookies: [], origins: [{ origin: "https://app.example.com", localStorage: [{ name, value: "cli" }] }] }));
    const { status, stderr } = await run(process.execPath, [cli, "import", "acme", file, "--json"], env);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  }
  return keys;
}

describe("three programs with the library, and the command line", () => {
  it.each([[["one", "two", "three"]], [["three", "one", "two"]]])("lose nothing of each other's on one store at once: %j", async (names) => {
    await inHome(async (env, directory) => {
      const store = await openStore({ home: homeFrom(env), env });
      const { id } = store.addProject({ name: "acme" });
      const { id: other } = store.addProject({ name: "other" });
      const [typed, ...ends] = await Promise.all([
        importAll(env, directory),
        ...names.map((name): Promise<Ended> => run(process.execPath, [program, name, String(rounds)], env)),
      ]);
      for (const { status, stderr } of ends) expect({ status, stderr }).toEqual({ status: 0, stderr: "" });

      const made = names.flatMap((name) => Array.from({ length: rounds }, (_, round) => `${name}-${round}`));
      expect(ends.flatMap(({ stdout }) => stdout.trim().split("\n")).sort()).toEqual([...made].sort());
      const held = store.unaudited.entries(id).flatMap(({ entry }) => (entry?.kind === "local" ? [[entry.key, entry.value] as const] : []));
      expect(held.map(([key]) => key).sort()).toEqual([...made, ...typed, "number"].sort());
      expect(new Map(held).get("number")).toBe(String(names.length * Math.floor(rounds / 3)));

      // Whoever looks now sees the same.
      const handles = names.map((name) => new Handle({ env, name }));
      const seen = await Promise.all(handles.map((handle) => handle.state("acme")));
      for (const { state, revision } of seen) expect([state, revision]).toEqual([seen[0]?.state, store.revision()]);
      await Promise.all(handles.map((handle) => handle.close()));
      expect([store.unaudited.entries(other), store.leases(), store.verify().damaged]).toEqual([[], [], []]);
      store.close();
    });
  });
});
