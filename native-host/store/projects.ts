import * as z from "zod/mini";
import { SteadError } from "../../shared/errors.ts";
import { Color, colors, Icon, type Project, ProjectId, ProjectName, type ProjectPatch } from "../../shared/models.ts";
import { leastUsedColor } from "../../shared/leastUsedColor.ts";
import { nameKey } from "../../shared/projectName.ts";
import type { StoreDatabase } from "./database.ts";
import { type DataKeys, registryOwner } from "./dataKeys.ts";
import { nextRevision } from "./meta.ts";
import { holds } from "./seal.ts";

const Details = z.object({ name: z.string(), color: Color, icon: Icon });
type Details = z.infer<typeof Details>;

export interface NewProject {
  id?: ProjectId | undefined;
  name: string;
  color?: Color | undefined;
  icon?: Icon | undefined;
}

interface Row {
  id: string;
  key_version: number;
  revision: number;
  sealed: Buffer;
}

const columns = "id, key_version, revision, sealed";

/** The projects, in the order they were made. Every method belongs in a transaction of the caller's. */
export class Projects {
  readonly #db: StoreDatabase;
  readonly #keys: DataKeys;

  constructor(db: StoreDatabase, keys: DataKeys) {
    this.#db = db;
    this.#keys = keys;
  }

  list(): Project[] {
    return this.#db.all<Row>(`SELECT ${columns} FROM project ORDER BY place`).map((row) => this.#read(row));
  }

  ids(): ProjectId[] {
    return this.#db.all<{ id: string }>("SELECT id FROM project ORDER BY place").map((row) => row.id);
  }

  /** Throws `unknownProject`. */
  get(id: ProjectId): Project {
    const row = this.#db.get<Row>(`SELECT ${columns} FROM project WHERE id = ?`, id);
    if (!row) throw this.#unknown(id);
    return this.#read(row);
  }

  /** Throws `unknownProject`. */
  expect(id: ProjectId): void {
    if (!this.exists(id)) throw this.#unknown(id);
  }

  exists(id: ProjectId): boolean {
    return this.#db.get("SELECT 1 FROM project WHERE id = ?", id) !== undefined;
  }

