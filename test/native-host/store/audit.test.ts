import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";
import type { OpenOptions, Store } from "../../../native-host/store/types.ts";
import { lockVault, unlockVault } from "../../../native-host/vault/control.ts";
import { rotateKey } from "../../../native-host/vault/rotate.ts";
import type { Entry, EntryChange } from "../../../shared/state/entry.ts";
import { entryId } from "../../../shared/state/entryId.ts";
import { cookie } from "../../support/cookies.ts";
import { cookieEntry, database, local, record, session } from "../../support/entries.ts";
import { errorCode } from "../../support/errorCode.ts";
import { storeHome, storeIn } from "../../support/storeHome.ts";

const set = (entry: Entry, at = 1): EntryChange => ({ kind: "set", entry, at });
const remove = (entry: Entry, at = 1): EntryChange => ({ kind: "remove", id: entryId(entry), at });
const by = "cli";
const firefox = "10000000-0000-4000-8000-000000000001";
const minute = 60_000;
const day = 24 * 60 * minute;
const here = [cookieEntry(), cookieEntry({ name: "two", domain: ".example.com" }), local("token", "a"), cookieEntry({ domain: "other.test" })];

interface Given {
  store: Store;
  id: string;
  options: OpenOptions;
  clock: { now: number };
  /** What the audit has since then, each as one list. */
  lines: (since?: number) => unknown[][];
}

/** A project with cookies and page storage of two registrable domains, written by a Firefox profile in the minute before. */
async function project(...entries: Entry[]): Promise<Given> {
  const clock = { now: 10 * minute };
  const options = { ...storeHome(), now: () => clock.now };
  const store = await storeIn(options);
  const { id } = store.addProject({ name: "Acme" });
  store.meetInstance(firefox, "Firefox");
  store.writeEntries(id, (entries.length > 0 ? entries : here).map((entry) => set(entry)), { by: firefox });
  clock.now += minute;
  return {
    store, id, options, clock,
    lines: (since = clock.now - (clock.now % minute)) =>
      store.audit({ since }).events.map(({ actor, action, project: name, domain, kind, count }) => [actor, action, name, domain, kind, count]),
  };
}

function sql<T>(path: string, work: (db: InstanceType<typeof Sqlite>) => T): T {
  const db = new Sqlite(path);
  try {
    return work(db);
  } finally {
    db.close();
  }
}

const sealed = (path: string): Buffer[] => sql(path, (db) => db.prepare("SELECT sealed FROM audit ORDER BY place").pluck().all() as Buffer[]);

