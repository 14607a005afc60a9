import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A home for as long as `work` takes, with its key in a file. `directory` is around it. */
export async function inHome<T>(work: (env: NodeJS.ProcessEnv, directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "stead-faults-"));
  try {
    return await work({ STEAD_HOME: join(directory, "home"), STEAD_KEYSTORE: "file" }, directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** All of them, two at a time. */
export async function inTurns<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const waiting = [...all];
  const results: R[] = [];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) results.push(await work(next));
  };
  await Promise.all([worker(), worker()]);
  return results;
}

/** A line for who counts: what a campaign tried, and what came of it. docs/reliability.md has the figures. */
export function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Evenly chosen, or all of them with STEAD_FAULTS=full. */
export function sample<T>(all: readonly T[], count: number): T[] {
  if (process.env["STEAD_FAULTS"] === "full") return [...all];
  const step = Math.max(1, all.length / count);
  return all.filter((_, place) => Math.floor(place / step) !== Math.floor((place - 1) / step));
}
