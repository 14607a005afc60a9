import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";
import type { Store } from "../../../native-host/store/types.ts";
import type { Conflict } from "../../../shared/protocol/store.ts";
import type { Entry } from "../../../shared/state/entry.ts";
import { local } from "../../support/entries.ts";
import { storeHome, storeIn } from "../../support/storeHome.ts";

const day = 24 * 60 * 60 * 1000;

interface Given {
  store: Store;
  id: string;
  clock: { now: number };
  /** A person and a program both write these keys; of the first `lost` of them the person's is newer. Answers the revision. */
  collide: (keys: readonly string[], lost?: number) => number;
  told: () => readonly Conflict[];
}

async function project(): Promise<Given> {
  const clock = { now: 100 * day };
  const store = await storeIn({ ...storeHome(), now: () => clock.now });
  const { id } = store.addProject({ name: "Acme" });
  const set = (entry: Entry, at: number) => ({ kind: "set", entry, at }) as const;
  const collide = (keys: readonly string[], lost = 0): number => {
    store.writeEntries(id, keys.map((key) => set(local(key, "given"), clock.now)), { by: "firefox" });
    const { token } = store.checkout(id, { holder: "agent", ttlMs: 60_000 });
    clock.now += 10;
    store.writeEntries(id, keys.map((key) => set(local(key, `person ${clock.now}`), clock.now)), { by: "firefox" });
    const changes = keys.map((key, place) => set(local(key, `program ${clock.now}`), clock.now + (place < lost ? -1 : 1)));
    clock.now += 10;
    const before = store.revision();
    expect(store.checkin(id, { kind: "changes", changes }, { token }).conflicts).toHaveLength(keys.length);
    return before + 1;
  };
  return { store, id, clock, collide, told: () => store.registry().conflicts ?? [] };
}

describe("the registry", () => {
  it.each([0, 1, 2])("tells of a conflict: whose, what, and that in %i of two cases what was there stands", async (lost) => {
    const { store, id, clock, collide, told } = await project();
    const revision = collide(["token", "other"], lost);
    const items = ["token", "other"].map((name) => ({ kind: "local", domain: "app.example.com", name }));
    expect(told()).toEqual([{ project: id, revision, at: clock.now, by: "agent", count: 2, lost, items }]);
    expect(store.verify().damaged).toEqual([]);
  });

  it("names five of many, and holds no value", async () => {
    const { collide, store } = await project();
    collide(Array.from({ length: 40 }, (_, n) => `key-${n}`));
    expect(store.registry().conflicts).toMatchObject([{ count: 40 }]);
    expect(store.registry().conflicts?.[0]?.items).toHaveLength(5);
    expect(JSON.stringify(store.registry())).not.toMatch(/person|program/);
  });

  it("tells of the ten newest, and of none that is older than a week or whose project is no more", async () => {
    const { store, id, clock, collide, told } = await project();
    const revisions = Array.from({ length: 12 }, () => collide(["token"]));
    expect(told().map(({ revision }) => revision)).toEqual(revisions.toReversed().slice(0, 10));
    clock.now += 7 * day - 1;
    expect(told()).toHaveLength(1);
    clock.now += 1;
    expect(told()).toEqual([]);
    collide(["token"]);
    store.removeProject(id, { by: "cli" });
    expect(told()).toEqual([]);
  });

  it("tells of none where a check-in met nobody", async () => {
    const { store, id, told } = await project();
    const { token } = store.checkout(id, { holder: "agent", ttlMs: 60_000 });
    store.checkin(id, { kind: "changes", changes: [{ kind: "set", entry: local("token", "x"), at: 1 }] }, { token });
    expect(told()).toEqual([]);
  });

  it("is there when a conflict's account is damaged, and verify() counts it, as it does a count that was changed", async () => {
    const { store, collide, told } = await project();
    collide(["token"]);
    const change = (sql: string): void => {
      const db = new Sqlite(store.path);
      db.exec(sql);
      db.close();
    };
    change("UPDATE change SET conflicts = 7 WHERE conflicts IS NOT NULL");
    expect(store.verify().damaged).toEqual([{ reason: "history", count: 1 }]);
    change("UPDATE change SET conflicts = 1, sealed = zeroblob(length(sealed)) WHERE conflicts IS NOT NULL");
    expect(told()).toEqual([]);
    expect(store.verify().damaged).toEqual([{ reason: "history", count: 1 }]);
  });
});

describe("a store from before conflicts were told", () => {
  it("keeps those of its history, and does not tell of them now", async () => {
    const options = storeHome();
    const store = await storeIn(options);
    const { id } = store.addProject({ name: "Acme" });
    const set = (value: string, at: number) => ({ kind: "set", entry: local("token", value), at }) as const;
    const { token } = store.checkout(id, { holder: "agent", ttlMs: 60_000 });
    store.writeEntries(id, [set("person", Date.now())], { by: "firefox" });
    store.checkin(id, { kind: "changes", changes: [set("program", Date.now() + 1)] }, { token });
    store.close();
    const db = new Sqlite(options.home.store);
    // As the step leaves what was there before it.
    db.exec("UPDATE change SET conflicts = NULL");
    db.close();
    const again = await storeIn(options);
    expect(again.registry().conflicts).toEqual([]);
    expect(again.history(id)[0]).toMatchObject({ by: "agent", conflicts: [{ name: "token" }] });
    expect(again.verify().damaged).toEqual([]);
  });
});
