import * as z from "zod/mini";
import { SteadError } from "../../shared/errors.ts";
import type { ProjectId } from "../../shared/models.ts";
import type { StoreDatabase } from "./database.ts";
import type { DataKeys, Place } from "./dataKeys.ts";
import { nextRevision } from "./meta.ts";
import { longestTtl, shortestTtl, type Ttl } from "./ttl.ts";

const Sealed = z.array(z.object({ domain: z.nullable(z.string()), seconds: z.number() }));

interface Row {
  project_id: string;
  revision: number;
  key_version: number;
  sealed: Buffer;
}

/** The times to live of projects, each project's in one sealed row. Every method belongs in a transaction of the caller's. */
export class Ttls {
  readonly #db: StoreDatabase;
  readonly #keys: DataKeys;

  constructor(db: StoreDatabase, keys: DataKeys) {
    this.#db = db;
    this.#keys = keys;
  }

  /** The project's own first, then by host. Throws `storeDamaged`. */
  of(project: ProjectId): Ttl[] {
    const row = this.#row(project);
    const ttls = row && this.#read(row);
    if (row && !ttls) {
      throw new SteadError("storeDamaged", "A project's times to live are damaged or were changed.", {
        hint: "Set them again with stead project ttl; until then the project takes no changes.",
      });
    }
    return ttls ?? [];
  }

  /** Of a host, or of all with null; without `seconds` it has none any more. What is damaged is set anew. Throws `usage`. */
  set(project: ProjectId, { domain, seconds }: { domain: string | null; seconds: number | null }): void {
    if (seconds !== null && !(seconds >= shortestTtl && seconds <= longestTtl)) {
      throw new SteadError("usage", "A time to live of one minute to ten years was expected.", { hint: "Write 10m, 24h or 7d; nothing was changed." });
    }
    const row = this.#row(project);
    const others = ((row && this.#read(row)) ?? []).filter((ttl) => ttl.domain !== domain);
    const ttls = [...others, ...(seconds === null ? [] : [{ domain, seconds }])].sort(byDomain);
    const revision = nextRevision(this.#db);
    if (ttls.length === 0) {
      this.#db.run("DELETE FROM ttl WHERE project_id = ?", project);
      return;
    }
    const { keyVersion, sealed } = this.#keys.seal(placeOf(project, revision), Buffer.from(JSON.stringify(ttls)));
    this.#db.run("INSERT OR REPLACE INTO ttl (project_id, revision, key_version, sealed) VALUES (?, ?, ?, ?)", project, revision, keyVersion, sealed);
  }

  /** Those that have any. */
  projects(): ProjectId[] {
    return this.#db
      .all<{ project_id: string }>("SELECT project_id FROM ttl WHERE project_id IN (SELECT id FROM project)")
      .map((row) => row.project_id);
  }

  isDamaged(project: ProjectId): boolean {
    const row = this.#row(project);
    return row !== undefined && !this.#read(row);
  }

  /** The row of a project that is no more; how many it were. */
  erase(project: ProjectId): number {
    return this.#db.run("DELETE FROM ttl WHERE project_id = ?", project);
  }

  orphans(): ProjectId[] {
    return this.#db
      .all<{ project_id: string }>("SELECT project_id FROM ttl WHERE project_id NOT IN (SELECT id FROM project)")
      .map((row) => row.project_id);
  }

  #row(project: ProjectId): Row | undefined {
    return this.#db.get<Row>("SELECT project_id, revision, key_version, sealed FROM ttl WHERE project_id = ?", project);
  }

  #read(row: Row): Ttl[] | undefined {
    const plain = this.#keys.unseal(placeOf(row.project_id, row.revision), { keyVersion: row.key_version, sealed: row.sealed });
    return plain && Sealed.parse(JSON.parse(plain.toString()));
  }
}

function byDomain(a: Ttl, b: Ttl): number {
  return (a.domain ?? "") < (b.domain ?? "") ? -1 : 1;
}

function placeOf(project: ProjectId, revision: number): Place {
  return { kind: "time to live", owner: project, id: "", revision };
}
