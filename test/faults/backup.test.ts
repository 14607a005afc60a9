import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SteadError } from "../../shared/errors.ts";
import { makeBackup } from "../../native-host/backup/makeBackup.ts";
import { readBackup } from "../../native-host/backup/readBackup.ts";
import { restoreBackup } from "../../native-host/backup/restoreBackup.ts";
import { openHeader, openParts } from "../../native-host/backup/sealedFile.ts";
import { homeFrom } from "../../native-host/home.ts";
import { openStore } from "../../native-host/store/openStore.ts";
import { cookie } from "../support/cookies.ts";
import { buildProgram, run } from "../support/program.ts";
import { inHome, inTurns, sample, tell } from "./homes.ts";
import { snapshot, steps } from "./programs/steps.ts";
import { countCalls, diskCalls, expectStrace, runWith } from "./strace.ts";

/** Points tried of each campaign unless STEAD_FAULTS=full. Each costs up to four derivations of a key. */
const sampled = 8;
const isFull = process.env["STEAD_FAULTS"] === "full";
const timeout = isFull ? 2 * 60 * 60 * 1000 : 300_000;
/** Files get their names by renaming and linking; what is kept aside is copied. */
const calls = [...diskCalls, "rename", "copy_file_range"] as const;
const id = "aaaaaaaa-0000-4000-8000-000000000000";
const passphrase = (): Promise<string> => Promise.resolve("correct horse battery");

let program: string;
let looker: string;
let directory: string;
/** A home, a backup of what it was before its last change, and both states. */
let present: { home: string; file: string; backedUp: string; state: string };

beforeAll(async () => {
  await expectStrace();
  program = await buildProgram("test/faults/programs/backup.ts", "backup");
  looker = await buildProgram("test/faults/programs/look.ts", "look");
  directory = mkdtempSync(join(tmpdir(), "stead-faults-"));
  const options = optionsOf(join(directory, "home"));
  const store = await openStore(options);
  for (const step of steps) step(store);
  const backedUp = JSON.stringify(snapshot(store));
  const file = join(directory, "stead.backup");
  await makeBackup({ ...options, file, force: false, passphrase });
  store.write(id, [{ kind: "set", cookie: cookie({ name: "later" }), at: 9 }], { by: "cli" });
  present = { home: options.home.data, file, backedUp, state: JSON.stringify(snapshot(store)) };
  store.close();
}, timeout);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

interface Trial {
  env: NodeJS.ProcessEnv;
  directory: string;
  file: string;
}

interface Outcome {
  point: string;
  stopped: boolean;
  fault: unknown;
}

