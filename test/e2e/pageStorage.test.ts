import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Firefox } from "../support/firefox.ts";
import { type StorageSite, startStorageSite } from "../support/storageSite.ts";
import { waitFor } from "../support/waitFor.ts";
import { makeProjects } from "./support/projectTabs.ts";
import { stored, waitForStored } from "./support/stored.ts";
import { World } from "./support/world.ts";

/** Statements as one expression. */
const doing = (statements: string): string => `(async () => { ${statements}; return true; })()`;

/** In a page: puts a record into database `db`, made where it is missing. */
const putRecord = (value: string): string => `await new Promise((done, fail) => {
  const open = indexedDB.open("db", 1);
  open.onupgradeneeded = () => open.result.createObjectStore("s");
  open.onerror = () => fail(open.error);
  open.onsuccess = () => {
    const transaction = open.result.transaction("s", "readwrite");
    transaction.objectStore("s").put(${JSON.stringify(value)}, "k");
    transaction.oncomplete = () => { open.result.close(); done(true); };
  };
})`;

describe("the storage of a project's pages", () => {
  let world: World;
  let site: StorageSite;
  let firefox: Firefox;
  let acme: number;
  let beta: number;

  beforeAll(async () => {
    world = await World.make();
    site = await startStorageSite();
    await world.json("install", "--browser", "firefox");
    firefox = await world.firefox();
    await world.connected();
    ({ acme = 0, beta = 0 } = await makeProjects(world, firefox, ["acme", "beta"]));
  });
  afterAll(async () => {
    await world.end();
    await site.close();
  });

  const open = (path: string, userContextId: number, host?: string): Promise<string> => firefox.openTab(site.url(path, host), { userContextId });
  const local = async (project: string, host?: string): Promise<Record<string, string>> =>
    Object.fromEntries((await stored(world, project)).origins?.find((one) => one.origin === site.origin(host))?.localStorage.map(({ name, value }) => [name, value]) ?? []);
  const importLocal = async (project: string, host: string, values: Record<string, string>, record?: string): Promise<void> => {
    const file = join(world.home, "state.json");
    const indexedDB = record === undefined ? [] : [{ name: "db", version: 1, stores: [{ name: "s", autoIncrement: false, indexes: [], records: [{ key: "k", value: record }] }] }];
    const localStorage = Object.entries(values).map(([name, value]) => ({ name, value }));
    await writeFile(file, JSON.stringify({ cookies: [], origins: [{ origin: site.origin(host), localStorage, indexedDB }] }));
    await world.json("import", project, file);
  };

  it("is in the store soon after the page wrote it: localStorage, sessionStorage and IndexedDB", async () => {
    const tab = await open("/plain", acme);
    await firefox.evaluate(tab, doing(`localStorage.setItem("token", "first"); sessionStorage.setItem("step", "2"); ${putRecord("one")}`));
    const origin = await waitForStored(world, "acme", "the page's storage", (state) => state.origins?.find((one) => one.origin === site.origin() && one.databases.length > 0));
    expect(origin).toMatchObject({
      localStorage: [{ name: "token", value: "first" }],
      sessionStorage: [{ name: "step", value: "2" }],
      databases: [{ name: "db", shape: { version: 1, stores: [{ name: "s" }] }, records: [{ store: "s", key: "k", value: "one" }] }],
    });

    await firefox.evaluate(tab, doing(`localStorage.token = "second"; localStorage.extra = "x"; ${putRecord("two")}`));
    await waitForStored(world, "acme", "what changed", (state) => JSON.stringify(state.origins).includes('"two"') && JSON.stringify(state.origins).includes('"second"'));
    await firefox.evaluate(tab, doing(`localStorage.removeItem("extra")`));
    await waitForStored(world, "acme", "the removal", (state) => !JSON.stringify(state.origins).includes('"extra"'));
    await firefox.closeTab(tab);
  });

  it.each(["closes", "navigates"])("is told at leaving, when the page %s in the same moment", async (how) => {
    const host = how === "closes" ? "127.0.0.20" : "127.0.0.21";
    const tab = await open("/plain", acme, host);
    await firefox.evaluate(tab, doing(`localStorage.setItem("first", "look")`));
    await waitForStored(world, "acme", "the first look", (state) => state.origins?.some(({ origin }) => origin === site.origin(host)));
    await firefox.evaluate(tab, how === "closes" ? doing(`localStorage.setItem("last", "word"); setTimeout(close)`) : doing(`localStorage.setItem("last", "word"); location.href = "about:blank"`));
    expect(await waitFor("the last word", async () => (await local("acme", host))["last"])).toBe("word");
  });

  it("of frames is read where they are of the page's own site, and nowhere else", async () => {
    const tab = await open("/frame", acme, "127.0.0.22");
    await firefox.evaluate(tab, doing(`frames[0].localStorage.setItem("inner", "own")`));
    await waitFor("the frame's storage", async () => (await local("acme", "127.0.0.22"))["inner"]);
    const around = await open(`/around/${new URL(site.origin("127.0.0.23")).host}`, acme, "127.0.0.22");
    await firefox.evaluate(around, doing(`localStorage.setItem("outer", "seen")`));
    await waitFor("the page around", async () => (await local("acme", "127.0.0.22"))["outer"]);
    expect(await local("acme", "127.0.0.23")).toEqual({});
    await firefox.closeTab(tab);
    await firefox.closeTab(around);
  });

  it("is looked at again in a page that comes back, which is kept whole meanwhile", async () => {
    const tab = await open("/plain", acme, "127.0.0.25");
    await firefox.evaluate(tab, doing(`window.kept = true; localStorage.setItem("before", "1")`));
    await waitFor("the first look", async () => (await local("acme", "127.0.0.25"))["before"]);
    await firefox.navigate(tab, site.url("/head", "127.0.0.26"));
    await firefox.onTab(tab, "void tab.linkedBrowser.goBack()");
    await waitFor("the page of before", async () => firefox.evaluate(tab, "window.kept === true"));
    await firefox.evaluate(tab, doing(`localStorage.setItem("after", "2")`));
    await waitFor("the second look", async () => (await local("acme", "127.0.0.25"))["after"]);
    await firefox.closeTab(tab);
  });

  it("stays with a page of a sandbox, which has none", async () => {
    const tab = await open("/sandbox", acme, "127.0.0.24");
    expect(await firefox.evaluate(tab, "window.seen")).toBe("closed");
    await firefox.closeTab(tab);
  });

  it("is never read outside projects", async () => {
    const tab = await open("/plain", 0, "127.0.0.9");
    await firefox.evaluate(tab, doing(`localStorage.setItem("private", "canary-outside")`));
    const other = await open("/plain", beta, "127.0.0.9");
    await firefox.evaluate(other, doing(`localStorage.setItem("mine", "beta")`));
    await waitForStored(world, "beta", "beta's own", (state) => JSON.stringify(state.origins).includes('"beta"'));
    for (const project of ["acme", "beta"]) expect(JSON.stringify(await stored(world, project))).not.toContain("canary-outside");
    expect(await local("acme", "127.0.0.9")).toEqual({});
    await firefox.closeTab(tab);
    await firefox.closeTab(other);
  });

  it("changes in open pages at once when the store does, and the page hears of it as of another document", async () => {
    const tab = await open("/plain", acme, "127.0.0.2");
    await firefox.evaluate(tab, doing(`localStorage.setItem("a", "1"); window.heard = []; addEventListener("storage", ({ key, newValue }) => heard.push([key, newValue])); ${putRecord("old")}`));
    await waitForStored(world, "acme", "the page's storage", (state) => JSON.stringify(state.origins).includes('"old"'));
    await importLocal("acme", "127.0.0.2", { a: "2", b: "3" }, "new");
    expect(await firefox.evaluate(tab, "({ ...localStorage })")).toEqual({ a: "2", b: "3" });
    expect(await firefox.evaluate(tab, "heard")).toEqual([["a", "2"], ["b", "3"]]);
    expect(await firefox.evaluate(tab, `new Promise((done) => { const open = indexedDB.open("db"); open.onsuccess = () => { open.result.transaction("s").objectStore("s").get("k").onsuccess = ({ target }) => done(target.result); }; })`)).toBe("new");
    await firefox.closeTab(tab);
  });

  it.each(["/head", "/strict"])("is there before the first script of %s when the page is opened", async (path) => {
    const host = path === "/head" ? "127.0.0.3" : "127.0.0.4";
    await importLocal("acme", host, { token: "restored" }, "kept");
    const tab = await open(path, acme, host);
    expect(await firefox.evaluate(tab, "window.seen.local")).toEqual({ token: "restored" });
    expect(await firefox.evaluate(tab, "window.record")).toBe("kept");
    await firefox.closeTab(tab);
    const elsewhere = await open(path, beta, host);
    expect(await firefox.evaluate(elsewhere, "window.seen.local")).toEqual({});
    await firefox.closeTab(elsewhere);
  });

  it("is there after one more load where a service worker answers, since nothing can hold its answer", async () => {
    const tab = await open("/worker", acme);
    await firefox.evaluate(tab, "window.registered");
    await firefox.navigate(tab, site.url("/answered"));
    expect(await firefox.evaluate(tab, "document.body.textContent")).toContain("worker");
    await firefox.closeTab(tab);
    await importLocal("acme", "localhost", { token: "by import" });
    const again = await open("/answered", acme);
    await waitFor("the restored token", async () => ((await firefox.evaluate(again, "window.seen.local")) as Record<string, string>)["token"] === "by import");
    await firefox.closeTab(again);
  });

  it("is put back before the first script when the container was removed and made again", async () => {
    await world.json("project", "add", "gone");
    await world.json("switch", "gone");
    const before = (await firefox.containers()).find(({ name }) => name === "gone")?.userContextId ?? 0;
    const tab = await open("/plain", before, "127.0.0.6");
    await firefox.evaluate(tab, doing(`localStorage.setItem("login", "kept"); ${putRecord("kept too")}`));
    await waitForStored(world, "gone", "the login", (state) => JSON.stringify(state.origins).includes("kept too"));
    await firefox.removeContainer(before);
    await waitFor("the container to be gone", async () => !(await firefox.containers()).some(({ name }) => name === "gone"));
    await world.json("switch", "gone");
    const after = (await firefox.containers()).find(({ name }) => name === "gone")?.userContextId ?? 0;
    expect(after).not.toBe(before);
    const again = await open("/head", after, "127.0.0.6");
    expect(await firefox.evaluate(again, "window.seen.local")).toEqual({ login: "kept" });
    expect(await firefox.evaluate(again, "window.record")).toBe("kept too");
    await firefox.closeTab(again);
  });

  it("that a page deletes stays deleted, until stead restore brings it back into the page", async () => {
    const tab = await open("/plain", acme, "127.0.0.7");
    await firefox.evaluate(tab, doing(`localStorage.setItem("session", "alive"); ${putRecord("alive too")}`));
    await waitForStored(world, "acme", "the session", (state) => JSON.stringify(state.origins).includes("alive too"));
    const { revisions } = (await world.json("history", "acme")) as { revisions: { revision: number }[] };
    await firefox.evaluate(tab, doing(`localStorage.clear(); await new Promise((done) => { indexedDB.deleteDatabase("db").onsuccess = done; })`));
    await waitForStored(world, "acme", "the logout", (state) => !JSON.stringify(state.origins).includes("alive"));
    await firefox.navigate(tab, site.url("/head", "127.0.0.7"));
    expect(await firefox.evaluate(tab, "window.seen.local")).toEqual({});
    expect(await world.json("restore", "acme", "--to", String(revisions[0]?.revision), "--domain", "127.0.0.7")).toMatchObject({ unapplied: [], waiting: 0 });
    expect(await firefox.evaluate(tab, "localStorage.session")).toBe("alive");
    await firefox.navigate(tab, site.url("/head", "127.0.0.7"));
    expect(await firefox.evaluate(tab, "window.record")).toBe("alive too");
    await firefox.closeTab(tab);
  });

  it("leaves no trace that a page could see", async () => {
    const traces = `(() => {
      const names = (of) => Object.getOwnPropertyNames(of).sort().join();
      const texts = [Storage.prototype.setItem, Storage.prototype.getItem, IDBObjectStore.prototype.put, IDBFactory.prototype.open].map(String).join();
      const events = performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname).filter((path) => path !== "/favicon.ico").join();
      return [names(window), names(Storage.prototype), names(document), texts, events, document.documentElement.outerHTML, String(localStorage.length), String(frames.length)];
    })()`;
    const inside = await open("/plain", acme, "127.0.0.8");
    await firefox.evaluate(inside, doing(`localStorage.setItem("a", "1"); window.heard = 0; addEventListener("storage", () => { heard += 1; }); new MutationObserver(() => { heard += 1; }).observe(document, { subtree: true, childList: true, attributes: true })`));
    await waitFor("the page's storage", async () => (await local("acme", "127.0.0.8"))["a"]);
    expect(await firefox.evaluate(inside, "heard")).toBe(0);
    const outside = await open("/plain", 0, "127.0.0.8");
    await firefox.evaluate(outside, doing(`localStorage.setItem("a", "1"); window.heard = 0`));
    expect(await firefox.evaluate(inside, traces)).toEqual(await firefox.evaluate(outside, traces));
    // A database that the page deletes is not kept by a connection of Stead's.
    await firefox.evaluate(inside, doing(putRecord("x")));
    await waitForStored(world, "acme", "the record", (state) => state.origins?.some(({ origin, databases }) => origin === site.origin("127.0.0.8") && databases.length > 0));
    expect(await firefox.evaluate(inside, `new Promise((done) => { const gone = indexedDB.deleteDatabase("db"); gone.onblocked = () => done("blocked"); gone.onsuccess = () => done("gone"); })`)).toBe("gone");
    await firefox.closeTab(inside);
    await firefox.closeTab(outside);
  });

  it("that cannot leave the browser is named by exports, and stays where it is", async () => {
    const tab = await open("/plain", acme, "localhost");
    await firefox.evaluate(tab, doing(`const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 128 }, false, ["encrypt"]);
      const db = await new Promise((done) => { const open = indexedDB.open("keys", 1); open.onupgradeneeded = () => open.result.createObjectStore("s"); open.onsuccess = () => done(open.result); });
      const transaction = db.transaction("s", "readwrite"); transaction.objectStore("s").put(key, "key"); transaction.objectStore("s").put("plain", "beside");
      await new Promise((done) => { transaction.oncomplete = done; }); db.close()`));
    await waitForStored(world, "acme", "what lies beside the key", (state) => JSON.stringify(state.origins).includes('"beside"'));
    const exported = await waitFor("the gap", async () => {
      const result = await world.stead(["export", "acme", "--domain", "localhost", "--format", "json", "--out", join(world.home, "gap.json"), "--json"]);
      return result.status === 3 && result;
    });
    expect(JSON.parse(exported.stdout)).toMatchObject({ dropped: [{ reason: "CryptoKey in IndexedDB: not portable", count: 1 }] });
    await importLocal("acme", "localhost", { after: "import" });
    expect(await firefox.evaluate(tab, `new Promise((done) => { const open = indexedDB.open("keys"); open.onsuccess = () => { open.result.transaction("s").objectStore("s").get("key").onsuccess = ({ target }) => { open.result.close(); done(String(target.result)); }; }; })`)).toBe("[object CryptoKey]");
    await firefox.closeTab(tab);
  });

  it("changes while the host is away, and is told when it is back", async () => {
    const tab = await open("/plain", acme, "127.0.0.31");
    await firefox.evaluate(tab, doing(`localStorage.setItem("stays", "1"); localStorage.setItem("goes", "1")`));
    await waitFor("the first look", async () => (await local("acme", "127.0.0.31"))["goes"]);
    const pid = async (): Promise<number> => Number(/"pid":(\d+)/.exec(JSON.stringify(await world.json("status")))?.[1]);
    const first = await pid();
    process.kill(first, "SIGKILL");
    await firefox.evaluate(tab, doing(`localStorage.removeItem("goes"); localStorage.setItem("stays", "2"); localStorage.setItem("comes", "3")`));
    await waitFor("another host", async () => (await pid()) !== first && world.connected());
    await waitFor("what happened meanwhile", async () => {
      const { stays, comes, goes } = await local("acme", "127.0.0.31");
      return stays === "2" && comes === "3" && goes === undefined;
    });
    await firefox.closeTab(tab);
  });

  it("changes while the vault is locked, and is told when it is unlocked; no value is kept meanwhile", async () => {
    const tab = await open("/plain", acme, "127.0.0.32");
    await firefox.evaluate(tab, doing(`localStorage.setItem("before", "1")`));
    await waitFor("the first look", async () => (await local("acme", "127.0.0.32"))["before"]);
    await world.json("lock");
    await firefox.evaluate(tab, doing(`localStorage.setItem("during", "canary-while-locked")`));
    await waitFor("the mark", async () => firefox.extension(`browser.storage.local.get().then((all) => JSON.stringify(all.pageOutbox ?? {}).includes('"during"'))`));
    expect(await firefox.extension(`browser.storage.local.get().then((all) => JSON.stringify(all).includes("canary-while-locked"))`)).toBe(false);
    await world.json("unlock");
    await waitFor("what happened meanwhile", async () => (await local("acme", "127.0.0.32"))["during"] === "canary-while-locked");
    await firefox.closeTab(tab);
  });

  it("is forgotten in a page that keeps its database open: its records at once, the database at the next load; the page is never kept waiting", async () => {
    const host = "127.0.0.33";
    const tab = await open("/plain", acme, host);
    await firefox.evaluate(tab, doing(`const open = indexedDB.open("db", 1); open.onupgradeneeded = () => open.result.createObjectStore("s");
      await new Promise((done) => { open.onsuccess = done; }); window.kept = open.result;
      await new Promise((done) => { const transaction = kept.transaction("s", "readwrite"); transaction.objectStore("s").put("secret", "k"); transaction.oncomplete = done; })`));
    await waitForStored(world, "acme", "the record", (state) => state.origins?.some(({ origin, databases }) => origin === site.origin(host) && databases.length > 0));
    const forgotten = await world.stead(["forget", "acme", "--domain", host, "--json"]);
    expect([forgotten.status, JSON.parse(forgotten.stdout)]).toMatchObject([3, { unapplied: [{ reason: "IndexedDB database in use by the page", count: 1 }], waiting: 0 }]);
    expect(await firefox.evaluate(tab, `new Promise((done) => { const open = indexedDB.open("db"); open.onsuccess = () => { open.result.transaction("s").objectStore("s").count().onsuccess = ({ target }) => { open.result.close(); done(target.result); }; }; })`)).toBe(0);
    await firefox.navigate(tab, site.url("/head", host));
    expect(await firefox.evaluate(tab, "indexedDB.databases().then((all) => all.length)")).toBe(0);
    await firefox.closeTab(tab);
  });
});
