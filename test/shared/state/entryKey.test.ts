import { describe, expect, it } from "vitest";
import { cookieKey } from "../../../shared/cookie.ts";
import { Entry, EntryId } from "../../../shared/state/entry.ts";
import { entryKey } from "../../../shared/state/entryKey.ts";
import { entrySite } from "../../../shared/state/entrySite.ts";
import { sameEntry, sameValue } from "../../../shared/state/sameEntry.ts";
import { cookie } from "../formats/arbitraries.ts";
import { valueOf } from "./arbitraries.ts";

const origin = "https://app.acme.test:8443";
const record = (key: unknown, more: Partial<Extract<EntryId, { kind: "record" }>> = {}): EntryId => ({ kind: "record", origin, database: "d", store: "s", key: valueOf(key), ...more });

describe("an entry's identity", () => {
  it("is one string for what would replace each other", () => {
    expect(entryKey(record(-0))).toBe(entryKey(record(0)));
    expect(entryKey(record([[1]]))).toBe(entryKey(record(0, { key: { a: [{ a: [1], id: 9 }], id: 3 } })));
    expect(entryKey(record(Uint8Array.of(1, 0)))).toBe(entryKey(record(Uint16Array.of(1))));
    expect(entryKey({ kind: "cookie", domain: "A.test", path: "/", name: "n" })).toBe(cookieKey({ domain: "a.test", path: "/", name: "n" }));
  });

  it("differs for everything else", () => {
    const ids: EntryId[] = [
      record(1), record("1"), record([1]), record(new Date(1)), record(Uint8Array.of(1)), record("1", { store: "t" }), record("1", { database: "e" }), record("1", { origin: "https://acme.test" }),
      record("\ud800"), record("\ud801"),
      { kind: "local", origin, key: "d" }, { kind: "session", origin, key: "d" }, { kind: "database", origin, database: "d" }, { kind: "local", origin, key: "" }, { kind: "local", origin, key: '"d"' },
      { kind: "cookie", domain: "local", path: origin, name: "d" }, { kind: "cookie", domain: "app.acme.test", path: "/", name: "d" }, { kind: "cookie", domain: ".app.acme.test", path: "/", name: "d" },
    ];
    expect(new Set(ids.map(entryKey)).size).toBe(ids.length);
    for (const id of ids) expect(EntryId.safeParse(id).success).toBe(true);
  });

  it.each<[string, object]>([
    ["a record without a key", { kind: "record", origin, database: "d", store: "s" }],
    ["a record whose key is an object", { kind: "record", origin, database: "d", store: "s", key: { o: [], id: 1 } }],
    ["a record whose key is no Value", { kind: "record", origin, database: "d", store: "s", key: { ab: { b: "-" } } }],
    ["a record whose key is null", { kind: "record", origin, database: "d", store: "s", key: null }],
    ["an origin with a path", { kind: "local", origin: "https://a.test/", key: "k" }],
    ["an origin with its scheme's own port", { kind: "local", origin: "https://a.test:443", key: "k" }],
    ["an origin with a user", { kind: "local", origin: "https://a@b.test", key: "k" }],
    ["an origin in capitals", { kind: "local", origin: "https://A.test", key: "k" }],
    ["another scheme", { kind: "local", origin: "moz-extension://a", key: "k" }],
    ["an origin that is none", { kind: "local", origin: "http://[", key: "k" }],
  ])("is not %s", (_what, id) => {
    expect(EntryId.safeParse(id).success).toBe(false);
    expect(Entry.safeParse({ value: "v", ...id }).success).toBe(false);
  });

  it("refuses a key that is none rather than mixing records", () => {
    expect(() => entryKey(record({}))).toThrow(expect.objectContaining({ code: "fileFormat" }) as Error);
  });

  it.each<[EntryId, string]>([
    [{ kind: "cookie", domain: ".app.acme.co.uk", path: "/", name: "n" }, "acme.co.uk"],
    [{ kind: "local", origin: "https://me.github.io", key: "k" }, "me.github.io"],
    [{ kind: "session", origin: "http://localhost:3000", key: "k" }, "localhost"],
    [{ kind: "database", origin: "http://[::1]:3000", database: "d" }, "::1"],
    [record(1, { origin: "https://a.b.acme.test" }), "acme.test"],
  ])("belongs to a site: %j", (id, site) => {
    expect(entrySite(id)).toBe(site);
  });
});

describe("two entries", () => {
  const local: Entry = { kind: "local", origin, key: "k", value: "v" };
  const shape = { version: 1, stores: ["a", "b"].map((name) => ({ name, keyPath: null, autoIncrement: false, indexes: [] })) };
  const database: Entry = { kind: "database", origin, database: "d", shape };
  const kept: Entry = { kind: "record", origin, database: "d", store: "s", key: 0, value: { o: [{ k: "a", v: 1 }], id: 1 } };

  it.each<[string, Entry, Entry]>([
    ["cookies", { kind: "cookie", ...cookie({ expires: 5 }) }, { kind: "cookie", ...cookie({ expires: 5.0001 }) }],
    ["items of localStorage", local, { ...local }],
    ["databases whose stores are listed otherwise", database, { ...database, shape: { ...shape, stores: shape.stores.toReversed() } }],
    ["records whose objects have other names", kept, { ...kept, key: { v: "-0" }, value: { o: [{ k: "a", v: 1 }], id: 30 } }],
  ])("say the same: %s", (_what, a, b) => {
    expect(sameEntry(a, b)).toBe(true);
  });

  it.each<[string, Entry, Entry]>([
    ["cookies of other values", { kind: "cookie", ...cookie() }, { kind: "cookie", ...cookie({ value: "x" }) }],
    ["localStorage and sessionStorage", local, { ...local, kind: "session" }],
    ["other values", local, { ...local, value: "w" }],
    ["another version", database, { ...database, shape: { ...shape, version: 2 } }],
    ["another next key", database, { ...database, shape: { ...shape, stores: shape.stores.map((store) => ({ ...store, nextKey: 4 })) } }],
    ["records of other keys", kept, { ...kept, key: "0" }],
    ["records of other values", kept, { ...kept, value: { o: [{ k: "a", v: 2 }], id: 1 } }],
    ["a record and its database", kept, database],
  ])("differ: %s", (_what, a, b) => {
    expect(sameEntry(a, b)).toBe(false);
  });

  it("differ where one object is there twice and the other has two alike", () => {
    const one = {};
    expect(sameValue(valueOf([one, one]), valueOf([{}, {}]))).toBe(false);
    expect(sameValue(valueOf([one, one]), { a: [{ o: [], id: 8 }, { ref: 8 }], id: 9 })).toBe(true);
    expect(sameValue({ d: "", id: 4 }, { d: "" })).toBe(true);
  });

  it("say the same where only the stack of an error differs, which Firefox does not take back", () => {
    expect(sameValue({ e: { n: "Error", m: "a", s: "here" } }, { e: { n: "Error", m: "a", s: "" } })).toBe(true);
    expect(sameValue({ e: { n: "Error", m: "a", s: "" } }, { e: { n: "Error", m: "b", s: "" } })).toBe(false);
  });
});