describe("the audit", () => {
  it.each<[string, (given: Given) => unknown, unknown[][]]>([
    ["an export", ({ store, id }) => store.entries(id, { by, action: "export" }), [["cli", "export", "Acme", "example.com", "cookie", 2], ["cli", "export", "Acme", "example.com", "local", 1], ["cli", "export", "Acme", "other.test", "cookie", 1]]],
    ["an export of one host", ({ store, id }) => store.entries(id, { by, action: "export", domain: "other.test" }), [["cli", "export", "Acme", "other.test", "cookie", 1]]],
    ["a library's reading", ({ store, id }) => store.entries(id, { by: "library", action: "read", origin: "https://app.example.com" }), [["library", "read", "Acme", "example.com", "local", 1]]],
    ["an export of nothing", ({ store, id }) => store.entries(id, { by, action: "export", domain: "none.test" }), [["cli", "export", "Acme", null, null, 0]]],
    ["a checkout", ({ store, id }) => store.checkout(id, { holder: "agent", ttlMs: minute }), [["agent", "checkout", "Acme", "example.com", "cookie", 2], ["agent", "checkout", "Acme", "example.com", "local", 1], ["agent", "checkout", "Acme", "other.test", "cookie", 1]]],
    ["a change in Firefox", ({ store, id }) => store.write(id, [{ kind: "set", cookie: cookie({ value: "new" }), at: 2 }], { by: firefox }), [["firefox", "write", "Acme", "example.com", "cookie", 1]]],
    ["a removal", ({ store, id }) => store.writeEntries(id, [remove(local("token", ""))], { by: firefox }), [["firefox", "write", "Acme", "example.com", "local", 1]]],
    ["an import", ({ store, id }) => store.writeEntries(id, [session("tab", "1"), database("db", ["one"]), record("db", "one", 1, "r")].map((entry) => set(entry)), { by: "import", action: "import" }), [["import", "import", "Acme", "example.com", "session", 1], ["import", "import", "Acme", "example.com", "database", 1], ["import", "import", "Acme", "example.com", "record", 1]]],
    ["an update of the library's", ({ store, id }) => store.update(id, { kind: "changes", changes: [set(local("token", "b"))] }, { by: "library", base: store.revision() }), [["library", "write", "Acme", "example.com", "local", 1]]],
    ["a restoring", ({ store, id }) => store.restore(id, { revision: 1 }, { by: "restore", force: true }), [["restore", "restore", "Acme", "example.com", "cookie", 2], ["restore", "restore", "Acme", "example.com", "local", 1], ["restore", "restore", "Acme", "other.test", "cookie", 1]]],
    ["a backup", ({ store }) => store.recordAccess({ by, action: "backup", count: 4 }), [["cli", "backup", null, null, null, 4]]],
    ["a verification of one project", ({ store, id }) => store.recordAccess({ by, action: "verify", project: id }), [["cli", "verify", "Acme", null, null, 0]]],
  ])("has %s, by registrable domain and kind", async (_, act, expected) => {
    const given = await project();
    act(given);
    expect(given.lines().sort()).toEqual(expected.sort());
  });

  it("has what a lease was used for, by its holder, and who took it back", async () => {
    const { store, id, clock, lines } = await project(local("token", "a"));
    const { token } = store.checkout(id, { holder: "agent", ttlMs: 10 * minute });
    clock.now += minute;
    store.checkin(id, { kind: "whole", entries: [local("token", "b")], covers: () => true, at: clock.now }, { token, keep: true });
    expect(lines()).toEqual([["agent", "checkin", "Acme", "example.com", "local", 1]]);
    clock.now += minute;
    store.checkin(id, { kind: "whole", entries: [local("token", "b")], covers: () => true, at: clock.now }, { token, keep: true });
    store.releaseLease(id, { token });
    store.checkout(id, { holder: "other", ttlMs: minute });
    store.revokeLease(id, { by });
    store.revokeLease(id, { by });
    expect(lines()).toEqual([
      ["agent", "checkin", "Acme", null, null, 0],
      ["agent", "release", "Acme", null, null, 0],
      ["other", "checkout", "Acme", "example.com", "local", 1],
      ["cli", "revoke", "Acme", null, null, 0],
    ]);
  });

  it("tells what a Firefox profile brought from what it was given", async () => {
    const { store, id, clock, lines } = await project(cookieEntry({ domain: "stored.test" }));
    const second = crypto.randomUUID();
    store.meetInstance(second, "Firefox");
    store.reconcile({ instance: second, project: id, cookies: [cookie({ domain: "brought.test" })], marks: [], now: clock.now });
    expect(lines()).toEqual([["firefox-2", "reconcile", "Acme", "brought.test", "cookie", 1], ["firefox-2", "deliver", "Acme", "stored.test", "cookie", 1]]);
    clock.now += minute;
    store.setSynced(second, id, store.revision());
    store.writeEntries(id, [set(cookieEntry({ domain: "later.test" })), remove(cookieEntry({ domain: "stored.test" }))], { by: firefox });
    expect(store.updatesFor(second)).toHaveLength(1);
    expect(lines().slice(2)).toEqual([["firefox-2", "deliver", "Acme", "later.test", "cookie", 1]]);
  });

  it("has nothing of what changes nothing, is refused, or stays inside Stead", async () => {
    const { store, id, clock, lines } = await project(cookieEntry());
    store.write(id, [{ kind: "set", cookie: cookie(), at: 9 }], { by: firefox });
    store.reconcile({ instance: firefox, project: id, cookies: [cookie()], marks: [], now: clock.now });
    store.updatesFor(firefox);
    store.unaudited.entries(id);
    store.unaudited.items(id);
    store.audit();
    store.verify();
    expect(await errorCode(() => store.checkin(id, { kind: "changes", changes: [] }, { token: `1.${"a".repeat(43)}` }))).toBe("conflict");
    expect(await errorCode(() => store.writeEntries(id, [set(local("a", "1"))], { by, expected: 0 }))).toBe("conflict");
    expect(await errorCode(() => store.entries(crypto.randomUUID(), { by, action: "export" }))).toBe("unknownProject");
    expect(await errorCode(() => store.recordAccess({ by, action: "verify", project: crypto.randomUUID() }))).toBe("unknownProject");
    expect(lines()).toEqual([]);
  });

  it("makes one event of what one does of a kind within a minute, in one row", async () => {
    const { store, id, clock, lines } = await project();
    const before = sealed(store.path).length;
    for (let change = 0; change < 50; change++) {
      clock.now += 1000;
      store.writeEntries(id, [set(local("token", `v${change}`))], { by: firefox });
    }
    store.writeEntries(id, [set(session("tab", "1"))], { by: firefox });
    expect(sealed(store.path).length).toBe(before + 1);
    const { events } = store.audit({ since: 11 * minute });
    expect(events).toMatchObject([
      { at: 11 * minute + 1000, until: 11 * minute + 50_000, actor: "firefox", action: "write", domain: "example.com", kind: "local", count: 50 },
      { kind: "session", count: 1 },
    ]);
    store.writeEntries(id, [set(local("token", "mine"))], { by });
    clock.now += 10_000;
    store.writeEntries(id, [set(local("token", "next"))], { by: firefox });
    expect(lines(11 * minute).map(([actor, , , , , count]) => [actor, count])).toEqual([["firefox", 50], ["firefox", 1], ["cli", 1], ["firefox", 1]]);
  });

  it("keeps rows small when one access is of many domains, and counts all of them", async () => {
    const { store, id, lines, clock } = await project(...Array.from({ length: 150 }, (_, place) => cookieEntry({ domain: `site-${place}.test` })));
    store.entries(id, { by, action: "export" });
    store.entries(id, { by, action: "export" });
    expect(new Map(lines().map(([, , , domain]) => [domain, lines().filter((line) => line[3] === domain).reduce((sum, line) => sum + Number(line[5]), 0)])).size).toBe(150);
    expect(lines().reduce((sum, line) => sum + Number(line[5]), 0)).toBe(300);
    expect(Math.max(...sealed(store.path).map((blob) => blob.length))).toBeLessThan(4000);
    expect(clock.now).toBe(11 * minute);
  });

  it("is of one project, and since a time", async () => {
    const { store, id, clock } = await project();
    const { id: other } = store.addProject({ name: "Other" });
    store.writeEntries(other, [set(local("a", "1"))], { by });
    store.recordAccess({ by, action: "backup" });
    clock.now += 10 * minute;
    store.writeEntries(id, [set(local("a", "1"))], { by });
    expect(store.audit({ project: other }).events).toMatchObject([{ project: "Other", at: 11 * minute }]);
    expect(store.audit({ project: id, since: 12 * minute }).events).toMatchObject([{ project: "Acme", at: 21 * minute }]);
    expect(store.audit({ since: 22 * minute }).events).toEqual([]);
    expect(store.audit().events.map(({ project: name }) => name)).toEqual(["Acme", "Acme", "Acme", "Other", null, "Acme"]);
    expect(await errorCode(() => store.audit({ project: crypto.randomUUID() }))).toBe("unknownProject");
  });
});

