import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";
import type { Store } from "../../../native-host/store/types.ts";
import type { Entry, EntryChange } from "../../../shared/state/entry.ts";
import { entryId } from "../../../shared/state/entryId.ts";
import type { Theirs } from "../../../shared/sync/merge.ts";
import { cookieEntry, database, local, record } from "../../support/entries.ts";
import { errorCode } from "../../support/errorCode.ts";
import { storeHome, storeIn } from "../../support/storeHome.ts";

const set = (entry: Entry, at = 1): EntryChange => ({ kind: "set", entry, at });
const remove = (entry: Entry, at = 1): EntryChange => ({ kind: "remove", id: entryId(entry), at });
const [a, b, c] = [local("token", "a"), local("token", "b"), local("token", "c")];
const other = local("other", "x");
const minute = 60_000;
const agent = { holder: "agent", ttlMs: minute };

interface Given {
  store: Store;
  id: string;
  clock: { now: number };
  live: () => Set<Entry | undefined>;
  /** What a person does in Firefox. */
  human: (...changes: EntryChange[]) => number;
  whole: (...entries: Entry[]) => Theirs;
}

async function project(...entries: Entry[]): Promise<Given> {
  const clock = { now: 1000 };
  const store = await storeIn({ ...storeHome(), now: () => clock.now });
  const { id } = store.addProject({ name: "Acme" });
  const human = (...changes: EntryChange[]): number => {
    clock.now += 10;
    return store.writeEntries(id, changes.map((change) => ({ ...change, at: clock.now })), { by: "firefox" }).revision;
  };
  if (entries.length > 0) human(...entries.map((one) => set(one)));
  return {
    store, id, clock, human,
    live: () => new Set(store.unaudited.entries(id).map(({ entry }) => entry)),
    whole: (...theirs) => ({ kind: "whole", entries: theirs, covers: () => true, at: (clock.now += 10) }),
  };
}

describe("a checkout", () => {
  it("gives the state, its revision, and a token that is in no file", async () => {
    const { store, id } = await project(a, other);
    const { token, ...rest } = store.checkout(id, agent);
    expect(rest).toEqual({ revision: 2, expiresAt: 1010 + minute, entries: [a, other] });
    expect(token).toMatch(/^1\.[\w-]{43}$/);
    expect(store.leases()).toEqual([{ project: id, holder: "agent", since: 1010, expiresAt: 1010 + minute, revision: 2 }]);
    const db = new Sqlite(store.path, { readonly: true });
    const bytes = db.serialize();
    db.close();
    for (const text of ["agent", token, token.slice(2), Buffer.from(token.slice(2), "base64url")]) expect(bytes.includes(text)).toBe(false);
  });

  it("is refused while another has it, and says who", async () => {
    const { store, id, clock } = await project(a);
    store.checkout(id, agent);
    expect(() => store.checkout(id, { holder: "second", ttlMs: minute })).toThrow(/"Acme" is leased to "agent" until 1970-01-01T00:01:01\.010Z/);
    expect(await errorCode(() => store.checkout(id, agent))).toBe("conflict");
    clock.now += minute;
    expect(store.checkout(id, { holder: "second", ttlMs: minute }).token).toMatch(/^2\./);
  });

  it("of one project leaves another free", async () => {
    const { store, id } = await project(a);
    const { id: second } = store.addProject({ name: "Other" });
    const { token } = store.checkout(id, agent);
    const mine = store.checkout(second, agent);
    expect(await errorCode(() => store.checkin(second, { kind: "changes", changes: [] }, { token }))).toBe("conflict");
    store.checkin(second, { kind: "changes", changes: [set(b)] }, { token: mine.token });
    expect(store.unaudited.entries(id).map(({ entry }) => entry)).toEqual([a]);
  });

  it.each([
    [{ holder: "", ttlMs: minute }],
    [{ holder: "a\nb", ttlMs: minute }],
    [{ holder: "x".repeat(65), ttlMs: minute }],
    [{ holder: "agent", ttlMs: 999 }],
    [{ holder: "agent", ttlMs: 31 * 24 * 60 * minute }],
    [{ holder: "agent", ttlMs: Number.NaN }],
  ])("refuses %j", async (options) => {
    const { store, id } = await project();
    expect(await errorCode(() => store.checkout(id, options))).toBe("usage");
  });
});

