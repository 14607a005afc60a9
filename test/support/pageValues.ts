import { build } from "vite";
import type { DatabaseShape } from "../../shared/state/entry.ts";
import type { Value } from "../../shared/state/value.ts";

type ToldStore = Pick<DatabaseShape["stores"][number], "keyPath" | "autoIncrement" | "indexes"> & { records: [Value, Value][] };
export type ToldDatabases = Record<string, { version: number; stores: Record<string, ToldStore> }>;

/** encodeValue and decodeValue as a script that gives a page or a content script the global `values`. */
export async function valuesLibrary(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: "silent",
    build: {
      write: false,
      minify: false,
      lib: { entry: new URL("pageValuesEntry.ts", import.meta.url).pathname, formats: ["iife"], name: "values" },
    },
  });
  const output = Array.isArray(built) ? built[0] : built;
  if (output === undefined || !("output" in output)) throw new Error("The encoder was not built.");
  return `(() => {\n${output.output[0].code}\nglobalThis.values = values;\n})()`;
}

/**
 * In a page: fills databases, localStorage and sessionStorage with everything Playwright has words for.
 * Texts and not functions: they run elsewhere, in an engine whose types are not Node's.
 */
export const fillPage = `(async () => {
  const cyclic = { name: "cyclic", list: [] }; cyclic.self = cyclic; cyclic.list.push(cyclic, cyclic.list);
  const shared = { n: 1 };
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

/** In a page that has been filled: adds what Playwright has no word for. */
export const fillMore = `(async () => {
  const bytes = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]).buffer;
  const date = new Date(7);
  const sparse = [1, , 3]; sparse.length = 9; sparse.named = true;
  const blob = new Blob(["h\\u00e9llo"], { type: "text/plain" });
  const values = {
    blob: { blob, again: blob }, file: new File([new Uint8Array([0, 255])], "a.bin", { type: "application/x", lastModified: 1234 }),
    view: new DataView(bytes, 2, 3), parts: [new Uint8Array(bytes, 2, 2), new Uint16Array(bytes)],
    sparse, holes: new Array(5), dates: [date, date], boxes: [Object(true), Object(-0), Object("ab"), Object(1n)],
    cause: new Error("outer", { cause: { of: new TypeError("inner") } }), proto: JSON.parse('{"__proto__": {"x": 1}}'),
  };
  const db = await new Promise((done, fail) => { const open = indexedDB.open("everything"); open.onsuccess = () => done(open.result); open.onerror = () => fail(open.error); });
  const transaction = db.transaction("values", "readwrite");
  for (const [key, value] of Object.entries(values)) transaction.objectStore("values").put(value, key);
  await new Promise((done, fail) => { transaction.oncomplete = done; transaction.onabort = () => fail(transaction.error); });
  db.close();
})()`;

/** In a page or content script with the library: what the databases hold, as JSON of `ToldDatabases`. */
export const tellDatabases = `(async () => {
  const settle = (request) => new Promise((done, fail) => { request.onsuccess = () => done(request.result); request.onerror = () => fail(request.error); });
  // At once: of a wrapped list a content script does not even see every item.
  const given = async (request) => values.ownCopy(await settle(request));
  const tell = async (of) => {
    const encoded = await values.encodeValue(of);
    return encoded.kind === "value" ? encoded.value : { notPortable: encoded.what };
  };
  const told = {};
  for (const { name, version } of await indexedDB.databases()) {
    const db = await settle(indexedDB.open(name));
    const stores = {};
    for (const storeName of db.objectStoreNames) {
      const store = db.transaction(storeName).objectStore(storeName);
      const [keys, all] = await Promise.all([given(store.getAllKeys()), given(store.getAll())]);
      const records = [];
      for (let index = 0; index < keys.length; index++) records.push([await tell(keys[index]), await tell(all[index])]);
      const indexes = [...store.indexNames].map((name) => store.index(name)).map(({ name, keyPath, unique, multiEntry }) => ({ name, keyPath, unique, multiEntry }));
      stores[storeName] = { keyPath: store.keyPath, autoIncrement: store.autoIncrement, indexes, records };
    }
    db.close();
    told[name] = { version, stores };
  }
  return JSON.stringify(told);
})()`;

/** In a content script with the library: every told value made again and put into a database `copy`, by key. */
export const copyValues = `(async (told) => {
  const { stores: { values: { records } } } = JSON.parse(told).everything;
  const open = indexedDB.open("copy", 1);
  const db = await new Promise((done, fail) => { open.onupgradeneeded = () => open.result.createObjectStore("values"); open.onsuccess = () => done(open.result); open.onerror = () => fail(open.error); });
  const failed = {};
  for (const [key, value] of records) {
    if ("notPortable" in Object(value)) continue;
    try {
      const put = db.transaction("values", "readwrite").objectStore("values").put(values.decodeValue(value), key);
      await new Promise((done, fail) => { put.onsuccess = done; put.onerror = () => fail(put.error); });
    } catch (error) {
      failed[key] = String(error);
    }
  }
  db.close();
  return failed;
})`;