describe("without a line in the audit", () => {
  it("no value leaves the store, and nothing in it changes", async () => {
    const { store, id } = await project();
    sql(store.path, (db) => db.exec("CREATE TRIGGER refused BEFORE INSERT ON audit BEGIN SELECT raise(ABORT, 'refused'); END"));
    const revision = store.revision();
    const second = crypto.randomUUID();
    store.meetInstance(second, "Firefox");
    for (const act of [
      () => store.entries(id, { by, action: "export" }),
      () => store.checkout(id, { holder: "agent", ttlMs: minute }),
      () => store.updatesFor(second),
      () => store.reconcile({ instance: second, project: id, cookies: [], marks: [], now: 1 }),
      () => store.writeEntries(id, [set(local("token", "b"))], { by }),
      () => store.restore(id, { revision: 1 }, { by, force: true }),
      () => store.forget(id, { by }),
      () => store.removeProject(id, { by }),
    ]) {
      expect(act).toThrow();
    }
    expect([store.revision(), store.leases(), store.unaudited.entries(id).length]).toEqual([revision, [], here.length]);
  });
});

describe("forgetting in the audit", () => {
  const remains = (store: Store, blobs: Buffer[]): number => {
    const files = readdirSync(dirname(store.path)).map((name) => readFileSync(join(dirname(store.path), name)));
    return blobs.filter((blob) => files.some((bytes) => bytes.includes(blob.subarray(0, 24)))).length;
  };

  it("a host destroys the lines of its registrable domain, and leaves one that does not name it", async () => {
    const { store, id, lines, clock } = await project();
    store.entries(id, { by, action: "export" });
    store.entries(id, { by, action: "read", domain: "app.example.com" });
    clock.now += minute;
    const before = sealed(store.path);
    const second = crypto.randomUUID();
    store.meetInstance(second, "Firefox");
    store.setSynced(second, id, store.revision());
    store.forget(id, { by: "forget", domain: "app.example.com" });
    store.updatesFor(second);
    expect(lines(0)).toEqual([
      ["firefox", "write", "Acme", "other.test", "cookie", 1],
      ["cli", "export", "Acme", "other.test", "cookie", 1],
      ["forget", "forget", "Acme", null, null, 2],
    ]);
    expect(remains(store, before)).toBe(0);
    expect(store.verify().damaged).toEqual([]);
  });

  it.each([["localhost"], ["test"], ["127.0.0.1"], ["[::1]"]])("%s, which has no registrable domain, does so too", async (domain) => {
    const { store, id, lines } = await project(...["http://localhost:3000", "https://a.test", "http://127.0.0.1", "http://[::1]"].map((origin) => local("token", "a", origin)));
    store.forget(id, { by: "forget", domain });
    expect(lines(0)).toHaveLength(4);
    expect(JSON.stringify(lines(0))).not.toContain(domain.replace(/^\[|\]$/g, "").replace(/^test$/, "a.test"));
  });

  it("all of a project leaves one line", async () => {
    const { store, id, lines } = await project();
    store.forget(id, { by: "forget" });
    expect(lines(0)).toEqual([["forget", "forget", "Acme", null, null, 4]]);
  });

  it("a project by removing it leaves one line that says so, and nothing of the others in any file", async () => {
    const { store, id, lines } = await project();
    const { id: other } = store.addProject({ name: "Other" });
    store.writeEntries(other, [set(local("a", "1"))], { by });
    const [gone] = sealed(store.path);
    store.removeProject(id, { by: firefox });
    expect(lines(0)).toEqual([["cli", "write", "Other", "example.com", "local", 1], ["firefox", "remove", "Acme", null, null, 4]]);
    expect(sealed(store.path)).toHaveLength(2);
    expect(remains(store, gone ? [gone] : [])).toBe(0);
    expect(store.verify().damaged).toEqual([]);
  });
});