describe("a check-in", () => {
  it("writes what the holder changed, and leaves what a person changed meanwhile", async () => {
    const { store, id, live, human, whole } = await project(a, other, local("gone", "1"));
    const { token } = store.checkout(id, agent);
    human(set(local("other", "human")), set(local("new", "human")));
    expect(store.checkin(id, whole(b, other), { token })).toEqual({ revision: 4, applied: 2, conflicts: [] });
    expect(live()).toEqual(new Set([b, local("other", "human"), local("new", "human")]));
    expect(store.history(id)[0]).toMatchObject({ by: "agent", items: 2 });
    expect(store.leases()).toEqual([]);
  });

  it("lets the newer of two changes stand, keeps the other, and tells of both", async () => {
    const { store, id, live, human, whole } = await project(a);
    const { token } = store.checkout(id, agent);
    const before = human(set(b));
    const name = { kind: "local", domain: "app.example.com", name: "token" };
    expect(store.checkin(id, whole(c), { token })).toEqual({ revision: before + 1, applied: 1, conflicts: [name] });
    expect(live()).toEqual(new Set([c]));
    expect(store.history(id)[0]).toMatchObject({ by: "agent", conflicts: [name] });
    store.restore(id, { revision: before }, { by: "restore" });
    expect(live()).toEqual(new Set([b]));
  });

  it("keeps what lost, to be had again", async () => {
    const { store, id, live, human } = await project(a);
    const { token } = store.checkout(id, agent);
    const before = human(set(b));
    const changes: Theirs = { kind: "changes", changes: [set(c, 1005)] };
    expect(store.checkin(id, changes, { token })).toMatchObject({ revision: before + 2, applied: 0, conflicts: [{ name: "token" }] });
    expect(live()).toEqual(new Set([b]));
    expect(store.history(id).map(({ revision, by, items }) => [revision, by, items]).slice(0, 2)).toEqual([[before + 2, "merge", 1], [before + 1, "agent", 1]]);
    store.restore(id, { revision: before + 1 }, { by: "restore" });
    expect(live()).toEqual(new Set([c]));
    store.restore(id, { revision: before + 2 }, { by: "restore" });
    expect(live()).toEqual(new Set([b]));
    expect(store.verify().damaged).toEqual([]);
  });

  it("keeps what lost although it is changed again later", async () => {
    const { store, id, live, human } = await project(a);
    const { token } = store.checkout(id, agent);
    const before = human(set(b));
    store.checkin(id, { kind: "changes", changes: [set(c, 1005)] }, { token });
    const after = store.checkout(id, agent);
    human(set(local("token", "d")));
    expect(store.checkin(id, { kind: "changes", changes: [set(b, 2)] }, { token: after.token })).toMatchObject({ applied: 0, conflicts: [] });
    store.restore(id, { revision: before + 1 }, { by: "restore" });
    expect(live()).toEqual(new Set([c]));
    store.restore(id, { revision: before + 2 }, { by: "restore" });
    expect(live()).toEqual(new Set([b]));
  });

  it("with keep goes on from what its holder has, not from what others wrote", async () => {
    const { store, id, live, human, whole } = await project(a, other);
    const { token } = store.checkout(id, agent);
    expect(store.checkin(id, whole(b, other), { token, keep: true })).toMatchObject({ applied: 1, conflicts: [] });
    human(set(local("new", "human")), set(local("other", "human")));
    // It saw neither of these, deletes neither, and its own earlier change is no conflict.
    expect(store.checkin(id, whole(c, other), { token, keep: true })).toMatchObject({ applied: 1, conflicts: [] });
    human(set(local("token", "human")));
    expect(store.checkin(id, whole(c, other), { token, keep: true })).toMatchObject({ applied: 0, conflicts: [] });
    expect(live()).toEqual(new Set([local("token", "human"), local("new", "human"), local("other", "human")]));
    expect(store.checkin(id, whole(other), { token })).toMatchObject({ applied: 1, conflicts: [{ name: "token" }] });
    expect(live()).toEqual(new Set([local("new", "human"), local("other", "human")]));
  });

  it("with keep tells of a conflict once", async () => {
    const { store, id, human } = await project(a, other);
    const { token } = store.checkout(id, agent);
    human(set(b));
    const again = (): unknown => store.checkin(id, { kind: "changes", changes: [set(c, 1005)] }, { token, keep: true }).conflicts;
    expect(again()).toHaveLength(1);
    const revision = store.revision();
    expect(again()).toEqual([]);
    expect(store.revision()).toBe(revision);
  });

  it("resurrects nothing that was deleted meanwhile", async () => {
    const { store, id, live, human, whole } = await project(a, other);
    const { token } = store.checkout(id, agent);
    human(remove(a));
    expect(store.checkin(id, whole(a, other), { token })).toMatchObject({ applied: 0, conflicts: [] });
    expect(live()).toEqual(new Set([other]));
  });

  it("that is empty changes nothing but by force, and leaves the lease", async () => {
    const { store, id, live, whole } = await project(a);
    const { token } = store.checkout(id, agent);
    expect(await errorCode(() => store.checkin(id, whole(), { token }))).toBe("conflict");
    expect(live()).toEqual(new Set([a]));
    expect(store.checkin(id, whole(), { token, force: true })).toMatchObject({ applied: 1 });
    expect(live()).toEqual(new Set());
  });

  it("keeps the store's where its history no longer reaches back", async () => {
    const { store, id, live, human, whole } = await project(a, other);
    const { token } = store.checkout(id, agent);
    human(set(b), remove(other));
    store.setHistoryLimits({ maxAge: 1e12, maxBytes: 0 });
    expect(store.checkin(id, whole(c, other, cookieEntry()), { token })).toMatchObject({ applied: 1, conflicts: [{ name: "token" }, { name: "other" }] });
    expect(live()).toEqual(new Set([b, cookieEntry()]));
  });

  it("of changes to a database sees what became of it", async () => {
    const { store, id, live, human } = await project(database("db", ["one"]), record("db", "one", 1, "a"));
    const { token } = store.checkout(id, agent);
    human(remove(database("db", [])));
    const changes: Theirs = { kind: "changes", changes: [set(record("db", "one", 1, "b"), 5000), set(record("db", "one", 2, "c"), 5000)] };
    expect(store.checkin(id, changes, { token })).toMatchObject({ applied: 0, conflicts: [{ kind: "record", name: "db/one" }, { kind: "record", name: "db/one" }] });
    expect(live()).toEqual(new Set());
  });
});

