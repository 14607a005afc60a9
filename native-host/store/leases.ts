import { randomBytes, timingSafeEqual } from "node:crypto";
import * as z from "zod/mini";
import { SteadError } from "../../shared/errors.ts";
import type { ProjectId } from "../../shared/models.ts";
import type { ProjectLease } from "../../shared/protocol/store.ts";
import type { StoreDatabase } from "./database.ts";
import type { DataKeys, Place } from "./dataKeys.ts";
import type { Lease } from "./types.ts";

const secretBytes = 32;
const shortestMs = 1000;
const longestMs = 30 * 24 * 60 * 60 * 1000;
const Token = z.string().check(z.regex(/^[1-9]\d{0,14}\.[A-Za-z0-9_-]{43}$/));

/** What is sealed of a lease: all of it, so that nothing of it can be changed in the file. */
const Details = z.object({
  holder: z.string(),
  since: z.number(),
  expiresAt: z.number(),
  revision: z.number(),
  /** In hexadecimal digits; null when the lease was ended. */
  secretHash: z.nullable(z.string()),
});
type Details = z.infer<typeof Details>;

interface Row {
  project_id: string;
  fence: number;
  key_version: number;
  sealed: Buffer;
}

interface Asked {
  project: ProjectId;
  /** The project's, for what is said of it. */
  name: string;
  /** Milliseconds since 1970. */
  now: number;
}

/**
 * Who may check a project in. Each lease has a fence, a number above those of all before it, and a secret of which only a
 * keyed hash is kept; its token is both. Every method belongs in a transaction of the caller's.
 */
export class Leases {
  readonly #db: StoreDatabase;
  readonly #keys: DataKeys;

  constructor(db: StoreDatabase, keys: DataKeys) {
    this.#db = db;
    this.#keys = keys;
  }

  /** Throws `conflict` while another is good, `usage` for a name or a time that will not do. */
  grant({ project, name, holder, ttlMs, revision, now }: Asked & { holder: string; ttlMs: number; revision: number }): { token: string; expiresAt: number } {
    expectHolder(holder);
    expectTtl(ttlMs);
    this.expectNone({ project, name, now });
    const fence = (this.#row(project)?.fence ?? 0) + 1;
    const secret = randomBytes(secretBytes).toString("base64url");
    const expiresAt = now + ttlMs;
    this.#write(project, fence, { holder, since: now, expiresAt, revision, secretHash: this.#hash(project, secret).toString("hex") });
    return { token: `${fence}.${secret}`, expiresAt };
  }

  /** The lease that the token is good for. Throws `conflict`, which says who has the project now, and `usage` for what is no token. */
  expect({ project, name, token, now }: Asked & { token: string }): Lease & { fence: number } {
    if (!Token.safeParse(token).success) {
      throw new SteadError("usage", "A token was expected as stead checkout answers it.", { hint: "Check the project out for a new one." });
    }
    const [fence = "", secret = ""] = token.split(".");
    const row = this.#row(project);
    const details = row && this.#read(row);
    const isIts = row?.fence === Number(fence) && isSame(details?.secretHash, this.#hash(project, secret));
    if (row && details && isIts && details.expiresAt > now) return { ...leaseOf(project, details), fence: row.fence };
    const current = this.current(project, now);
    const why = isIts && details ? `expired at ${new Date(details.expiresAt).toISOString()}` : "was ended";
    const who = current ? `${JSON.stringify(name)} is leased to ${describe(current)} now` : `nobody has ${JSON.stringify(name)} now`;
    throw new SteadError("conflict", `The lease of this token ${why}; ${who}.`, {
      hint: "Nothing was changed. Check the project out again, and bring your changes into the state that is there now.",
    });
  }

  /** Throws `conflict` while one is good. */
  expectNone({ project, name, now }: Asked): void {
    const current = this.current(project, now);
    if (!current) return;
    throw new SteadError("conflict", `${JSON.stringify(name)} is leased to ${describe(current)}.`, {
      hint: "Wait until it is released or expires, or take it back with stead lease revoke.",
    });
  }

  /** From `now` on. */
  renew(asked: Asked & { token: string; ttlMs: number }): Lease {
    expectTtl(asked.ttlMs);
    const { project, holder, since, revision } = this.expect(asked);
    const expiresAt = asked.now + asked.ttlMs;
    this.#change(asked.project, (details) => ({ ...details, expiresAt }));
    return { project, holder, since, revision, expiresAt };
  }

  /** Its token is good no more. */
  end(project: ProjectId): void {
    this.#change(project, (details) => ({ ...details, secretHash: null }));
  }

  /** The one that is good. */
  current(project: ProjectId, now: number): Lease | undefined {
    const row = this.#row(project);
    const details = row && this.#read(row);
    return details && isGood(details, now) ? leaseOf(project, details) : undefined;
  }

  /** Every one that is good, with as little as all may know. One that is damaged is left to verify(). */
  list(now: number): ProjectLease[] {
    return this.#db.all<Row>("SELECT * FROM lease WHERE project_id IN (SELECT id FROM project)").flatMap((row) => {
      const plain = this.#keys.unseal(placeOf(row.project_id, row.fence), { keyVersion: row.key_version, sealed: row.sealed });
      const details = plain && Details.parse(JSON.parse(plain.toString()));
      return details && isGood(details, now) ? { project: row.project_id, holder: details.holder, expiresAt: details.expiresAt } : [];
    });
  }

