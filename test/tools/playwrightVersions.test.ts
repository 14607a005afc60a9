import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { coverage } from "../../native-host/actions/coverage.ts";
import { fromRead } from "../../native-host/actions/entryState.ts";
import { refinement } from "../../native-host/actions/refinement.ts";
import { entriesOf, formats, type Read, type State } from "../../shared/formats/index.ts";
import { isEcho } from "../../shared/formats/playwrightEcho.ts";
import type { Cookie } from "../../shared/models.ts";
import { entryId } from "../../shared/state/entryId.ts";
import { sameValue } from "../../shared/state/sameEntry.ts";
import type { Value } from "../../shared/state/value.ts";
import { merge } from "../../shared/sync/merge.ts";
import { fillPage, valuesLibrary } from "../support/pageValues.ts";
import { chromiumOptions } from "./chromium.ts";
import { type Echo, startEcho } from "./echoServer.ts";
import { type AnyBrowser, type AnyContext, type AnyPage, type PlaywrightVersion, playwrightVersions } from "./playwrightVersions.ts";
import { recordName, recordsOf, shapesOf, stateTold, tell, type Told } from "./toldPage.ts";

let echo: Echo;
let library: string;
let folder: string;
beforeAll(async () => {
  echo = await startEcho();
  library = await valuesLibrary();
  folder = await mkdtemp(join(tmpdir(), "stead-versions-"));
});
afterAll(async () => {
  await echo.close();
  await rm(folder, { recursive: true });
});

const origin = () => `http://localhost:${echo.port}`;
const options = () => ({ now: Date.now(), project: "acme" });

/** In a page: what a plain value's JSON loses, beside what `fillPage` has. */
const fillNumbers = `(async () => {
  const shared = {};
  const values = { nan: NaN, infinity: Infinity, minusZero: -0, inside: { nan: NaN, list: [1, -Infinity] }, list: [-0], shared: [shared, shared], good: 1 };
  const open = indexedDB.open("numbers", 1);
  open.onupgradeneeded = () => open.result.createObjectStore("values");
  const db = await new Promise((done) => { open.onsuccess = () => done(open.result); });
  const transaction = db.transaction("values", "readwrite");
  for (const [key, value] of Object.entries(values)) transaction.objectStore("values").put(value, key);
  await new Promise((done) => { transaction.oncomplete = done; });
  db.close();
})()`;

const typedArrays = ["i8", "ui8", "ui8c", "i16", "ui16", "i32", "ui32", "f32", "f64", "bi64", "bui64"];
const everything = (...keys: Value[]) => keys.map((key) => recordName("everything", "values", key));
const numbers = (...keys: Value[]) => keys.map((key) => recordName("numbers", "values", key));
const keyed = (...keys: Value[]) => keys.map((key) => recordName("everything", "keys", key));

/** Records that Stead leaves out of every storage state. */
const binaryKeys = () => keyed({ ab: { b: "AAA=" } }, { ab: { b: "Bwg=" } }, { a: ["a", { a: [{ d: "1970-01-01T00:00:00.001Z" }, { ab: { b: "AA==" } }], id: 2 }], id: 1 });

/** Records that a version has no words for, in either direction. */
const wordless = (version: PlaywrightVersion) =>
  everything(...(version.typedArrays ? [] : typedArrays), ...(version.buffers ? [] : ["buffer", "empty"]), ...(version.mapsAndSets ? [] : ["map", "set"]));

/** Records that a version does not save, which Stead counts. */
const unsaved = (version: PlaywrightVersion) => [
  ...(version.empties ? [] : [...everything("zero", "emptyText", "no", "nothing"), ...numbers("nan", "minusZero"), ...keyed(0, "")]),
  ...(version.oddNumbers ? [] : keyed({ v: "Infinity" }, { v: "-Infinity" })),
  ...(version.buffers ? [] : binaryKeys()),
];

/** Records that a version saves as something else, which nobody can tell. -0 is 0 and two are no longer one in any. */
const changed = (version: PlaywrightVersion) => [
  ...wordless(version),
  ...numbers("shared", "list", ...(version.oddNumbers ? [] : ["inside", "infinity"]), ...(version.empties ? ["minusZero"] : [])),
];

