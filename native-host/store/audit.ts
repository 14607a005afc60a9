import * as z from "zod/mini";
import type { ProjectId } from "../../shared/models.ts";
import { AuditLine, isAbout, mergeLines } from "./auditLines.ts";
import { auditLimits } from "./auditLimits.ts";
import type { StoreDatabase } from "./database.ts";
import { type DataKeys, type Place, registryOwner } from "./dataKeys.ts";
import { holds } from "./seal.ts";

/** What is done with items: `deliver` hands values of the store to a Firefox profile, `reconcile` takes those of a container in. */
export type AuditAction =
  | "export" | "read" | "checkout" | "deliver"
  | "write" | "import" | "checkin" | "restore" | "reconcile" | "forget"
  | "release" | "revoke" | "remove" | "lock" | "unlock" | "rotate" | "verify" | "backup";

/** Who does what. `by` as in history: an instance's id, a lease's holder, `cli` … */
export interface Access {
  by: string;
  action: AuditAction;
}

/** What is sealed of a batch: all that one did in a minute. */
const Batch = z.object({
  by: z.string(),
  action: z.string(),
  /** The first and the last time, in milliseconds since 1970. */
  at: z.number(),
  until: z.number(),
  /** Of a project that is no more, since nothing else names it. */
  name: z.optional(z.string()),
  lines: z.array(AuditLine),
});
export type Batch = z.infer<typeof Batch>;

export interface AuditFilter {
  project?: ProjectId | undefined;
  since?: number | undefined;
}

interface Row {
  place: number;
  owner: string;
  batch_hash: Buffer;
  at: number;
  key_version: number;
  sealed: Buffer;
}

const columns = "place, owner, batch_hash, at, key_version, sealed";
/** Rows of a removed project remain until they are erased, and do not open. */
const live = `(owner = '${registryOwner}' OR owner IN (SELECT id FROM project))`;
/** What one says of the same kind in so many milliseconds is one row. */
const batchMs = 60_000;
/** More lines begin another row, so that one is written within a page of the file. */
const linesAtMost = 32;
/** What a row takes beside its sealed bytes, roughly. */
const rowBytes = 128;
/** How many rows one access lets go at most because of their age; by size it is as many as must go. */
const agedAtOnce = 64;

/**
 * Who read or wrote how many items of which registrable domain and kind, and when: never a name or a value. A row is sealed by the
 * key of the project it is about, and goes with that; what is about none, and that a project was removed, by the registry's. Every
 * method belongs in a transaction of the caller's: that of the change, or one that has ended before values leave the store.
 */
export class Audit {
  readonly #db: StoreDatabase;
  readonly #keys: DataKeys;

  constructor(db: StoreDatabase, keys: DataKeys) {
    this.#db = db;
    this.#keys = keys;
  }

  /** `owner`: the project it is about, or the registry. What the same actor did within the minute is added to. */
  record(owner: string, { by, action, now, lines, name }: Access & { now: number; lines: readonly AuditLine[]; name?: string | undefined }): void {
    const hash = this.#hash(owner, { by, action, at: now, name });
    const last = this.#last(hash);
    const merged = last && { ...last.batch, until: now, lines: mergeLines(last.batch.lines, lines) };
    if (merged && merged.lines.length <= linesAtMost) {
      this.#update(last.row, merged);
      return;
    }
    const batch = { by, action, at: now, until: now, ...(name !== undefined && { name }) };
    for (let from = 0; from < lines.length; from += linesAtMost) {
      this.#insert(owner, hash, { ...batch, lines: lines.slice(from, from + linesAtMost) });
    }
    this.#prune(now);
  }

  /** In the order they came, and how many did not open. `since`, in milliseconds since 1970: only what went on from then on. */
  list({ project, since = -Infinity }: AuditFilter): { batches: (Batch & { owner: string })[]; damaged: number } {
    const batches: (Batch & { owner: string })[] = [];
    let damaged = 0;
    for (const row of project === undefined ? this.#rows(live) : this.#rows("owner = ?", project)) {
      const batch = this.#tryRead(row);
      if (!batch) damaged++;
      else if (batch.until >= since) batches.push({ ...batch, owner: row.owner });
    }
    return { batches, damaged };
  }

  /** Destroys a project's lines, or those that may be about a host or one below it. */
  forget(project: ProjectId, domain?: string): void {
    if (domain === undefined) return void this.#delete("owner = ?", project);
    for (const row of this.#rows("owner = ?", project)) {
      const batch = this.#tryRead(row);
      const lines = batch?.lines.filter((line) => !isAbout(line, domain)) ?? [];
      // What does not open says nothing any more.
      if (!batch || lines.length === batch.lines.length) continue;
      if (lines.length === 0) this.#delete("place = ?", row.place);
      else this.#update(row, { ...batch, lines });
    }
  }

