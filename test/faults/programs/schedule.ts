import { writeSync } from "node:fs";
import { homeFrom } from "../../../native-host/home.ts";
import { openStore } from "../../../native-host/store/openStore.ts";
import { SteadError } from "../../../shared/errors.ts";
import type { Entry, EntryChange } from "../../../shared/state/entry.ts";
import { entryKey } from "../../../shared/state/entryKey.ts";
import { cookieEntry, local } from "../../support/entries.ts";
import type { Done } from "../scheduleModel.ts";

// Does argv[4] things with the project argv[2] in the name of argv[3], in an order that the seed argv[5] decides; each that was
// acknowledged is a line of JSON on stdout (Done). What leases and other writers refuse is left.
const [project = "", name = "", count = "0", seed = "1"] = process.argv.slice(2);
let clock = 0;
const store = await openStore({ home: homeFrom(process.env), env: process.env, now: () => clock });
let state = Number(seed);
const seen: number[] = [0];
for (let turn = 0; turn < Number(count); turn++) {
  try {
    const done = act(turn);
    if (!done) continue;
    seen.push(done.revision);
    writeSync(1, `${JSON.stringify(done)}\n`);
  } catch (error) {
    if (!(error instanceof SteadError) || error.code !== "conflict") throw error;
  }
  await new Promise((resolve) => setTimeout(resolve, random(3)));
}
store.close();

function act(turn: number): Done | undefined {
  // The model cannot know when exactly in an act the store looked at its clock.
  const at = (clock = Date.now());
  switch (random(5)) {
    case 0:
    case 1: {
      const changes = someChanges(turn, at);
      return { kind: "write", changes: plain(changes), ...store.writeEntries(project, changes, { by: name }) };
    }
    case 2: {
      const base = store.revision();
      // Others have every chance to come between: the merge is for that.
      pause(random(8));
      const changes = someChanges(turn, at);
      const { revision, applied } = store.update(project, { kind: "changes", changes }, { by: name, base });
      return { kind: "merge", base, changes: plain(changes), revision, applied };
    }
    case 3: {
      const lease = store.checkout(project, { holder: name, ttlMs: 60_000 });
      pause(random(8));
      const whole = new Map(lease.entries.map((entry) => [entryKey(entry), entry]));
      const changes = someChanges(turn, at);
      for (const change of changes) {
        if (change.kind === "set") whole.set(entryKey(change.entry), change.entry);
        else whole.delete(entryKey(change.id));
      }
      const theirs = { kind: "whole", entries: [...whole.values()], covers: () => true, at } as const;
      const { revision, applied } = store.checkin(project, theirs, { token: lease.token, force: true });
      return { kind: "merge", base: lease.revision, changes: plain(changes), revision, applied };
    }
    default: {
      const to = seen[random(seen.length)] ?? 0;
      const { revision, restored } = store.restore(project, { revision: to }, { by: name, force: true });
      return { kind: "restore", to, at, revision, applied: restored };
    }
  }
}

function someChanges(turn: number, at: number): EntryChange[] {
  return Array.from({ length: 1 + random(3) }, (_, place): EntryChange => {
    const entry = someEntry(`${name} ${turn} ${place}`);
    return random(4) === 0 ? { kind: "remove", id: entry, at } : { kind: "set", entry, at };
  });
}

/** Of a few identities, so that writers meet. */
function someEntry(value: string): Entry {
  const place = random(6);
  return place < 3 ? cookieEntry({ name: `c${place}`, value }) : local(`k${place}`, value);
}

function plain(changes: readonly EntryChange[]): Extract<Done, { changes: unknown }>["changes"] {
  return changes.map((change) => {
    const entry = change.kind === "set" ? change.entry : undefined;
    const key = entryKey(change.kind === "set" ? change.entry : change.id);
    return { key, at: change.at, ...((entry?.kind === "cookie" || entry?.kind === "local") && { value: entry.value }) };
  });
}

/** A whole number below `below`, the next of the seed's (Numerical Recipes' linear congruential generator). */
function random(below: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
