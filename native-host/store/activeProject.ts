import * as z from "zod/mini";
import { SteadError } from "../../shared/errors.ts";
import { ProjectId } from "../../shared/models.ts";
import type { StoreDatabase } from "./database.ts";
import { type DataKeys, registryOwner } from "./dataKeys.ts";

/** Which project was made the active one, and when, in milliseconds since 1970. `pending`: no Firefox has switched to it yet. */
const ActiveProject = z.object({ project: z.nullable(ProjectId), at: z.number(), pending: z.boolean() });
export type ActiveProject = z.infer<typeof ActiveProject>;

const none: ActiveProject = { project: null, at: 0, pending: false };
const place = { kind: "active project", owner: registryOwner, id: "", revision: 0 };

/** The record of the active project. Every method belongs in a transaction of the caller's. */
export class ActiveRecord {
  readonly #db: StoreDatabase;
  readonly #keys: DataKeys;

  constructor(db: StoreDatabase, keys: DataKeys) {
    this.#db = db;
    this.#keys = keys;
  }

  /** Throws `storeDamaged`. */
  read(): ActiveProject {
    const row = this.#db.get<{ active: Buffer | null; active_key: number | null }>("SELECT active, active_key FROM meta");
    if (!row) throw damaged();
    if (row.active === null || row.active_key === null) return none;
    const plain = this.#keys.unseal(place, { keyVersion: row.active_key, sealed: row.active });
    if (!plain) throw damaged();
    return ActiveProject.parse(JSON.parse(plain.toString()));
  }

  write({ project, at, pending }: ActiveProject): void {
    const plain = Buffer.from(JSON.stringify({ project, at, pending } satisfies ActiveProject));
    const { keyVersion, sealed } = this.#keys.seal(place, plain);
    this.#db.run("UPDATE meta SET active = ?, active_key = ?", sealed, keyVersion);
  }
}

function damaged(): SteadError {
  return new SteadError("storeDamaged", "The record of the active project is damaged or was changed.");
}
