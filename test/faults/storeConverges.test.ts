import { beforeAll, expect, it } from "vitest";
import { homeFrom } from "../../native-host/home.ts";
import { openStore } from "../../native-host/store/openStore.ts";
import type { Store } from "../../native-host/store/types.ts";
import { entryKey } from "../../shared/state/entryKey.ts";
import { buildProgram, run } from "../support/program.ts";
import { inHome, tell } from "./homes.ts";
import { Done, ScheduleModel } from "./scheduleModel.ts";

const rounds = process.env["STEAD_FAULTS"] === "full" ? 50 : 2;
const writers = ["a", "b", "c", "d"];
const each = 60;
let program: string;

beforeAll(async () => {
  program = await buildProgram("test/faults/programs/schedule.ts", "schedule");
});

it("several processes that write, merge, check in and restore come to the one state that a simple model comes to", async () => {
  let acts = 0;
  for (let round = 0; round < rounds; round++) {
    const seed = (Date.now() + round) >>> 0;
    await inHome(async (env) => {
      const store = await openStore({ home: homeFrom(env), env });
      const { id } = store.addProject({ name: "Acme" });
      const other = store.addProject({ name: "Other" }).id;
      const ends = await Promise.all(writers.map((name, place) => run(process.execPath, [program, id, name, String(each), String(seed + place)], env)));
      for (const { status, stderr } of ends) expect({ seed, status, stderr }).toEqual({ seed, status: 0, stderr: "" });

      const done = ends.flatMap(({ stdout }) => stdout.trimEnd().split("\n").map((line) => Done.parse(JSON.parse(line))));
      acts += done.length;
      const model = new ScheduleModel();
      // What changed nothing has the revision of another's change, or one that only keeps what lost.
      const ordered = done.toSorted((a, b) => a.revision - b.revision || Number(b.applied > 0) - Number(a.applied > 0));
      for (const one of ordered) if (one.applied > 0) model.take(one);

      expect({ seed, state: valuesOf(store, id) }).toEqual({ seed, state: model.at(Infinity) });
      // Any state in between can be had again as it was.
      const revisions = ordered.flatMap(({ revision, applied }) => (applied > 0 ? revision : []));
      for (const revision of revisions.filter((_, place) => place % 10 === 0)) {
        store.restore(id, { revision }, { by: "test", force: true });
        expect({ seed, revision, state: valuesOf(store, id) }).toEqual({ seed, revision, state: model.at(revision) });
      }
      expect(store.unaudited.entries(other, { tombstones: true })).toEqual([]);
      expect(store.verify().damaged).toEqual([]);
      store.close();
    });
  }
  tell(`${rounds} schedules of ${writers.length} processes: ${acts} acknowledged acts, each as the model says`);
});

function valuesOf(store: Store, project: string): Map<string, string> {
  return new Map(store.unaudited.entries(project).flatMap(({ id, entry }) => (entry?.kind === "cookie" || entry?.kind === "local" ? [[entryKey(id), entry.value] as const] : [])));
}
