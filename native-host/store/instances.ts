import * as z from "zod/mini";
import type { ProjectId } from "../../shared/models.ts";
import type { StoreDatabase } from "./database.ts";
import { type DataKeys, registryOwner } from "./dataKeys.ts";
import type { KnownInstance } from "./types.ts";

const Details = z.object({ name: z.string(), browser: z.string() });
type Details = z.infer<typeof Details>;

interface Row {
  id: string;
  key_version: number;
  sealed: Buffer;
}

/** The Firefox profiles the store has met and how far each is. Every method belongs in a transaction of the caller's. */
export class Instances {
  readonly #db: StoreDatabase;
  readonly #keys: DataKeys;

  constructor(db: StoreDatabase, keys: DataKeys) {
    this.#db = db;
    this.#keys = keys;
  }

  meet(id: string, browser: string): KnownInstance {
    const rows = this.#db.all<Row>("SELECT id, key_version, sealed FROM instance");
    const known = rows.find((row) => row.id === id);
    if (known) return { id, name: this.#read(known).name };
    const name = freeName(browser, new Set(rows.map((row) => this.#read(row).name)));
    const plain = Buffer.from(JSON.stringify({ name, browser } satisfies Details));
    const { keyVersion, sealed } = this.#keys.seal(placeOf(id), plain);
    this.#db.run("INSERT INTO instance (id, key_version, sealed) VALUES (?, ?, ?)", id, keyVersion, sealed);
    return { id, name };
  }

  /** Every instance's name by its id. */
  names(): Map<string, string> {
    return new Map(this.#db.all<Row>("SELECT id, key_version, sealed FROM instance").map((row) => [row.id, this.#read(row).name]));
  }

  isKnown(id: string): boolean {
    return this.#db.get("SELECT 1 FROM instance WHERE id = ?", id) !== undefined;
  }

  /** The revision up to which the instance's container has everything of the project; 0 when they never met. */
  synced(instance: string, project: ProjectId): number {
    const sql = "SELECT revision FROM instance_sync WHERE instance = ? AND project_id = ?";
    return this.#db.get<{ revision: number }>(sql, instance, project)?.revision ?? 0;
  }

  /** Never goes back. */
  setSynced(instance: string, project: ProjectId, revision: number): void {
    this.#db.run(
      `INSERT INTO instance_sync (instance, project_id, revision) VALUES (?, ?, ?)
       ON CONFLICT (instance, project_id) DO UPDATE SET revision = max(revision, excluded.revision)`,
      instance,
      project,
      revision,
    );
  }

  #read(row: Row): Details {
    const plain = this.#keys.open(placeOf(row.id), { keyVersion: row.key_version, sealed: row.sealed });
    return Details.parse(JSON.parse(plain.toString()));
  }
}

/** "firefox", then "firefox-2" … */
function freeName(browser: string, taken: ReadonlySet<string>): string {
  const base = browser.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "firefox";
  for (let count = 1; ; count++) {
    const name = count === 1 ? base : `${base}-${count}`;
    if (!taken.has(name)) return name;
  }
}

function placeOf(id: string): { kind: string; owner: string; id: string; revision: number } {
  return { kind: "instance", owner: registryOwner, id, revision: 0 };
}
