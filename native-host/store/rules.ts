import * as z from "zod/mini";
import { SteadError } from "../../shared/errors.ts";
import type { ProjectId } from "../../shared/models.ts";
import { formatPattern } from "../../shared/rules/formatPattern.ts";
import { parsePattern } from "../../shared/rules/parsePattern.ts";
import { type Rule, type RuleDraft, RuleId } from "../../shared/rules/rule.ts";
import type { StoreDatabase } from "./database.ts";
import type { DataKeys, Place } from "./dataKeys.ts";
import { nextRevision } from "./meta.ts";
import type { Projects } from "./projects.ts";
import { holds } from "./seal.ts";
import type { RuleChange } from "./types.ts";

/** What is sealed of a rule. */
const Details = z.object({ pattern: z.string(), ask: z.boolean() });
type Details = z.infer<typeof Details>;

interface Row {
  id: string;
  revision: number;
  project_id: string;
  pattern_hash: Buffer;
  key_version: number;
  sealed: Buffer;
}

/** Removed: nothing but its id. */
type Trace = Row | { id: string; project_id: null };

const columns = "id, revision, project_id, pattern_hash, key_version, sealed";
/** Rows of a removed project remain until they are erased, and do not open. */
const live = "project_id IN (SELECT id FROM project)";

/** The sealed rows of rules. Every method belongs in a transaction of the caller's. */
export class Rules {
  readonly #db: StoreDatabase;
  readonly #keys: DataKeys;
  readonly #projects: Projects;

  constructor(db: StoreDatabase, keys: DataKeys, projects: Projects) {
    this.#db = db;
    this.#keys = keys;
    this.#projects = projects;
  }