  /** The row of a project that is no more; how many it were. */
  erase(project: ProjectId): number {
    return this.#db.run("DELETE FROM lease WHERE project_id = ?", project);
  }

  orphans(): ProjectId[] {
    return this.#db
      .all<{ project_id: string }>("SELECT project_id FROM lease WHERE project_id NOT IN (SELECT id FROM project)")
      .map((row) => row.project_id);
  }

  /** In place of one that does not open: an ended one, above every fence that the project's items were written under. */
  replace(project: ProjectId): void {
    const highest = (table: string): number =>
      this.#db.get<{ fence: number | null }>(`SELECT max(fence) AS fence FROM ${table} WHERE project_id = ?`, project)?.fence ?? 0;
    this.#write(project, Math.max(highest("item"), highest("history")) + 1, { holder: "", since: 0, expiresAt: 0, revision: 0, secretHash: null });
  }

  #row(project: ProjectId): Row | undefined {
    return this.#db.get<Row>("SELECT * FROM lease WHERE project_id = ?", project);
  }

  #change(project: ProjectId, change: (details: Details) => Details): void {
    const row = this.#row(project);
    if (row) this.#write(project, row.fence, change(this.#read(row)));
  }

  #write(project: ProjectId, fence: number, details: Details): void {
    const { keyVersion, sealed } = this.#keys.seal(placeOf(project, fence), Buffer.from(JSON.stringify(details)));
    this.#db.run("INSERT OR REPLACE INTO lease (project_id, fence, key_version, sealed) VALUES (?, ?, ?, ?)", project, fence, keyVersion, sealed);
  }

  #read(row: Row): Details {
    const plain = this.#keys.open(placeOf(row.project_id, row.fence), { keyVersion: row.key_version, sealed: row.sealed });
    return Details.parse(JSON.parse(plain.toString()));
  }

  #hash(project: ProjectId, secret: string): Buffer {
    return this.#keys.hash(project, "lease", secret);
  }
}

/** In the same time wherever they differ. */
function isSame(hash: string | null | undefined, other: Buffer): boolean {
  const one = Buffer.from(hash ?? "", "hex");
  return one.length === other.length && timingSafeEqual(one, other);
}

function isGood({ secretHash, expiresAt }: Details, now: number): boolean {
  return secretHash !== null && expiresAt > now;
}

function leaseOf(project: ProjectId, { holder, since, expiresAt, revision }: Details): Lease {
  return { project, holder, since, expiresAt, revision };
}

/** Throws `usage`. */
export function expectHolder(holder: string): void {
  if (/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]{1,64}$/u.test(holder) && holder.trim() === holder) return;
  throw new SteadError("usage", "A holder's name of 1 to 64 visible characters was expected.");
}

function expectTtl(ttlMs: number): void {
  if (ttlMs >= shortestMs && ttlMs <= longestMs) return;
  throw new SteadError("usage", "A lease lasts from one second to thirty days.", { hint: "Write 90s, 10m, 24h or 7d." });
}

function describe({ holder, expiresAt }: Lease): string {
  return `${JSON.stringify(holder)} until ${new Date(expiresAt).toISOString()}`;
}

function placeOf(project: ProjectId, fence: number): Place {
  return { kind: "lease", owner: project, id: "", revision: fence };
}
