import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formats } from "../../shared/formats/index.ts";
import type { Origin, Read, State } from "../../shared/formats/index.ts";
import { canonicalValue } from "../../shared/state/canonicalValue.ts";
import type { Value } from "../../shared/state/value.ts";
import { depthLimit } from "../../shared/state/valueKinds.ts";
import { fillMore, fillPage, valuesLibrary } from "../support/pageValues.ts";
import { chromiumOptions } from "./chromium.ts";
import { type Echo, startEcho } from "./echoServer.ts";
import { recordName, recordsOf, shapesOf, stateTold as toldState, tell as tellPage, type Told } from "./toldPage.ts";

type StorageState = NonNullable<Exclude<BrowserContextOptions["storageState"], string>>;

let echo: Echo;
let browser: Browser;
let library: string;
beforeAll(async () => {
  echo = await startEcho();
  browser = await chromium.launch(chromiumOptions);
  library = await valuesLibrary();
});
afterAll(async () => {
  await browser.close();
  await echo.close();
});

const origin = () => `http://localhost:${echo.port}`;
const options = () => ({ now: Date.now(), project: "acme" });

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

const tell = (page: Page) => tellPage(page, library);

/** The storage state as a script would take it from the file. */
function written(state: State): { state: StorageState; dropped: unknown; lost: unknown } {
  const { document, dropped, lost } = formats.playwright.write(state, options());
  return { state: JSON.parse(document) as StorageState, dropped, lost };
}

function readBack(state: unknown): Read {
  return formats.playwright.read(JSON.stringify(state), options());
}

const stateTold = (told: Told) => toldState(told, origin());

const filled = () =>
  inContext(undefined, async (page, context) => {
    await page.evaluate(fillPage);
    return { told: await tell(page), saved: await context.storageState({ indexedDB: true }) };
  });

/** The page's records whose key has binary data in it. */
const binaryKeys: Value[] = [{ ab: { b: "AAA=" } }, { ab: { b: "Bwg=" } }, { a: ["a", { a: [{ d: "1970-01-01T00:00:00.001Z" }, { ab: { b: "AA==" } }], id: 2 }], id: 1 }];
const withoutBinaryKeys = { dropped: [{ reason: "a record with binary data in its key, for which Playwright before 1.59 refuses the whole state", count: binaryKeys.length }], lost: [] };

describe("page storage in real Chromium, by real Playwright", () => {
  it("arrives value by value as our own encoder told it", async () => {
    const { told } = await filled();
    expect(recordsOf(told).size).toBeGreaterThan(50);
    const { state, dropped, lost } = written(stateTold(told));
    expect({ dropped, lost }).toEqual(withoutBinaryKeys);
    const again = await inContext(state, (page) => tell(page));
    const expected = recordsOf(told);
    for (const key of binaryKeys) expected.delete(recordName("everything", "keys", key));
    expect(recordsOf(again)).toEqual(expected);
    expect(shapesOf(again)).toEqual(shapesOf(told));
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
    expect({ dropped, lost }).toEqual(withoutBinaryKeys);
    const expected = recordsOf(told);
    const unsaved: Value[] = [{ v: "-Infinity" }, { v: "Infinity" }, 0, "", ...binaryKeys];
    for (const key of unsaved) expected.delete(recordName("everything", "keys", key));
    for (const key of ["zero", "emptyText", "no", "nothing"]) expected.delete(recordName("everything", "values", key));
    const again = await inContext(state, async (page, context) => ({ told: await tell(page), saved: await context.storageState({ indexedDB: true }) }));
    expect(recordsOf(again.told)).toEqual(expected);
    expect(new Map(again.told.local)).toEqual(new Map(told.local));
    // An engine orders localStorage as it likes.
    const back = readBack(again.saved);
    expect(back.dropped).toEqual([]);
    const { origins } = readBack(state);
    expect(back.origins.map(({ databases }) => databases)).toEqual(origins.map(({ databases }) => databases));
  });

  it("arrives without what Playwright has no word for, which is named", async () => {
    const told = await inContext(undefined, async (page) => {
      await page.evaluate(fillPage);
      await page.evaluate(fillMore);
      return tell(page);
    });
    const { state, dropped, lost } = written(stateTold(told));
    const noWord = (what: string, count: number) => ({ reason: `a record with ${what}, for which Playwright has no word`, count });
    expect(dropped).toEqual([...withoutBinaryKeys.dropped, noWord("a Blob or File", 2), noWord("a boxed primitive", 1), noWord("a property named __proto__", 1), noWord("a DataView", 1)]);
    const lostIn = (what: string, count: number) => ({ reason: `${what} in a record`, count });
    expect(lost).toEqual([
      lostIn("an error's cause", 1), lostIn("that two are one object", 2), lostIn("the holes of an array", 2), lostIn("a view's place in its buffer", 1), lostIn("an array's own properties", 1),
    ]);
    const again = recordsOf(await inContext(state, (page) => tell(page)));
    expect(again.size).toBe(recordsOf(told).size - binaryKeys.length - 5);
    expect(again.get(recordName("everything", "values", "parts"))).toMatchObject({ a: [{ ta: { b: "AwQ=", k: "ui8" } }, { ta: { b: "AQIDBAUGBwg=", k: "ui16" } }] });
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