  /** Lets go what the limits no longer allow. */
  trim(now: number): void {
    while (this.#prune(now) === agedAtOnce);
  }

  /** Up to so many rows of a project that is no more; how many it were. */
  erase(project: ProjectId, limit: number): number {
    return this.#delete("place IN (SELECT place FROM audit WHERE owner = ? LIMIT ?)", project, limit);
  }

  /** Owners of rows whose project is no more. */
  orphans(): ProjectId[] {
    return this.#db.all<{ owner: string }>(`SELECT DISTINCT owner FROM audit WHERE NOT ${live}`).map(({ owner }) => owner);
  }

  /** Whether a row is what it is found by. */
  agree([place = 0]: readonly (string | number)[]): boolean {
    const row = this.#db.get<Row>(`SELECT ${columns} FROM audit WHERE place = ?`, place);
    const batch = row && this.#tryRead(row);
    return row !== undefined && batch !== undefined && row.at === batch.at && holds(row.batch_hash, this.#hash(row.owner, batch));
  }

  /** The row to add to, unless it is damaged. */
  #last(hash: Buffer): { row: Row; batch: Batch } | undefined {
    const row = this.#db.get<Row>(`SELECT ${columns} FROM audit WHERE batch_hash = ? ORDER BY place DESC LIMIT 1`, hash);
    const batch = row && this.#tryRead(row);
    return batch && { row, batch };
  }

  #insert(owner: string, hash: Buffer, batch: Batch): void {
    const place = (this.#db.get<{ latest: number | null }>("SELECT max(place) AS latest FROM audit")?.latest ?? 0) + 1;
    const { keyVersion, sealed } = this.#keys.seal(placeOf({ place, owner }), encode(batch));
    this.#db.run(`INSERT INTO audit (${columns}) VALUES (?, ?, ?, ?, ?, ?)`, place, owner, hash, batch.at, keyVersion, sealed);
    this.#weigh(sealed.length + rowBytes);
  }

  #update(row: Row, batch: Batch): void {
    const { keyVersion, sealed } = this.#keys.seal(placeOf(row), encode(batch));
    this.#db.run("UPDATE audit SET key_version = ?, sealed = ? WHERE place = ?", keyVersion, sealed, row.place);
    this.#weigh(sealed.length - row.sealed.length);
  }

  #delete(where: string, ...values: (string | number)[]): number {
    const gone = this.#db.all<{ bytes: number }>(`DELETE FROM audit WHERE ${where} RETURNING length(sealed) AS bytes`, ...values);
    this.#weigh(-gone.reduce((sum, { bytes }) => sum + bytes + rowBytes, 0));
    return gone.length;
  }

  #weigh(bytes: number): void {
    if (bytes !== 0) this.#db.run("UPDATE meta SET audit_bytes = audit_bytes + ?", bytes);
  }

  /** How many rows went because of their age. The newest stays, whatever its size. */
  #prune(now: number): number {
    const { maxAge, maxBytes } = auditLimits(this.#db);
    for (let aged = 0; ; ) {
      const [oldest, next] = this.#db.all<{ place: number; at: number }>("SELECT place, at FROM audit ORDER BY place LIMIT 2");
      if (!oldest || !next) return aged;
      const isAged = oldest.at < now - maxAge && aged < agedAtOnce;
      if (!isAged && (this.#db.get<{ audit_bytes: number }>("SELECT audit_bytes FROM meta")?.audit_bytes ?? 0) <= maxBytes) return aged;
      this.#delete("place = ?", oldest.place);
      if (isAged) aged++;
    }
  }

  /** A thousand at a time: nothing here grows with the store. */
  *#rows(where: string, ...values: string[]): Generator<Row> {
    for (let after = 0; ; ) {
      const rows = this.#db.all<Row>(`SELECT ${columns} FROM audit WHERE place > ? AND ${where} ORDER BY place LIMIT 1000`, after, ...values);
      for (const row of rows) yield row;
      const last = rows.at(-1);
      if (!last) return;
      after = last.place;
    }
  }

  #tryRead(row: Row): Batch | undefined {
    const plain = this.#keys.unseal(placeOf(row), { keyVersion: row.key_version, sealed: row.sealed });
    return plain && Batch.parse(JSON.parse(plain.toString()));
  }

  /** Another one each minute, so that the file does not show who is who. */
  #hash(owner: string, { by, action, at, name }: Pick<Batch, "by" | "action" | "at" | "name">): Buffer {
    return this.#keys.hash(owner, "audit", JSON.stringify([by, action, Math.floor(at / batchMs), name ?? null]));
  }
}

function encode(batch: Batch): Buffer {
  return Buffer.from(JSON.stringify(batch));
}

function placeOf({ place, owner }: Pick<Row, "place" | "owner">): Place {
  return { kind: "audit", owner, id: "", revision: place };
}