describe("a backup", () => {
  it("killed at any write, sync, link, removal or renaming leaves the file that was there or a whole new one, and the store as it is", async () => {
    await campaign("a backup", killed, copyOfPresent, "make", async ({ env, file }) => {
      return { there: [present.backedUp, present.state].includes(await inBackup(file)), store: (await look(env)) === present.state };
    });
  }, timeout);

  it("on a disk that is full from any write on says so, and leaves the file that was there and nothing beside it", async () => {
    // Done when the disk was full only for what SQLite moves after the commit of the audit's line.
    await campaign("a backup on a full disk", full, copyOfPresent, "make", async ({ env, file, directory: around }, isDone) => ({
      there: isDone ? (await inBackup(file)) === present.state : readFileSync(file).equals(readFileSync(present.file)),
      store: (await look(env)) === present.state,
      beside: readdirSync(around).length === 2,
    }));
  }, timeout);

  it("and a restored one, on a real file system without a byte left, change nothing", async () => {
    await inHome(async (_env, around) => {
      const script = `
        mount -t tmpfs -o size=8m none "$1" || exit 77
        cp -r "$2" "$1/home"; export STEAD_HOME="$1/home" STEAD_KEYSTORE=file
        cat /dev/zero > "$1/filler" 2>/dev/null
        "$3" "$4" make "$1/new.backup"; "$3" "$4" restore "$5"; ls -A "$1"; ls "$1/home"; "$3" "$6"
        rm "$1/filler"
        "$3" "$4" make "$1/new.backup"; "$3" "$4" restore "$5"; "$3" "$6"`;
      const flags = process.getuid?.() === 0 ? ["-m"] : ["-Urm"];
      const args = ["sh", around, present.home, process.execPath, program, present.file, looker];
      const { stdout, stderr, status } = await run("unshare", [...flags, "sh", "-c", script, ...args]);
      if (status === 77) throw new Error(`A small file system could not be mounted: ${stderr}`);
      const lines = stdout.trimEnd().split("\n");
      const files = ["key", "store.db", "store.db-shm", "store.db-wal", "store.db.ballast"];
      const beside = lines.filter((line) => !files.includes(line));
      expect({ stderr, beside }).toEqual({
        stderr: "",
        beside: ["diskFull", "diskFull", "filler", "home", present.state, "ok", "ok", present.backedUp],
      });
    });
  }, timeout);

  it("with a flipped bit anywhere is refused", async () => {
    const whole = readFileSync(present.file);
    const opened = await openHeader(whole, passphrase);
    const begin = opened.header.length;
    const found = { ofHeader: 0, ofParts: 0 };
    const silent: number[] = [];
    const flips = isFull ? whole.length - begin : 1500;
    for (let flip = 0; flip < flips; flip++) {
      const place = begin + Math.floor((flip / flips) * (whole.length - begin));
      if (isRefused(() => openParts(flipped(whole, place, flip % 8), opened))) found.ofParts++;
      else silent.push(place);
    }
    // A key is derived for each of these that can be read at all.
    const places = sample(Array.from({ length: begin }, (_, place) => place), 60);
    for (const place of places) {
      const bytes = flipped(whole, place, place % 8);
      const header = await openHeader(bytes, passphrase).catch((error: unknown) => error);
      if (header instanceof SteadError) found.ofHeader++;
      else silent.push(place);
    }
    expect(silent).toEqual([]);
    tell(`${flips} flipped bits of the ${whole.length - begin} bytes of a backup's parts: ${found.ofParts} refused; ${places.length} of the ${begin} of its first line: ${found.ofHeader} refused`);
  }, timeout);
});

describe("restoring a backup", () => {
  it("killed at any write, sync, link, removal or renaming leaves the old store, or the new one and the old one aside", async () => {
    await campaign("a restored backup", killed, copyOfPresent, "restore", async ({ env }) => {
      const found = await look(env);
      const kept = found === present.state ? [] : await Promise.all(keptIn(env).map((home) => look({ STEAD_HOME: home })));
      return { opens: found === present.state || (found === present.backedUp && kept.includes(present.state)), ...(await again(env)) };
    });
  }, timeout);

  it("on a disk that is full from any write on leaves the old store or the new one", async () => {
    await campaign("a restored backup on a full disk", full, copyOfPresent, "restore", async ({ env }) => {
      const found = await look(env);
      return { opens: [present.state, present.backedUp].includes(found), ...(await again(env)) };
    });
  }, timeout);

  it("killed at any of these on a machine without a store leaves none or the new one", async () => {
    await campaign("a backup restored on another machine", killed, emptyHome, "restore", async ({ env }) => {
      const found = await look(env);
      return { opens: found === present.backedUp || found.startsWith('{"projects":[],'), ...(await again(env)) };
    });
  }, timeout);

  it("killed at any of these over a store that nothing can read keeps every byte of that one, and can be repeated", async () => {
    const lost = Buffer.from("Dear diary, today I have written a file. ".repeat(40));
    const broken = (trial: Trial): void => {
      copyOfPresent(trial);
      writeFileSync(homeFrom(trial.env).store, lost, { mode: 0o600 });
    };
    await campaign("a backup restored over a damaged store", killed, broken, "restore", async ({ env }) => {
      const { store } = homeFrom(env);
      const kept = [store, ...keptIn(env).map((home) => homeFrom({ STEAD_HOME: home }).store)].some((path) => existsSync(path) && readFileSync(path).equals(lost));
      return { kept, ...(await again(env)) };
    });
  }, timeout);

  async function again(env: NodeJS.ProcessEnv): Promise<{ again: boolean; tidy: boolean }> {
    const options = { home: homeFrom(env), env };
    await restoreBackup({ ...options, file: present.file, force: true, passphrase, vaultPassphrase: passphrase });
    return { again: (await look(env)) === present.backedUp, tidy: !existsSync(`${options.home.keyFile}.next`) };
  }
});

