import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { beforeAll, describe, expect, it } from "vitest";
import { homeFrom } from "../../native-host/home.ts";
import { openStore } from "../../native-host/store/openStore.ts";
import type { Store } from "../../native-host/store/types.ts";
import { SteadError } from "../../shared/errors.ts";
import { buildProgram, run } from "../support/program.ts";
import { waitFor } from "../support/waitFor.ts";
import { inHome } from "./homes.ts";

const each = process.env["STEAD_FAULTS"] === "full" ? 500 : 60;
let program: string;

beforeAll(async () => {
  program = await buildProgram("test/faults/programs/lease.ts", "lease");
});

function numberIn(store: Store, project: string): number {
  return Number(store.unaudited.entries(project).flatMap(({ entry }) => (entry?.kind === "local" ? entry.value : []))[0] ?? 0);
}

describe("processes that lease one project", () => {
  it.each([2, 4])("%i of them at once lose no change of each other", async (count) => {
    await inHome(async (env) => {
      const store = await openStore({ home: homeFrom(env), env });
      const { id } = store.addProject({ name: "Acme" });
      const names = Array.from({ length: count }, (_, place) => `p${place}`);
      const ends = await Promise.all(names.map((name) => run(process.execPath, [program, id, name, String(each)], env)));
      for (const { status, stderr } of ends) expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      expect(numberIn(store, id)).toBe(count * each);
      expect(store.leases()).toEqual([]);
      expect(store.verify().damaged).toEqual([]);
      store.close();
    });
  });

  it("one that was stopped and is woken after its lease was taken back changes nothing", async () => {
    await inHome(async (env) => {
      const store = await openStore({ home: homeFrom(env), env }, { patienceMs: 100 });
      const { id } = store.addProject({ name: "Acme" });
      const child = spawn(process.execPath, [program, id, "sleeper", "100000"], { env: { ...process.env, ...env }, stdio: ["ignore", "ignore", "pipe"] });
      try {
        await stopAndRevoke(child, store, id);
        const { token } = store.checkout(id, { holder: "second", ttlMs: 60_000 });
        const [number, revision] = [numberIn(store, id), store.revision()];
        let stderr = "";
        child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
        child.kill("SIGCONT");
        const [status] = (await once(child, "close")) as [number | null];
        expect(status).toBe(1);
        expect(stderr).toMatch(/"Acme" is leased to "second"/);
        expect([numberIn(store, id), store.revision()]).toEqual([number, revision]);
        store.releaseLease(id, { token });
      } finally {
        child.kill("SIGKILL");
        store.close();
      }
    });
  });
});

/** Stopped at a moment at which it had the lease, which it has no more. */
async function stopAndRevoke(child: ChildProcess, store: Store, project: string): Promise<void> {
  await waitFor("the program's first changes", () => numberIn(store, project) > 3);
  await waitFor("a moment at which it has the lease", () => {
    child.kill("SIGSTOP");
    try {
      if (store.revokeLease(project, { by: "cli" })) return true;
    } catch (error) {
      // It was stopped while it wrote.
      if (!(error instanceof SteadError) || error.code !== "storeBusy") throw error;
    }
    child.kill("SIGCONT");
    return false;
  });
}
