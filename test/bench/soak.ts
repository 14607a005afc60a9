import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connectHosts } from "../../native-host/host/connectHosts.ts";
import { openStore } from "../../native-host/store/openStore.ts";
import type { Cookie, ProjectId } from "../../shared/models.ts";
import { instanceInfo, makeHome, startBuilt, startHost } from "../native-host/host/fakeExtension.ts";
import { type ProcessMemory, processMemory } from "./processMemory.ts";

/** What a busy hour asks of a host. */
const busyHour = {
  /** A page that sets three cookies, once a second. */
  delta: 3600,
  /** Another process that writes, and tells the host to bring it to its Firefox. */
  poke: 360,
  /** A project that is renamed or gets another colour. */
  project: 120,
  /** A container of 200 cookies that is compared with the store: a start, a waking, an unlocking. */
  reconcile: 60,
  /** A program that checks the project out and in. */
  lease: 60,
};
type Operation = keyof typeof busyHour;
const containerSize = 200;
const samplesPerRun = 20;

// node --import tsx test/bench/soak.ts [minutes] [busy hours] [collect]: that many busy hours in so many minutes (10 and 3). With
// `collect` the host's threads collect their garbage every five seconds, so that what is left is what they hold.
const [minutes = 10, hours = 3] = process.argv.slice(2, 4).map(Number);
const place = await makeHome();
const store = await openStore({ home: place.home, env: place.env });
const project: ProjectId = store.addProject({ name: "acme" }).id;
const host = startHost(place.env, {}, startBuilt(place.env, process.argv[4] === "collect" ? await collecting() : []));
await host.connect();
const [found] = await connectHosts(place.home);
if (!found) throw new Error("No host answers.");
const link = found;
const counts = new Map<Operation, number>();
const samples: { hours: number; memory: ProcessMemory }[] = [];

const schedule = plan();
const begin = performance.now();
for (let place = 0; place < schedule.length; place++) {
  const due = begin + (place / schedule.length) * minutes * 60_000;
  if (performance.now() < due) await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
  if (place % Math.floor(schedule.length / samplesPerRun) === 0) look((place / schedule.length) * hours);
  const operation = schedule[place];
  if (operation) await perform(operation, place);
}
look(hours);
report();
link.close();
await host.end();
store.close();
await place.remove();

async function collecting(): Promise<string[]> {
  const program = join(place.home.data, "collect.cjs");
  await writeFile(program, "setInterval(() => globalThis.gc(), 5000).unref();");
  return ["--expose-gc", "--require", program];
}

/** Evenly mixed: the rare ones as far apart as they are in an hour. */
function plan(): Operation[] {
  const all = (Object.keys(busyHour) as Operation[]).flatMap((operation) => {
    const count = Math.round(busyHour[operation] * hours);
    return Array.from({ length: count }, (_, turn) => ({ operation, at: (turn + 0.5) / count }));
  });
  return all.sort((a, b) => a.at - b.at).map(({ operation }) => operation);
}

async function perform(operation: Operation, turn: number): Promise<void> {
  counts.set(operation, (counts.get(operation) ?? 0) + 1);
  switch (operation) {
    case "delta":
      await host.peer.call("state.delta", {
        instance: instanceInfo.id,
        project,
        changes: [0, 1, 2].map((offset) => ({ kind: "set" as const, cookie: cookie((turn + offset) % containerSize, turn), at: Date.now() })),
      });
      return;
    case "poke":
      store.write(project, [{ kind: "set", cookie: cookie(turn % containerSize, turn), at: Date.now() }], { by: "cli" });
      await poke();
      return;
    case "project":
      await host.peer.call("project.update", { id: project, patch: { color: turn % 2 === 0 ? "blue" : "orange" } });
      return;
    case "reconcile": {
      const cookies = Array.from({ length: containerSize }, (_, index) => cookie(index, turn));
      await host.peer.call("state.reconcile", { instance: instanceInfo.id, project, cookies, marks: [], now: Date.now() });
      return;
    }
    case "lease": {
      const { token, entries } = store.checkout(project, { holder: "soak", ttlMs: 60_000 });
      const changed = { kind: "local", origin: "https://app.example", key: "token", value: `value ${turn}` } as const;
      store.checkin(project, { kind: "whole", entries: [...entries.filter(({ kind }) => kind === "cookie"), changed], covers: () => true, at: Date.now() }, { token });
      await poke();
    }
  }
}

async function poke(): Promise<void> {
  await link.peer.call("poke", { revision: store.revision() });
  // What it was told is not what is measured.
  host.calls.length = 0;
}

function look(at: number): void {
  const memory = processMemory(host.process.pid ?? 0);
  samples.push({ hours: at, memory });
  const line = (["resident", "proportional", "anonymous"] as const).map((field) => `${field} ${memory[field].toFixed(1)}`).join(", ");
  process.stdout.write(`after ${at.toFixed(2)} busy hours: ${line} MiB\n`);
}

function report(): void {
  const settled = samples.filter(({ hours: at }) => at >= hours / 3);
  const done = [...counts].map(([operation, count]) => `${count} × ${operation}`).join(", ");
  const seconds = ((performance.now() - begin) / 1000).toFixed(0);
  process.stdout.write(`${hours} busy hours in ${seconds} s: ${done}\n`);
  for (const field of ["resident", "anonymous"] as const) {
    const slope = slopeOf(settled.map((one) => [one.hours, one.memory[field]]));
    process.stdout.write(`${field}, after the first third: ${slope.toFixed(2)} MiB per busy hour\n`);
  }
}

/** Of the line with the least squares. */
function slopeOf(points: readonly (readonly [number, number])[]): number {
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map(([at]) => at)), mean(points.map(([, value]) => value))];
  return mean(points.map(([at, value]) => (at - x) * (value - y))) / mean(points.map(([at]) => (at - x) ** 2));
}

function cookie(index: number, turn: number): Cookie {
  return { domain: "app.example", path: "/", name: `name-${index}`, value: `value ${turn}`.padEnd(120, "v"), secure: true, httpOnly: true, sameSite: "lax" };
}