  /** Adding the same project (id and name) again answers the one that is there: its maker may have missed the answer. */
  add(request: NewProject): Project {
    const name = checkedName(request.name);
    const id = request.id ?? crypto.randomUUID();
    if (!ProjectId.safeParse(id).success) throw new SteadError("badMessage", "A project's id must be a UUID in lower case.");
    if (this.exists(id)) {
      const existing = this.get(id);
      if (nameKey(existing.name) === nameKey(name)) return existing;
      throw new SteadError("projectExists", `A project with the id ${id} exists already, under another name.`);
    }
    if (this.#db.get("SELECT 1 FROM removed_project WHERE id = ?", id) !== undefined) {
      throw new SteadError("unknownProject", `The project with the id ${id} was removed for good; a new one needs a new id.`);
    }
    this.#expectFree(name, id);
    const project: Project = {
      id,
      name,
      color: checkedColor(request.color) ?? leastUsedColor(this.list()),
      icon: checkedIcon(request.icon) ?? "circle",
    };
    this.#keys.create(id);
    this.#db.run(
      "INSERT INTO project (id, name_hash, key_version, revision, sealed) VALUES (?, ?, 0, 0, x'')",
      id,
      this.#nameHash(name),
    );
    this.#write(project);
    return project;
  }

  /** A patch that changes nothing takes no revision. */
  update(id: ProjectId, patch: ProjectPatch): Project {
    const before = this.get(id);
    const project: Project = {
      id,
      name: patch.name === undefined ? before.name : checkedName(patch.name),
      color: checkedColor(patch.color) ?? before.color,
      icon: checkedIcon(patch.icon) ?? before.icon,
    };
    if (project.name === before.name && project.color === before.color && project.icon === before.icon) return before;
    this.#expectFree(project.name, id);
    this.#write(project);
    return project;
  }

  /** Ids of projects that were removed on purpose, the latest last. */
  removed(): ProjectId[] {
    return this.#db.all<{ id: string }>("SELECT id FROM removed_project ORDER BY revision").map((row) => row.id);
  }

  /** The revision of the last removal; 0 before any. */
  latestRemoval(): number {
    return this.#db.get<{ latest: number | null }>("SELECT max(revision) AS latest FROM removed_project")?.latest ?? 0;
  }

  /** Its keys and its row; what they sealed can be opened no more. */
  destroy(id: ProjectId): void {
    this.#keys.shred(id);
    this.#db.run("DELETE FROM project WHERE id = ?", id);
    this.#db.run("DELETE FROM instance_sync WHERE project_id = ?", id);
    this.#db.run("DELETE FROM origin_sync WHERE project_id = ?", id);
    this.#db.run("INSERT INTO removed_project (id, revision) VALUES (?, ?)", id, nextRevision(this.#db));
  }

  /** Whether a row is listed under the name that is in it. */
  agree([place = 0]: readonly (string | number)[], plain: Buffer): boolean {
    const row = this.#db.get<{ name_hash: Buffer }>("SELECT name_hash FROM project WHERE place = ?", place);
    return row !== undefined && holds(row.name_hash, this.#nameHash(Details.parse(JSON.parse(plain.toString())).name));
  }

  /** Lists a row under the name that is in it; one that does not open becomes a project called recovered. */
  mend(place: string | number): void {
    const row = this.#db.get<Row>(`SELECT ${columns} FROM project WHERE place = ?`, place);
    if (row) this.#write({ id: row.id, ...(this.#tryRead(row) ?? { name: this.#recoveredName(), color: "toolbar", icon: "circle" }) });
  }

  /** The name, of a row that opens. */
  nameOf(id: ProjectId): string | undefined {
    const row = this.#db.get<Row>(`SELECT ${columns} FROM project WHERE id = ?`, id);
    return row && this.#tryRead(row)?.name;
  }

  #recoveredName(): string {
    for (let count = 1; ; count++) {
      const name = count === 1 ? "recovered" : `recovered-${count}`;
      if (!this.#db.get("SELECT 1 FROM project WHERE name_hash = ?", this.#nameHash(name))) return name;
    }
  }

  #write(project: Project): void {
    const revision = nextRevision(this.#db);
    const { name, color, icon } = project;
    const plain = Buffer.from(JSON.stringify({ name, color, icon } satisfies Details));
    const { keyVersion, sealed } = this.#keys.seal({ kind: "project", owner: project.id, id: project.id, revision }, plain);
    this.#db.run(
      "UPDATE project SET name_hash = ?, key_version = ?, revision = ?, sealed = ? WHERE id = ?",
      this.#nameHash(name),
      keyVersion,
      revision,
      sealed,
      project.id,
    );
  }

  #read(row: Row): Project {
    const details = this.#tryRead(row);
    if (!details) throw new SteadError("storeDamaged", `The project ${row.id} is damaged or was changed.`);
    return { id: row.id, ...details };
  }

  #tryRead(row: Row): Details | undefined {
    const place = { kind: "project", owner: row.id, id: row.id, revision: row.revision };
    const plain = this.#keys.unseal(place, { keyVersion: row.key_version, sealed: row.sealed });
    return plain && Details.parse(JSON.parse(plain.toString()));
  }

  #expectFree(name: string, id: ProjectId): void {
    const taken = this.#db.get<{ id: string }>("SELECT id FROM project WHERE name_hash = ?", this.#nameHash(name));
    if (taken && taken.id !== id) throw new SteadError("projectExists", `A project named ${JSON.stringify(name)} exists already.`);
  }

  #nameHash(name: string): Buffer {
    return this.#keys.hash(registryOwner, "project name", nameKey(name));
  }

  #unknown(id: ProjectId): SteadError {
    this.#keys.forget(id);
    return new SteadError("unknownProject", `There is no project with the id ${id}.`);
  }
}

/** Letters are kept composed (NFC), so that the same name typed on another system has the same bytes. */
function checkedName(name: string): string {
  const composed = name.normalize("NFC");
  if (ProjectName.safeParse(composed).success) return composed;
  throw new SteadError(
    "badName",
    `A project name of 1 to 64 visible characters was expected, without spaces at its ends or a dash at its beginning; ${JSON.stringify(name.slice(0, 80))} came.`,
  );
}

function checkedColor(color: Color | undefined): Color | undefined {
  if (color === undefined || Color.safeParse(color).success) return color;
  throw new SteadError("badColor", `One of ${colors.join(", ")} was expected.`);
}

function checkedIcon(icon: Icon | undefined): Icon | undefined {
  if (icon === undefined || Icon.safeParse(icon).success) return icon;
  throw new SteadError("badIcon", "One of Firefox's container icons was expected.");
}
