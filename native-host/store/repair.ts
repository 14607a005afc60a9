import type { ProjectId } from "../../shared/models.ts";
import { type Damage, revisionColumns } from "./checkup.ts";
import { instanceMarks } from "./instanceMarks.ts";
import type { StoreDatabase } from "./database.ts";
import { type DataKeys, registryOwner } from "./dataKeys.ts";
import type { History } from "./history.ts";
import type { Items } from "./items.ts";
import type { Leases } from "./leases.ts";
import type { Projects } from "./projects.ts";
import type { Rules } from "./rules.ts";
import { finds } from "./sealedTables.ts";

/** A row as it was found: texts and numbers as they are, bytes (sealed, or keyed hashes) in base64. */
export interface QuarantinedRow {
  table: string;
  columns: Record<string, string | number | null | { base64: string }>;
}

export interface Parts {
  items: Items;
  history: History;
  leases: Leases;
  rules: Rules;
  projects: Projects;
}

/**
 * Takes out what does not open and puts right what only its columns say wrongly, so that everything else opens. `keep` is given
 * the rows as they were found before any is changed. In a transaction of the caller's.
 */
export function repair(db: StoreDatabase, keys: DataKeys, parts: Parts, find: () => Damage[], keep: (rows: QuarantinedRow[]) => void): void {
  const found = find();
  if (found.length === 0) return;
  keep(found.flatMap((damage) => rowOf(db, damage)));
  // First, since an index that is wrong hides rows.
  if (found.some(({ what }) => what === "database structure")) db.run("REINDEX");
  for (const { dataKey } of found) if (dataKey) db.run("DELETE FROM data_key WHERE owner = ? AND version = ?", dataKey.owner, dataKey.version);
  replaceLostKeys(db, keys, parts.projects);
  const left = find();
  // Of two that stand in each other's place neither could be put right first.
  for (const { row } of left) if (row?.table.table === "project") db.run("UPDATE project SET name_hash = randomblob(32) WHERE place = ?", row.key[0] ?? 0);
  for (const damage of left) treat(db, parts, damage);
  parts.history.weighAnew();
  settleRevisions(db);
}

/**
 * A project without any key is lost. It goes as if it had never been, not as one that was removed on purpose: a Firefox that has its
 * container adds it again, with the cookies there.
 */
function replaceLostKeys(db: StoreDatabase, keys: DataKeys, projects: Projects): void {
  if (!keys.hasKey(registryOwner)) keys.create(registryOwner);
  for (const id of projects.ids().filter((project) => !keys.hasKey(project))) {
    const tables = db.all<{ name: string }>(
      "SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = 'project_id'",
    );
    for (const { name } of tables) db.run(`DELETE FROM ${name} WHERE project_id = ?`, id);
    db.run("DELETE FROM project WHERE id = ?", id);
  }
}

function treat(db: StoreDatabase, { items, history, leases, rules, projects }: Parts, { project, row }: Damage): void {
  if (!row) return;
  const { table, key, plain } = row;
  const owner: ProjectId = project ?? "";
  const [first = 0] = key;
  switch (table.table) {
    case "item":
      if (plain) { items.mend(first, owner, plain); return; }
      break;
    case "history":
      if (plain) history.mend(first, owner, plain);
      else history.cut(first);
      return;
    case "change":
      if (plain) { history.changes.mend(key, plain); return; }
      break;
    case "lease":
      leases.replace(owner);
      return;
    case "rule":
      rules.mend(first);
      return;
    case "project":
      projects.mend(first);
      return;
    case "meta":
      db.run("UPDATE meta SET active = NULL, active_key = NULL");
      return;
  }
  db.run(`DELETE FROM ${table.table} AS t WHERE ${finds(table.key)}`, ...key);
}

/** Revisions that are sealed are right; what others say above them is not. */
function settleRevisions(db: StoreDatabase): void {
  for (const table of ["item", "project", "settings", "history", "change", "rule"]) {
    db.run(`UPDATE meta SET revision = max(revision, coalesce((SELECT max(revision) FROM ${table} WHERE sealed IS NOT NULL), 0))`);
  }
  const next = "SELECT min(n.revision) FROM (SELECT key_hash, project_id, revision FROM history UNION ALL SELECT key_hash, project_id, revision FROM item) AS n";
  db.run(
    `UPDATE history AS t SET until = coalesce((${next} WHERE n.project_id = t.project_id AND n.key_hash = t.key_hash AND n.revision > t.revision), t.revision + 1)
     WHERE until > (SELECT revision FROM meta)`,
  );
  // What an instance is said to have, from a future: it compares everything at its next connection.
  const marks = new Set(instanceMarks(db));
  for (const { table } of revisionColumns(db)) {
    if (marks.has(table)) db.run(`UPDATE ${table} SET revision = 0 WHERE revision > (SELECT revision FROM meta)`);
    else if (table !== "history") db.run(`UPDATE ${table} SET revision = (SELECT revision FROM meta) WHERE revision > (SELECT revision FROM meta)`);
  }
}

function rowOf(db: StoreDatabase, { row, dataKey }: Damage): QuarantinedRow[] {
  const [table, where, values] = row
    ? [row.table.table, finds(row.table.key), row.key]
    : [dataKey && "data_key", "t.owner = ? AND t.version = ?", dataKey ? [dataKey.owner, dataKey.version] : []];
  if (table === undefined) return [];
  return db.all<Record<string, string | number | null | Buffer>>(`SELECT * FROM ${table} AS t WHERE ${where}`, ...values).map((columns) => ({
    table,
    columns: Object.fromEntries(Object.entries(columns).map(([name, value]) => [name, Buffer.isBuffer(value) ? { base64: value.toString("base64") } : value])),
  }));
}
