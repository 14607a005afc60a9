import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { homeFrom } from "../../native-host/home.ts";
import { openStore } from "../../native-host/store/openStore.ts";
import type { Entry } from "../../shared/state/entry.ts";
import { cookieEntry, database, local, record } from "../support/entries.ts";
import { inTurn, median, milliseconds, quantile, ratioLine } from "./sample.ts";

const few = 100;
const many = 100_000;
const rounds = 300;

/** Entries by their place: one origin's, and for cookies one project's. */
const kinds: Record<string, (place: number, value: string) => Entry> = {
  cookie: (place, value) => cookieEntry({ domain: `host-${place % 500}.example`, name: `name-${place}`, value, expires: 4e9 }),
  "localStorage key": (place, value) => local(`key-${place}`, value),
  "IndexedDB record": (place, value) => record("db", "records", place, value),
};

/** What one change costs in a project of 100 entries and in one of 100,000. */
export async function benchChanges(): Promise<string[]> {
  const directory = await mkdtemp(join(tmpdir(), "stead-bench-"));
  const env = { STEAD_HOME: directory, STEAD_KEYSTORE: "file" };
  const store = await openStore({ home: homeFrom(env), env });
  const write = (project: string, entries: Entry[]) =>
    store.writeEntries(project, entries.map((entry) => ({ kind: "set", entry, at: Date.now() })), { by: "bench" });
  try {
    const lines: string[] = [];
    for (const [kind, make] of Object.entries(kinds)) {
      const [small, large] = [few, many].map((count) => {
        const { id } = store.addProject({ name: `${kind} ${count}` });
        write(id, [database("db", ["records"]), ...Array.from({ length: count }, (_, place) => make(place, "v".repeat(120)))]);
        return id;
      });
      if (small === undefined || large === undefined) throw new Error("unreachable");
      let round = 0;
      const change = (project: string) => () => write(project, [make(7, `value ${round++}`.padEnd(120, "v"))]);
      const { one, other } = await inTurn({ one: change(small), other: change(large) }, rounds);
      lines.push(
        ratioLine(`1 changed ${kind}, 100,000 stored against 100 stored (p50)`, median(other), median(one), "flat"),
        `  p95: ${milliseconds(quantile(other, 0.95))} against ${milliseconds(quantile(one, 0.95))}`,
      );
    }
    return lines;
  } finally {
    store.close();
    await rm(directory, { recursive: true, force: true });
  }
}
