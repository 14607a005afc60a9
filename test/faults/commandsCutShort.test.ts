import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { homeFrom } from "../../native-host/home.ts";
import { openDatabase } from "../../native-host/store/database.ts";
import { migrations } from "../../native-host/store/migrations.ts";
import { openStore } from "../../native-host/store/openStore.ts";
import { formats } from "../../shared/formats/index.ts";
import type { Entry } from "../../shared/state/entry.ts";
import { toState } from "../../native-host/actions/entryState.ts";
import { cookieEntry, database, local, record } from "../support/entries.ts";
import { run } from "../support/program.ts";
import { makeVersion1, version1Time } from "../support/version1.ts";
import { inHome, inTurns, sample, tell } from "./homes.ts";
import { snapshot } from "./programs/steps.ts";
import { countCalls, type DiskCall, diskCalls, expectStrace, runWith } from "./strace.ts";

/** Points tried of each command unless STEAD_FAULTS=full. */
const sampled = 5;
const stead = fileURLToPath(new URL("../../dist/native-host/stead.js", import.meta.url));
const now = version1Time;

/** What is done to a program's system calls, in strace's words; `says` is what a program that lives on must say of it. */
interface Fault {
  calls: readonly DiskCall[];
  effect: (call: DiskCall, place: number) => string;
  says?: string;
}

const killed: Fault = { calls: diskCalls, effect: (call, place) => `${call}:signal=KILL:when=${place}` };
const full: Fault = { calls: ["pwrite64"], effect: (call, place) => `${call}:error=ENOSPC:when=${place}+`, says: "diskFull" };

/** A command on a home: the home is copied for every try. */
interface Trial {
  home: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
}

let directory: string;
let filled: { home: string; token: string; revision: number; file: string };

