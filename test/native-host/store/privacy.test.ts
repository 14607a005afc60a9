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
  return id;
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
    const texts = [...Object.values(secrets), "purple", "vacation", "httpOnly"];
    expect([...allBytes(options.home.data).keys()].sort()).toEqual(["key", "store.db", "store.db-shm", "store.db-wal", "store.db.ballast"]);
    expect(leaks(options.home.data, texts)).toEqual([]);
    store.close();
    expect(leaks(options.home.data, texts)).toEqual([]);
  });

  it("show not even which stored things are equal", async () => {
    const store = await storeIn(storeHome());
    const ids = ["a", "b"].map((name) => store.addProject({ name }).id);
    for (const id of ids) store.write(id, [{ kind: "set", cookie: cookie(), at: 1 }], { by: "cli" });
    const db = new Sqlite(store.path, { readonly: true });
    const rows = db.prepare<[], { key_hash: Buffer; site_hash: Buffer }>("SELECT key_hash, site_hash FROM item").all();
    db.close();
    expect(rows).toHaveLength(2);
    expect(rows[0]?.key_hash).not.toEqual(rows[1]?.key_hash);
    expect(rows[0]?.site_hash).not.toEqual(rows[1]?.site_hash);
  });
});

describe("removing a project", () => {
  it("leaves neither its keys nor its rows in any file", async () => {
    const options = storeHome();
    const store = await storeIn(options);
    const kept = fill(store);
    const { id } = store.addProject({ name: "Gone" });
    store.write(id, Array.from({ length: 1200 }, (_, n) => ({ kind: "set", cookie: cookie({ name: `c${n}` }), at: 1 })), { by: "cli" });
    const db = new Sqlite(store.path, { readonly: true });
    const blobs = db
      .prepare<[string, string, string], { blob: Buffer }>(
        `SELECT wrapped AS blob FROM data_key WHERE owner = ?
         UNION ALL SELECT sealed FROM item WHERE project_id = ? UNION ALL SELECT sealed FROM project WHERE id = ?`,
      )
      .all(id, id, id);
    db.close();
    expect(blobs).toHaveLength(1202);

    store.removeProject(id);

    const files = [...allBytes(options.home.data).values()];
    const remaining = blobs.filter(({ blob }) => files.some((bytes) => bytes.includes(blob.subarray(0, 24))));
    expect(remaining).toHaveLength(0);
    expect(store.items(kept)).toHaveLength(1);
    expect(store.verify()).toEqual({ items: 1, damaged: [] });
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

    expect(store.removeProject(id)).toEqual({ name: "Gone", items: 1, rules: 0 });
    expect(store.registry().projects).toEqual([]);
    expect(present()).toBe(true);

    reader.close();
    (await openStore(options)).close();
    expect(present()).toBe(false);
  });
});
