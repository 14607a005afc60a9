import type { ProjectId } from "../../shared/models.ts";
import type { StoreDatabase } from "./database.ts";
import type { DataKeys } from "./dataKeys.ts";
import { EntryHashes } from "./sealedEntry.ts";

/** An origin of the container that carries a project in a Firefox profile. */
export interface OriginPlace {
  instance: string;
  project: ProjectId;
  origin: string;
}

/** An origin that has items above its mark, whoever wrote them. */
export interface OriginBehind {
  hash: Buffer;
  mark: number;
  /** The newest revision of its items. */
  latest: number;
}

/**
 * How far each origin of each container is: up to its mark it has everything of the store. Every method belongs in a transaction of
 * the caller's.
 */
export class Origins {
  readonly #db: StoreDatabase;
  readonly #hashes: EntryHashes;

  constructor(db: StoreDatabase, keys: DataKeys) {
    this.#db = db;
    this.#hashes = new EntryHashes(keys);
  }

  /** 0 when it never had anything. */
  mark({ instance, project, origin }: OriginPlace): number {
    const sql = "SELECT revision FROM origin_sync WHERE instance = ? AND project_id = ? AND origin_hash = ?";
    return this.#db.get<{ revision: number }>(sql, instance, project, this.#hashes.origin(project, origin))?.revision ?? 0;
  }

  /** Never goes back. */
  setMark({ instance, project, origin }: OriginPlace, revision: number): void {
    this.#db.run(
      `INSERT INTO origin_sync (instance, project_id, origin_hash, revision) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET revision = max(revision, excluded.revision)`,
      instance,
      project,
      this.#hashes.origin(project, origin),
      revision,
    );
  }

  /** At that revision the container has nothing of the store, nor of what was its own. */
  reset(instance: string, project: ProjectId, revision: number): void {
    this.#db.run("DELETE FROM origin_sync WHERE instance = ? AND project_id = ?", instance, project);
    this.#db.run(
      `INSERT INTO instance_sync (instance, project_id, revision, emptied) VALUES (?, ?, 0, ?)
       ON CONFLICT (instance, project_id) DO UPDATE SET emptied = excluded.emptied`,
      instance,
      project,
      revision,
    );
  }

  /** The revision at which the container last had nothing; 0 before any. */
  emptied(instance: string, project: ProjectId): number {
    const sql = "SELECT emptied FROM instance_sync WHERE instance = ? AND project_id = ?";
    return this.#db.get<{ emptied: number }>(sql, instance, project)?.emptied ?? 0;
  }

  /** Costs a look-up for each origin there is, no more for what is in them. */
  behind(instance: string, project: ProjectId): OriginBehind[] {
    // From each origin straight to the next, as Items.count() does.
    const next = "SELECT min(origin_hash) FROM item INDEXED BY item_origin WHERE project_id = ? AND origin_hash IS NOT NULL";
    return this.#db.all<OriginBehind>(
      `WITH RECURSIVE origin (hash) AS
         (SELECT (${next}) UNION ALL SELECT (${next} AND origin_hash > origin.hash) FROM origin WHERE origin.hash IS NOT NULL),
       reached (hash, latest, mark) AS (
         SELECT hash,
           (SELECT max(revision) FROM item INDEXED BY item_origin WHERE project_id = ? AND origin_hash = origin.hash),
           coalesce((SELECT revision FROM origin_sync WHERE instance = ? AND project_id = ? AND origin_hash = origin.hash), 0)
         FROM origin WHERE hash IS NOT NULL)
       SELECT hash, latest, mark FROM reached WHERE latest > mark ORDER BY latest`,
      project,
      project,
      project,
      instance,
      project,
    );
  }
}
