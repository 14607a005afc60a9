import { beforeAll, describe, expect, it } from "vitest";
import { homeFrom } from "../../native-host/home.ts";
import { openStore } from "../../native-host/store/openStore.ts";
import { buildProgram } from "../support/program.ts";
import { inHome, inTurns, sample, tell } from "./homes.ts";
import { snapshot } from "./programs/steps.ts";
import { statesAfterSteps } from "./statesAfterSteps.ts";
import { countCalls, diskCalls, expectStrace, runWith } from "./strace.ts";

/** Points tried unless STEAD_FAULTS=full. */
const sampled = 30;

let program: string;
let states: unknown[];

beforeAll(async () => {
  await expectStrace();
  program = await buildProgram("test/faults/programs/takeSteps.ts", "takeSteps");
  states = await statesAfterSteps();
});

describe("a store whose process is killed", () => {
  it("at any write, sync, truncation, link or removal has all that was acknowledged, and nothing by halves", async () => {
    const counts = await inHome((env, directory) => countCalls(directory, command(), env));
    const points = diskCalls.flatMap((call) => Array.from({ length: counts.get(call) ?? 0 }, (_, place) => `${call}:signal=KILL:when=${place + 1}`));
    expect(points.length).toBeGreaterThan(100);

    const chosen = sample(points, sampled);
    const outcomes = await inTurns(chosen, (effect) => inHome((env) => cutShort(effect, env)));
    expect(outcomes.filter((outcome) => outcome.fault !== undefined)).toEqual([]);
    tell(`a day's changes: killed at ${outcomes.filter((outcome) => outcome.killed).length} of ${points.length} points`);
    // Keyed hashes fall on other pages in every run: the last points of a call may not be reached, the rest must be.
    expect(outcomes.filter((outcome) => outcome.killed).length).toBeGreaterThan(chosen.length * 0.9);
  });
});

interface Outcome {
  effect: string;
  killed: boolean;
  fault: string | undefined;
}

async function cutShort(effect: string, env: NodeJS.ProcessEnv): Promise<Outcome> {
  const { stdout, signal, status } = await runWith(effect, command(), env);
  const acknowledged = stdout.split("\n").filter((line) => line === "ok").length;
  const killed = signal === "SIGKILL" || status === 137;
  try {
    const store = await openStore({ home: homeFrom(env), env });
    const found = JSON.stringify(snapshot(store));
    const { damaged } = store.verify();
    store.addProject({ name: "Afterwards" });
    store.close();
    // What was under way may have been committed, but not yet acknowledged.
    const allowed = [states[acknowledged], states[acknowledged + 1]].map((state) => JSON.stringify(state));
    const sound = allowed.includes(found) && damaged.length === 0;
    return { effect, killed, fault: sound ? undefined : `after ${acknowledged} steps: ${found} ${JSON.stringify(damaged)}` };
  } catch (error) {
    return { effect, killed, fault: `after ${acknowledged} steps: ${String(error)}` };
  }
}

function command(): string[] {
  return [process.execPath, program];
}
