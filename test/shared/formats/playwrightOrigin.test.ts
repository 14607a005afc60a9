import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { entriesOf, type Origin, stateOf } from "../../../shared/formats/index.ts";
import { playwright } from "../../../shared/formats/playwright.ts";
import { toPlaywrightValue } from "../../../shared/formats/playwrightValue.ts";
import type { Tally } from "../../../shared/models.ts";
import type { Entry } from "../../../shared/state/entry.ts";
import { entryKey } from "../../../shared/state/entryKey.ts";
import { sameEntry } from "../../../shared/state/sameEntry.ts";
import type { Value } from "../../../shared/state/value.ts";
import { depthLimit } from "../../../shared/state/valueKinds.ts";
import { anyEntries } from "../state/arbitraries.ts";
import { everything, now, options, origin } from "./arbitraries.ts";

type Store = NonNullable<Origin["databases"][number]["shape"]>["stores"][number];
const store = (more: Partial<Store> = {}): Store => ({ name: "s", keyPath: null, autoIncrement: false, indexes: [], ...more });

/** An origin with one database and in it one store with these records. */
const withRecords = (records: [Value, Value][], more: Partial<Store> = {}): Origin =>
  origin({ databases: [{ name: "d", shape: { version: 1, stores: [store(more)] }, records: records.map(([key, value]) => ({ store: "s", key, value })) }] });

function write(given: Origin) {
  const { document, dropped, lost } = playwright.write({ cookies: [], origins: [given] }, options);
  const { origins } = JSON.parse(document) as { origins: { indexedDB?: { stores: { records: unknown[] }[] }[] }[] };
  return { origins, records: origins[0]?.indexedDB?.[0]?.stores[0]?.records, dropped, lost };
}

/** A document of one origin with one database and in it one store. */
const readStore = (more: object) =>
  playwright.read(JSON.stringify({ origins: [{ origin: "https://app.acme.test", localStorage: [], indexedDB: [{ name: "d", version: 1, stores: [{ name: "s", autoIncrement: false, indexes: [], records: [], ...more }] }] }] }), { now });
const readRecord = (record: object, more: object = {}) => readStore({ ...more, records: [record] });
const recordsOf = ({ origins }: { origins: Origin[] }) => origins.flatMap(({ databases }) => databases.flatMap(({ records }) => records));

const inObject = (value: Value): Value => ({ o: [{ k: "in", v: value }], id: 1 });
const shared: Value = { a: [{ d: "", id: 2 }, { ref: 2 }], id: 1 };

