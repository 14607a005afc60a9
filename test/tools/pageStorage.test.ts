import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formats } from "../../shared/formats/index.ts";
import type { Origin, Read, State } from "../../shared/formats/index.ts";
import { canonicalValue } from "../../shared/state/canonicalValue.ts";
import type { DatabaseShape } from "../../shared/state/entry.ts";
import type { Value } from "../../shared/state/value.ts";
import { depthLimit } from "../../shared/state/valueKinds.ts";
import { chromiumOptions } from "./chromium.ts";
import { type Echo, startEcho } from "./echoServer.ts";

type StorageState = NonNullable<Exclude<BrowserContextOptions["storageState"], string>>;

let echo: Echo;
let browser: Browser;
let library: string;
beforeAll(async () => {
  echo = await startEcho();
  browser = await chromium.launch(chromiumOptions);
  library = await bundle();
});
afterAll(async () => {
  await browser.close();
  await echo.close();
});

const origin = () => `http://localhost:${echo.port}`;
const options = () => ({ now: Date.now(), project: "acme" });

/** Our own encoder as a page's global, so that what a page holds is told by more than Playwright. */
async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: 'export * from "./encodeValue.ts"; export * from "./decodeValue.ts";', resolveDir: new URL("../../shared/state", import.meta.url).pathname, loader: "ts" },
    bundle: true, write: false, format: "iife", globalName: "values", target: "es2023",
  });
  return outputFiles[0]?.text ?? "";
}

async function inContext<T>(state: StorageState | undefined, use: (page: Page, context: BrowserContext) => Promise<T>): Promise<T> {
  const context = await browser.newContext(state && { storageState: state });
  try {
    const page = await context.newPage();
    await page.goto(origin());
    return await use(page, context);
  } finally {
    await context.close();
  }
}

/** Fills stores with everything, in the page. Kept as text: it runs there. */
const fill = `(async () => {
  const cyclic = { name: "cyclic", list: [] }; cyclic.self = cyclic; cyclic.list.push(cyclic, cyclic.list);
  const shared = { n: 1 };
  const sparse = [1, , 3];
  const values = {
    zero: 0, emptyText: "", no: false, nothing: null, yes: true, text: "h\\u00e9\\ud83d\\ude00\\u0000\\u2028", half: "\\ud800", number: 1.5, minus: -1e300,
    nan: [undefined, NaN], minusZero: [undefined, -0], infinity: [undefined, Infinity, -Infinity], undef: undefined, bigint: -(2n ** 80n),
    date: new Date(1e12), invalid: new Date(NaN), far: new Date(8.64e15), expression: /a\\/b(?<n>c)/dgimsuy, error: new RangeError("oh"), type: new TypeError("no"),
    map: new Map([[{ k: 1 }, new Map([[NaN, -0]])], ["a", undefined]]), set: new Set([1, "1", null, new Set()]),
    buffer: new Uint8Array([0, 255, 128]).buffer, empty: new ArrayBuffer(0),
    i8: Int8Array.of(-1, 1), ui8: Uint8Array.of(255), ui8c: Uint8ClampedArray.of(300), i16: Int16Array.of(-2), ui16: Uint16Array.of(65535), i32: Int32Array.of(-3), ui32: Uint32Array.of(4294967295),
    f32: Float32Array.of(1.5, -0), f64: Float64Array.of(NaN, Infinity), bi64: BigInt64Array.of(-1n), bui64: BigUint64Array.of(2n ** 64n - 1n),
    plain: { a: [1, "two", { three: null }], constructor: 1, toString: "x", "": 0 }, encoded: { a: [undefined, [], {}], v: "null", ref: 1, o: 2 },
    cyclic: [undefined, cyclic], twice: [undefined, shared, shared],
  };
  const open = indexedDB.open("everything", 3);
  open.onupgradeneeded = () => {
    const db = open.result;
    db.createObjectStore("values");
    db.createObjectStore("keys");
    const users = db.createObjectStore("users", { keyPath: "profile.id", autoIncrement: true });
    users.createIndex("mail", "mail", { unique: true });
    users.createIndex("tags", "tags", { multiEntry: true });
    users.createIndex("both", ["mail", "profile.id"]);
    db.createObjectStore("pairs", { keyPath: ["a", "b"] });
    db.createObjectStore("selves", { keyPath: "" });
    db.createObjectStore("counted", { autoIncrement: true });
    db.createObjectStore("empty");
  };
  const db = await new Promise((done, fail) => { open.onsuccess = () => done(open.result); open.onerror = () => fail(open.error); });
  const transaction = db.transaction([...db.objectStoreNames], "readwrite");
  const store = (name) => transaction.objectStore(name);
  for (const [key, value] of Object.entries(values)) store("values").put(value, key);
  for (const key of [0, -0.5, Infinity, -Infinity, "", "k", new Date(0), new ArrayBuffer(2), new Uint8Array([7, 8]), [], [0, ""], ["a", [new Date(1), new ArrayBuffer(1)]]]) store("keys").put("at", key);
  store("users").put({ mail: "a@x", tags: ["t", "u"], profile: {} });
  store("users").put({ mail: "b@x", profile: { id: "own" }, when: new Date(5) });
  store("pairs").put({ a: new Date(3), b: [1] });
  store("selves").put("itself"); store("selves").put([1, new Date(2)]);
  store("counted").put("first"); store("counted").put({ second: true }); store("counted").delete(1);
  await new Promise((done, fail) => { transaction.oncomplete = done; transaction.onabort = () => fail(transaction.error); });
  db.close();
  localStorage.setItem("k", "v\\u0000\\ud800\\u2028"); localStorage.setItem("", "empty name"); localStorage.setItem("__proto__", "p");
  sessionStorage.setItem("tab", "t");
})()`;

