import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { exportCommand } from "../../../native-host/cli/commands/export.ts";
import { formatNames } from "../../../shared/formats/index.ts";
import { database, local, record, session } from "../../support/entries.ts";
import { cookie, memoryContext, now } from "./memoryContext.ts";

const folder = mkdtempSync(join(tmpdir(), "stead-export-"));
afterAll(() => rmSync(folder, { recursive: true }));

const partitioned = cookie({ name: "p", partitionKey: { topLevelSite: "https://top.test" } });

describe("stead export", () => {
  it("puts the document itself on stdout, and nothing else", async () => {
    const { context } = memoryContext([cookie()]);
    const answer = await exportCommand(context, { project: "acme", format: "playwright" });
    expect(JSON.parse(answer.raw ?? "")).toMatchObject({ cookies: [{ name: "sid", value: "cAnArY" }], origins: [] });
    expect(answer).toMatchObject({ exit: 0, notes: [] });
    expect(answer.text).toBeUndefined();
  });

  it.each(formatNames)("writes %s to a file of mode 0600 and answers where and how much, never what", async (format) => {
    const { context } = memoryContext([cookie()]);
    const out = join(folder, format);
    const answer = await exportCommand(context, { project: "acme", format, out });
    expect(answer.raw).toBeUndefined();
    expect(answer.json).toEqual({ file: out, format, cookies: 1, origins: 0, dropped: [], lost: [] });
    expect(readFileSync(out, "utf8")).toContain("cAnArY");
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect(JSON.stringify({ ...answer })).not.toContain("cAnArY");
  });

  it("names on stderr what the format cannot hold and ends with status 3", async () => {
    const { context } = memoryContext([cookie(), partitioned]);
    const answer = await exportCommand(context, { project: "acme", format: "netscape" });
    expect(answer).toMatchObject({ exit: 3, notes: ["Left out: partitioned by top-level site (1)"], json: { cookies: 1, dropped: [{ count: 1 }] } });
  });

  it("names what never left Firefox and ends with status 3", async () => {
    const { context } = memoryContext([local("token", "cAnArY")], { gaps: [{ what: "CryptoKey in IndexedDB", count: 2 }] });
    const answer = await exportCommand(context, { project: "acme", format: "json" });
    const dropped = [{ reason: "CryptoKey in IndexedDB: not portable", count: 2 }];
    expect(answer).toMatchObject({ exit: 3, notes: ["Left out: CryptoKey in IndexedDB: not portable (2)"], json: { origins: 1, dropped } });
  });

  it("names lost attributes without calling the result partial", async () => {
    const { context } = memoryContext([cookie({ httpOnly: true, sameSite: "lax" })]);
    const answer = await exportCommand(context, { project: "acme", format: "wget" });
    expect(answer).toMatchObject({ exit: 0, notes: ["Not kept by wget: HttpOnly (1), SameSite (1)"] });
  });

  it("passes over what has expired, with a word and without a status", async () => {
    const { context } = memoryContext([cookie({ expires: now / 1000 - 1 })]);
    expect(await exportCommand(context, { project: "acme", format: "json" })).toMatchObject({ exit: 0, notes: ["Passed over: expired (1)"] });
  });

  it.each<[string, string[]]>([
    ["app.acme.test", ["app", "all", "below"]],
    ["APP.ACME.TEST", ["app", "all", "below"]],
    [".acme.test", ["app", "all", "bare", "below", "other"]],
    ["elsewhere.test", ["elsewhere"]],
    ["test", ["app", "all", "bare", "below", "other", "elsewhere"]],
  ])("--domain %s keeps what concerns it", async (domain, names) => {
    const { context } = memoryContext([
      cookie({ name: "app" }),
      cookie({ name: "all", domain: ".acme.test" }),
      cookie({ name: "bare", domain: "acme.test" }),
      cookie({ name: "below", domain: "x.app.acme.test" }),
      cookie({ name: "other", domain: "other.acme.test" }),
      cookie({ name: "elsewhere", domain: "elsewhere.test" }),
    ]);
    const { raw } = await exportCommand(context, { project: "acme", format: "json", domain });
    expect((JSON.parse(raw ?? "") as { cookies: { name: string }[] }).cookies.map(({ name }) => name)).toEqual(names);
  });

  const pageStorage = [local("k", "cAnArY"), session("tab", "cAnArY"), database("db", ["s"]), record("db", "s", 1, "cAnArY")];

  it.each(["playwright", "json"])("writes page storage as %s, whole", async (format) => {
    const { context } = memoryContext([cookie(), ...pageStorage]);
    const out = join(folder, `${format}-pages`);
    const answer = await exportCommand(context, { project: "acme", format, out });
    expect(answer).toMatchObject({ exit: 0, notes: [], text: `Wrote 1 cookie and 1 origin of acme to ${out}.`, json: { cookies: 1, origins: 1, dropped: [] } });
    expect(readFileSync(out, "utf8").match(/cAnArY/g)).toHaveLength(4);
  });

  it.each(["netscape", "wget", "curl"])("counts page storage that %s cannot hold, and ends with status 3", async (format) => {
    const { context } = memoryContext([cookie(), ...pageStorage]);
    const answer = await exportCommand(context, { project: "acme", format });
    expect(answer).toMatchObject({ exit: 3, json: { cookies: 1, origins: 0 } });
    expect(answer.notes).toEqual(expect.arrayContaining(["an item of localStorage", "an item of sessionStorage", "an IndexedDB database", "an IndexedDB record"].map((what) => `Left out: ${what} (1)`)));
  });

  it.each<[string, string[]]>([
    ["app.acme.test", ["app", "port", "below"]],
    ["acme.test", ["app", "port", "below", "bare"]],
    ["x.app.acme.test", ["below"]],
    ["test", ["app", "port", "below", "bare"]],
    ["localhost", ["local"]],
    ["127.0.0.1", ["address"]],
  ])("--domain %s keeps origins of the host and those below it", async (domain, keys) => {
    const { context } = memoryContext([
      local("app", "", "https://app.acme.test"), local("port", "", "http://app.acme.test:8080"), local("below", "", "https://x.app.acme.test"),
      local("bare", "", "https://acme.test"), local("local", "", "http://localhost:3000"), local("address", "", "http://127.0.0.1:3000"),
    ]);
    const { raw } = await exportCommand(context, { project: "acme", format: "json", domain });
    const { origins } = JSON.parse(raw ?? "") as { origins: { localStorage: { name: string }[] }[] };
    expect(origins.flatMap(({ localStorage }) => localStorage.map(({ name }) => name))).toEqual(keys);
  });

  it("says when nothing concerns the domain", async () => {
    const { context } = memoryContext([cookie()]);
    expect(await exportCommand(context, { project: "acme", format: "json", domain: "none.test" })).toMatchObject({ exit: 0, notes: ["The project has no items for none.test."] });
  });

  it("makes a curl configuration for the one host that --domain names", async () => {
    const { context } = memoryContext([cookie(), cookie({ name: "b", domain: "elsewhere.test" })]);
    const answer = await exportCommand(context, { project: "acme", format: "curl", domain: "app.acme.test" });
    expect(answer).toMatchObject({ exit: 0, raw: expect.stringContaining('header = "Cookie: sid=cAnArY"') as string });
  });

  it.each<[string, object]>([
    ["no format", {}],
    ["an unknown format", { format: "yaml" }],
    ["a name of Object's", { format: "constructor" }],
    ["a domain with a path", { format: "json", domain: "a.test/x" }],
    ["a domain that is empty", { format: "json", domain: "" }],
    ["several hosts for curl", { format: "curl" }],
  ])("refuses %s as wrong usage", async (_what, options) => {
    const { context } = memoryContext([cookie(), cookie({ domain: "elsewhere.test" })]);
    await expect(exportCommand(context, { project: "acme", ...options })).rejects.toMatchObject({ code: "usage", exitCode: 2 });
  });

  it("refuses an unknown project", async () => {
    await expect(exportCommand(memoryContext().context, { project: "nope", format: "json" })).rejects.toMatchObject({ code: "unknownProject" });
  });
});
