import { mkdirSync, readFileSync } from "node:fs";
import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { openDatabase } from "../../../native-host/store/database.ts";
import { migrate, type Migration, migrations } from "../../../native-host/store/migrations.ts";
import { openStore } from "../../../native-host/store/openStore.ts";
import { errorCode } from "../../support/errorCode.ts";
import { storeHome } from "../../support/storeHome.ts";

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
    expect(look(options.home.store)).toMatchObject({ version: 2, projects: 1 });
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
    expect(look(options.home.store)).toMatchObject({ version: 1 });
    expect(look(options.home.store).columns).not.toContain("parked");
    expect(await errorCode(async () => (await openStore(options)).close())).toBe("none");
  });

  it("runs every step once, from the beginning too", () => {
    const options = storeHome();
    openDatabase(options.home.store, { steps: future }).close();
    openDatabase(options.home.store, { steps: future }).close();
    expect(look(options.home.store)).toMatchObject({ version: 2 });
  });
});