const killed = (call: string, place: number): string => `${call}:signal=KILL:when=${place}`;
const full = (call: string, place: number): string | undefined => (call === "pwrite64" ? `${call}:error=ENOSPC:when=${place}+` : undefined);

/** Everything `check` answers must be true, at each point that is tried. */
async function campaign(
  what: string,
  effect: (call: string, place: number) => string | undefined,
  prepare: (trial: Trial) => void,
  command: "make" | "restore",
  check: (trial: Trial, isDone: boolean) => Promise<Record<string, boolean>>,
): Promise<void> {
  const inTrial = <T>(work: (trial: Trial, words: string[]) => Promise<T>): Promise<T> =>
    inHome(async (env, around) => {
      const trial = { env, directory: around, file: command === "make" ? join(around, "stead.backup") : present.file };
      prepare(trial);
      return work(trial, [process.execPath, program, command, trial.file]);
    });
  const counts = await inTrial((trial, words) => countCalls(trial.directory, words, trial.env, calls));
  const points = calls.flatMap((call) => Array.from({ length: counts.get(call) ?? 0 }, (_, place) => effect(call, place + 1) ?? []).flat());
  const chosen = sample(points, sampled);
  const outcomes = await inTurns(chosen, (point) =>
    inTrial(async (trial, words): Promise<Outcome> => {
      const { stdout } = await runWith(point, words, trial.env);
      const result = await check(trial, stdout === "ok\n").catch((error: unknown) => ({ [String(error)]: false }));
      return { point, stopped: stdout !== "ok\n", fault: Object.values(result).every(Boolean) ? undefined : result };
    }),
  );
  expect(outcomes.filter(({ fault }) => fault !== undefined)).toEqual([]);
  const stopped = outcomes.filter((outcome) => outcome.stopped).length;
  tell(`${what}: ${chosen.length} of ${points.length} points tried, ${stopped} stopped it, ${outcomes.length} as they must be`);
  expect(stopped).toBeGreaterThan(chosen.length * 0.7);
}

/** What a backup holds, once everything in it was opened. */
async function inBackup(file: string): Promise<string> {
  const backup = await readBackup(file, passphrase);
  try {
    return JSON.stringify(snapshot(backup.store));
  } finally {
    backup.close();
  }
}

function copyOfPresent({ env, file, directory: around }: Trial): void {
  cpSync(present.home, homeFrom(env).data, { recursive: true });
  if (file.startsWith(around)) cpSync(present.file, file);
}

function emptyHome(): void {
  // It is made by the program.
}

/** What the store holds, if everything in it opens. */
async function look(env: NodeJS.ProcessEnv): Promise<string> {
  const store = await openStore({ home: homeFrom(env), env });
  try {
    return store.verify().damaged.length === 0 ? JSON.stringify(snapshot(store)) : "damaged";
  } finally {
    store.close();
  }
}

function keptIn(env: NodeJS.ProcessEnv): string[] {
  const { data } = homeFrom(env);
  return readdirSync(data).filter((name) => name.startsWith("kept-")).map((name) => join(data, name));
}

function optionsOf(home: string): { home: ReturnType<typeof homeFrom>; env: NodeJS.ProcessEnv } {
  const env = { STEAD_HOME: home, STEAD_KEYSTORE: "file" };
  return { home: homeFrom(env), env };
}

function flipped(whole: Buffer, place: number, bit: number): Buffer {
  const bytes = Buffer.from(whole);
  bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
  return bytes;
}

function isRefused(work: () => unknown): boolean {
  try {
    work();
    return false;
  } catch (error) {
    if (error instanceof SteadError) return true;
    throw error;
  }
}
