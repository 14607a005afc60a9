import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { exportCommand } from "../../../native-host/cli/commands/export.ts";
import { importCommand, type ImportOptions } from "../../../native-host/cli/commands/import.ts";
import { importNames } from "../../../shared/formats/index.ts";
import { database, local, record, session } from "../../support/entries.ts";
import { cookie, memoryContext, now, plain } from "./memoryContext.ts";

const folder = mkdtempSync(join(tmpdir(), "stead-import-"));
afterAll(() => rmSync(folder, { recursive: true }));

const stdin = (more: Partial<ImportOptions> = {}): ImportOptions => ({ project: "acme", file: "-", ...more });
const state = (...cookies: object[]) => JSON.stringify({ cookies: cookies.map((more) => ({ name: "sid", value: "cAnArY", domain: "app.acme.test", path: "/", ...more })) });

describe("stead import", () => {
  it.each(importNames)("takes back what export --format %s wrote, and tells Firefox", async (format) => {
    const from = memoryContext([cookie(), cookie({ name: "b", domain: ".acme.test", secure: true, expires: 1_900_000_000 })]);
    const { raw } = await exportCommand(from.context, { project: "acme", format });
    const to = memoryContext([], { stdin: raw ?? "" });
    const answer = await importCommand(to.context, stdin());
    expect(to.cookies()).toEqual(from.cookies());
    expect(answer.json).toMatchObject({ cookies: 2, origins: 0, repaired: [], dropped: [], revision: 1, format: format === "wget" ? "netscape" : format });
    expect(answer).toMatchObject({ exit: 0, text: "Imported 2 cookies and 0 origins into acme.", notes: [] });
    expect(to.pokes).toEqual([1]);
  });

  it("merges into what is there and leaves the rest", async () => {
    const other = cookie({ name: "other" });
    const memory = memoryContext([cookie({ value: "old" }), other], { stdin: state({ value: "new" }) });
    await importCommand(memory.context, stdin());
    expect(memory.entries()).toEqual([cookie({ value: "new" }), other]);
  });

  it("names what it repaired and left out, never a value, and ends with status 3", async () => {
    const memory = memoryContext([], { stdin: state({ expires: 1_900_000_000_000 }, { name: "e", expires: 1 }) });
    const answer = await importCommand(memory.context, stdin());
    expect(answer).toMatchObject({
      exit: 3,
      notes: ["Repaired: an expiry in milliseconds was read as seconds (1)", "Left out: expired (1)"],
      json: { cookies: 1, repaired: [{ count: 1 }], dropped: [{ reason: "expired", count: 1 }] },
    });
    expect(JSON.stringify(answer)).not.toContain("cAnArY");
  });

  it("ends with status 0 when there was something to repair and nothing to leave out", async () => {
    const memory = memoryContext([], { stdin: state({ expires: 1_900_000_000_000 }) });
    expect(await importCommand(memory.context, stdin())).toMatchObject({ exit: 0 });
  });

  it("takes page storage over with what its format can say of it", async () => {
    const origins = [
      { origin: "https://a.test", localStorage: [{ name: "k", value: "cAnArY" }], sessionStorage: [{ name: "tab", value: "1" }] },
      { origin: "https://b.test", localStorage: [], indexedDB: [{ name: "db", version: 1, stores: [{ name: "s", autoIncrement: false, indexes: [], records: [{ key: 1, value: "r" }] }] }] },
      { origin: "https://c.test", localStorage: [] },
    ];
    const memory = memoryContext([], { stdin: JSON.stringify({ cookies: [], origins }) });
    const answer = await importCommand(memory.context, stdin());
    expect(answer).toMatchObject({ exit: 0, text: "Imported 0 cookies and 2 origins into acme.", json: { cookies: 0, origins: 2, dropped: [] } });
    const a = "https://a.test";
    const b = "https://b.test";
    expect(memory.entries()).toEqual([local("k", "cAnArY", a), session("tab", "1", a), database("db", ["s"], b), record("db", "s", 1, "r", b)]);
    expect(memory.pokes).toEqual([1]);
  });

  it("keeps what an older file does not know of a database", async () => {
    const origin = "https://app.example.com";
    const here = [database("db", ["old", "new"]), record("db", "old", 1, "a"), record("db", "new", 1, "b"), local("k", "v")];
    const file = { origin, indexedDB: [{ name: "db", version: 1, stores: [{ name: "old", autoIncrement: false, indexes: [], records: [{ key: 1, value: "changed" }] }] }] };
    const memory = memoryContext(here, { stdin: JSON.stringify({ origins: [file] }) });
    await importCommand(memory.context, stdin());
    expect(memory.entries()).toEqual([database("db", ["old", "new"]), record("db", "old", 1, "changed"), ...here.slice(2)]);
  });

  it("looks again when a database changes while it looks", async () => {
    const file = { origin: "https://app.example.com", indexedDB: [{ name: "db", version: 1, stores: [{ name: "one", autoIncrement: false, indexes: [], records: [] }] }] };
    const memory = memoryContext([], { stdin: JSON.stringify({ origins: [file] }) });
    memory.meanwhile([{ kind: "set", entry: database("db", ["two"]), at: now }]);
    await importCommand(memory.context, stdin());
    expect(memory.entries()).toEqual([database("db", ["one", "two"])]);
  });

  it("names records that no database is described for", async () => {
    const origins = [{ origin: "https://app.example.com", databases: [{ name: "db", records: [{ store: "s", key: 1, value: "cAnArY" }] }] }];
    const document = { format: "stead-state", version: 1, project: "acme", exportedAt: "2030-01-01T00:00:00.000Z", cookies: [], origins };
    const memory = memoryContext([], { stdin: JSON.stringify(document) });
    expect(await importCommand(memory.context, stdin())).toMatchObject({ exit: 3, json: { dropped: [{ reason: "a record of a database or store that is not described", count: 1 }] } });
    expect(memory.entries()).toEqual([]);
  });

  it("names files of the origin private file system, which are not stored", async () => {
    const origins = [{ origin: "https://a.test", localStorage: [], opfs: [{ path: "cAnArY", type: "directory" }] }];
    const memory = memoryContext([], { stdin: JSON.stringify({ cookies: [], origins }) });
    expect(await importCommand(memory.context, stdin())).toMatchObject({ exit: 3, json: { origins: 0, dropped: [{ count: 1 }] } });
  });

  it("names passkeys, which are not stored", async () => {
    const memory = memoryContext([], { stdin: JSON.stringify({ cookies: [], credentials: [{ id: "cAnArY" }] }) });
    expect(await importCommand(memory.context, stdin())).toMatchObject({ exit: 3, json: { dropped: [{ reason: "a passkey: Stead does not store passkeys", count: 1 }] } });
  });

  it("names what Firefox did not take", async () => {
    const memory = memoryContext([], { stdin: state({}), waiting: 2, unapplied: [{ reason: "refused by Firefox", count: 1 }] });
    const answer = await importCommand(memory.context, stdin());
    expect(answer).toMatchObject({ exit: 3, json: { cookies: 1, dropped: [], unapplied: [{ count: 1 }], waiting: 2 } });
    expect(answer.notes).toEqual(["Not applied in Firefox: refused by Firefox (1)", "2 origins are written when they are next opened"]);
  });

  it.each<[string, string | Buffer, Partial<ImportOptions>, string, string]>([
    ["a broken document", '{"cookies": [cAnArY', {}, "fileFormat", "valid JSON"],
    ["an empty document", "", {}, "fileFormat", "is empty"],
    ["one bad row among good ones", "# Netscape HTTP Cookie File\na.test\tFALSE\t/\tFALSE\t0\tn\tv\nb.test FALSE cAnArY\n", {}, "fileFormat", "line 3"],
    ["another format than was named", state({}), { format: "netscape" }, "fileFormat", "line 1"],
    ["bytes that are no text", Buffer.from([0xff, 0xfe, 0x41]), {}, "fileFormat", "UTF-8"],
    ["a value that is none in the last origin", JSON.stringify({ cookies: [{ name: "sid", value: "cAnArY", domain: "app.acme.test", path: "/" }], origins: [{ origin: "https://a.test", indexedDB: [{ name: "d", version: 1, stores: [{ name: "s", autoIncrement: false, indexes: [], records: [{ key: 1, valueEncoded: { ref: 7 } }] }] }] }] }), {}, "fileFormat", "records"],
    ["a curl configuration", 'header = "Cookie: cAnArY"', {}, "fileFormat", "which host"],
    ["--format curl", "", { format: "curl" }, "usage", "which host"],
    ["an unknown format", "", { format: "yaml" }, "usage", "yaml"],
  ])("refuses %s with the store as it was", async (_what, input, more, code, message) => {
    const memory = memoryContext([cookie({ value: "old" })], { stdin: input });
    const refused = await importCommand(memory.context, stdin(more)).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code, message: expect.stringContaining(message) as string });
    expect(refused).not.toMatchObject({ message: expect.stringContaining("cAnArY") as string });
    expect(memory.cookies()).toEqual([plain({ value: "old" })]);
    expect(memory.pokes).toEqual([]);
  });

  it("reads a file, and says which one cannot be read", async () => {
    const file = join(folder, "state.json");
    writeFileSync(file, state({}));
    const memory = memoryContext();
    await importCommand(memory.context, { project: "acme", file });
    expect(memory.cookies()).toEqual([plain()]);
    await expect(importCommand(memory.context, { project: "acme", file: `${file}.none` })).rejects.toMatchObject({ code: "fileUnreadable" });
    await expect(importCommand(memory.context, { project: "acme", file: folder })).rejects.toMatchObject({ code: "fileUnreadable" });
  });

  describe("--replace", () => {
    it("makes the document the whole, in one revision", async () => {
      const memory = memoryContext([cookie({ value: "old" }), cookie({ name: "gone" })], { stdin: state({ value: "new" }) });
      const { json } = await importCommand(memory.context, stdin({ replace: true }));
      expect(memory.cookies()).toEqual([plain({ value: "new" })]);
      expect(json).toMatchObject({ revision: 2 });
    });

    it("never empties a project without --force", async () => {
      const memory = memoryContext([cookie()], { stdin: state() });
      await expect(importCommand(memory.context, stdin({ replace: true }))).rejects.toMatchObject({ code: "conflict", hint: expect.stringContaining("--force") as string });
      expect(memory.cookies()).toHaveLength(1);
      await importCommand(memory.context, stdin({ replace: true, force: true }));
      expect(memory.cookies()).toEqual([]);
    });

    it("leaves what the document does not speak of", async () => {
      const stored = [cookie({ value: "old" }), cookie({ name: "gone" }), local("k", "v"), local("gone", "v"), session("tab", "1"), database("db", ["s"]), record("db", "s", 1, "r")];
      const withLocal = JSON.stringify({ cookies: [plain({ value: "new" })], origins: [{ origin: "https://app.example.com", localStorage: [{ name: "k", value: "v" }] }] });
      const memory = memoryContext(stored, { stdin: withLocal.replaceAll('"unspecified"', '"Lax"') });
      await importCommand(memory.context, stdin({ replace: true }));
      expect(memory.entries().map((entry) => entry.kind)).toEqual(["cookie", "local", "session", "database", "record"]);
      const jar = memoryContext(stored, { stdin: "# Netscape HTTP Cookie File\napp.acme.test\tFALSE\t/\tFALSE\t0\tsid\tnew\n" });
      await importCommand(jar.context, stdin({ replace: true }));
      expect(jar.entries()).toEqual([cookie({ value: "new" }), ...stored.slice(2)]);
    });

    it("makes page storage the document's where it speaks of it", async () => {
      const stored = [local("gone", "v"), session("gone", "1"), database("gone", ["s"]), record("gone", "s", 1, "r"), database("db", ["s", "more"]), record("db", "more", 1, "r")];
      const document = { format: "stead-state", version: 1, project: "acme", exportedAt: "2030-01-01T00:00:00.000Z", cookies: [], origins: [{ origin: "https://app.example.com", localStorage: [{ name: "k", value: "v" }], sessionStorage: [], databases: [{ name: "db", shape: { version: 1, stores: [{ name: "s", keyPath: null, autoIncrement: false, indexes: [] }] }, records: [] }] }] };
      const memory = memoryContext(stored, { stdin: JSON.stringify(document) });
      await importCommand(memory.context, stdin({ replace: true }));
      // The memory does not know that a database takes its records along; the document's shape is what matters here.
      expect(memory.entries()).toEqual([database("db", ["s"]), local("k", "v")]);
    });

    it("keeps the records of an object store of which the document's writer lost one", async () => {
      const stored = [database("db", ["s", "t"]), record("db", "s", "zero", "0"), record("db", "t", "gone", "r")];
      const store = (name: string, records: object[]) => ({ name, autoIncrement: false, indexes: [], records });
      const indexedDB = [{ name: "db", version: 1, stores: [store("s", [{ key: "zero" }, { key: "new", value: "n" }]), store("t", [{ key: "new", value: "n" }])] }];
      const memory = memoryContext(stored, { stdin: JSON.stringify({ origins: [{ origin: "https://app.example.com", indexedDB }] }) });
      expect(await importCommand(memory.context, stdin({ replace: true }))).toMatchObject({ exit: 3, json: { dropped: [{ count: 1 }] } });
      expect(memory.entries()).toEqual([database("db", ["s", "t"]), record("db", "s", "zero", "0"), record("db", "s", "new", "n"), record("db", "t", "new", "n")]);
    });

    it("removes nothing that another process has just added", async () => {
      const memory = memoryContext([cookie()], { stdin: state({ value: "new" }) });
      memory.meanwhile([{ kind: "set", entry: cookie({ name: "fresh" }), at: now }]);
      await expect(importCommand(memory.context, stdin({ replace: true }))).rejects.toMatchObject({ code: "conflict" });
      expect(memory.cookies()).toHaveLength(2);
    });
  });
});
