import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { openStore } from "../../../native-host/store/openStore.ts";
import type { Store } from "../../../native-host/store/types.ts";
import { cookie } from "../../support/cookies.ts";
import { storeHome, storeIn } from "../../support/storeHome.ts";

const secrets = {
  name: "CanaryProjectName",
  host: "canary-host.example",
  cookie: "canary_cookie_name",
  value: "canary-cookie-value-0123456789",
  path: "/canary/path",
  top: "https://canary-top.example",
  browser: "CanaryBrowser",
  pattern: "canary-pattern.example",
  patternPath: "/canary-segment",
  removedPattern: "canary-removed.example",
  movedPattern: "canary-moved.example",
  expression: "canary-expression",
  inherited: "canary-identity.example",
  answered: "canary-answer.example",
  origin: "https://canary-origin.example:8443",
  gap: "CanaryKey in IndexedDB",
};

function fill(store: Store): string {
  const { id } = store.addProject({ name: secrets.name, color: "purple", icon: "vacation" });
  const { id: instance } = store.meetInstance(crypto.randomUUID(), secrets.browser);
  const one = cookie({
    domain: `.${secrets.host}`,
    name: secrets.cookie,
    value: secrets.value,
    path: secrets.path,
    partitionKey: { topLevelSite: secrets.top },
  });
  store.write(id, [{ kind: "set", cookie: one, at: 1 }], { by: instance });
  store.setActive({ project: id, at: 1, pending: false });
  fillRules(store, id);
  fillPages(store, { instance, project: id, origin: secrets.origin });
  return id;
}

function fillPages(store: Store, place: { instance: string; project: string; origin: string }): void {
  store.changeOrigin({ ...place, changes: [{ kind: "set", entry: { kind: "local", origin: place.origin, key: secrets.cookie, value: secrets.value }, at: 1 }] });
  store.setOriginSynced({ ...place, revision: 1 });
  store.setGaps({ ...place, gaps: [{ what: secrets.gap, count: 1 }] });
}

function fillRules(store: Store, project: string): void {
  const patterns = [`*.${secrets.pattern}:4321${secrets.patternPath}`, secrets.removedPattern, secrets.movedPattern, `!/https://${secrets.expression}.*/`];
  const { put } = store.changeRules({ put: patterns.map((pattern) => ({ project, pattern, ask: true })), remove: [] });
  const [, removed, moved] = put;
  store.changeRules({ put: [{ id: moved?.id, project, pattern: secrets.pattern, ask: false }], remove: [removed?.id ?? ""] });
  store.setSettings({
    external: { kind: "project", project },
    strict: [project],
    inherit: [secrets.inherited],
    answers: { [secrets.answered]: project },
  });
}

function allBytes(directory: string): Map<string, Buffer> {
  return new Map(readdirSync(directory).map((name) => [name, readFileSync(join(directory, name))]));
}

/** Files that hold one of the texts, plain, in base64 or as UTF-16. */
function leaks(directory: string, texts: readonly string[]): string[] {
  return [...allBytes(directory)].flatMap(([file, bytes]) => {
    const found = texts.filter((text) =>
      [Buffer.from(text), Buffer.from(text.toLowerCase()), Buffer.from(text, "utf16le"), Buffer.from(Buffer.from(text).toString("base64").slice(0, 12))].some(
        (needle) => bytes.includes(needle),
      ),
    );
    return found.map((text) => `${file}: ${text}`);
  });
}

