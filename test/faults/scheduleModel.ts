import * as z from "zod/mini";

const Changes = z.array(z.object({ key: z.string(), at: z.number(), value: z.optional(z.string()) }));
const acknowledged = { revision: z.number(), applied: z.number() };

/** What a program of the schedule did. A change without a value is a removal. */
export const Done = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("write"), changes: Changes, ...acknowledged }),
  z.object({ kind: z.literal("merge"), base: z.number(), changes: Changes, ...acknowledged }),
  z.object({ kind: z.literal("restore"), to: z.number(), at: z.number(), ...acknowledged }),
]);
export type Done = z.infer<typeof Done>;

interface Version {
  revision: number;
  at: number;
  value: string | undefined;
}

/** What a project holds by the rules that users are told, one version after the other: no tombstones, no hashes, no bounds. */
export class ScheduleModel {
  readonly #versions = new Map<string, Version[]>();

  /** In the order of revisions. */
  take(done: Done): void {
    switch (done.kind) {
      case "write":
        for (const { key, at, value } of done.changes) this.#put(key, { revision: done.revision, at, value });
        return;
      case "merge":
        for (const { key, at, value } of lastOfEach(done.changes)) {
          const [base, here] = [this.#valueAt(key, done.base), this.#newest(key)];
          // Changed to what it was: no change. Else the newer of two changes stands.
          if (value === base) continue;
          if (here?.value === base || at > (here?.at ?? 0)) this.#put(key, { revision: done.revision, at, value });
        }
        return;
      case "restore":
        for (const key of this.#versions.keys()) this.#put(key, { revision: done.revision, at: done.at, value: this.#valueAt(key, done.to) });
    }
  }

  /** By key. */
  at(revision: number): Map<string, string> {
    return new Map([...this.#versions.keys()].flatMap((key) => {
      const value = this.#valueAt(key, revision);
      return value === undefined ? [] : [[key, value] as const];
    }));
  }

  #put(key: string, version: Version): void {
    if (this.#newest(key)?.value === version.value) return;
    this.#versions.set(key, [...(this.#versions.get(key) ?? []), version]);
  }

  #newest(key: string): Version | undefined {
    return this.#versions.get(key)?.at(-1);
  }

  #valueAt(key: string, revision: number): string | undefined {
    return this.#versions.get(key)?.findLast((version) => version.revision <= revision)?.value;
  }
}

function lastOfEach<T extends { key: string }>(changes: readonly T[]): T[] {
  return [...new Map(changes.map((change) => [change.key, change])).values()];
}