describe("a record as Playwright has it", () => {
  it.each<[string, Value, object]>([
    ["plain JSON as it is", { o: [{ k: "a", v: { a: [1, "x", true, { v: "null" }, 0, ""], id: 2 } }], id: 1 }, { value: { a: [1, "x", true, null, 0, ""] } }],
    ["0 in the encoded field", 0, { valueEncoded: 0 }],
    ["an empty text in the encoded field", "", { valueEncoded: "" }],
    ["false in the encoded field", false, { valueEncoded: false }],
    ["null in the encoded field", { v: "null" }, { valueEncoded: { v: "null" } }],
    ["true", true, { value: true }],
    ["a date", { d: "1970-01-01T00:00:00.000Z" }, { valueEncoded: { d: "1970-01-01T00:00:00.000Z" } }],
    ["an invalid date", { d: "" }, { valueEncoded: { d: "" } }],
    ["-0 deep within", inObject({ v: "-0" }), { valueEncoded: inObject({ v: "-0" }) }],
    ["what is there twice", { a: [{ o: [], id: 2 }, { ref: 2 }], id: 1 }, { valueEncoded: { a: [{ o: [], id: 2 }, { ref: 2 }], id: 1 } }],
    ["a property named like a kind", inObject({ o: [{ k: "ref", v: 1 }], id: 2 }), { value: { in: { ref: 1 } } }],
  ])("has %s, both ways", (_what, value, written) => {
    const { records, dropped, lost } = write(withRecords([["k", value]]));
    expect({ records, dropped, lost }).toEqual({ records: [{ key: "k", ...written }], dropped: [], lost: [] });
    expect(recordsOf(readRecord({ key: "k", ...written }))).toEqual([{ store: "s", key: "k", value }]);
  });

  it.each<[string, Value, object]>([
    ["a number", 1.5, { key: 1.5 }],
    ["0", 0, { keyEncoded: 0 }],
    ["an empty text", "", { keyEncoded: "" }],
    ["Infinity", { v: "Infinity" }, { keyEncoded: { v: "Infinity" } }],
    ["a date", { d: "1970-01-01T00:00:00.000Z" }, { keyEncoded: { d: "1970-01-01T00:00:00.000Z" } }],
    ["a list", { a: ["a", 0], id: 1 }, { key: ["a", 0] }],
    ["a list with a date", { a: [{ d: "1970-01-01T00:00:00.000Z" }], id: 1 }, { keyEncoded: { a: [{ d: "1970-01-01T00:00:00.000Z" }], id: 1 } }],
  ])("has a key that is %s, both ways", (_what, key, written) => {
    expect(write(withRecords([[key, true]])).records).toEqual([{ ...written, value: true }]);
    expect(recordsOf(readRecord({ ...written, value: true }))).toEqual([{ store: "s", key, value: true }]);
  });

  it.each<[unknown, Value]>([[0, 0], ["", ""], [false, false], [null, { v: "null" }]])("is what is there, empty or not: %j in a plain field", (plain, value) => {
    expect(recordsOf(readRecord({ key: 1, value: plain }))).toEqual([{ store: "s", key: 1, value }]);
    expect(recordsOf(readRecord({ key: 1, valueEncoded: value }))).toEqual([{ store: "s", key: 1, value }]);
  });

  it.each<[unknown, Value]>([[0, 0], ["", ""]])("is what is there, empty or not: the key %j in a plain field", (plain, key) => {
    expect(recordsOf(readRecord({ key: plain, value: 1 }))).toEqual([{ store: "s", key, value: 1 }]);
  });

  it("has no key of its own where the store has a key path, and one is found there", () => {
    const value: Value = { o: [{ k: "a", v: { o: [{ k: "b", v: 7 }], id: 2 } }, { k: "c", v: "x" }], id: 1 };
    for (const [keyPath, key, paths] of [["a.b", 7, { keyPath: "a.b" }], [["c", "a.b"], { a: ["x", 7], id: 1 }, { keyPathArray: ["c", "a.b"] }]] as const) {
      const given = withRecords([[key as Value, value]], { keyPath: keyPath as string | string[] });
      expect(write(given).records).toEqual([{ value: { a: { b: 7 }, c: "x" } }]);
      expect(readRecord({ value: { a: { b: 7 }, c: "x" } }, paths).origins).toEqual([given]);
    }
    expect(recordsOf(readRecord({ value: "itself" }, { keyPath: "" }))).toEqual([{ store: "s", key: "itself", value: "itself" }]);
  });

  it("is read with an invalid date as Playwright writes one", () => {
    expect(recordsOf(readRecord({ key: 1, valueEncoded: { a: [{ d: null }], id: 1 } }))).toEqual([{ store: "s", key: 1, value: { a: [{ d: "" }], id: 1 } }]);
  });

  it.each<[string, object, object]>([
    ["a record whose value Playwright did not write: it was 0, an empty text, false, null or NaN", { key: "k" }, {}],
    ["a record whose key Playwright did not write: it was 0 or an empty text", { value: 1 }, {}],
    ["a record without a key that is one", { key: null, value: 1 }, {}],
    ["a record without a key that is one", { keyEncoded: { v: "NaN" }, value: 1 }, {}],
    ["a record without a key that is one", { value: { id: true } }, { keyPath: "id" }],
    ["a record without a key that is one", { value: 1 }, { keyPath: "id" }],
  ])("is left out and counted: %s", (reason, record, more) => {
    const read = readRecord(record, more);
    expect(recordsOf(read)).toEqual([]);
    expect(read.dropped).toEqual([{ reason, count: 1 }]);
  });

  it.each<[string, object, string]>([
    ["a handle", { key: 1, valueEncoded: { h: 0 } }, "origins[0].indexedDB[0].stores[0].records[0].valueEncoded: expected a value of one known kind"],
    ["a function", { key: 1, valueEncoded: { o: [{ k: "cAnArY", v: { fn: "cAnArY" } }], id: 1 } }, "records[0].valueEncoded.o[0].v: expected a value of one known kind"],
    ["a reference to nothing", { key: 1, valueEncoded: { ref: 1 } }, "expected a ref to an id given before it"],
    ["broken base64", { key: 1, valueEncoded: { ab: { b: "cAnArY-" } } }, "expected base64"],
    ["a bad key", { keyEncoded: { a: "cAnArY" }, value: 1 }, "records[0].keyEncoded: expected a list of values"],
    ["what is too deep", { key: 1, value: JSON.parse("[".repeat(300) + "]".repeat(300)) as unknown }, `records[0].value: expected a value nested at most ${depthLimit} levels deep`],
  ])("is refused with %s, and where that is said", (_what, record, message) => {
    const read = () => readRecord(record);
    expect(read).toThrow(expect.objectContaining({ code: "fileFormat", message: expect.stringContaining(message) as string }) as Error);
    expect(read).not.toThrow("cAnArY");
  });

  it.each<[string, Value, object]>([
    ["an ArrayBuffer", { ab: { b: "AQ==" } }, { ab: { b: "AQ==" } }],
    ["a typed array", { ab: { b: "AQ==" } }, { ta: { b: "AQ==", k: "ui8" } }],
    ["a list with one", { a: [1, { a: [{ ab: { b: "" } }], id: 2 }], id: 1 }, { a: [1, { a: [{ ab: { b: "" } }], id: 2 }], id: 1 }],
  ])("is read with a key that is %s, and left out and counted when written: older versions refuse all for it", (_what, key, keyEncoded) => {
    const read = readRecord({ keyEncoded, value: 1 });
    expect(recordsOf(read)).toEqual([{ store: "s", key, value: 1 }]);
    const { records, dropped } = write(withRecords([[2, "good"], [key, 1]]));
    expect(records).toEqual([{ key: 2, value: "good" }]);
    expect(dropped).toEqual([{ reason: "a record with binary data in its key, for which Playwright before 1.59 refuses the whole state", count: 1 }]);
  });

  it("says of which stores records could not be told", () => {
    const other = { name: "t", autoIncrement: false, indexes: [], records: [{ key: 1, value: 1 }] };
    const document = (records: object[]) => JSON.stringify({ origins: [{ origin: "https://A.test/", indexedDB: [{ name: "d", version: 1, stores: [other, { ...other, name: "s", records }] }] }] });
    expect(playwright.read(document([{ key: 1 }, { value: 1 }]), { now }).unclear).toEqual([{ origin: "https://a.test", database: "d", store: "s" }]);
    expect(playwright.read(document([{ key: 1, value: 0 }]), { now })).not.toHaveProperty("unclear");
  });

  it("is refused for a depth of 100,000", () => {
    const deep = `{"origins":[{"origin":"https://a.test","indexedDB":[{"name":"d","version":1,"stores":[{"name":"s","autoIncrement":false,"indexes":[],"records":[{"key":1,"value":${"[".repeat(1e5)}${"]".repeat(1e5)}}]}]}]}]}`;
    expect(() => playwright.read(deep, { now })).toThrow(expect.objectContaining({ code: "fileFormat" }) as Error);
    expect(() => playwright.read(deep.replace('"value"', '"valueEncoded"'), { now })).toThrow(expect.objectContaining({ code: "fileFormat" }) as Error);
  });

  it.each<[string, Value]>([
    ["a Blob or File", inObject({ blob: { b: "", t: "" } })],
    ["a Blob or File", inObject({ file: { b: "", t: "", n: "f", m: 0 } })],
    ["a DataView", inObject({ view: { of: { ab: { b: "" } }, k: "dv", at: 0, n: 0 } })],
    ["a Float16Array", inObject({ ta: { b: "", k: "f16" } })],
    ["a boxed primitive", inObject({ box: 1 })],
    ["a URL", inObject({ u: "https://a.test" })],
    ["a regular expression that is none", inObject({ r: { p: "(", f: "" } })],
    ["a regular expression that is none", inObject({ r: { p: "a", f: "uv" } })],
    ["a property named __proto__", { o: [{ k: "__proto__", v: 1 }], id: 1 }],
    ["an array with very many holes", { a: [], id: 1, n: 2 ** 32 - 1 }],
    ["an object whose first place is lost", { a: [{ e: { n: "Error", m: "", s: "", own: [{ k: "cause", v: { o: [], id: 2 } }] } }, { ref: 2 }], id: 1 }],
  ])("is left out and named when written with %s", (why, value) => {
    const { records, dropped } = write(withRecords([["good", 1], ["k", value]]));
    expect(records).toEqual([{ key: "good", value: 1 }]);
    expect(dropped).toEqual([{ reason: `a record with ${why}, for which Playwright has no word`, count: 1 }]);
  });

  it.each<[string, Value, Value]>([
    ["the holes of an array", { a: [1], id: 1, n: 4, more: [{ k: "2", v: 3 }] }, { a: [1, { v: "undefined" }, 3, { v: "undefined" }], id: 1 }],
    ["an array's own properties", { a: [1], id: 1, n: 1, more: [{ k: "index", v: 3 }] }, { a: [1], id: 1 }],
    ["an error's cause", { e: { n: "Error", m: "m", s: "s", own: [{ k: "cause", v: 1 }] } }, { e: { n: "Error", m: "m", s: "s" } }],
    ["that two are one object", shared, { a: [{ d: "" }, { d: "" }], id: 1 }],
    ["a view's place in its buffer", { view: { of: { ab: { b: "AQIDBA==" } }, k: "ui16", at: 2, n: 1 } }, { ta: { b: "AwQ=", k: "ui16" } }],
  ])("is there without %s, which is named", (what, value, encoded) => {
    const { records, dropped, lost } = write(withRecords([["k", value], ["l", value]]));
    expect(records).toEqual([{ key: "k", valueEncoded: encoded }, { key: "l", valueEncoded: encoded }]);
    expect({ dropped, lost }).toEqual({ dropped: [], lost: [{ reason: `${what} in a record`, count: 2 }] });
  });

  it.each<[string, Origin]>([
    ["a record whose key another has", withRecords([[0, 1], [{ v: "-0" }, 2]])],
    ["a record whose key is not the one in its value", withRecords([[1, inObject(1)], [2, inObject(1)]], { keyPath: "in" })],
    ["a record that breaks a unique index", withRecords([[1, inObject("a")], [2, inObject("a")]], { indexes: [{ name: "i", keyPath: "in", unique: true, multiEntry: false }] })],
    ["a record of a store that its database does not have", { ...withRecords([[1, 1]]), databases: withRecords([[1, 1]]).databases.map((database) => ({ ...database, records: [...database.records, { store: "t", key: 1, value: 1 }] })) }],
    ["a record of a database whose stores are not known", origin({ databases: [...withRecords([[1, 1]]).databases, { name: "e", records: [{ store: "s", key: 1, value: 1 }] }] })],
    ["a database without a name, which Playwright cannot save, or a record of it", origin({ databases: [...withRecords([[1, 1]]).databases, { name: "", shape: { version: 1, stores: [] }, records: [] }] })],
  ])("is left out where Playwright would refuse the whole state: %s", (reason, given) => {
    const { records, dropped } = write(given);
    expect(records).toHaveLength(1);
    expect(dropped).toEqual([{ reason, count: 1 }]);
  });
});

