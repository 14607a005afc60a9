import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sameValue } from "../../shared/state/sameEntry.ts";
import { type Firefox, launchFirefox } from "../support/firefox.ts";
import { copyValues, fillMore, fillPage, tellDatabases, type ToldDatabases, valuesLibrary } from "../support/pageValues.ts";
import { waitFor } from "../support/waitFor.ts";

const extensionId = "values@stead.test";
/** Waits for a word of the page, then tells it, in attributes, what it found and how putting it back went. */
const contentScript = `document.addEventListener("tell", async () => {
  try {
    const told = await ${tellDatabases};
    document.documentElement.dataset.failed = JSON.stringify(await ${copyValues}(told));
    document.documentElement.dataset.told = told;
  } catch (error) {
    document.documentElement.dataset.told = "error: " + error;
  }
});`;

/** A key that no program may read, and a property named as Firefox's waiver is. */
const fillKey = `(async () => {
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 128 }, false, ["encrypt"]);
  const db = await new Promise((done) => { const open = indexedDB.open("everything"); open.onsuccess = () => done(open.result); });
  const store = db.transaction("values", "readwrite").objectStore("values");
  store.put({ in: key }, "key");
  await new Promise((done) => { store.put({ wrappedJSObject: { a: 1 } }, "waiver").onsuccess = done; });
  db.close();
})()`;

let scratch: string;
let server: Server;
let url: string;
let library: string;
let firefox: Firefox;

beforeAll(async () => {
  library = await valuesLibrary();
  scratch = await mkdtemp(join(tmpdir(), "stead-values-"));
  const unpacked = join(scratch, "extension");
  await mkdir(unpacked, { recursive: true });
  await writeFile(join(unpacked, "content.js"), `${library}\n${contentScript}`);
  await writeFile(join(unpacked, "manifest.json"), JSON.stringify({
    manifest_version: 3,
    name: "Values test",
    version: "1",
    browser_specific_settings: { gecko: { id: extensionId, data_collection_permissions: { required: ["none"] } } },
    host_permissions: ["<all_urls>"],
    content_scripts: [{ matches: ["<all_urls>"], js: ["content.js"], run_at: "document_start" }],
  }));
  server = createServer((_request, response) => response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>page</title>"));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/`;
  firefox = await launchFirefox({ extension: unpacked, extensionId });
});
afterAll(async () => {
  await firefox.close();
  server.closeAllConnections();
  server.close();
  await rm(scratch, { recursive: true, force: true });
});

describe("a page's databases in a real Firefox", () => {
  it("are told by a content script as the page itself sees them, and put back by it as they were", async () => {
    const tab = await firefox.openTab(url);
    await firefox.evaluate(tab, fillPage);
    await firefox.evaluate(tab, fillMore);
    await firefox.evaluate(tab, fillKey);
    await firefox.evaluate(tab, `document.dispatchEvent(new Event("tell"))`);
    const told = await waitFor("the content script's answer", () => firefox.evaluate(tab, "document.documentElement.dataset.told"));
    const byContentScript = JSON.parse(String(told)) as ToldDatabases;

    await firefox.evaluate(tab, library);
    const byPage = JSON.parse(String(await firefox.evaluate(tab, tellDatabases))) as ToldDatabases;
    const { copy, ...others } = byPage;
    expect(byContentScript).toEqual(others);
    const records = byContentScript.everything?.stores.values?.records ?? [];
    expect(records.length).toBeGreaterThan(50);
    const [key, ...rest] = records.toSorted(([a]) => (a === "key" ? -1 : 1));
    expect(key).toEqual(["key", { notPortable: "CryptoKey" }]);
    expect(JSON.parse(String(await firefox.evaluate(tab, "document.documentElement.dataset.failed")))).toEqual({});
    const copied = new Map(copy?.stores.values?.records);
    expect([...copied.keys()].toSorted()).toEqual(rest.map(([name]) => name).toSorted());
    // But for errors' stacks, which Firefox does not take back.
    expect(rest.filter(([name, value]) => !sameValue(value, copied.get(name) ?? false))).toEqual([]);
  });
});
