import { existsSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { homeFrom } from "../../native-host/home.ts";
import { ballastBytes } from "../../native-host/store/ballast.ts";
import { openStore } from "../../native-host/store/openStore.ts";
import { buildProgram, run } from "../support/program.ts";
import { inHome, inTurns, sample, tell } from "./homes.ts";
import { removal, snapshot, steps } from "./programs/steps.ts";
import { statesAfterSteps } from "./statesAfterSteps.ts";
import { countCalls, expectStrace, runWith } from "./strace.ts";

/** Points tried unless STEAD_FAULTS=full. */
const sampled = 20;

let program: string;
let states: unknown[];

beforeAll(async () => {
  await expectStrace();
  program = await buildProgram("test/faults/programs/takeSteps.ts", "takeSteps");
  states = await statesAfterSteps();
});

describe("on a full disk", () => {
  it("a store keeps what it acknowledged, says what is wrong, and goes on when there is room again", async () => {
    const calls = await inHome((env, directory) => countCalls(directory, [process.execPath, program], env));
    const writes = Array.from({ length: calls.get("pwrite64") ?? 0 }, (_, place) => place + 1);
    const outcomes = await inTurns(sample(writes, sampled), (from) =>
      inHome(async (env) => {
        const { stdout } = await runWith(`pwrite64:error=ENOSPC:when=${from}+`, [process.execPath, program], env);
        const lines = stdout.trimEnd().split("\n");
        const acknowledged = lines.filter((line) => line === "ok").length;
        const store = await openStore({ home: homeFrom(env), env });
        const found = JSON.stringify(snapshot(store));
        const { damaged } = store.verify();
        for (const step of steps.slice(acknowledged)) step(store);
        const later = JSON.stringify(snapshot(store));
        store.close();
        const kept = acknowledged === 0 || [states[acknowledged], states[acknowledged + 1]].map((state) => JSON.stringify(state)).includes(found);
        const sound = kept && damaged.length === 0 && later === JSON.stringify(states.at(-1)) && ["diskFull", "ok"].includes(lines.at(-1) ?? "");
        return { from, fault: sound ? undefined : { lines, found, damaged, later } };
      }),
    );
    expect(outcomes.filter((outcome) => outcome.fault !== undefined)).toEqual([]);
    tell(`a day's changes: the disk full from ${outcomes.length} of ${writes.length} writes on`);
  });

  it.each(["at the opening", "after the opening"])("a project is still removed, when it is found full %s: the ballast makes the room", async (when) => {
    await inHome(async (env, directory) => {
      const home = homeFrom(env);
      await take(env, 0, removal);
      const ballast = `${home.store}.ballast`;
      expect(existsSync(ballast)).toBe(true);
      const first = when === "at the opening" ? 1 : 1 + (await writesOfOpening(directory, env));
      // One write finds no room; those after the ballast is gone do.
      const { stdout } = await runWith(`pwrite64:error=ENOSPC:when=${first}`, [process.execPath, program, String(removal), String(removal + 1)], env);
      expect(stdout).toBe("open\nok\n");
      const store = await openStore({ home, env });
      expect(snapshot(store)).toEqual(states[removal + 1]);
      expect(existsSync(ballast)).toBe(true);
      store.close();
    });
  });

  it("what would need more room is refused, and the ballast kept for removals", async () => {
    await inHome(async (env, directory) => {
      const { store } = homeFrom(env);
      await take(env, 0, 1);
      const first = 1 + (await writesOfOpening(directory, env));
      const { stdout } = await runWith(`pwrite64:error=ENOSPC:when=${first}+`, [process.execPath, program, "1", "2"], env);
      expect(stdout).toBe("open\ndiskFull\n");
      expect(existsSync(`${store}.ballast`)).toBe(true);
    });
  });

  it("of a real file system without a byte left, nothing is added and a project is removed", async () => {
    await inHome(async (_env, directory) => {
      // A file system of this process's own: for root, and for others where the system lets users have namespaces.
      const script = `
        mount -t tmpfs -o size=${4 * ballastBytes} none "$1" || exit 77
        export STEAD_HOME="$1/home" STEAD_KEYSTORE=file
        "$2" "$3" 0 ${removal}
        cat /dev/zero > "$1/filler" 2>/dev/null
        "$2" "$3" 1 2
        "$2" "$3" ${removal} ${removal + 1}
        rm "$1/filler"
        "$2" "$3" ${removal + 1} ${removal + 2}`;
      const flags = process.getuid?.() === 0 ? ["-m"] : ["-Urm"];
      const { stdout, stderr, status } = await run("unshare", [...flags, "sh", "-c", script, "sh", directory, process.execPath, program]);
      if (status === 77) throw new Error(`A small file system could not be mounted: ${stderr}`);
      const afterFilling = stdout.trimEnd().split("\n").slice(1 + removal);
      expect({ stderr, afterFilling }).toEqual({ stderr: "", afterFilling: ["open", "diskFull", "open", "ok", "open", "ok"] });
    });
  });
});

/** Opening a store that is there, and closing it again. */
async function writesOfOpening(directory: string, env: NodeJS.ProcessEnv): Promise<number> {
  return (await countCalls(directory, [process.execPath, program, "0", "0"], env)).get("pwrite64") ?? 0;
}

async function take(env: NodeJS.ProcessEnv, from: number, to: number): Promise<void> {
  const { stdout, stderr } = await run(process.execPath, [program, String(from), String(to)], env);
  expect({ oks: stdout.split("\n").filter((line) => line === "ok").length, stderr }).toEqual({ oks: to - from, stderr: "" });
}