describe("a token that is no longer good", () => {
  const use: [title: string, act: (store: Store, id: string, token: string) => unknown][] = [
    ["check-in", (store, id, token) => store.checkin(id, { kind: "changes", changes: [set(b)] }, { token })],
    ["renewal", (store, id, token) => store.renewLease(id, { token, ttlMs: minute })],
    ["release", (store, id, token) => store.releaseLease(id, { token })],
  ];
  const ends: [title: string, end: (given: Given, token: string) => void, message: RegExp][] = [
    ["expired", ({ clock }) => (clock.now += minute), /expired at 1970.*nobody has "Acme" now/],
    ["was revoked", ({ store, id }) => store.revokeLease(id, { by: "cli" }), /was ended; nobody has "Acme" now/],
    ["was released", ({ store, id }, token) => store.releaseLease(id, { token }), /was ended; nobody/],
    ["was checked in", ({ store, id }, token) => store.checkin(id, { kind: "changes", changes: [] }, { token }), /was ended; nobody/],
    ["expired and another has it", ({ store, id, clock }) => ((clock.now += minute), store.checkout(id, { holder: "second", ttlMs: minute })), /was ended; "Acme" is leased to "second" until/],
    ["was revoked and its holder has another", ({ store, id }) => (store.revokeLease(id, { by: "cli" }), store.checkout(id, agent)), /was ended; "Acme" is leased to "agent" until/],
  ];
  for (const [what, act] of use) {
    it.each(ends)(`is refused for ${what} because it %s, and changes nothing`, async (_title, end, message) => {
      const given = await project(a);
      const { token } = given.store.checkout(given.id, agent);
      end(given, token);
      const [revision, leases] = [given.store.revision(), given.store.leases()];
      expect(() => act(given.store, given.id, token)).toThrow(message);
      expect(await errorCode(() => act(given.store, given.id, token))).toBe("conflict");
      expect([given.store.revision(), given.store.leases(), given.live()]).toEqual([revision, leases, new Set([a])]);
    });
  }

  it.each([["", "usage"], ["1", "usage"], ["1.short", "usage"], [`0.${"x".repeat(43)}`, "usage"], [`1.${"x".repeat(43)}`, "conflict"], [`2.${"x".repeat(43)}`, "conflict"]])(
    "or never was is refused: %s",
    async (token, code) => {
      const { store, id } = await project(a);
      store.checkout(id, agent);
      expect(await errorCode(() => store.checkin(id, { kind: "changes", changes: [] }, { token }))).toBe(code);
    },
  );

  it("is not made good by its fence or its secret alone", async () => {
    const { store, id } = await project(a);
    const first = store.checkout(id, agent).token;
    store.revokeLease(id, { by: "cli" });
    const second = store.checkout(id, agent).token;
    const forged = [first.replace(/^1/, "2"), second.replace(/^2/, "1"), second.replace(/^2/, "3")];
    for (const token of forged) expect(await errorCode(() => store.releaseLease(id, { token }))).toBe("conflict");
    store.releaseLease(id, { token: second });
  });
});

