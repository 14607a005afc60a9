import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cookie } from "../support/cookies.ts";
import { instanceInfo, makeHome, startBuilt, startHost } from "../native-host/host/fakeExtension.ts";
import { type ProcessMemory, processMemory } from "./processMemory.ts";
import { median } from "./sample.ts";

const rounds = 5;
/** Milliseconds after which none of them does anything any more. */
const rest = 3000;

/** Node waiting for its stdin: alone, and with the two things that no host can be without, an idle thread and SQLite in it. */
const programs = {
  bare: "process.stdin.resume()",
  "with a thread that has SQLite open": `process.stdin.resume();
    new (require("node:worker_threads").Worker)('const db = new (require("better-sqlite3"))(":memory:"); db.exec("SELECT 1"); setInterval(() => db, 1e6)', { eval: true })`,
};

/** The built host at rest, connected, its store open, beside bare node. */
export async function benchMemory(): Promise<string[]> {
  const samples: Record<string, ProcessMemory[]> = {};
  const note = async (what: string, child: ChildProcess): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, rest));
    (samples[what] ??= []).push(processMemory(child.pid ?? 0));
  };
  for (let round = 0; round < rounds; round++) {
    for (const [what, code] of Object.entries(programs)) {
      const child = spawn(process.execPath, ["-e", code], { stdio: ["pipe", "ignore", "inherit"] });
      await note(what, child);
      child.kill();
      await once(child, "exit");
    }
    await host((child) => note("host", child));
  }
  const middle = (what: string, field: keyof ProcessMemory): number => median((samples[what] ?? []).map((one) => one[field]));
  return Object.keys(samples).flatMap((what) => {
    const ratio = (middle(what, "resident") / middle("bare", "resident")).toFixed(2);
    const proportional = (middle(what, "proportional") / middle("bare", "proportional")).toFixed(2);
    const sizes = (["resident", "proportional", "anonymous"] as const).map((field) => `${field} ${middle(what, field).toFixed(1)}`).join(", ");
    return `memory at rest, ${what}: ${ratio} × bare node resident, ${proportional} × proportional (MiB: ${sizes})${what === "host" ? "; aim 1.5 ×" : ""}`;
  });
}

async function host(look: (child: ChildProcess) => Promise<void>): Promise<void> {
  const place = await makeHome();
  const started = startHost(place.env, {}, startBuilt(place.env));
  await started.connect();
  const { project } = await started.peer.call("project.add", { name: "acme" });
  await started.peer.call("state.delta", { instance: instanceInfo.id, project: project.id, changes: [{ kind: "set", cookie: cookie(), at: 1 }] });
  await look(started.process);
  await started.end();
  await place.remove();
}