describe("the audit's limits", () => {
  const counted = (path: string): unknown =>
    sql(path, (db) => db.prepare("SELECT audit_bytes = (SELECT coalesce(sum(length(sealed) + 128), 0) FROM audit) FROM meta").pluck().get());

  it("let the oldest go, by age", async () => {
    const { store, id, clock } = await project();
    expect(store.auditLimits()).toEqual({ maxAge: 90 * day, maxBytes: 16 * 1024 * 1024 });
    clock.now += 91 * day;
    store.writeEntries(id, [set(local("a", "1"))], { by });
    expect(store.audit().events).toHaveLength(1);
    for (let count = 0; count < 200; count++) {
      clock.now += minute;
      store.recordAccess({ by, action: "verify" });
    }
    clock.now += 10 * minute;
    store.setAuditLimits({ maxAge: 15 * minute, maxBytes: 1e9 });
    expect(store.audit().events).toHaveLength(6);
    expect(counted(store.path)).toBe(1);
  });

  it("let the oldest go, by size, and never the newest", async () => {
    const { store, id, clock } = await project();
    store.setAuditLimits({ maxAge: 90 * day, maxBytes: 4000 });
    for (let count = 0; count < 50; count++) {
      clock.now += minute;
      store.writeEntries(id, [set(local("a", String(count)))], { by });
    }
    const { events } = store.audit();
    expect(events.length).toBeGreaterThan(5);
    expect(events.length).toBeLessThan(16);
    expect(events.at(-1)).toMatchObject({ at: clock.now });
    expect(counted(store.path)).toBe(1);
    store.setAuditLimits({ maxAge: 90 * day, maxBytes: 0 });
    expect(store.audit().events).toMatchObject([{ at: clock.now }]);
    store.forget(id, { by });
    expect(counted(store.path)).toBe(1);
  });
});