describe("a lease", () => {
  it("lasts from its renewal on, and may be shortened so", async () => {
    const { store, id, clock } = await project(a);
    const { token } = store.checkout(id, agent);
    clock.now += minute - 1;
    expect(store.renewLease(id, { token, ttlMs: 2 * minute })).toMatchObject({ holder: "agent", expiresAt: clock.now + 2 * minute });
    clock.now += 2 * minute - 1;
    expect(store.leases()).toHaveLength(1);
    store.renewLease(id, { token, ttlMs: 1000 });
    clock.now += 1000;
    expect(store.leases()).toEqual([]);
  });

  it("is taken back by anyone, once", async () => {
    const { store, id } = await project(a);
    store.checkout(id, agent);
    expect(store.revokeLease(id, { by: "cli" })).toMatchObject({ holder: "agent" });
    expect(store.revokeLease(id, { by: "cli" })).toBeUndefined();
    expect(store.leases()).toEqual([]);
  });

  it("goes with its project", async () => {
    const { store, id } = await project(a);
    const { token } = store.checkout(id, agent);
    store.removeProject(id, { by: "cli" });
    expect(store.leases()).toEqual([]);
    expect(await errorCode(() => store.checkin(id, { kind: "changes", changes: [] }, { token }))).toBe("unknownProject");
    expect(store.verify().damaged).toEqual([]);
  });

  it("cannot be changed in the file", async () => {
    const { store, id } = await project(a);
    store.checkout(id, agent);
    const db = new Sqlite(store.path);
    db.exec("UPDATE lease SET fence = fence + 1");
    db.close();
    expect(store.verify().damaged).toEqual([{ reason: "lease", count: 1 }]);
    expect(await errorCode(() => store.leases())).toBe("storeDamaged");
  });
});

describe("the registry", () => {
  it("says who has which project, while they have it", async () => {
    const { store, id, clock } = await project(a);
    const { id: second } = store.addProject({ name: "Other" });
    const { token } = store.checkout(id, agent);
    store.checkout(second, { holder: "second", ttlMs: 10 * minute });
    const [one, two] = [{ project: id, holder: "agent", expiresAt: 1010 + minute }, { project: second, holder: "second", expiresAt: 1010 + 10 * minute }];
    const leases = (): unknown => new Set(store.registry().leases);
    expect(leases()).toEqual(new Set([one, two]));
    store.renewLease(id, { token, ttlMs: 2 * minute });
    expect(leases()).toEqual(new Set([{ ...one, expiresAt: 1010 + 2 * minute }, two]));
    store.revokeLease(id, { by: "cli" });
    expect(leases()).toEqual(new Set([two]));
    clock.now += 10 * minute;
    expect(leases()).toEqual(new Set());
    store.checkout(second, agent);
    store.removeProject(second, { by: "cli" });
    expect(leases()).toEqual(new Set());
  });

  it("is there when a lease is damaged, without it, and verify() counts it", async () => {
    const { store, id } = await project(a);
    store.checkout(id, agent);
    const db = new Sqlite(store.path);
    db.exec("UPDATE lease SET sealed = zeroblob(length(sealed))");
    db.close();
    expect(store.registry()).toMatchObject({ projects: [{ name: "Acme" }], leases: [] });
    expect(store.verify().damaged).toEqual([{ reason: "lease", count: 1 }]);
  });
});

describe("an update without a lease", () => {
  it("merges what was changed since the revision it names", async () => {
    const { store, id, live, human } = await project(a, other);
    const base = store.revision();
    human(set(local("other", "human")));
    expect(store.update(id, { kind: "changes", changes: [set(b, 5000), remove(other, 1005)] }, { by: "library", base })).toMatchObject({ applied: 1, conflicts: [{ name: "other" }] });
    expect(live()).toEqual(new Set([b, local("other", "human")]));
    // The same once more tells the same, and keeps nothing twice.
    const revision = store.revision();
    expect(store.update(id, { kind: "changes", changes: [set(b, 5000), remove(other, 1005)] }, { by: "library", base })).toMatchObject({ revision, applied: 0, conflicts: [{ name: "other" }] });
  });

  it.each([[undefined], [null], [-1], [1.5], [99], ["2"]])("is refused with %j for its base", async (base) => {
    const { store, id } = await project(a);
    const options = { by: "library", base } as unknown as { by: string; base: number };
    expect(await errorCode(() => store.update(id, { kind: "changes", changes: [set(b)] }, options))).toBe("usage");
  });

  it("is refused while the project is leased, and a person's change is not", async () => {
    const { store, id, human } = await project(a);
    const base = store.revision();
    store.checkout(id, agent);
    expect(await errorCode(() => store.update(id, { kind: "changes", changes: [set(b)] }, { by: "library", base }))).toBe("conflict");
    expect(human(set(b))).toBe(base + 1);
  });
});
