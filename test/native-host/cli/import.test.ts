import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { exportCommand } from "../../../native-host/cli/commands/export.ts";
import { importCommand, type ImportOptions } from "../../../native-host/cli/commands/import.ts";
import { importNames } from "../../../shared/formats/index.ts";
import { cookie, memoryContext, now } from "./memoryContext.ts";

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
    expect(answer).toMatchObject({ exit: 0, text: "Imported 2 cookies into acme.", notes: [] });
    expect(to.pokes).toEqual([1]);
  });

  it("merges into what is there and leaves the rest", async () => {
    const other = cookie({ name: "other" });
    const memory = memoryContext([cookie({ value: "old" }), other], { stdin: state({ value: "new" }) });
    await importCommand(memory.context, stdin());
    expect(memory.cookies()).toEqual([cookie({ value: "new" }), other]);
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

  it("names page storage, which is not stored yet", async () => {
    const origins = [
      { origin: "https://a.test", localStorage: [{ name: "k", value: "cAnArY" }] },
      { origin: "https://b.test", localStorage: [], indexedDB: [{ name: "db", version: 1, stores: [] }] },
      { origin: "https://c.test", localStorage: [] },
    ];
    const memory = memoryContext([], { stdin: JSON.stringify({ cookies: [], origins }) });
    const answer = await importCommand(memory.context, stdin());
    expect(answer).toMatchObject({ exit: 3, json: { origins: 0, dropped: [{ reason: "page storage of an origin: Stead stores cookies only", count: 2 }] } });
  });

  it("names passkeys, which are not stored", async () => {
    const memory = memoryContext([], { stdin: JSON.stringify({ cookies: [], credentials: [{ id: "cAnArY" }] }) });
    expect(await importCommand(memory.context, stdin())).toMatchObject({ exit: 3, json: { dropped: [{ reason: "a passkey: Stead does not store passkeys", count: 1 }] } });
  });

  it("names what Firefox did not take", async () => {
    const memory = memoryContext([], { stdin: state({}), unapplied: [{ reason: "refused by Firefox", count: 1 }] });
    const answer = await importCommand(memory.context, stdin());
    expect(answer).toMatchObject({ exit: 3, json: { cookies: 1, dropped: [], unapplied: [{ count: 1 }] } });
    expect(answer.notes).toEqual(["Not applied in Firefox: refused by Firefox (1)"]);
  });

  it.each<[string, string | Buffer, Partial<ImportOptions>, string, string]>([
    ["a broken document", '{"cookies": [cAnArY', {}, "fileFormat", "valid JSON"],
    ["an empty document", "", {}, "fileFormat", "is empty"],
    ["one bad row among good ones", "# Netscape HTTP Cookie File\na.test\tFALSE\t/\tFALSE\t0\tn\tv\nb.test FALSE cAnArY\n", {}, "fileFormat", "line 3"],
    ["another format than was named", state({}), { format: "netscape" }, "fileFormat", "line 1"],
    ["bytes that are no text", Buffer.from([0xff, 0xfe, 0x41]), {}, "fileFormat", "UTF-8"],
    ["a curl configuration", 'header = "Cookie: cAnArY"', {}, "fileFormat", "which host"],
    ["--format curl", "", { format: "curl" }, "usage", "which host"],
    ["an unknown format", "", { format: "yaml" }, "usage", "yaml"],
  ])("refuses %s with the store as it was", async (_what, input, more, code, message) => {
    const memory = memoryContext([cookie({ value: "old" })], { stdin: input });
    const refused = await importCommand(memory.context, stdin(more)).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code, message: expect.stringContaining(message) as string });
    expect(refused).not.toMatchObject({ message: expect.stringContaining("cAnArY") as string });
    expect(memory.cookies()).toEqual([cookie({ value: "old" })]);
    expect(memory.pokes).toEqual([]);
  });

  it("reads a file, and says which one cannot be read", async () => {
    const file = join(folder, "state.json");
    writeFileSync(file, state({}));
    const memory = memoryContext();
    await importCommand(memory.context, { project: "acme", file });
    expect(memory.cookies()).toEqual([cookie()]);
    await expect(importCommand(memory.context, { project: "acme", file: `${file}.none` })).rejects.toMatchObject({ code: "fileUnreadable" });
    await expect(importCommand(memory.context, { project: "acme", file: folder })).rejects.toMatchObject({ code: "fileUnreadable" });
  });

  describe("--replace", () => {
    it("makes the document the whole, in one revision", async () => {
      const memory = memoryContext([cookie({ value: "old" }), cookie({ name: "gone" })], { stdin: state({ value: "new" }) });
      const { json } = await importCommand(memory.context, stdin({ replace: true }));
      expect(memory.cookies()).toEqual([cookie({ value: "new" })]);
      expect(json).toMatchObject({ revision: 2 });
    });

    it("never empties a project without --force", async () => {
      const memory = memoryContext([cookie()], { stdin: state() });
      await expect(importCommand(memory.context, stdin({ replace: true }))).rejects.toMatchObject({ code: "conflict", hint: expect.stringContaining("--force") as string });
      expect(memory.cookies()).toHaveLength(1);
      await importCommand(memory.context, stdin({ replace: true, force: true }));
      expect(memory.cookies()).toEqual([]);
    });

    it("removes nothing that another process has just added", async () => {
      const memory = memoryContext([cookie()], { stdin: state({ value: "new" }) });
      memory.meanwhile([{ kind: "set", cookie: cookie({ name: "fresh" }), at: now }]);
      await expect(importCommand(memory.context, stdin({ replace: true }))).rejects.toMatchObject({ code: "conflict" });
      expect(memory.cookies()).toHaveLength(2);
    });
  });
});
