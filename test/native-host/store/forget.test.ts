import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";
import type { Store } from "../../../native-host/store/types.ts";
import type { Entry, EntryChange } from "../../../shared/state/entry.ts";
import { cookieEntry, local } from "../../support/entries.ts";
import { errorCode } from "../../support/errorCode.ts";
import { storeHome, storeIn } from "../../support/storeHome.ts";

const set = (entry: Entry): EntryChange => ({ kind: "set", entry, at: 1 });
const by = "cli";
const app = [local("token", "a"), cookieEntry(), local("token", "b", "https://deep.app.example.com")];
const beside = [cookieEntry({ domain: ".example.com" }), cookieEntry({ domain: "beside.example.com" }), local("token", "c", "https://notapp.example.com")];

async function project(): Promise<{ store: Store; id: string; live: () => Set<Entry | undefined>; sealed: () => Buffer[]; found: (blobs: Buffer[]) => number }> {
  const store = await storeIn({ ...storeHome(), now: () => 1000 });
  const { id } = store.addProject({ name: "Acme" });
  store.writeEntries(id, [...app, ...beside].map(set), { by });
  store.writeEntries(id, [set(local("token", "changed")), set(cookieEntry({ domain: "beside.example.com", value: "changed" }))], { by });
  return {
    store, id,
    live: () => new Set(store.unaudited.entries(id).map(({ entry }) => entry)),
    sealed: () => {
      const db = new Sqlite(store.path, { readonly: true });
      const blobs = db.prepare<[], { sealed: Buffer }>("SELECT sealed FROM item UNION ALL SELECT sealed FROM history").all();
      db.close();
      return blobs.map(({ sealed }) => sealed.subarray(0, 24));
    },
    found: (blobs) => {
      const folder = dirname(store.path);
      const files = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
      return blobs.filter((blob) => files.some((bytes) => bytes.includes(blob))).length;
    },
  };
}

describe("forgetting", () => {
  it("a host removes it and those below, with their history, and nothing else", async () => {
    const { store, id, live, sealed, found } = await project();
    const before = sealed();
    expect(store.forget(id, { by, domain: "app.example.com" })).toEqual({ revision: 4, forgotten: 3 });
    expect(live()).toEqual(new Set([beside[0], cookieEntry({ domain: "beside.example.com", value: "changed" }), beside[2]]));
    // Three that stay, and one's past.
    expect(found(before)).toBe(4);
    store.restore(id, { revision: 2 }, { by });
    expect(live()).toEqual(new Set(beside));
    expect(store.verify().damaged).toEqual([]);
  });

  it("all leaves no content and no history, and Firefox is told", async () => {
    const { store, id, live, sealed, found } = await project();
    store.setSynced("one", id, store.revision());
    const before = sealed();
    expect(store.forget(id, { by })).toEqual({ revision: 4, forgotten: 6 });
    expect(live()).toEqual(new Set());
    expect(found(before)).toBe(0);
    expect(store.history(id).map(({ revision }) => revision)).toEqual([4]);
    expect(await errorCode(() => store.restore(id, { revision: 3 }, { by }))).toBe("usage");
    expect(store.updatesFor("one")).toMatchObject([{ set: [], remove: [{ name: "sid" }, { name: "sid" }, { name: "sid" }] }]);
    expect(store.registry().projects).toHaveLength(1);
  });

  it("takes what has expired along, and leaves another project alone", async () => {
    let now = 0;
    const store = await storeIn({ ...storeHome(), now: () => now });
    const [id = "", other = ""] = ["a", "b"].map((name) => store.addProject({ name }).id);
    for (const one of [id, other]) store.writeEntries(one, [set(cookieEntry({ expires: 10 })), set(local("a", "1"))], { by });
    now = 20_000;
    expect(store.forget(id, { by }).forgotten).toBe(1);
    expect(store.verify().items).toBe(3);
    expect(store.unaudited.entries(other)).toHaveLength(1);
  });

  it("ends the lease: its holder does not bring back what it has", async () => {
    const { store, id, live } = await project();
    const { token, entries } = store.checkout(id, { holder: "agent", ttlMs: 60_000 });
    store.forget(id, { by, domain: "app.example.com" });
    expect(await errorCode(() => store.checkin(id, { kind: "whole", entries, covers: () => true, at: 2000 }, { token }))).toBe("conflict");
    expect(live().has(local("token", "changed"))).toBe(false);
  });

  it("what is not there changes nothing", async () => {
    const { store, id } = await project();
    expect(store.forget(id, { by, domain: "unknown.test" })).toEqual({ revision: 3, forgotten: 0 });
    expect(store.history(id)).toHaveLength(2);
  });
});
