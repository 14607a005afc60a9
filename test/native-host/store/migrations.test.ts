import { mkdirSync, readFileSync } from "node:fs";
import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { openDatabase } from "../../../native-host/store/database.ts";
import { migrate, type Migration, migrations } from "../../../native-host/store/migrations.ts";
import { openStore } from "../../../native-host/store/openStore.ts";
import type { OpenOptions } from "../../../native-host/store/types.ts";
import { defaultSettings } from "../../../shared/settings.ts";
import { errorCode } from "../../support/errorCode.ts";
import { storeHome, storeIn } from "../../support/storeHome.ts";
import { makeVersion1, version1Time } from "../../support/version1.ts";

const nextStep: Migration = (db) => db.exec("ALTER TABLE project ADD COLUMN parked INTEGER NOT NULL DEFAULT 0");
const future = [...migrations, nextStep];

function look(path: string): { version: unknown; columns: string[]; projects: number } {
  const db = new Sqlite(path, { readonly: true });
  try {
    return {
      version: db.pragma("user_version", { simple: true }),
      columns: (db.pragma("table_info(project)") as { name: string }[]).map((column) => column.name),
      projects: db.prepare("SELECT count(*) FROM project").pluck().get() as number,
    };
  } finally {
    db.close();
  }
}

const [acme, other, gone] = ["a", "b", "c"].map((letter) => `${letter.repeat(8)}-0000-4000-8000-000000000000`);

function version1Home(): OpenOptions {
  const { env, home } = storeHome();
  makeVersion1(home);
  return { env, home, now: () => version1Time };
}

describe("a store that two processes make at once", () => {
  it("is no foreign database to the one that looks while the other makes its tables", () => {
    const { home } = storeHome();
    mkdirSync(home.data, { recursive: true });
    const one = new Sqlite(home.store);
    one.pragma("journal_mode = WAL");
    const other = new Sqlite(home.store);
    const prepare = one.prepare.bind(one);
    let raced = false;
    // Between the look at the versions, still 0, and the look at the tables.
    Object.defineProperty(one, "prepare", {
      value: (sql: string) => {
        if (sql.includes("sqlite_schema") && !raced) {
          raced = true;
          migrate(other);
        }
        return prepare(sql);
      },
    });
    migrate(one);
    expect(raced).toBe(true);
    expect(one.pragma("user_version", { simple: true })).toBe(migrations.length);
    one.close();
    other.close();
  });
});

describe("a store of an older version", () => {
  it("is brought up to date with everything in it, and then refused by the older Stead", async () => {
    const options = storeHome();
    const store = await openStore(options);
    store.addProject({ name: "Acme" });
    store.close();
    openDatabase(options.home.store, { steps: future }).close();
    expect(look(options.home.store)).toMatchObject({ version: future.length, projects: 1 });
    expect(look(options.home.store).columns).toContain("parked");

    const before = readFileSync(options.home.store);
    expect(await errorCode(() => openStore(options))).toBe("storeNewer");
    expect(readFileSync(options.home.store).equals(before)).toBe(true);
  });

  it("stays as it was when a step fails", async () => {
    const options = storeHome();
    (await openStore(options)).close();
    const failing: Migration = (db) => {
      nextStep(db);
      throw new Error("out of luck");
    };
    expect(() => openDatabase(options.home.store, { steps: [...migrations, failing] })).toThrow("out of luck");
    expect(look(options.home.store)).toMatchObject({ version: migrations.length });
    expect(look(options.home.store).columns).not.toContain("parked");
    expect(await errorCode(async () => (await openStore(options)).close())).toBe("none");
  });

  it("runs every step once, from the beginning too", () => {
    const options = storeHome();
    openDatabase(options.home.store, { steps: future }).close();
    openDatabase(options.home.store, { steps: future }).close();
    expect(look(options.home.store)).toMatchObject({ version: future.length });
  });
});

describe("a store of the first version", () => {
  it("has all that was in it, and takes rules and settings", async () => {
    const options = version1Home();
    expect(look(options.home.store)).toMatchObject({ version: 1, projects: 2 });
    const store = await storeIn(options);
    expect(store.registry()).toEqual({
      projects: [
        { id: acme, name: "Acme", color: "green", icon: "briefcase", items: 2, rules: 0 },
        { id: other, name: "Other", color: "blue", icon: "circle", items: 1, rules: 0 },
      ],
      active: acme,
      vault: { state: "unlocked", source: "file" },
      removed: [gone],
      settings: defaultSettings,
      rules: { store: store.id, revision: 8 },
      leases: [],
      conflicts: [],
    });
    expect(store.active()).toEqual({ project: acme, at: 5, pending: true });
    expect(store.unaudited.items(acme ?? "", { tombstones: true }).map(({ id, cookie }) => [id.name, cookie?.value])).toEqual([["sid", "one"], ["theme", "one"], ["old", undefined]]);
    expect(store.meetInstance("11111111-1111-4111-8111-111111111111", "Firefox").name).toBe("firefox");
    expect(store.rulesSince(store.id, 0)).toEqual({ store: store.id, revision: 8, all: true, set: [], removed: [] });

    const { put, revision } = store.changeRules({ put: [{ project: acme ?? "", pattern: "acme.test", ask: false }], remove: [] });
    store.setSettings({ strict: [acme ?? ""] });
    expect(store.rulesSince(store.id, 8)).toEqual({ store: store.id, revision, all: false, set: put, removed: [] });
    expect(store.revision()).toBe(10);
    expect(store.verify()).toEqual({ items: 4, damaged: [] });
  });

  it("has history from its first change on", async () => {
    const store = await storeIn(version1Home());
    const id = acme ?? "";
    const before = store.unaudited.items(id).map(({ cookie }) => cookie);
    expect(store.history(id)).toEqual([]);
    store.write(id, store.unaudited.items(id).map((item) => ({ kind: "remove", id: item.id, at: 9 })), { by: "cli" });
    expect(store.history(id).map(({ revision, by, items }) => [revision, by, items])).toEqual([[9, "cli", 2], [5, "", 0]]);
    store.restore(id, { revision: 5 }, { by: "restore" });
    expect(store.unaudited.items(id).map(({ cookie }) => cookie)).toEqual(before);
    expect(() => store.restore(id, { revision: 4 }, { by: "restore" })).toThrow("reaches back to revision 5");
  });

  it("stays of the first version when it cannot be brought up to date", async () => {
    const options = version1Home();
    const db = new Sqlite(options.home.store);
    // In the way of the last step's last table.
    db.exec("CREATE TABLE settings (one INTEGER PRIMARY KEY) STRICT");
    db.close();
    expect(await errorCode(() => openStore(options))).toBe("storeDamaged");
    const after = new Sqlite(options.home.store, { readonly: true });
    expect(after.pragma("user_version", { simple: true })).toBe(1);
    expect(after.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'rule'").pluck().get()).toBe(0);
    after.close();
  });
});
