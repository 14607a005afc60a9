import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Ended, run } from "../support/program.ts";

/** Through these SQLite and the key file reach the disk. */
export const diskCalls = ["pwrite64", "fdatasync", "fsync", "ftruncate", "link", "unlink"] as const;
export type DiskCall = (typeof diskCalls)[number];

/** Ends at once when strace cannot be used: a campaign that is left out would look like one that passed. */
export async function expectStrace(): Promise<void> {
  const { status, stderr } = await run("strace", ["-o", "/dev/null", "-e", "inject=sync:error=EIO", "true"]).catch((error: unknown) => ({
    status: 1,
    stderr: String(error),
  }));
  if (status !== 0) throw new Error(`strace is needed to fail system calls on purpose (Debian: apt-get install strace): ${stderr}`);
}

/**
 * How often the program's main thread, which alone reaches the store, makes each call. strace follows no other thread:
 * that would only take longer. Nor may it use --seccomp-bpf, with which it kills nothing.
 */
export async function countCalls<Call extends string = DiskCall>(
  directory: string,
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  calls: readonly (Call | DiskCall)[] = diskCalls,
): Promise<Map<Call | DiskCall, number>> {
  const log = join(directory, "strace.log");
  const { status, stderr } = await run("strace", ["-o", log, "-e", `trace=${calls.join()}`, ...command], env);
  if (status !== 0) throw new Error(`The program failed on its own: ${stderr}`);
  const lines = readFileSync(log, "utf8").split("\n");
  return new Map(calls.map((call) => [call, lines.filter((line) => line.startsWith(`${call}(`)).length]));
}

/** Runs the program with `effect` at some of its calls, in strace's words: `pwrite64:signal=KILL:when=3`. */
export function runWith(effect: string, command: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  const calls = effect.slice(0, effect.indexOf(":"));
  return run("strace", ["-o", "/dev/null", "-e", `trace=${calls}`, "-e", `inject=${effect}`, ...command], env);
}
