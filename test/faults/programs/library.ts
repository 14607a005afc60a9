import { writeSync } from "node:fs";
import { SteadError } from "../../../shared/errors.ts";
import { stead } from "../../../native-host/library/index.ts";
import type { Change, StorageState } from "../../../native-host/library/types.ts";

// A consumer named argv[2] that works argv[3] rounds on the project acme, in every way that the library has. Each item that it
// made is named on stdout when it was acknowledged; under a lease it also adds one to a number that all share.
const [name = "", rounds = "0"] = process.argv.slice(2);
const origin = "https://app.example.com";
await using own = stead.open({ name });

for (let round = 0; round < Number(rounds); round++) {
  const key = `${name}-${round}`;
  const ways = [updateByChanges, updateByState, checkIn];
  await untilFree(() => ways[round % ways.length]?.(key));
  writeSync(1, `${key}\n`);
}

async function updateByChanges(key: string): Promise<void> {
  const { revision: base } = await own.state("acme", { domain: "elsewhere.test" });
  const changes: Change[] = [{ kind: "set", entry: { kind: "local", origin, key, value: name } }];
  expectNoConflict(await own.update("acme", changes, { base }));
}

async function updateByState(key: string): Promise<void> {
  const { state, revision: base } = await own.state("acme");
  add(state, key, name);
  expectNoConflict(await own.update("acme", state, { base }));
}

async function checkIn(key: string): Promise<void> {
  await using lease = await own.checkout("acme", { ttl: "1m" });
  const { state } = lease;
  const number = state.origins.flatMap(({ localStorage }) => localStorage).find((item) => item.name === "number");
  add(state, "number", String(Number(number?.value ?? 0) + 1));
  add(state, key, name);
  expectNoConflict(await lease.checkin(state));
}

function add({ origins }: StorageState, item: string, value: string): void {
  const known = origins.find((one) => one.origin === origin);
  const localStorage = [...(known?.localStorage ?? []).filter((one) => one.name !== item), { name: item, value }];
  if (known) known.localStorage = localStorage;
  else origins.push({ origin, localStorage });
}

function expectNoConflict({ conflicts }: { conflicts: readonly unknown[] }): void {
  if (conflicts.length > 0) throw new Error("Two changed one item.");
}

/** Another has the project: the one refusal there may be. */
async function untilFree(work: () => Promise<void> | undefined): Promise<void> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof SteadError) || error.code !== "conflict" || !error.message.includes("is leased to")) throw error;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
}
