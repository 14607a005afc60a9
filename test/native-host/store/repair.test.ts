import { readFileSync } from "node:fs";
import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { openStore } from "../../../native-host/store/openStore.ts";
import type { QuarantinedRow } from "../../../native-host/store/repair.ts";
import type { OpenOptions, Store } from "../../../native-host/store/types.ts";
import { cookie } from "../../support/cookies.ts";
import { cookieEntry, local } from "../../support/entries.ts";
import { errorCode } from "../../support/errorCode.ts";
import { storeHome, storeIn } from "../../support/storeHome.ts";

const other = "eeeeeeee-0000-4000-8000-000000000000";
const set = (entry: ReturnType<typeof local>): { kind: "set"; entry: ReturnType<typeof local>; at: number } => ({ kind: "set", entry, at: 1 });

/** Two projects, and a row at least in every table; the other project must stay as it is. */
async function filled(): Promise<{ options: OpenOptions; id: string }> {
  const options = storeHome();
  const store = await openStore(options);
  const { id } = store.addProject({ name: "Acme" });
  store.addProject({ id: other, name: "Other" });
  store.meetInstance("10000000-0000-4000-8000-000000000001", "Firefox");
  store.writeEntries(id, [set(local("token", "one")), set(cookieEntry({ name: "a", expires: 4e9 }))], { by: "cli" });
  store.writeEntries(id, [set(local("token", "two")), set(cookieEntry({ name: "b" }))], { by: "cli" });
  store.writeEntries(other, [set(cookieEntry({ name: "theirs" }))], { by: "cli" });
  store.changeRules({ put: [{ project: id, pattern: "acme.test", ask: false }, { project: other, pattern: "other.test", ask: false }], remove: [] });
  store.setSettings({ strict: [id] });
  store.setActive({ project: id, at: 1, pending: false });
  store.checkout(id, { holder: "agent", ttlMs: 60_000 });
  store.close();
  return { options, id };
}

function damage(path: string, sql: string): void {
  const db = new Sqlite(path);
  db.exec(sql);
  db.close();
}

/** What is read all over, as a user would. */
function readAll(store: Store): unknown {
  const { projects } = store.registry();
  return [store.rules(), store.leases(), store.active(), projects.map(({ id }) => [store.unaudited.entries(id), store.history(id)])];
}

const mine = "project_id <> 'eeeeeeee-0000-4000-8000-000000000000'";
const theKey = "owner NOT IN ('registry', 'eeeeeeee-0000-4000-8000-000000000000')";
const noise = "sealed = zeroblob(length(sealed))";