/** Everything a database holds, as our own encoder tells it: keys, values and shape. */
const dump = `(async () => {
  const settle = (request) => new Promise((done, fail) => { request.onsuccess = () => done(request.result); request.onerror = () => fail(request.error); });
  const told = {};
  for (const { name, version } of await indexedDB.databases()) {
    const db = await settle(indexedDB.open(name));
    const stores = {};
    for (const storeName of db.objectStoreNames) {
      const store = db.transaction(storeName).objectStore(storeName);
      const [keys, all] = await Promise.all([settle(store.getAllKeys()), settle(store.getAll())]);
      const records = [];
      for (const [index, key] of keys.entries()) records.push([(await values.encodeValue(key)).value, (await values.encodeValue(all[index])).value]);
      const indexes = [...store.indexNames].map((name) => store.index(name)).map(({ name, keyPath, unique, multiEntry }) => ({ name, keyPath, unique, multiEntry }));
      stores[storeName] = { keyPath: store.keyPath, autoIncrement: store.autoIncrement, indexes, records };
    }
    db.close();
    told[name] = { version, stores };
  }
  return { told: JSON.stringify(told), local: Object.entries(localStorage), session: Object.entries(sessionStorage) };
})()`;

interface Told {
  told: string;
  local: [string, string][];
  session: [string, string][];
}
type ToldStore = Pick<DatabaseShape["stores"][number], "keyPath" | "autoIncrement" | "indexes"> & { records: [Value, Value][] };
type ToldDatabases = Record<string, { version: number; stores: Record<string, ToldStore> }>;

async function tell(page: Page): Promise<Told> {
  await page.evaluate(library.replace(/^(?:"use strict";\s*)?var values/, "globalThis.values"));
  return page.evaluate<Told>(dump);
}

/** The storage state as a script would take it from the file. */
function written(state: State): { state: StorageState; dropped: unknown; lost: unknown } {
  const { document, dropped, lost } = formats.playwright.write(state, options());
  return { state: JSON.parse(document) as StorageState, dropped, lost };
}

function readBack(state: unknown): Read {
  return formats.playwright.read(JSON.stringify(state), options());
}

/** What our own encoder told, as a state to be written. */
function stateTold({ told, local, session }: Told): State {
  const databases = Object.entries(JSON.parse(told) as ToldDatabases).map(([name, { version, stores }]) => ({
    name,
    shape: { version, stores: Object.entries(stores).map(([store, { keyPath, autoIncrement, indexes }]) => ({ name: store, keyPath, autoIncrement, indexes })) },
    records: Object.entries(stores).flatMap(([store, { records }]) => records.map(([key, value]) => ({ store, key, value }))),
  }));
  const items = (pairs: [string, string][]) => pairs.map(([name, value]) => ({ name, value }));
  return { cookies: [], origins: [{ origin: origin(), localStorage: items(local), sessionStorage: items(session), databases }] };
}

