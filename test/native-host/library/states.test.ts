import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Handle } from "../../../native-host/library/handle.ts";
import { lockVault, unlockVault } from "../../../native-host/vault/control.ts";
import { rotateKey } from "../../../native-host/vault/rotate.ts";
import { cookieEntry, local, record, database, session } from "../../support/entries.ts";
import { errorCode } from "../../support/errorCode.ts";
import { acme, storage } from "./given.ts";

const both = [cookieEntry(), local("token", "a")];

describe("state()", () => {
  it("gives Playwright's storage state, with the revision that it is of", async () => {
    const { stead, store } = await acme([...both, session("tab", "1"), database("db", ["one"]), record("db", "one", 1, "r")]);
    const { state, revision, dropped } = await stead.state("acme");
    expect(state.cookies).toEqual([
      { name: "sid", value: "one", domain: "app.example.com", path: "/", expires: -1, httpOnly: true, secure: true, sameSite: "Lax" },
    ]);
    expect(state.origins).toMatchObject([{ origin: "https://app.example.com", localStorage: [{ name: "token", value: "a" }], indexedDB: [{ name: "db" }] }]);
    expect([revision, dropped]).toEqual([store.revision(), []]);
  });

  it("gives cookie files as text, and says what they leave out", async () => {
    const { stead } = await acme(both);
    const { state, dropped } = await stead.state("acme", { format: "netscape" });
    expect(state).toContain("#HttpOnly_app.example.com\tFALSE\t/\tTRUE\t0\tsid\tone\n");
    expect(dropped).toEqual([{ reason: "an item of localStorage", count: 1 }]);
    expect((await stead.state("acme", { format: "curl" })).state).toContain('header = "Cookie: sid=one"');
  });

  it("gives Stead's own format with everything in it", async () => {
    const { stead } = await acme(both);
    const { state } = await stead.state("acme", { format: "json" });
    expect([state.format, state.project, state.cookies.length, state.origins?.length]).toEqual(["stead-state", "acme", 1, 1]);
  });

  it("gives what concerns one host alone", async () => {
    const { stead } = await acme([...both, local("token", "b", "https://other.test")]);
    const { state } = await stead.state("acme", { domain: "Other.test" });
    expect([state.cookies.length, state.origins.map(({ origin }) => origin)]).toEqual([0, ["https://other.test"]]);
  });

  it("writes a file for this user's eyes only", async () => {
    const { stead, options } = await acme(both);
    const file = join(options.home.data, "state.json");
    expect(await stead.export("acme", file)).toEqual({ file, cookies: 1, origins: 1, dropped: [], lost: [] });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual((await stead.state("acme")).state);
  });

  it.each([
    ["a project that is not there", { project: "acm" }, "unknownProject"],
    ["a format that is none", { format: "yaml" }, "usage"],
    ["a domain that is none", { domain: "https://x" }, "usage"],
  ])("refuses %s", async (_what, given, code) => {
    const { stead } = await acme(both);
    const { project, ...options } = { project: "acme", ...given };
    // As a program without types may call it.
    expect(await errorCode(() => Reflect.apply(stead.state.bind(stead), undefined, [project, options]))).toBe(code);
  });
});