describe("the store's files", () => {
  it("show nothing private, neither while it is open nor after it was closed", async () => {
    const options = storeHome();
    const store = await openStore(options);
    fill(store);
    const texts = [...Object.values(secrets), "purple", "vacation", "httpOnly", ":4321", "external", "inherit", "pattern\""];
    expect([...allBytes(options.home.data).keys()].sort()).toEqual(["key", "store.db", "store.db-shm", "store.db-wal", "store.db.ballast"]);
    expect(leaks(options.home.data, texts)).toEqual([]);
    store.close();
    expect(leaks(options.home.data, texts)).toEqual([]);
  });

  it("show not even which stored things are equal", async () => {
    const store = await storeIn(storeHome());
    const ids = ["a", "b"].map((name) => store.addProject({ name }).id);
    for (const id of ids) store.write(id, [{ kind: "set", cookie: cookie(), at: 1 }], { by: "cli" });
    store.changeRules({ put: ids.map((project) => ({ project, pattern: "same.test", ask: false })), remove: [] });
    const db = new Sqlite(store.path, { readonly: true });
    const rows = db.prepare<[], { key_hash: Buffer; site_hash: Buffer }>("SELECT key_hash, site_hash FROM item").all();
    const patterns = db.prepare<[], { pattern_hash: Buffer }>("SELECT pattern_hash FROM rule").all();
    const audited = db.prepare<[], { batch_hash: Buffer }>("SELECT batch_hash FROM audit").all();
    db.close();
    expect(rows).toHaveLength(2);
    expect(rows[0]?.key_hash).not.toEqual(rows[1]?.key_hash);
    expect(rows[0]?.site_hash).not.toEqual(rows[1]?.site_hash);
    expect(patterns).toHaveLength(2);
    expect(patterns[0]?.pattern_hash).not.toEqual(patterns[1]?.pattern_hash);
    expect(audited).toHaveLength(2);
    expect(audited[0]?.batch_hash).not.toEqual(audited[1]?.batch_hash);
  });
});

describe("removing a rule", () => {
  it("leaves its id and revision in its row, and nothing else", async () => {
    const store = await storeIn(storeHome());
    const { id: project } = store.addProject({ name: "Acme" });
    const { put } = store.changeRules({ put: [{ project, pattern: "a.test", ask: false }], remove: [] });
    store.changeRules({ put: [], remove: put.map(({ id }) => id) });
    const db = new Sqlite(store.path, { readonly: true });
    const rows = db.prepare("SELECT * FROM rule").all();
    db.close();
    expect(rows).toEqual([{ place: 1, id: put[0]?.id, revision: 3, project_id: null, pattern_hash: null, key_version: null, sealed: null }]);
  });
});

describe("removing a project", () => {
  it("leaves neither its keys nor its rows in any file", async () => {
    const options = storeHome();
    const store = await storeIn(options);
    const kept = fill(store);
    const { id } = store.addProject({ name: "Gone" });
    store.write(id, Array.from({ length: 1200 }, (_, n) => ({ kind: "set", cookie: cookie({ name: `c${n}` }), at: 1 })), { by: "cli" });
    store.changeRules({ put: Array.from({ length: 1100 }, (_, n) => ({ project: id, pattern: `host-${n}.test`, ask: false })), remove: [] });
    const db = new Sqlite(store.path, { readonly: true });
    const blobs = db
      .prepare<[string, string, string, string, string], { blob: Buffer }>(
        `SELECT wrapped AS blob FROM data_key WHERE owner = ? UNION ALL SELECT sealed FROM item WHERE project_id = ?
         UNION ALL SELECT sealed FROM rule WHERE project_id = ? UNION ALL SELECT pattern_hash FROM rule WHERE project_id = ?
         UNION ALL SELECT sealed FROM project WHERE id = ?`,
      )
      .all(id, id, id, id, id);
    db.close();
    expect(blobs).toHaveLength(3402);

    store.removeProject(id, { by: "cli" });

    const files = [...allBytes(options.home.data).values()];
    const remaining = blobs.filter(({ blob }) => files.some((bytes) => bytes.includes(blob.subarray(0, 24))));
    expect(remaining).toHaveLength(0);
    expect(store.unaudited.items(kept)).toHaveLength(1);
    expect(store.rules()).toEqual(store.rules(kept));
    expect(store.verify()).toEqual({ items: 2, damaged: [] });
  });

  it("finishes at the next opening what a reader kept it from", async () => {
    const options = storeHome();
    const store = await storeIn(options, { patienceMs: 20 });
    const { id } = store.addProject({ name: "Gone" });
    store.write(id, [{ kind: "set", cookie: cookie(), at: 1 }], { by: "cli" });
    const reader = new Sqlite(store.path, { readonly: true });
    const wrapped = reader.prepare("SELECT wrapped FROM data_key WHERE owner = ?").pluck().get(id) as Buffer;
    reader.exec("BEGIN");
    reader.prepare("SELECT count(*) FROM item").get();
    const present = (): boolean => [...allBytes(options.home.data).values()].some((bytes) => bytes.includes(wrapped));

    expect(store.removeProject(id, { by: "cli" })).toEqual({ name: "Gone", items: 1, rules: 0 });
    expect(store.registry().projects).toEqual([]);
    expect(present()).toBe(true);

    reader.close();
    (await openStore(options)).close();
    expect(present()).toBe(false);
  });
});
