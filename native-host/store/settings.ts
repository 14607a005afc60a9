import { SteadError } from "../../shared/errors.ts";
import { defaultSettings, type Settings, SettingsPatch } from "../../shared/settings.ts";
import { checkSettings, forgetProjects, patchSettings, projectsInSettings } from "../../shared/settingsPatch.ts";
import type { StoreDatabase } from "./database.ts";
import { type DataKeys, type Place, registryOwner } from "./dataKeys.ts";
import { nextRevision } from "./meta.ts";
import type { Projects } from "./projects.ts";

interface Row {
  revision: number;
  key_version: number;
  sealed: Buffer;
}

/**
 * The sealed row of the settings. It holds what was set and no more: what was not follows the defaults of the Stead that
 * reads. Every method belongs in a transaction of the caller's.
 */
export class StoredSettings {
  readonly #db: StoreDatabase;
  readonly #keys: DataKeys;
  readonly #projects: Projects;

  constructor(db: StoreDatabase, keys: DataKeys, projects: Projects) {
    this.#db = db;
    this.#keys = keys;
    this.#projects = projects;
  }

  /** Throws `storeDamaged`. */
  read(): Settings {
    const there = new Set(this.#projects.ids());
    return forgetProjects(patchSettings(defaultSettings, this.#readStored()), (project) => there.has(project));
  }

  /**
   * A patch that changes nothing takes no revision. A project that was removed is left out: who sends the patch may not have
   * heard of it. Throws `badPattern`, `unknownProject` for one that never was.
   */
  change(patch: SettingsPatch): Settings {
    const checked = checkSettings(patch);
    const removed = new Set(this.#projects.removed());
    for (const project of projectsInSettings(checked)) if (!removed.has(project)) this.#projects.expect(project);
    const before = this.#readStored();
    const after = { ...before, ...checked };
    if (JSON.stringify(after) !== JSON.stringify(before)) this.#write(after);
    return this.read();
  }

  #readStored(): SettingsPatch {
    const row = this.#row();
    if (!row) return {};
    const stored = this.#tryRead(row);
    if (!stored) throw new SteadError("storeDamaged", "The record of the settings is damaged or was changed.");
    return stored;
  }

  #tryRead({ revision, key_version, sealed }: Row): SettingsPatch | undefined {
    const plain = this.#keys.unseal(placeOf(revision), { keyVersion: key_version, sealed });
    return plain && SettingsPatch.parse(JSON.parse(plain.toString()));
  }

  #row(): Row | undefined {
    return this.#db.get<Row>("SELECT revision, key_version, sealed FROM settings");
  }

  #write(settings: SettingsPatch): void {
    const revision = nextRevision(this.#db);
    const { keyVersion, sealed } = this.#keys.seal(placeOf(revision), Buffer.from(JSON.stringify(settings)));
    this.#db.run("INSERT OR REPLACE INTO settings (one, revision, key_version, sealed) VALUES (1, ?, ?, ?)", revision, keyVersion, sealed);
  }
}

function placeOf(revision: number): Place {
  return { kind: "settings", owner: registryOwner, id: "", revision };
}
