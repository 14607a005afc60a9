import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { SteadError } from "../../shared/errors.ts";
import { homeFrom } from "../../native-host/home.ts";
import { openStore } from "../../native-host/store/openStore.ts";
import { inHome, tell } from "./homes.ts";
import { removal, snapshot, steps } from "./programs/steps.ts";

/** Milliseconds; all of them take an hour or so. */
const timeout = 4 * 60 * 60 * 1000;

it("a flipped bit anywhere in the file is found or refused, or changes nothing that can be read", async () => {
  await inHome(async (env) => {
    const home = homeFrom(env);
    const options = { home, env };
    const first = await openStore(options);
    for (const step of steps.slice(0, removal)) step(first);
    const before = JSON.stringify(snapshot(first));
    first.close();
    const whole = readFileSync(home.store);
    // With all of them: a bit of every byte.
    const flips = process.env["STEAD_FAULTS"] === "full" ? whole.length : 1500;

    const found = { refused: 0, counted: 0, harmless: 0 };
    const silent: number[] = [];
    for (let flip = 0; flip < flips; flip++) {
      // Evenly over the file, another bit each time.
      const place = Math.floor((flip / flips) * whole.length);
      const bytes = Buffer.from(whole);
      bytes[place] = (bytes[place] ?? 0) ^ (1 << (flip % 8));
      for (const side of ["-wal", "-shm"]) rmSync(`${home.store}${side}`, { force: true });
      writeFileSync(home.store, bytes, { mode: 0o600 });
      const outcome = await look();
      if (outcome === "silent") silent.push(place);
      else found[outcome]++;
    }
    expect(silent).toEqual([]);
    tell(`${flips} flipped bits of ${whole.length} bytes: ${JSON.stringify(found)}`);
    // The rest are bytes of pages that nothing uses.
    expect(found.refused + found.counted).toBeGreaterThan(flips / 3);

    async function look(): Promise<"refused" | "counted" | "harmless" | "silent"> {
      let store;
      try {
        store = await openStore(options);
        if (store.verify().damaged.length > 0) return "counted";
        return JSON.stringify(snapshot(store)) === before ? "harmless" : "silent";
      } catch (error) {
        if (error instanceof SteadError) return "refused";
        throw error;
      } finally {
        store?.close();
      }
    }
  });
}, timeout);
