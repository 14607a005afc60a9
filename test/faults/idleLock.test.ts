import Sqlite from "better-sqlite3";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { beforeAll, describe, expect, it } from "vitest";
import { homeFrom } from "../../native-host/home.ts";
import { openStore } from "../../native-host/store/openStore.ts";
import { setAutoLock, unlockVault } from "../../native-host/vault/control.ts";
import { buildProgram } from "../support/program.ts";
import { inHome } from "./homes.ts";

const rounds = process.env["STEAD_FAULTS"] === "full" ? 20 : 3;
const lockAfter = 600_000;
let use: string;

beforeAll(async () => {
  use = await buildProgram("test/faults/programs/use.ts", "use");
});

describe("processes that use the vault while it comes to be idle for too long", () => {
  it("are all shut out from that moment on, and none of them keeps it open", async () => {
    for (let round = 0; round < rounds; round++) {
      await inHome(async (env) => {
        const options = { home: homeFrom(env), env };
        const store = await openStore(options);
        const { id } = store.addProject({ name: "Acme" });
        store.close();
        await setAutoLock(options, lockAfter);
        const running = ["open", "hold", "open", "hold"].map((how) => {
          const child = spawn(process.execPath, [use, id, how], { env, stdio: ["ignore", "pipe", "inherit"] });
          return { child, ended: once(child, "exit"), begun: once(child.stdout, "data") };
        });
        await Promise.all(running.map(({ begun }) => begun));
        for (const { child } of running) child.stdout.resume();

        // The machine has slept, in between whatever they were at.
        const db = new Sqlite(options.home.store, { timeout: 60_000 });
        const last = db.prepare<[number], number>("UPDATE meta SET used = used - ? RETURNING revision").pluck().get(lockAfter);
        for (const { ended } of running) expect(await ended).toEqual([0, null]);
        expect(db.prepare("SELECT locked, revision FROM meta").get()).toEqual({ locked: 1, revision: last });
        db.close();

        await unlockVault(options);
        const again = await openStore(options);
        expect(again.verify()).toEqual({ items: 1, damaged: [] });
        again.close();
      });
    }
  });
});
