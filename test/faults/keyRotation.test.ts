import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { beforeAll, describe, expect, it } from "vitest";
import { homeFrom } from "../../native-host/home.ts";
import { openStore } from "../../native-host/store/openStore.ts";
import { rotateKey } from "../../native-host/vault/rotate.ts";
import { buildProgram, ended, run, start } from "../support/program.ts";
import { inHome, inTurns, sample, tell } from "./homes.ts";
import { snapshot, steps } from "./programs/steps.ts";
import { countCalls, diskCalls, expectStrace, runWith } from "./strace.ts";

/** Points tried unless STEAD_FAULTS=full. */
const sampled = 20;
/** The key file is put in its place by a renaming. */
const calls = [...diskCalls, "rename"] as const;
const unasked = (): Promise<string> => Promise.reject(new Error("nobody should be asked"));

let program: string;
let writer: string;

beforeAll(async () => {
  await expectStrace();
  program = await buildProgram("test/faults/programs/rotate.ts", "rotate");
  writer = await buildProgram("test/faults/programs/write.ts", "rotateWriter");
});

describe("a rotation of the keys", () => {
  it.each([
    ["killed at any write, sync, truncation, link, removal or renaming", (call: string, place: number) => `${call}:signal=KILL:when=${place}`],
    ["on a disk that is full from any write on", (call: string, place: number) => (call === "pwrite64" ? `${call}:error=ENOSPC:when=${place}+` : undefined)],
  ])("%s leaves a store that opens with all that was in it, and is carried on by the next", async (_title, effect) => {
    await inHome(async (env, directory) => {
      const template = await filledHome(env, directory);
      const counts = await inHome(async (other, folder) => {
        takeCopy(template.path, other);
        return countCalls(folder, [process.execPath, program], other, calls);
      });
      const points = calls.flatMap((call) => Array.from({ length: counts.get(call) ?? 0 }, (_, place) => effect(call, place + 1) ?? []).flat());
      expect(points.length).toBeGreaterThan(20);
      const chosen = sample(points, sampled);
      const outcomes = await inTurns(chosen, (point) =>
        inHome(async (own) => {
          takeCopy(template.path, own);
          return cutShort(point, own, template.state);
        }),
      );
      expect(outcomes.filter(({ fault }) => fault !== undefined)).toEqual([]);
      tell(`a rotation: ${chosen.length} of ${points.length} points tried, ${outcomes.filter(({ stopped }) => stopped).length} stopped it`);
      expect(outcomes.filter(({ stopped }) => stopped).length).toBeGreaterThan(chosen.length * 0.8);
    });
  });

  it("loses nothing that others write meanwhile, round after round", async () => {
    await inHome(async (env) => {
      const options = { home: homeFrom(env), env };
      const store = await openStore(options);
      const { id } = store.addProject({ name: "Acme" });
      const children = ["a", "b"].map((prefix) => ended(start(process.execPath, [writer, id, prefix, "150"], env)));
      const writing = new Set(children);
      for (const child of children) void child.finally(() => writing.delete(child));
      let epoch = 1;
      for (; writing.size > 0 || epoch < 3; epoch++) {
        expect((await run(process.execPath, [program], env)).stdout).toBe("ok\n");
      }
      for (const { stdout, stderr } of await Promise.all(children)) expect({ stderr, lines: stdout.trimEnd().split("\n").length }).toEqual({ stderr: "", lines: 150 });
      expect(store.unaudited.items(id)).toHaveLength(300);
      expect(store.verify().damaged).toEqual([]);
      expect(keys(options.home.store)).toEqual({ retired: 0, rotating: 0, epoch });
      store.close();
    });
  });
});

interface Outcome {
  point: string;
  stopped: boolean;
  fault: string | undefined;
}

async function cutShort(point: string, env: NodeJS.ProcessEnv, state: string): Promise<Outcome> {
  const { stdout } = await runWith(point, [process.execPath, program], env);
  const stopped = stdout !== "ok\n";
  const options = { home: homeFrom(env), env };
  try {
    const before = await openStore(options);
    const found = [JSON.stringify(snapshot(before)), JSON.stringify(before.verify().damaged)];
    const { damaged } = await rotateKey({ ...options, passphrase: unasked });
    // One that was opened before goes on.
    found.push(JSON.stringify(snapshot(before)));
    before.close();
    const after = await openStore(options);
    found.push(JSON.stringify(snapshot(after)), JSON.stringify(after.verify().damaged));
    after.close();
    const { retired, rotating } = keys(options.home.store);
    const sound = JSON.stringify(found) === JSON.stringify([state, "[]", state, state, "[]"]) && damaged === 0 && retired === 0 && rotating === 0;
    const tidy = !existsSync(`${options.home.keyFile}.next`);
    return { point, stopped, fault: sound && tidy ? undefined : JSON.stringify({ found, damaged, retired, rotating, tidy }) };
  } catch (error) {
    return { point, stopped, fault: String(error) };
  }
}

async function filledHome(env: NodeJS.ProcessEnv, directory: string): Promise<{ path: string; state: string }> {
  const store = await openStore({ home: homeFrom(env), env });
  for (const step of steps) step(store);
  const state = JSON.stringify(snapshot(store));
  store.close();
  return { path: join(directory, "home"), state };
}

function takeCopy(from: string, env: NodeJS.ProcessEnv): void {
  cpSync(from, homeFrom(env).data, { recursive: true });
}

function keys(path: string): { retired: number; rotating: number; epoch: number } {
  const db = new Sqlite(path, { readonly: true });
  const row = db.prepare<[], { retired: number; rotating: number; epoch: number }>(
    "SELECT (SELECT count(*) FROM data_key WHERE retired = 1) AS retired, rotating, epoch FROM meta",
  ).get();
  db.close();
  if (!row) throw new Error("The store says nothing of its keys.");
  return row;
}