describe("a handle", () => {
  it("names the projects with what they hold", async () => {
    const { stead, store, id } = await acme(both);
    store.addProject({ name: "other", color: "red" });
    expect(await stead.projects()).toMatchObject([{ id, name: "acme", items: 2, rules: 0 }, { name: "other", color: "red", items: 0 }]);
  });

  it("opens another store by its home", async () => {
    const { stead, options } = await acme();
    const elsewhere = join(options.home.data, "elsewhere");
    const warnings: string[] = [];
    await using other = stead.open({ home: elsewhere, env: { STEAD_KEYSTORE: "file" }, warn: (message) => warnings.push(message) });
    expect(await other.projects()).toEqual([]);
    expect(warnings.join()).toContain(join(elsewhere, "key"));
  });

  it("opens nothing until it is asked for something", async () => {
    const { options } = await acme();
    const stead = new Handle({ home: join(options.home.store, "below-a-file"), env: {} });
    await stead.close();
    expect(await errorCode(() => stead.projects())).toBe("storeUnreadable");
  });

  it("can be used again after it was closed, and waits for what runs before it closes", async () => {
    const { stead } = await acme(both);
    const [running] = await Promise.all([stead.projects(), stead.close()]);
    expect(running).toHaveLength(1);
    expect(await stead.projects()).toHaveLength(1);
  });

  it("finds the vault locked, and open again, without being opened anew by its program", async () => {
    const { stead, options } = await acme(both);
    await stead.projects();
    await lockVault(options);
    expect(await errorCode(() => stead.state("acme"))).toBe("vaultLocked");
    await expect(stead.state("acme")).rejects.toMatchObject({ exitCode: 4, hint: "Run stead unlock." });
    await unlockVault({ ...options, passphrase: () => Promise.reject(new Error("Nobody is asked.")) });
    expect((await stead.state("acme")).state.cookies).toHaveLength(1);
  });

  it("follows a rotation of the keys", async () => {
    const { stead, options } = await acme(both);
    await stead.projects();
    await rotateKey({ ...options, passphrase: () => Promise.reject(new Error("Nobody is asked.")) });
    expect((await stead.state("acme")).state.cookies).toHaveLength(1);
  });

  it.each([["an empty name", ""], ["line breaks", "a\nb"], ["the id of a Firefox profile", "10000000-0000-4000-8000-000000000001"]])(
    "is not given %s for a name", async (_what, name) => {
      const { stead } = await acme();
      expect(await errorCode(() => stead.open({ name }))).toBe("usage");
      expect(await errorCode(() => stead.checkout("acme", { holder: name }))).toBe("usage");
    },
  );
});

describe("history() and restore()", () => {
  it("undo what was changed, by revision and by time", async () => {
    const { stead, human, values } = await acme([local("token", "a")]);
    const before = (await stead.state("acme")).revision;
    human(local("token", "b"));
    expect(await stead.history("acme")).toMatchObject([{ by: "firefox", items: 1, at: expect.any(Date) as Date }, { by: "firefox", items: 1 }]);
    expect(await stead.restore("acme", { to: before })).toMatchObject({ restored: 1, dropped: [], unapplied: [] });
    expect(values()).toEqual({ token: "a" });
    expect((await stead.history("acme"))[0]).toMatchObject({ by: "library" });
    expect(await stead.history("acme", { domain: "other.test" })).toEqual([]);
    expect(await errorCode(() => stead.restore("acme", { to: 1_000_000 }))).toBe("usage");
  });

  it.each([[undefined], [new Date(NaN)], ["10m"]])("refuse %s for a moment", async (to) => {
    const { stead } = await acme();
    expect(await errorCode(() => Reflect.apply(stead.restore.bind(stead), undefined, ["acme", { to }]))).toBe("usage");
  });
});

describe("import()", () => {
  it("adds a state to what is there, or makes it the whole", async () => {
    const { stead, values } = await acme([local("kept", "k")]);
    expect(await stead.import("acme", storage({ token: "a" }))).toMatchObject({ cookies: 0, origins: 1, format: "playwright", dropped: [], repaired: [], unapplied: [] });
    expect(values()).toEqual({ kept: "k", token: "a" });
    await stead.import("acme", JSON.stringify(storage({ token: "b" })), { replace: true });
    expect(values()).toEqual({ token: "b" });
    expect(await errorCode(() => stead.import("acme", storage({}), { replace: true }))).toBe("conflict");
    await stead.import("acme", "# Netscape HTTP Cookie File\napp.example.com\tFALSE\t/\tTRUE\t0\tsid\tone\n");
    expect(values()).toEqual({ token: "b", sid: "one" });
  });

  it.each([
    ["what is no document", "neither", undefined, "fileFormat"],
    ["a format that cannot be read back", "x", "curl", "usage"],
    ["what JSON cannot hold", { cookies: 1n }, undefined, "usage"],
    ["nothing", undefined, undefined, "usage"],
  ])("refuses %s", async (_what, state, format, code) => {
    const { stead } = await acme();
    expect(await errorCode(() => Reflect.apply(stead.import.bind(stead), undefined, ["acme", state, { format }]))).toBe(code);
  });
});
