import * as z from "zod/mini";
import type { ProjectId } from "../../shared/models.ts";
import { Gap } from "../../shared/protocol/pageStorage.ts";
import { isWithin } from "../../shared/site.ts";
import type { StoreDatabase } from "./database.ts";
import type { DataKeys, Place } from "./dataKeys.ts";
import { EntryHashes } from "./sealedEntry.ts";

const Details = z.object({ origin: z.string(), gaps: z.array(Gap) });
type Details = z.infer<typeof Details>;

interface Row {
  project_id: string;
  origin_hash: Buffer;
  key_version: number;
  sealed: Buffer;
}

/** What of each origin's page storage cannot be carried, as Firefox last said. Every method belongs in a transaction of the caller's. */
export class Gaps {
  readonly #db: StoreDatabase;
  readonly #keys: DataKeys;
  readonly #hashes: EntryHashes;

  constructor(db: StoreDatabase, keys: DataKeys) {
    this.#db = db;
    this.#keys = keys;
    this.#hashes = new EntryHashes(keys);
  }

  /** All of an origin's; none where all of it can be carried. */
  set(project: ProjectId, origin: string, gaps: readonly Gap[]): void {
    const hash = this.#hashes.origin(project, origin);
    if (gaps.length === 0) {
      this.#delete({ project_id: project, origin_hash: hash });
      return;
    }
    const plain = Buffer.from(JSON.stringify({ origin, gaps: [...gaps] } satisfies Details));
    const { keyVersion, sealed } = this.#keys.seal(placeOf(project, hash), plain);
    const sql = "INSERT OR REPLACE INTO gap (project_id, origin_hash, key_version, sealed) VALUES (?, ?, ?, ?)";
    this.#db.run(sql, project, hash, keyVersion, sealed);
  }

  /** Of the project, or of a host and those below it; one for each kind. */
  list(project: ProjectId, domain?: string): Gap[] {
    const counts = new Map<string, number>();
    for (const { details } of this.#rows(project, domain)) {
      for (const { what, count } of details.gaps) counts.set(what, (counts.get(what) ?? 0) + count);
    }
    return [...counts].map(([what, count]) => ({ what, count }));
  }

  /** Those of the project, or of a host and those below it, are gone. */
  forget(project: ProjectId, domain?: string): void {
    for (const { row } of this.#rows(project, domain)) this.#delete(row);
  }

  /** Up to so many rows of a project that is no more; how many they were. */
  erase(project: ProjectId, limit: number): number {
    return this.#db.run("DELETE FROM gap WHERE rowid IN (SELECT rowid FROM gap WHERE project_id = ? LIMIT ?)", project, limit);
  }

  orphans(): ProjectId[] {
    return this.#db
      .all<{ project_id: string }>("SELECT DISTINCT project_id FROM gap WHERE project_id NOT IN (SELECT id FROM project)")
      .map((row) => row.project_id);
  }

  #rows(project: ProjectId, domain: string | undefined): { row: Row; details: Details }[] {
    return this.#db
      .all<Row>("SELECT * FROM gap WHERE project_id = ?", project)
      .map((row) => ({ row, details: parse(this.#keys.open(placeOf(project, row.origin_hash), { keyVersion: row.key_version, sealed: row.sealed })) }))
      .filter(({ details }) => domain === undefined || isWithin(new URL(details.origin).hostname, domain));
  }

  #delete({ project_id, origin_hash }: Pick<Row, "project_id" | "origin_hash">): void {
    this.#db.run("DELETE FROM gap WHERE project_id = ? AND origin_hash = ?", project_id, origin_hash);
  }
}

function parse(plain: Buffer): Details {
  return Details.parse(JSON.parse(plain.toString()));
}

function placeOf(project: ProjectId, hash: Buffer): Place {
  return { kind: "gap", owner: project, id: hash.toString("hex"), revision: 0 };
}