describe("repairing a store", () => {
  it.each<[what: string, sql: string, named: [project: string | null, kind: string][], lost: (store: Store, id: string) => void]>([
    ["a cookie", `UPDATE item SET ${noise} WHERE ${mine} AND origin_hash IS NULL AND expires IS NOT NULL`, [["Acme", "cookie"]],
      (store, id) => expect(names(store, id)).toEqual(["b"])],
    ["page storage", `UPDATE item SET ${noise} WHERE ${mine} AND origin_hash IS NOT NULL`, [["Acme", "page storage"]],
      (store, id) => expect(store.unaudited.entries(id).map(({ id: one }) => one.kind)).toEqual(["cookie", "cookie"])],
    ["what history has of an item", `UPDATE history SET ${noise}`, [["Acme", "history"]],
      (store, id) => expect([names(store, id), store.history(id).length]).toEqual([["a", "b"], 1])],
    ["a revision's account", `UPDATE change SET ${noise} WHERE ${mine} AND revision = (SELECT max(revision) FROM change WHERE ${mine})`, [["Acme", "history"]],
      (store, id) => expect(store.history(id).map(({ items }) => items)).toEqual([2])],
    ["a lease", `UPDATE lease SET ${noise}`, [["Acme", "lease"]],
      (store, id) => expect(store.checkout(id, { holder: "next", ttlMs: 1000 }).token).toMatch(/^2\./)],
    ["a rule", `UPDATE rule SET ${noise} WHERE ${mine}`, [["Acme", "rule"]],
      (store) => expect(store.rules().map(({ pattern }) => pattern)).toEqual(["other.test"])],
    ["the settings", `UPDATE settings SET ${noise}`, [[null, "settings"]],
      (store) => expect(store.settings().strict).toEqual([])],
    ["an instance", `UPDATE instance SET ${noise}`, [[null, "instance"]],
      (store) => expect(store.meetInstance("10000000-0000-4000-8000-000000000001", "Firefox").name).toBe("firefox")],
    ["the active project", "UPDATE meta SET active = zeroblob(60)", [[null, "active project"]],
      (store) => expect(store.active().project).toBe(null)],
    ["a project's record", `UPDATE project SET ${noise} WHERE id <> '${other}'`, [["ID", "project"]],
      (store, id) => expect([store.registry().projects[0]?.name, names(store, id)]).toEqual(["recovered", ["a", "b"]])],
  ])("takes out %s, and everything else opens", async (_what, sql, named, lost) => {
    const { options, id } = await filled();
    damage(options.home.store, sql);
    const store = await storeIn(options);
    const { damaged } = store.examine();
    expect(damaged.map(({ project, kind }) => [project, kind])).toEqual(named.map(([project, kind]) => [project === "ID" ? id : project, kind]));
    const kept: QuarantinedRow[] = [];
    expect(store.repair((rows) => kept.push(...rows))).toEqual([]);
    expect(kept).toHaveLength(named.length);
    expect(kept[0]?.columns["sealed"] ?? kept[0]?.columns["active"]).toMatchObject({ base64: expect.stringMatching(/^AAAA/) as unknown });
    expect(store.examine().damaged).toEqual([]);
    readAll(store);
    expect(names(store, other)).toEqual(["theirs"]);
    lost(store, id);
    const again = await storeIn(options);
    readAll(again);
    again.write(id, [{ kind: "set", cookie: cookie({ name: "later" }), at: 2 }], { by: "cli" });
    expect(again.examine().damaged).toEqual([]);
  });

  it.each<[what: string, sql: string]>([
    ["a cookie's expiry", `UPDATE item SET expires = 1 WHERE expires IS NOT NULL`],
    ["a cookie turned into a tombstone", `UPDATE item SET deleted = 1 WHERE ${mine}`],
    ["an item's site", `UPDATE item SET site_hash = zeroblob(32) WHERE ${mine}`],
    ["history's site", "UPDATE history SET site_hash = zeroblob(32)"],
    ["a project's name look-up", `UPDATE project SET name_hash = zeroblob(32) WHERE id = '${other}'`],
    ["two projects' name look-ups", `UPDATE project SET name_hash = CASE id WHEN '${other}' THEN (SELECT name_hash FROM project WHERE id <> '${other}') ELSE zeroblob(32) END WHERE id = 'none' OR id <> '${other}'`],
    ["a rule's pattern look-up", `UPDATE rule SET pattern_hash = zeroblob(32) WHERE ${mine}`],
    ["the store's revision", "UPDATE meta SET revision = 1"],
    ["the end of what history has", "UPDATE history SET until = 1000"],
    ["how far an instance is", "INSERT INTO instance_sync (instance, project_id, revision) VALUES ('10000000-0000-4000-8000-000000000001', (SELECT id FROM project LIMIT 1), 1000)"],
  ])("puts right %s, and loses nothing", async (_what, sql) => {
    const { options } = await filled();
    const before = await openStore(options);
    const all = JSON.stringify(contents(before));
    before.close();
    damage(options.home.store, sql);
    const store = await storeIn(options);
    expect(store.examine().damaged).not.toEqual([]);
    expect(store.repair(() => undefined)).toEqual([]);
    expect(store.examine().damaged).toEqual([]);
    expect(JSON.stringify(contents(store))).toBe(all);
  });

  it("goes on with an older key of a project whose newest is lost", async () => {
    const { options, id } = await filled();
    const early = await openStore(options, { sealLimit: 1 });
    early.write(id, [{ kind: "set", cookie: cookie({ name: "newest" }), at: 2 }], { by: "cli" });
    early.close();
    damage(options.home.store, `UPDATE data_key SET wrapped = zeroblob(92) WHERE ${theKey} AND version = (SELECT max(version) FROM data_key WHERE ${theKey})`);
    const store = await storeIn(options);
    expect(store.examine().damaged.map(({ kind }) => kind)).toContain("data key");
    expect(store.repair(() => undefined)).toEqual([]);
    readAll(store);
    expect(names(store, id)).toContain("a");
    store.write(id, [{ kind: "set", cookie: cookie({ name: "later" }), at: 3 }], { by: "cli" });
    expect(store.examine().damaged).toEqual([]);
  });

  it("lets a project without any key go, but not as one that was removed on purpose", async () => {
    const { options, id } = await filled();
    damage(options.home.store, `UPDATE data_key SET wrapped = zeroblob(92) WHERE ${theKey}`);
    const store = await storeIn(options);
    expect(store.repair(() => undefined)).toEqual([]);
    expect(store.registry()).toMatchObject({ projects: [{ id: other }], removed: [] });
    // A Firefox that has its container adds it again.
    expect(store.addProject({ id, name: "Acme" }).id).toBe(id);
    expect(store.examine().damaged).toEqual([]);
  });

  it("keeps every project when the registry's key is lost", async () => {
    const { options, id } = await filled();
    damage(options.home.store, "DELETE FROM data_key WHERE owner = 'registry'");
    const store = await storeIn(options);
    expect(store.repair(() => undefined)).toEqual([]);
    expect(store.registry().projects.map(({ name }) => name)).toEqual(["Acme", "Other"]);
    expect(names(store, id)).toEqual(["a", "b"]);
    expect(await errorCode(() => store.addProject({ name: "acme" }))).toBe("projectExists");
  });

  it("builds wrong indexes anew", async () => {
    const { options, id } = await filled();
    const db = new Sqlite(options.home.store);
    db.unsafeMode();
    db.pragma("writable_schema = ON");
    db.exec("UPDATE sqlite_schema SET sql = 'CREATE INDEX item_site ON item (site_hash, project_id)' WHERE name = 'item_site'");
    db.close();
    const store = await storeIn(options);
    expect(store.examine().damaged.map(({ kind }) => kind)).toContain("database structure");
    expect(store.repair(() => undefined)).toEqual([]);
    expect(names(store, id)).toEqual(["a", "b"]);
  });

  it("changes nothing where the damaged rows cannot be kept, nor where nothing is damaged", async () => {
    const { options } = await filled();
    const sound = await openStore(options);
    expect(sound.repair(() => { throw new Error("nothing is to be kept"); })).toEqual([]);
    sound.close();
    damage(options.home.store, `UPDATE item SET ${noise} WHERE ${mine}`);
    const store = await storeIn(options);
    const before = store.examine();
    expect(() => store.repair(() => { throw new Error("no room"); })).toThrow("no room");
    expect(store.examine()).toEqual(before);
  });

  it("leaves no trace of what it took out in the store's files", async () => {
    const { options } = await filled();
    damage(options.home.store, `UPDATE item SET sealed = CAST('canary-of-a-damaged-row-01234567890123456789' AS BLOB) WHERE ${mine}`);
    const store = await storeIn(options);
    store.repair(() => undefined);
    for (const suffix of ["", "-wal"]) expect(readFileSync(options.home.store + suffix).includes("canary-of-a-damaged-row")).toBe(false);
  });
});

function names(store: Store, id: string): string[] {
  return store.unaudited.items(id).map((item) => item.id.name).sort();
}

function contents(store: Store): unknown {
  const { projects } = store.registry();
  return [projects, store.rules(), projects.map(({ id }) => [store.unaudited.entries(id, { tombstones: true }).map(({ id: one, entry }) => [one, entry]), store.history(id)])];
}
