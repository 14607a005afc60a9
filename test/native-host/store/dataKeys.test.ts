import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { openStore } from "../../../native-host/store/openStore.ts";
import type { CookieChange } from "../../../shared/models.ts";
import { cookie } from "../../support/cookies.ts";
import { errorCode } from "../../support/errorCode.ts";
import { storeHome, storeIn } from "../../support/storeHome.ts";

const set = (name: string, value = "one"): CookieChange => ({ kind: "set", cookie: cookie({ name, value }), at: 1 });

function keysOf(path: string, owner: string): { version: number; seals: number }[] {
  const db = new Sqlite(path, { readonly: true });
  try {
    return db.prepare<[string], { version: number; seals: number }>("SELECT version, seals FROM data_key WHERE owner = ? ORDER BY version").all(owner);
  } finally {
    db.close();
  }
}

describe("a data key", () => {
  it("counts what it seals, across processes and openings", async () => {
    const options = storeHome();
    const store = await openStore(options);
    const { id } = store.addProject({ name: "a" });
    store.write(id, [set("a"), set("b")], { by: "cli" });
    store.close();
    (await storeIn(options)).write(id, [set("c")], { by: "cli" });
    // The project, three items, who made each of the two changes, and the audit of both.
    expect(keysOf(options.home.store, id)).toEqual([{ version: 1, seals: 8 }]);
  });

  it("is followed by a new one when it has sealed enough, and what it sealed stays readable and findable", async () => {
    const options = storeHome();
    const store = await storeIn(options, { sealLimit: 3 });
    const { id } = store.addProject({ name: "a" });
    const names = Array.from({ length: 8 }, (_, place) => `c${place}`);
    for (const name of names) store.write(id, [set(name)], { by: "cli" });
    expect(keysOf(options.home.store, id)).toEqual([
      { version: 1, seals: 3 },
      { version: 2, seals: 3 },
      { version: 3, seals: 3 },
      { version: 4, seals: 3 },
      { version: 5, seals: 3 },
      { version: 6, seals: 3 },
      { version: 7, seals: 3 },
      { version: 8, seals: 3 },
      { version: 9, seals: 1 },
    ]);
    // Found under the same look-up hash: the same cookie again changes nothing, another value replaces it.
    expect(store.write(id, [set("c0")], { by: "cli" }).applied).toBe(0);
    store.write(id, [set("c0", "two")], { by: "cli" });
    const again = await storeIn(options);
    expect(again.unaudited.items(id)).toHaveLength(names.length);
    expect(again.unaudited.items(id, { site: "example.com" })).toHaveLength(names.length);
    expect(again.verify()).toEqual({ items: names.length, damaged: [] });
  });

  it("made in a transaction that came to nothing is not used afterwards", async () => {
    const options = storeHome();
    const store = await storeIn(options, { sealLimit: 1 });
    const { id } = store.addProject({ name: "a" });
    const broken = { ...cookie({ name: "b" }), value: 1n };
    // Fails after the first of the two was sealed with a new key. A bigint is the one thing JSON refuses.
    const changes = [set("a"), { kind: "set", cookie: broken, at: 1 }] as unknown as CookieChange[];
    expect(() => store.write(id, changes, { by: "cli" })).toThrow();
    const other = await storeIn(options, { sealLimit: 1 });
    other.write(id, [set("c")], { by: "cli" });
    store.write(id, [set("d")], { by: "cli" });
    expect(other.unaudited.items(id).map((item) => item.id.name)).toEqual(["c", "d"]);
    expect((await storeIn(options)).verify()).toEqual({ items: 2, damaged: [] });
  });

  it("of one project opens nothing of another, even when their rows are exchanged", async () => {
    const options = storeHome();
    const store = await storeIn(options);
    const [a, b] = ["a", "b"].map((name) => store.addProject({ name }).id);
    if (a === undefined || b === undefined) throw new Error("unreachable");
    for (const id of [a, b]) store.write(id, [set("sid", id)], { by: "cli" });
    const db = new Sqlite(options.home.store);
    db.prepare("UPDATE item SET project_id = CASE project_id WHEN ? THEN ? ELSE ? END").run(a, b, a);
    db.close();
    expect(await errorCode(() => store.unaudited.items(a))).toBe("storeDamaged");
    expect(store.verify()).toEqual({ items: 2, damaged: [{ reason: "item", count: 2 }] });
  });

  it("does not let an older row come back in the place of a newer one", async () => {
    const options = storeHome();
    const store = await storeIn(options);
    const { id } = store.addProject({ name: "a" });
    store.write(id, [set("sid", "old")], { by: "cli" });
    const db = new Sqlite(options.home.store);
    const old = db.prepare("SELECT sealed FROM item").pluck().get() as Buffer;
    store.write(id, [set("sid", "new")], { by: "cli" });
    db.prepare("UPDATE item SET sealed = ?").run(old);
    db.close();
    expect(await errorCode(() => store.unaudited.items(id))).toBe("storeDamaged");
  });
});

describe("verify", () => {
  const changes: [what: string, sql: string, reason: string][] = [
    ["a sealed cookie", "UPDATE item SET sealed = zeroblob(length(sealed))", "item"],
    ["a cookie's expiry", "UPDATE item SET expires = 5e15", "item"],
    ["a cookie's revision", "UPDATE item SET revision = revision - 1", "item"],
    ["a cookie turned into a tombstone", "UPDATE item SET deleted = 1", "item"],
    ["a cookie's site", "UPDATE item SET site_hash = zeroblob(32)", "item"],
    ["a project", "UPDATE project SET sealed = zeroblob(length(sealed))", "project"],
    ["a project's name look-up", "UPDATE project SET name_hash = zeroblob(32)", "project"],
    ["an instance", "UPDATE instance SET sealed = zeroblob(60)", "instance"],
    ["the active project", "UPDATE meta SET active = zeroblob(60)", "active project"],
    ["the store's revision", "UPDATE meta SET revision = 1", "revision"],
    ["a project's key", "UPDATE data_key SET wrapped = zeroblob(92) WHERE owner <> 'registry'", "data key"],
  ];
  it.each(changes)("counts %s that was changed", async (_what, sql, reason) => {
    const options = storeHome();
    const store = await storeIn(options);
    const { id } = store.addProject({ name: "a" });
    store.meetInstance("i", "Firefox");
    store.write(id, [{ kind: "set", cookie: cookie({ expires: 4e9 }), at: 1 }], { by: "cli" });
    store.setActive({ project: id, at: 1, pending: false });
    expect(store.verify()).toEqual({ items: 1, damaged: [] });
    store.close();
    const db = new Sqlite(options.home.store);
    db.exec(sql);
    db.close();
    expect((await storeIn(options)).verify().damaged).toContainEqual({ reason, count: 1 });
  });
});