/** Records by database, store and key, to be compared whatever their order. */
function recordsOf({ told }: Told): Map<string, Value> {
  const all = Object.entries(JSON.parse(told) as ToldDatabases).flatMap(([name, { stores }]) =>
    Object.entries(stores).flatMap(([store, { records }]) => records.map(([key, value]): [string, Value] => [JSON.stringify([name, store, key]), value])),
  );
  return new Map(all);
}

const filled = () =>
  inContext(undefined, async (page, context) => {
    await page.evaluate(fill);
    return { told: await tell(page), saved: await context.storageState({ indexedDB: true }) };
  });

describe("page storage in real Chromium, by real Playwright", () => {
  it("arrives value by value as our own encoder told it", async () => {
    const { told } = await filled();
    expect(recordsOf(told).size).toBeGreaterThan(50);
    const { state, dropped, lost } = written(stateTold(told));
    expect({ dropped, lost }).toEqual({ dropped: [], lost: [] });
    const again = await inContext(state, (page) => tell(page));
    expect(JSON.parse(again.told)).toEqual(JSON.parse(told.told));
    expect(new Map(again.local)).toEqual(new Map(told.local));
  });

  it("goes through Playwright's own state, but for what Playwright itself does not write, which is counted", async () => {
    const { told, saved } = await filled();
    const read = readBack(saved);
    expect(read).toMatchObject({
      repaired: [],
      dropped: [
        // -Infinity and Infinity, which its JSON has as null.
        { reason: "a record without a key that is one", count: 2 },
        { reason: expect.stringContaining("whose key Playwright did not write") as string, count: 2 },
        { reason: expect.stringContaining("whose value Playwright did not write") as string, count: 4 },
      ],
    });
    const { state, dropped, lost } = written(read);
    expect({ dropped, lost }).toEqual({ dropped: [], lost: [] });
    const expected = recordsOf(told);
    for (const key of [{ v: "-Infinity" }, { v: "Infinity" }, 0, ""]) expected.delete(JSON.stringify(["everything", "keys", key]));
    for (const key of ["zero", "emptyText", "no", "nothing"]) expected.delete(JSON.stringify(["everything", "values", key]));
    const again = await inContext(state, async (page, context) => ({ told: await tell(page), saved: await context.storageState({ indexedDB: true }) }));
    expect(recordsOf(again.told)).toEqual(expected);
    expect(new Map(again.told.local)).toEqual(new Map(told.local));
    // An engine orders localStorage as it likes.
    const back = readBack(again.saved);
    expect(back.dropped).toEqual([]);
    expect(back.origins.map(({ databases }) => databases)).toEqual(read.origins.map(({ databases }) => databases));
  });

  it("goes on counting where a store makes its own keys", async () => {
    const { told } = await filled();
    const next = await inContext(written(stateTold(told)).state, (page) =>
      page.evaluate<unknown>(`new Promise((done, fail) => {
        const open = indexedDB.open("everything");
        open.onsuccess = () => { const put = open.result.transaction("counted", "readwrite").objectStore("counted").put("third"); put.onsuccess = () => done(put.result); put.onerror = fail; };
      })`),
    );
    expect(next).toBe(3);
  });

  it("is taken whole where any one part left out would have made Playwright refuse all of it", async () => {
    const store = { name: "s", keyPath: null, autoIncrement: false, indexes: [] };
    const inline = { ...store, keyPath: "id", indexes: [{ name: "mail", keyPath: "mail", unique: true, multiEntry: false }] };
    const user = (id: number, mail: string): Value => ({ o: [{ k: "id", v: id }, { k: "mail", v: mail }], id: 1 });
    const database = (stores: (typeof store | typeof inline)[], records: { key: Value; value: Value }[]): Origin["databases"] =>
      [{ name: "d", shape: { version: 1, stores }, records: records.map((record) => ({ store: "s", ...record })) }];
    const bad: [string, Partial<Origin>, object][] = [
      ["a key that another has", { databases: database([store], [{ key: 1, value: 1 }, { key: 1, value: 2 }]) }, { indexedDB: [{ name: "d", version: 1, stores: [{ name: "s", autoIncrement: false, indexes: [], records: [{ key: 1, value: 1 }, { key: 1, value: 2 }] }] }] }],
      ["a key that is not in the value", { databases: database([inline], [{ key: 1, value: user(1, "a") }, { key: 2, value: { o: [], id: 1 } }]) }, { indexedDB: [{ name: "d", version: 1, stores: [{ name: "s", keyPath: "id", autoIncrement: false, indexes: [], records: [{ value: { id: 1 } }, { value: {} }] }] }] }],
      ["a unique index", { databases: database([inline], [{ key: 1, value: user(1, "a") }, { key: 2, value: user(2, "a") }]) }, { indexedDB: [{ name: "d", version: 1, stores: [{ name: "s", keyPath: "id", autoIncrement: false, indexes: [{ name: "mail", keyPath: "mail", unique: true, multiEntry: false }], records: [{ value: { id: 1, mail: "a" } }, { value: { id: 2, mail: "a" } }] }] }] }],
      ["a URL", { databases: database([store], [{ key: 1, value: 1 }, { key: 2, value: { u: "https://a.test/" } }]) }, { indexedDB: [{ name: "d", version: 1, stores: [{ name: "s", autoIncrement: false, indexes: [], records: [{ key: 1, value: 1 }, { key: 2, valueEncoded: { u: "https://a.test/" } }] }] }] }],
      ["too much localStorage", { localStorage: [{ name: "a", value: "1" }, { name: "big", value: "x".repeat(5 * 1024 * 1024) }] }, { localStorage: [{ name: "a", value: "1" }, { name: "big", value: "x".repeat(5 * 1024 * 1024) }] }],
    ];
    for (const [what, more, raw] of bad) {
      const rawState = { cookies: [], origins: [{ origin: origin(), localStorage: [], ...raw }] };
      await expect(browser.newContext({ storageState: rawState as StorageState }), what).rejects.toThrow();
      const { state, dropped } = written({ cookies: [], origins: [{ origin: origin(), localStorage: [], sessionStorage: [], databases: [], ...more }] });
      expect(dropped, what).toEqual([{ reason: expect.any(String) as string, count: 1 }]);
      const again = await inContext(state, (page) => tell(page));
      expect(recordsOf(again).size + again.local.length, what).toBe(1);
    }
  });

  it("holds as much of localStorage as Chromium does", async () => {
    const full = [{ name: "a", value: "\u00e9".repeat(5 * 1024 * 1024 - 1) }];
    const { state, dropped } = written({ cookies: [], origins: [{ origin: origin(), localStorage: full, sessionStorage: [], databases: [] }] });
    expect(dropped).toEqual([]);
    expect((await inContext(state, (page) => tell(page))).local.map(([name, value]) => [name, value.length])).toEqual([["a", 5 * 1024 * 1024 - 1]]);
  });

  it("arrives at the greatest depth there may be", async () => {
    let value: Value = "end";
    for (let id = depthLimit; id >= 1; id--) value = id % 2 === 0 ? { a: [value], id } : { o: [{ k: "in", v: value }, { k: "u", v: { v: "undefined" } }], id };
    const shape = { version: 1, stores: [{ name: "s", keyPath: null, autoIncrement: false, indexes: [] }] };
    const { state } = written({ cookies: [], origins: [{ origin: origin(), localStorage: [], sessionStorage: [], databases: [{ name: "d", shape, records: [{ store: "s", key: "deep", value }] }] }] });
    const again = await inContext(state, (page) => tell(page));
    expect([...recordsOf(again).values()].map(canonicalValue)).toEqual([canonicalValue(value)]);
  });

  it("brings files of the origin private file system and passkeys through unharmed", async () => {
    const saved = await inContext(undefined, async (page, context) => {
      await page.evaluate(`(async () => {
        const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("folder", { create: true });
        const writable = await (await folder.getFileHandle("file", { create: true })).createWritable();
        await writable.write(new Uint8Array([0, 255])); await writable.close();
      })()`);
      return context.storageState({ opfs: true });
    });
    const passkey = { id: "YQ", rpId: "localhost", userHandle: "YQ", privateKey: "a2V5", publicKey: "a2V5", signCount: 4 };
    const read = readBack({ ...saved, credentials: [passkey] });
    expect(read).toMatchObject({ dropped: [], repaired: [], credentials: [passkey] });
    const { state } = written(read);
    expect(state).toMatchObject({ origins: saved.origins, credentials: [passkey] });
    // Without the passkey, whose key is none.
    const bytes = await inContext({ cookies: [], origins: state.origins }, (page) =>
      page.evaluate<number[]>(`(async () => {
        const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("folder");
        return [...new Uint8Array(await (await (await folder.getFileHandle("file")).getFile()).arrayBuffer())];
      })()`),
    );
    expect(bytes).toEqual([0, 255]);
  });
});
