import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";
import type { Store } from "../../../native-host/store/types.ts";
import { defaultSettings, type SettingsPatch } from "../../../shared/settings.ts";
import { errorCode } from "../../support/errorCode.ts";
import { storeHome, storeIn } from "../../support/storeHome.ts";

const nobody = "00000000-0000-0000-0000-000000000000";

async function storeWithTwo(): Promise<{ store: Store; one: string; other: string }> {
  const store = await storeIn(storeHome());
  return { store, one: store.addProject({ name: "Acme" }).id, other: store.addProject({ name: "Other" }).id };
}

describe("settings", () => {
  it("are the defaults until they are set, field by field", async () => {
    const { store, one } = await storeWithTwo();
    expect(store.settings()).toEqual(defaultSettings);
    expect(store.setSettings({ strict: [one] })).toEqual({ ...defaultSettings, strict: [one] });
    expect(store.setSettings({ external: { kind: "ask" }, strict: undefined })).toEqual({ ...defaultSettings, strict: [one], external: { kind: "ask" } });
    expect(store.registry().settings).toEqual(store.settings());
  });

  it("take a revision when they change, and none when they do not", async () => {
    const { store, one } = await storeWithTwo();
    const before = store.revision();
    store.setSettings({});
    expect(store.revision()).toBe(before);
    store.setSettings({ strict: [one, one] });
    store.setSettings({ strict: [one] });
    expect(store.revision()).toBe(before + 1);
  });

  it("outlast the store's closing", async () => {
    const options = storeHome();
    const first = await storeIn(options);
    first.setSettings({ inherit: ["Login.Example.com"] });
    first.close();
    expect((await storeIn(options)).settings().inherit).toEqual(["login.example.com"]);
  });

  it("keep patterns as canonical text, each once", async () => {
    const { store, one } = await storeWithTwo();
    const { inherit, answers } = store.setSettings({ inherit: [" *.ID.example. ", "*.id.example", "sso.test/login/*"], answers: { "*.Shop.TEST/a/": one } });
    expect(inherit).toEqual(["*.id.example", "sso.test/login"]);
    expect(answers).toEqual({ "*.shop.test/a": one });
  });

  it.each<[string, (project: string) => SettingsPatch, string]>([
    ["an expression that inherits", () => ({ inherit: ["ok.test", "/https://.*/"] }), "badPattern"],
    ["an exclusion that inherits", () => ({ inherit: ["!ok.test"] }), "badPattern"],
    ["what is no pattern", () => ({ inherit: ["no host"] }), "badPattern"],
    ["an answer to what is no pattern", (project) => ({ answers: { "no host": project } }), "badPattern"],
    ["strictness of an unknown project", (project) => ({ strict: [project, nobody] }), "unknownProject"],
    ["an unknown project for links from elsewhere", () => ({ external: { kind: "project", project: nobody } }), "unknownProject"],
    ["an answer that is an unknown project", () => ({ answers: { "ok.test": nobody } }), "unknownProject"],
  ])("refuse %s, and stay as they were", async (_what, patch, code) => {
    const { store, one } = await storeWithTwo();
    expect(await errorCode(() => store.setSettings({ ...patch(one), external: patch(one).external ?? { kind: "ask" } }))).toBe(code);
    expect(store.settings()).toEqual(defaultSettings);
  });

  it("name no project that was removed, nor take it from one who has not heard of that", async () => {
    const { store, one, other } = await storeWithTwo();
    const all: SettingsPatch = { external: { kind: "project", project: one }, strict: [other, one], answers: { "a.test": one, "b.test": other } };
    expect(store.setSettings(all)).toEqual({ ...defaultSettings, ...all });
    store.removeProject(one, { by: "cli" });
    const left = { ...defaultSettings, strict: [other], answers: { "b.test": other } };
    expect(store.settings()).toEqual(left);
    expect(store.registry().settings).toEqual(left);
    expect(store.setSettings(all)).toEqual(left);
  });

  it("that were damaged are counted and refused", async () => {
    const { store } = await storeWithTwo();
    store.setSettings({ external: { kind: "ask" } });
    const db = new Sqlite(store.path);
    db.prepare("UPDATE settings SET revision = revision - 1").run();
    db.close();
    expect(store.verify()).toEqual({ items: 0, damaged: [{ reason: "settings", count: 1 }] });
    expect(await errorCode(() => store.settings())).toBe("storeDamaged");
  });
});
