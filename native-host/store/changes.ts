import * as z from "zod/mini";
import type { ProjectId } from "../../shared/models.ts";
import type { Conflict } from "../../shared/protocol/store.ts";
import { EntryName } from "../../shared/state/entryName.ts";
import type { StoreDatabase } from "./database.ts";
import type { DataKeys, Place, SealedValue } from "./dataKeys.ts";

/** What is sealed of a revision. */
const Account = z.object({
  by: z.string(),
  conflicts: z.optional(z.array(EntryName)),
  /** Of how many of them the writer's change does not stand. */
  lost: z.optional(z.number()),
});
type Account = z.infer<typeof Account>;

interface Row {
  project_id: string;
  revision: number;
  at: number;
  items: number;
  conflicts: number | null;
  key_version: number;
  sealed: Buffer;
}

/** One revision of a project's items. `at` in milliseconds since 1970, by the clock of who wrote. */
export interface Change {
  revision: number;
  at: number;
  by: string;
  /** How many items it changed. */
  items: number;
  /** What its writer and others had both changed; whichever stands, the other is in history. */
  conflicts?: EntryName[];
}

/** What a row takes beside its sealed bytes, roughly. */
export const rowBytes = 128;
/** What is told of conflicts. */
const conflictsTold = 10;
const conflictsAge = 7 * 24 * 60 * 60 * 1000;
const conflictNames = 5;

/** Who changed a project's items when: a row of `change` for each revision that history keeps. Every method belongs in a transaction of the caller's. */
export class Changes {
  readonly #db: StoreDatabase;
  readonly #keys: DataKeys;

  constructor(db: StoreDatabase, keys: DataKeys) {
    this.#db = db;
    this.#keys = keys;
  }

  /** The newest first. */
  list(project: ProjectId): Change[] {
    return this.#db
      .all<Row>("SELECT * FROM change WHERE project_id = ? ORDER BY revision DESC", project)
      .map((row) => {
        const { by, conflicts } = readAccount(this.#keys.open(placeOf(project, row.revision), sealedOf(row)));
        return { revision: row.revision, at: row.at, items: row.items, by, ...(conflicts && { conflicts }) };
      });
  }

  /** Recent revisions of any project with conflicts, the newest first; reads no others. One that is damaged is left to verify(). */
  conflicts(now: number): Conflict[] {
    const sql = `SELECT * FROM change INDEXED BY change_conflicts WHERE conflicts IS NOT NULL AND at > ? AND project_id IN (SELECT id FROM project)
      ORDER BY at DESC, revision DESC LIMIT ${conflictsTold}`;
    return this.#db.all<Row>(sql, now - conflictsAge).flatMap((row) => {
      const plain = this.#keys.unseal(placeOf(row.project_id, row.revision), sealedOf(row));
      const { by, conflicts = [], lost = 0 } = plain ? readAccount(plain) : { by: "" };
      if (conflicts.length === 0) return [];
      return { project: row.project_id, revision: row.revision, at: row.at, by, count: conflicts.length, lost, items: conflicts.slice(0, conflictNames) };
    });
  }

  /** The last revision at that time; undefined when none is known to be that old. */
  revisionAt(project: ProjectId, time: number): number | undefined {
    const sql = "SELECT revision FROM change WHERE project_id = ? AND at <= ? ORDER BY revision DESC LIMIT 1";
    return this.#db.get<{ revision: number }>(sql, project, time)?.revision;
  }

  /** The first after a revision. */
  after(project: ProjectId, revision: number): Pick<Change, "revision" | "at"> | undefined {
    const sql = "SELECT revision, at FROM change WHERE project_id = ? AND revision > ? ORDER BY revision LIMIT 1";
    return this.#db.get<{ revision: number; at: number }>(sql, project, revision);
  }

  /** The last revision; undefined when there is none. */
  latest(project: ProjectId): number | undefined {
    return this.#db.get<{ latest: number | null }>("SELECT max(revision) AS latest FROM change WHERE project_id = ?", project)?.latest ?? undefined;
  }

  /** How many bytes it takes. */
  add(project: ProjectId, { revision, at, by, items, conflicts = [], lost = 0 }: Change & { lost?: number }): number {
    const account: Account = { by, ...(conflicts.length > 0 && { conflicts, lost }) };
    const { keyVersion, sealed } = this.#keys.seal(placeOf(project, revision), Buffer.from(JSON.stringify(account)));
    this.#db.run(
      "INSERT INTO change (project_id, revision, at, items, conflicts, key_version, sealed) VALUES (?, ?, ?, ?, ?, ?, ?)",
      project,
      revision,
      at,
      items,
      conflicts.length > 0 ? conflicts.length : null,
      keyVersion,
      sealed,
    );
    return sealed.length + rowBytes;
  }

  /** Lets go those before a revision; how many bytes they took. */
  drop(project: ProjectId, before: number): number {
    const sql = `SELECT coalesce(sum(length(sealed) + ${rowBytes}), 0) AS bytes FROM change WHERE project_id = ? AND revision < ?`;
    const bytes = this.#db.get<{ bytes: number }>(sql, project, before)?.bytes ?? 0;
    this.#db.run("DELETE FROM change WHERE project_id = ? AND revision < ?", project, before);
    return bytes;
  }

  /** Up to so many rows of a project that is no more; how many it were. */
  erase(project: ProjectId, limit: number): number {
    const sql = "DELETE FROM change WHERE project_id = ? AND revision IN (SELECT revision FROM change WHERE project_id = ? LIMIT ?)";
    return this.#db.run(sql, project, project, limit);
  }

  /** Whether a row has as many conflicts as its account. */
  agree([project = "", revision = 0]: readonly (string | number)[], plain: Buffer): boolean {
    const row = this.#db.get<{ conflicts: number | null }>("SELECT conflicts FROM change WHERE project_id = ? AND revision = ?", project, revision);
    return row !== undefined && (row.conflicts === null || row.conflicts === readAccount(plain).conflicts?.length);
  }

  mend([project = "", revision = 0]: readonly (string | number)[], plain: Buffer): void {
    this.#db.run("UPDATE change SET conflicts = ? WHERE project_id = ? AND revision = ?", readAccount(plain).conflicts?.length ?? null, project, revision);
  }
}

function readAccount(plain: Buffer): Account {
  return Account.parse(JSON.parse(plain.toString()));
}

function sealedOf({ key_version, sealed }: Row): SealedValue {
  return { keyVersion: key_version, sealed };
}

function placeOf(project: ProjectId, revision: number): Place {
  return { kind: "change", owner: project, id: "", revision };
}