describe("the audit's rows", () => {
  it.each([
    ["changed", "UPDATE audit SET sealed = zeroblob(80) WHERE place = 1"],
    ["dated otherwise", "UPDATE audit SET at = at + 1 WHERE place = 1"],
    ["found by another's hash", "UPDATE audit SET batch_hash = zeroblob(32) WHERE place = 1"],
    ["moved", "UPDATE audit SET place = 99 WHERE place = 1"],
  ])("that were %s are counted by a verification", async (_, change) => {
    const { store } = await project();
    expect(store.verify().damaged).toEqual([]);
    sql(store.path, (db) => db.exec(change));
    expect(store.verify().damaged).toEqual([{ reason: "audit", count: 1 }]);
  });

  it("that do not open hide no other, and are begun anew by the next access", async () => {
    const { store, id, lines } = await project();
    store.entries(id, { by, action: "export", domain: "other.test" });
    sql(store.path, (db) => db.exec("UPDATE audit SET sealed = zeroblob(80)"));
    expect(store.audit()).toEqual({ events: [], damaged: 2 });
    store.entries(id, { by, action: "export", domain: "other.test" });
    expect(lines()).toEqual([["cli", "export", "Acme", "other.test", "cookie", 1]]);
  });

  it("are sealed anew when the keys are rotated, and say that they were", async () => {
    const { store, options } = await project();
    const [before, old] = [store.audit().events, sealed(store.path)];
    await rotateKey({ ...options, passphrase: () => Promise.reject(new Error("unasked")) });
    const { events, damaged } = store.audit();
    expect([events.slice(0, -1), damaged]).toEqual([before, 0]);
    expect(events.at(-1)).toMatchObject({ actor: "cli", action: "rotate", project: null });
    expect(sealed(store.path).slice(0, old.length)).not.toEqual(old);
  });
});

describe("a vault's locking", () => {
  it("and unlocking are audited where they change something", async () => {
    const { options, clock } = await project();
    const since = clock.now;
    for (const act of [lockVault, lockVault, unlockVault, unlockVault]) {
      await act(options);
      clock.now += minute;
    }
    await lockVault({ ...options, by: "idle" });
    await unlockVault(options);
    const { events } = (await storeIn(options)).audit({ since });
    expect(events.map(({ at, actor, action, count }) => [(at - since) / minute, actor, action, count])).toEqual([
      [0, "cli", "lock", 0], [2, "cli", "unlock", 0], [4, "idle", "lock", 0], [4, "cli", "unlock", 0],
    ]);
  });

  it("goes before the audit: what is damaged can be locked", async () => {
    const { options, store } = await project();
    sql(store.path, (db) => db.exec("UPDATE data_key SET wrapped = zeroblob(92)"));
    expect(await lockVault(options)).toEqual({ state: "locked", source: "file" });
  });
});