describe.each(playwrightVersions)("Playwright $version", (version) => {
  let browser: AnyBrowser;
  let file: string;
  /** What a page of this version's held, and what the version saved of it. */
  let held: Told;
  let saved: Read;
  beforeAll(async () => {
    file = join(folder, `${version.version}.json`);
    const { chromium } = await version.load();
    browser = await chromium.launch(chromiumOptions);
    [held, saved] = await within(undefined, async (page, context) => {
      await page.evaluate(fillPage);
      await page.evaluate(fillNumbers);
      return [await tell(page, library), await save(context)];
    });
  });
  afterAll(() => browser.close());

  async function within<T>(state: State | undefined, use: (page: AnyPage, context: AnyContext) => Promise<T>): Promise<T> {
    if (state) await writeFile(file, formats.playwright.write(state, options()).document);
    const context = await browser.newContext(state && { storageState: file });
    try {
      const page = await context.newPage();
      await page.goto(origin());
      return await use(page, context);
    } finally {
      await context.close();
    }
  }

  /** As a script saves it: to a file, with all that it may be asked for. */
  async function save(context: AnyContext): Promise<Read> {
    await context.storageState({ path: file, indexedDB: true, opfs: true, credentials: true });
    return formats.playwright.read(await readFile(file, "utf8"), options());
  }

  it("shows a page what Stead wrote, but for the kinds of values it does not know", async () => {
    const given = recordsOf(held);
    for (const name of binaryKeys()) given.delete(name);
    const again = await within(stateTold(held, origin()), (page) => tell(page, library));
    expect(differences(given, recordsOf(again))).toEqual({ missing: [], changed: wordless(version).toSorted(), added: [] });
    expect(shapesOf(again)).toEqual(shapesOf(held));
    expect(new Map(again.local)).toEqual(new Map(held.local));
  });

  it("saves what Stead reads, but for what it does not save, which is counted", () => {
    const read = recordsIn(saved);
    expect(differences(recordsOf(held), read)).toEqual({ missing: unsaved(version).toSorted(), changed: changed(version).toSorted(), added: [] });
    expect(saved.dropped.reduce((sum, { count }) => sum + count, 0)).toBe(unsaved(version).length);
    expect(saved.repaired).toEqual([]);
    expect(new Map(saved.origins[0]?.localStorage.map(({ name, value }) => [name, value]))).toEqual(new Map(held.local));
    expect(shapesIn(saved)).toEqual(shapesIn(stateTold(held, origin())));
  });

  it("changes nothing in a project by saving what it was given", async () => {
    const entries = entriesOf(stateTold({ ...held, session: [] }, origin()));
    await within(stateTold(held, origin()), (_page, context) => save(context));
    const text = await readFile(file, "utf8");
    const read = formats.playwright.read(text, options());
    const merged = merge({
      held: entries.map((entry) => ({ id: entryId(entry), entry, at: 0, base: { kind: "unchanged" } })),
      theirs: {
        kind: "whole",
        entries: fromRead(read).entries,
        covers: coverage({ text, format: "playwright", entries, unclear: read.unclear, now: Date.now() }),
        refine: refinement("playwright"),
        at: Date.now(),
      },
      now: Date.now(),
    });
    expect(merged).toEqual({ kind: "merged", changes: [], lost: [], conflicts: [] });
  });

  it("knows what a saved value was, or says that it does not", () => {
    const given = recordsOf(held);
    const read = recordsIn(saved);
    const known = changed(version).filter((name) => isEcho(read.get(name) ?? false, given.get(name) ?? false));
    // A page's own typed array is an object with its numbers in 1.51.
    const unknown = version.typedArrays ? [] : everything(...typedArrays);
    expect(known.toSorted()).toEqual(changed(version).filter((name) => !unknown.includes(name)).toSorted());
  });

  it("takes every cookie, and keeps partitions where it knows them", async () => {
    const base: Cookie = { name: "n", value: "plain", domain: "localhost", path: "/", secure: true, httpOnly: false, sameSite: "no_restriction" };
    const partition = { topLevelSite: "http://127.0.0.1", hasCrossSiteAncestor: true };
    const cookies: Cookie[] = [
      base,
      { ...base, value: "partitioned", partitionKey: partition },
      { ...base, name: "only", value: "partitioned", partitionKey: partition },
      { ...base, name: "domain", domain: ".acme.test", sameSite: "strict", httpOnly: true },
      { ...base, name: "", value: "bare", secure: false, sameSite: "unspecified" },
      { ...base, name: "six", domain: "[::1]", secure: false, sameSite: "lax", path: "/deep" },
      { ...base, name: "late", secure: false, sameSite: "unspecified", expires: 1e15 },
    ];
    const back = await within({ cookies, origins: [] }, (_page, context) => save(context));
    const found = (name: string) => back.cookies.filter((cookie) => cookie.name === name).map(({ value, partitionKey }) => [value, partitionKey]);
    expect(found("n").toSorted()).toEqual(version.partitions ? [["partitioned", partition], ["plain", undefined]] : [["plain", undefined]]);
    expect(found("only")).toEqual([["partitioned", version.partitions ? partition : undefined]]);
    expect(back.cookies.map(({ name }) => name)).toEqual(expect.arrayContaining(["domain", "six", "late"]));
    // A cookie without a name is in the context, but no reader can give one back.
    expect(back.dropped).toEqual([{ reason: "no name", count: 1 }]);
  });

  it("takes files of the origin private file system and passkeys, and gives back those it knows", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const text = (bytes: Buffer) => bytes.toString("base64url");
    const passkey = {
      id: text(Buffer.from("id")), rpId: "localhost", userHandle: text(Buffer.from("user")), ...(version.signCounts && { signCount: 4 }),
      privateKey: text(privateKey.export({ format: "der", type: "pkcs8" })), publicKey: text(publicKey.export({ format: "der", type: "spki" })),
    };
    const opfs = [{ path: "folder", type: "directory" as const }, { path: "folder/file", type: "file" as const, base64: "AP8=" }];
    const state: State = { cookies: [], credentials: [{ ...passkey, signCount: 4 }], origins: [{ origin: origin(), localStorage: [], sessionStorage: [], databases: [], opfs }] };
    const back = await within(state, (_page, context) => save(context));
    expect(back.origins.flatMap((one) => one.opfs ?? [])).toEqual(version.opfs ? opfs : []);
    expect(back.credentials ?? []).toEqual(version.passkeys ? [passkey] : []);
  });

  it("does not refuse a whole state for parts that only newer versions know, or that Stead leaves out", async () => {
    const store = { name: "s", keyPath: null, autoIncrement: false, indexes: [] };
    const state: State = {
      cookies: [],
      origins: [
        {
          origin: origin(),
          localStorage: [{ name: "k", value: "v" }],
          sessionStorage: [{ name: "tab", value: "t" }],
          databases: [
            { name: "storeless", shape: { version: 4, stores: [] }, records: [] },
            { name: "inline", shape: { version: 1, stores: [{ ...store, keyPath: "id" }] }, records: [{ store: "s", key: { ab: { b: "AQ==" } }, value: { o: [{ k: "id", v: { ta: { b: "AQ==", k: "ui8" } } }], id: 1 } }] },
            { name: "odd", shape: { version: 1, stores: [store] }, records: [{ store: "s", key: 1, value: { r: { p: "(", f: "" } } }, { store: "s", key: 2, value: 2 }] },
          ],
          opfs: [{ path: "f", type: "file", base64: "AQ==" }],
        },
        { origin: "https://app.acme.test", localStorage: [{ name: "k", value: "v" }], sessionStorage: [], databases: [] },
      ],
    };
    const { told, saved } = await within(state, async (page, context) => ({ told: await tell(page, library), saved: await save(context) }));
    expect(told.local).toEqual([["k", "v"]]);
    expect([...recordsOf(told)]).toEqual([[recordName("odd", "s", 2), 2]]);
    expect(saved.origins.map((one) => [one.origin, one.localStorage])).toEqual([[origin(), [{ name: "k", value: "v" }]], ["https://app.acme.test", [{ name: "k", value: "v" }]]]);
  });
});

function recordsIn({ origins }: Read): Map<string, Value> {
  return new Map(origins.flatMap(({ databases }) => databases.flatMap(({ name, records }) => records.map(({ store, key, value }) => [recordName(name, store, key), value] as const))));
}

function shapesIn({ origins }: Pick<State, "origins">): object {
  return Object.fromEntries(origins.flatMap(({ databases }) => databases.map(({ name, shape }) => [name, shape])));
}

/** By name, in order: what of one is not in the other, is another value there, or is there besides. */
function differences(before: ReadonlyMap<string, Value>, after: ReadonlyMap<string, Value>) {
  const names = [...before.keys()].toSorted();
  return {
    missing: names.filter((name) => !after.has(name)),
    changed: names.filter((name) => after.has(name) && !same(before.get(name), after.get(name))),
    added: [...after.keys()].filter((name) => !before.has(name)),
  };
}

function same(a: Value | undefined, b: Value | undefined): boolean {
  return a !== undefined && b !== undefined && sameValue(a, b);
}