  /** In the order they were made. Throws `storeDamaged`. */
  list(project?: ProjectId): Rule[] {
    const rows =
      project === undefined
        ? this.#db.all<Row>(`SELECT ${columns} FROM rule WHERE ${live} ORDER BY place`)
        : this.#db.all<Row>(`SELECT ${columns} FROM rule WHERE project_id = ? ORDER BY place`, project);
    return rows.map((row) => this.#read(row));
  }

  /** `all`: `set` is every rule. So it is from the beginning, from a future this store never saw, and over a project's removal. */
  since(since: number): { all: boolean; set: Rule[]; removed: RuleId[] } {
    if (since === 0 || since > this.latest() || since < this.#projects.latestRemoval()) return { all: true, set: this.list(), removed: [] };
    const rows = this.#db.all<Trace>(
      `SELECT ${columns} FROM rule WHERE revision > ? AND (project_id IS NULL OR ${live}) ORDER BY revision`,
      since,
    );
    return {
      all: false,
      set: rows.flatMap((row) => (row.project_id === null ? [] : this.#read(row))),
      removed: rows.flatMap((row) => (row.project_id === null ? row.id : [])),
    };
  }

  /** The last revision at which rules changed; a project that was removed took its own along. 0 before any. */
  latest(): number {
    const latest = this.#db.get<{ latest: number | null }>("SELECT max(revision) AS latest FROM rule")?.latest ?? 0;
    return Math.max(latest, this.#projects.latestRemoval());
  }

  /** As Store.changeRules() has it. Throws `badPattern`, `unknownProject`. */
  change({ put, remove }: RuleChange): { put: Rule[]; removed: number } {
    const change = new Change(this.#db);
    const removed = remove.filter((id) => this.#remove(id, change)).length;
    const ids = put.map((draft) => this.#put(draft, change));
    return { put: ids.map((id) => change.outcome(id)), removed };
  }

  count(project: ProjectId): number {
    return this.#db.get<{ n: number }>("SELECT count(*) AS n FROM rule WHERE project_id = ?", project)?.n ?? 0;
  }

  /** Up to so many rows of a project that is no more; how many it were. */
  erase(project: ProjectId, limit: number): number {
    return this.#db.run("DELETE FROM rule WHERE place IN (SELECT place FROM rule WHERE project_id = ? LIMIT ?)", project, limit);
  }

  /** Owners of rows whose project is no more: a removal that was interrupted. */
  orphans(): ProjectId[] {
    return this.#db
      .all<{ project_id: string }>(`SELECT DISTINCT project_id FROM rule WHERE project_id IS NOT NULL AND NOT ${live}`)
      .map((row) => row.project_id);
  }

  /** Whether a row is found by the pattern that is in it. */
  agree([place = 0]: readonly (string | number)[], plain: Buffer): boolean {
    const row = this.#db.get<Row>(`SELECT ${columns} FROM rule WHERE place = ?`, place);
    return row !== undefined && holds(row.pattern_hash, this.#patternHash(row.project_id, Details.parse(JSON.parse(plain.toString())).pattern));
  }

  /** Has a row found by the pattern that is in it; one that does not open, or is there twice, is buried. */
  mend(place: string | number): void {
    const row = this.#db.get<Row>(`SELECT ${columns} FROM rule WHERE place = ? AND ${live}`, place);
    if (!row) return;
    const rule = this.#tryRead(row);
    const hash = rule && this.#patternHash(rule.project, rule.pattern);
    const revision = nextRevision(this.#db);
    if (rule && hash && !this.#findAlike(rule.project, hash)) this.#write(rule, hash, revision);
    else this.#bury(row.id, revision);
  }

  /** The id of the rule that the draft has become. */
  #put(draft: RuleDraft, change: Change): RuleId {
    this.#projects.expect(draft.project);
    const pattern = canonical(draft.pattern);
    const hash = this.#patternHash(draft.project, pattern);
    const named = draft.id === undefined ? undefined : this.#find(draft.id);
    const alike = this.#findAlike(draft.project, hash);
    const rule: Rule = {
      id: named?.id ?? alike?.id ?? checkedId(draft.id) ?? crypto.randomUUID(),
      project: draft.project,
      pattern,
      ask: draft.ask,
    };
    const before = named ?? alike;
    if (alike && alike.id !== rule.id) {
      this.#bury(alike.id, change.revision());
      change.replaced(alike.id, rule.id);
    }
    // A damaged one is written anew.
    if (!before || !isSame(this.#tryRead(before), rule)) this.#write(rule, hash, change.revision());
    change.made(rule);
    return rule.id;
  }

  /** Whether there was one. */
  #remove(id: RuleId, change: Change): boolean {
    if (!this.#find(id)) return false;
    this.#bury(id, change.revision());
    return true;
  }

  #bury(id: RuleId, revision: number): void {
    this.#db.run(
      "UPDATE rule SET revision = ?, project_id = NULL, pattern_hash = NULL, key_version = NULL, sealed = NULL WHERE id = ?",
      revision,
      id,
    );
  }

  #write({ id, project, pattern, ask }: Rule, hash: Buffer, revision: number): void {
    const plain = Buffer.from(JSON.stringify({ pattern, ask } satisfies Details));
    const { keyVersion, sealed } = this.#keys.seal(placeOf(project, id, revision), plain);
    this.#db.run(
      `INSERT INTO rule (${columns}) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET
         revision = excluded.revision, project_id = excluded.project_id, pattern_hash = excluded.pattern_hash,
         key_version = excluded.key_version, sealed = excluded.sealed`,
      id,
      revision,
      project,
      hash,
      keyVersion,
      sealed,
    );
  }

  #find(id: RuleId): Row | undefined {
    return this.#db.get<Row>(`SELECT ${columns} FROM rule WHERE id = ? AND ${live}`, id);
  }

  #findAlike(project: ProjectId, hash: Buffer): Row | undefined {
    return this.#db.get<Row>(`SELECT ${columns} FROM rule WHERE project_id = ? AND pattern_hash = ?`, project, hash);
  }

  #read(row: Row): Rule {
    const rule = this.#tryRead(row);
    if (!rule) throw new SteadError("storeDamaged", `The rule ${row.id} is damaged or was changed.`);
    return rule;
  }

  #tryRead(row: Row): Rule | undefined {
    const plain = this.#keys.unseal(placeOf(row.project_id, row.id, row.revision), { keyVersion: row.key_version, sealed: row.sealed });
    return plain && { id: row.id, project: row.project_id, ...Details.parse(JSON.parse(plain.toString())) };
  }

  #patternHash(project: ProjectId, pattern: string): Buffer {
    return this.#keys.hash(project, "pattern", pattern);
  }
}

/** One change of rules: its revision, taken at the first need, and what became of the drafts. */
class Change {
  readonly #db: StoreDatabase;
  readonly #made = new Map<RuleId, Rule>();
  /** Rules that gave way to one that was made like them. */
  readonly #replaced = new Map<RuleId, RuleId>();
  #revision: number | undefined;

  constructor(db: StoreDatabase) {
    this.#db = db;
  }

  revision(): number {
    return (this.#revision ??= nextRevision(this.#db));
  }

  made(rule: Rule): void {
    this.#made.set(rule.id, rule);
    this.#replaced.delete(rule.id);
  }

  replaced(old: RuleId, by: RuleId): void {
    this.#replaced.set(old, by);
  }

  /** The rule that one of that id is in the end. */
  outcome(id: RuleId): Rule {
    let last = id;
    for (let by = this.#replaced.get(last); by !== undefined; by = this.#replaced.get(last)) last = by;
    const rule = this.#made.get(last);
    if (!rule) throw new Error("A draft came to nothing.");
    return rule;
  }
}

/** Throws `badPattern`, with as much of the pattern in front as may be shown: of many drafts a person must find this one. */
function canonical(pattern: string): string {
  try {
    return formatPattern(parsePattern(pattern));
  } catch (error) {
    if (!(error instanceof SteadError)) throw error;
    throw new SteadError(error.code, `${showable(pattern)}: ${error.message}`, { hint: error.hint, cause: error });
  }
}

/** People paste whole addresses: without what is before an @ and after a ? or #. */
function showable(pattern: string): string {
  const [shown = ""] = pattern.trim().slice(0, 80).replace(/^.*@/su, "…@").split(/[?#]/u);
  return JSON.stringify(shown);
}

function checkedId(id: RuleId | undefined): RuleId | undefined {
  if (id === undefined || RuleId.safeParse(id).success) return id;
  throw new SteadError("badMessage", "A rule's id must be a UUID in lower case.");
}

function isSame(one: Rule | undefined, other: Rule): boolean {
  return one?.project === other.project && one.pattern === other.pattern && one.ask === other.ask;
}

function placeOf(project: ProjectId, id: RuleId, revision: number): Place {
  return { kind: "rule", owner: project, id, revision };
}
