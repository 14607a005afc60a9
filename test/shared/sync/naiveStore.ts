import type { Entry } from "../../../shared/state/entry.ts";
import { entryId } from "../../../shared/state/entryId.ts";
import { entryKey } from "../../../shared/state/entryKey.ts";
import { type Base, type Held, merge, type Merged, type Theirs } from "../../../shared/sync/merge.ts";

interface Version {
  revision: number;
  at: number;
  entry?: Entry;
}

/** Every version of every entry for ever, and each question answered by looking through all of them. */
export class NaiveStore {
  revision = 0;
  readonly #versions = new Map<string, Version[]>();
  readonly #ids = new Map<string, Held["id"]>();

  /** Makes these the whole, as a project's own container would; without records that have no home. */
  replace(entries: readonly Entry[], at: number): void {
    const revision = ++this.revision;
    const homes = entries.flatMap((one) => (one.kind === "database" ? one.shape.stores.map(({ name }) => `${one.database} ${name}`) : []));
    const wanted = entries.filter((one) => one.kind !== "record" || homes.includes(`${one.database} ${one.store}`));
    const keys = new Set(wanted.map(entryKey));
    for (const entry of this.live()) if (!keys.has(entryKey(entry))) this.#add(entry, { revision, at });
    for (const entry of wanted) {
      const before = this.#versions.get(entryKey(entry))?.at(-1)?.entry;
      if (JSON.stringify(before) !== JSON.stringify(entry)) this.#add(entry, { revision, at, entry });
    }
  }

  merge(theirs: Theirs, base: number, now: number, force = false): Merged & { kind: "merged" } {
    const merged = merge({ held: this.held(base), theirs, now, force });
    if (merged.kind === "emptied") throw new Error("The state was emptied.");
    const revision = ++this.revision;
    for (const change of merged.changes) {
      if (change.kind === "set") this.#add(change.entry, { revision, at: change.at, entry: change.entry });
      else this.#add(change.id, { revision, at: change.at });
    }
    return merged;
  }

  held(base: number): Held[] {
    return [...this.#versions].flatMap(([key, versions]) => {
      const [id, newest] = [this.#ids.get(key), versions.at(-1)];
      if (!id || !newest) return [];
      const then = versions.findLast(({ revision }) => revision <= base);
      const known: Base = newest.revision <= base ? { kind: "unchanged" } : { kind: "was", ...(then?.entry && { entry: then.entry }) };
      return { id, at: newest.at, base: known, ...(newest.entry && { entry: newest.entry }) };
    });
  }

  live(): Entry[] {
    return this.at(this.revision);
  }

  at(revision: number): Entry[] {
    return [...this.#versions.values()].flatMap((versions) => versions.findLast((one) => one.revision <= revision)?.entry ?? []);
  }

  everything(): Entry[] {
    return [...this.#versions.values()].flatMap((versions) => versions.flatMap(({ entry }) => entry ?? []));
  }

  #add(id: Held["id"], version: Version): void {
    const key = entryKey(id);
    this.#ids.set(key, entryId(id));
    this.#versions.set(key, [...(this.#versions.get(key) ?? []), version]);
  }
}