beforeAll(async () => {
  await expectStrace();
  directory = mkdtempSync(join(tmpdir(), "stead-faults-"));
  filled = await fill();
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

const commands: [command: string, trial: () => Trial][] = [
  ["a check-in", () => ({ home: filled.home, args: ["checkin", "Acme", filled.file], env: { STEAD_TOKEN: filled.token } })],
  ["an import", () => ({ home: filled.home, args: ["import", "Acme", filled.file] })],
  ["an import that replaces", () => ({ home: filled.home, args: ["import", "Acme", filled.file, "--replace"] })],
  ["a restore from history", () => ({ home: filled.home, args: ["restore", "Acme", "--to", String(filled.revision)] })],
];

const olderVersions = migrations.slice(1).map((_, place) => place + 1);

describe.each(commands)("%s", (_command, trial) => {
  it("killed at any write, sync, truncation, link or removal is done or not done, and can be repeated", async () => {
    await campaign(trial(), killed);
  });

  it("that finds the disk full from any write on is done or not done, and can be repeated", async () => {
    await campaign(trial(), full);
  });
});

describe.each(olderVersions)("bringing a store of version %i up to date", (version) => {
  it("killed at any write, sync, truncation, link or removal loses nothing, and is done by the next", async () => {
    await campaign({ home: olderHome(version), args: ["list"] }, killed);
  });

  it("on a disk that is full from any write on loses nothing, and is done by the next", async () => {
    await campaign({ home: olderHome(version), args: ["list"] }, full);
  });
});

/** Each try on a home of its own: the command with one fault, a look at what it left, the command again. */
async function campaign(trial: Trial, { calls, effect, says }: Fault): Promise<void> {
  const [before, after] = [await stateOf(trial, false), await stateOf(trial, true)];
  const counts = await inCopy(trial, (env, folder) => countCalls(folder, command(trial), env));
  const points = calls.flatMap((call) => Array.from({ length: counts.get(call) ?? 0 }, (_, place) => effect(call, place + 1)));
  expect(points.length).toBeGreaterThan(3);
  const chosen = sample(points, sampled);
  const outcomes = await inTurns(chosen, (point) => inCopy(trial, (env) => tryOut(point, env)));
  expect(outcomes.filter(({ fault }) => fault !== undefined)).toEqual([]);
  const stopped = outcomes.filter((one) => one.stopped).length;
  // What SQLite does of its own accord at the end may fail without a loss: the next opening does it.
  expect(stopped).toBeGreaterThan(chosen.length * 0.4);
  tell(`${expect.getState().currentTestName ?? ""}: ${chosen.length} of ${points.length} points tried, ${stopped} stopped it`);

  async function tryOut(point: string, env: NodeJS.ProcessEnv): Promise<{ point: string; stopped: boolean; fault?: string }> {
    const { status, stdout, stderr } = await runWith(point, command(trial), env);
    const stopped = status !== 0;
    const fault = (what: string): { point: string; stopped: boolean; fault: string } => ({ point, stopped, fault: `${what}\n${stdout}${stderr}` });
    const found = await look(env);
    if (found !== after && (found !== before || !stopped)) return fault(`left ${found}`);
    if (stopped && says !== undefined && !stdout.includes(says)) return fault("does not say why");
    // A check-in that was done has ended its lease: that is the one command that is not repeated.
    if (found !== after || before === after) {
      const again = await run(process.execPath, command(trial).slice(1), env);
      if (again.status !== 0) return fault(`cannot be repeated: ${again.stdout}${again.stderr}`);
    }
    const last = await look(env);
    return last === after ? { point, stopped } : fault(`came to ${last}`);
  }
}

/** What a home holds, with `done` after the command. */
function stateOf(trial: Trial, done: boolean): Promise<string> {
  return inCopy(trial, async (env) => {
    if (done) {
      const { status, stderr } = await run(process.execPath, command(trial).slice(1), env);
      expect({ status, stderr: stderr.replace(/^.*kept in the file.*\n/, "") }).toEqual({ status: 0, stderr: "" });
    }
    return look(env);
  });
}

/** Throws when anything is damaged. */
async function look(env: NodeJS.ProcessEnv): Promise<string> {
  const store = await openStore({ home: homeFrom(env), env, now: () => now });
  try {
    const { damaged } = store.verify();
    if (damaged.length > 0) throw new Error(`damaged: ${JSON.stringify(damaged)}`);
    return JSON.stringify(snapshot(store));
  } finally {
    store.close();
  }
}

function inCopy<T>(trial: Trial, work: (env: NodeJS.ProcessEnv, folder: string) => Promise<T>): Promise<T> {
  return inHome((env, folder) => {
    cpSync(trial.home, homeFrom(env).data, { recursive: true });
    return work({ ...env, ...trial.env }, folder);
  });
}

function command({ args }: Trial): string[] {
  return [process.execPath, stead, ...args, "--json"];
}

/** A project that is leased, with a file of what its holder made of it and a revision to go back to. */
async function fill(): Promise<typeof filled> {
  const home = join(directory, "filled");
  const env = { STEAD_HOME: home, STEAD_KEYSTORE: "file" };
  const store = await openStore({ home: homeFrom(env), env });
  const { id } = store.addProject({ name: "Acme" });
  const entries = (value: string): Entry[] => [
    ...Array.from({ length: 40 }, (_, place) => cookieEntry({ name: `c${place}`, value: value.repeat(40) })),
    local("token", value),
    database("db", ["one"]),
    ...Array.from({ length: 10 }, (_, place) => record("db", "one", place, value.repeat(500))),
  ];
  const put = (value: string) => store.writeEntries(id, entries(value).map((entry) => ({ kind: "set", entry, at: 1 })), { by: "cli" });
  const { revision } = put("first");
  put("second");
  const { token } = store.checkout(id, { holder: "program", ttlMs: 24 * 60 * 60 * 1000 });
  store.close();
  const file = join(directory, "state.json");
  const state = toState([...entries("third").slice(5), cookieEntry({ name: "new" })]);
  writeFileSync(file, formats.playwright.write(state, { now: Date.now(), project: "Acme" }).document);
  return { home, token, revision, file };
}

/** The first version's store as a later one left it, before the newest. */
function olderHome(version: number): string {
  const path = mkdtempSync(join(directory, `version${version}-`));
  const home = homeFrom({ STEAD_HOME: path, STEAD_KEYSTORE: "file" });
  makeVersion1(home);
  openDatabase(home.store, { steps: migrations.slice(0, version) }).close();
  return path;
}