describe("an origin as Playwright has it", () => {
  const read = (...origins: object[]) => playwright.read(JSON.stringify({ origins }), { now });

  it("has everything but what is named, both ways", () => {
    const written = playwright.write(everything, options);
    expect(written).toMatchObject({
      origins: 2,
      dropped: [{ reason: "a record of a database whose stores are not known", count: 1 }],
      lost: [{ reason: "the next key of a store that makes its own", count: 1 }],
    });
    const back = playwright.read(written.document, { now });
    expect(back).toMatchObject({ credentials: everything.credentials, repaired: [], dropped: [] });
    expect(back.origins[0]).toMatchObject({ localStorage: [{ name: "k", value: "v" }, { name: "l", value: "w" }], sessionStorage: [{ name: "tab", value: "t" }], opfs: everything.origins[0]?.opfs });
    expect(back.origins[0]?.databases.map(({ name }) => name)).toEqual(["d"]);
  });

  it("leaves out a database without object stores, for which older versions refuse all", () => {
    const databases = [{ name: "d", shape: { version: 2, stores: [] }, records: [{ store: "s", key: 1, value: 1 }] }];
    expect(write(origin({ databases }))).toMatchObject({
      origins: [],
      dropped: [
        { reason: "a database without object stores, for which Playwright before 1.53 refuses the whole state", count: 1 },
        { reason: "a record of a store that its database does not have", count: 1 },
      ],
    });
  });

  it("says nothing of a next key that Playwright's own adding leads to", () => {
    expect(write(withRecords([[1, 1], [4.5, 1]], { autoIncrement: true, nextKey: 5 })).lost).toEqual([]);
    expect(write(withRecords([[1, 1]], { autoIncrement: true, nextKey: 2 })).lost).toEqual([]);
    expect(write(withRecords([[1, 1]], { autoIncrement: true, nextKey: 3 })).lost).toHaveLength(1);
  });

  it("is not written when there is nothing in it, which would cost Playwright a page", () => {
    expect(write(origin()).origins).toEqual([]);
  });

  it("keeps what Chromium takes of a localStorage that is too large", () => {
    const { origins, dropped } = write(origin({ localStorage: [{ name: "a", value: "x".repeat(5 * 1024 * 1024) }, { name: "b", value: "y" }] }));
    expect(origins).toEqual([{ origin: "https://app.acme.test", localStorage: [{ name: "b", value: "y" }] }]);
    expect(dropped).toEqual([{ reason: "an item of localStorage over the 5 MiB that Chromium keeps for an origin", count: 1 }]);
  });

  it.each<[string, string, string]>([
    ["a path", "https://app.acme.test/login?x", "https://app.acme.test"],
    ["its scheme's own port", "https://app.acme.test:443", "https://app.acme.test"],
    ["capitals", "HTTP://App.Acme.Test:80/", "http://app.acme.test"],
  ])("is read as the one it is where it has %s", (_what, given, expected) => {
    const { origins, repaired } = read({ origin: given, localStorage: [{ name: "k", value: "v" }] });
    expect(origins).toEqual([origin({ origin: expected, localStorage: [{ name: "k", value: "v" }] })]);
    expect(repaired).toEqual([{ reason: "an origin with a path, capitals or its scheme's own port was read as the one it is", count: 1 }]);
  });

  it.each(["null", "file:///a", "chrome-extension://a", "", "app.acme.test"])("is no page's: %j", (given) => {
    expect(read({ origin: given, localStorage: [{ name: "k", value: "v" }] })).toEqual({
      cookies: [], origins: [], repaired: [], dropped: [{ reason: "page storage of an origin that is not http or https", count: 1 }],
    });
  });

  it("counts a part that is not known", () => {
    expect(read({ origin: "https://a.test", localStorage: [], caches: [{ name: "v1" }], indexedDB: [], note: "x", more: [] }).dropped).toEqual([
      { reason: "a part of an origin's state that Stead does not know", count: 1 },
    ]);
  });

  it("named twice is one, with the later of each item", () => {
    const { origins, repaired } = read(
      { origin: "https://a.test", localStorage: [{ name: "k", value: "1" }, { name: "l", value: "1" }], opfs: [{ path: "f", type: "directory" }] },
      { origin: "https://a.test/", localStorage: [{ name: "k", value: "2" }] },
    );
    expect(origins).toMatchObject([{ origin: "https://a.test", localStorage: [{ name: "l", value: "1" }, { name: "k", value: "2" }] }]);
    expect(repaired).toContainEqual({ reason: "named twice: the later one was taken", count: 1 });
  });

  it.each<[string, object, string]>([
    ["localStorage that is no list", { localStorage: {} }, "at origins[0].localStorage: expected an array"],
    ["an item without a value", { localStorage: [{ name: "cAnArY" }] }, "at origins[0].localStorage[0].value: expected a string"],
    ["a database without a version", { indexedDB: [{ name: "cAnArY", stores: [] }] }, "at origins[0].indexedDB[0].version: expected a number"],
    ["a version of 0", { indexedDB: [{ name: "cAnArY", version: 0, stores: [] }] }, "at origins[0].indexedDB[0]: expected a database version from 1 on"],
    ["two stores of one name", { indexedDB: [{ name: "d", version: 1, stores: [1, 2].map(() => ({ name: "cAnArY", autoIncrement: false, records: [], indexes: [] })) }] }, "at origins[0].indexedDB[0]: expected stores of different names"],
    ["an index without a key path", { indexedDB: [{ name: "d", version: 1, stores: [{ name: "s", autoIncrement: false, records: [], indexes: [{ name: "cAnArY", multiEntry: false, unique: false }] }] }] }, "indexes[0]: expected either keyPath or keyPathArray"],
    ["a file that is neither file nor folder", { opfs: [{ path: "cAnArY", type: "link" }] }, 'at origins[0].opfs[0].type: expected "file" or "directory"'],
  ])("is refused with %s", (_what, more, message) => {
    const refuse = () => read({ origin: "https://a.test", ...more });
    expect(refuse).toThrow(expect.objectContaining({ code: "fileFormat", message: expect.stringContaining(message) as string }) as Error);
    expect(refuse).not.toThrow("cAnArY");
  });

  it("comes back with every entry that was written as it was", () => {
    fc.assert(
      fc.property(anyEntries, (entries) => {
        const written = playwright.write(stateOf(entries), options);
        const back = playwright.read(written.document, { now });
        expect(back).toMatchObject({ repaired: [], dropped: [] });
        const returned = entriesOf(back);
        expect(returned.length + sum(written.dropped)).toBe(entries.length);
        // What is named as lost is what differs; a next key is made anew.
        const before = entries.map(withoutNextKeys);
        const changed = returned.filter((entry) => !before.some((other) => sameEntry(other, entry)));
        const given = new Map(entries.map((entry) => [entryKey(entry), entry]));
        expect(changed.map(entryKey)).toEqual(returned.map(entryKey).filter((key) => losesPart(given.get(key))));
      }),
    );
  });
});

function sum(tallies: readonly Tally[]): number {
  return tallies.reduce((total, { count }) => total + count, 0);
}

function losesPart(entry: Entry | undefined): boolean {
  if (entry?.kind !== "record") return false;
  const written = toPlaywrightValue(entry.value);
  return written.kind === "encoded" && written.lost.size > 0;
}

function withoutNextKeys(entry: Entry): Entry {
  if (entry.kind !== "database") return entry;
  const stores = entry.shape.stores.map(({ name, keyPath, autoIncrement, indexes }) => ({ name, keyPath, autoIncrement, indexes }));
  return { ...entry, shape: { ...entry.shape, stores } };
}
