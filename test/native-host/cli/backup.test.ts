import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { fakeHost, harness, type Ran, type World } from "./harness.ts";
import { real } from "./realHarness.ts";
import { shapes } from "./shapes.ts";

const canary = { passphrase: "canary-passphrase-5d02", value: "canary-value-77aa", host: "canary-host.example", name: "CanaryProject" };
const state = JSON.stringify({
  cookies: [{ name: "sid", value: canary.value, domain: canary.host, path: "/", expires: -1, httpOnly: true, secure: true, sameSite: "Lax" }],
  origins: [{ origin: `https://${canary.host}`, localStorage: [{ name: "token", value: canary.value }] }],
});

/** Every command line on one home, whatever else it is given. */
async function filled(): Promise<{ home: string; file: string; stead: (world: World, ...args: string[]) => Promise<Ran> }> {
  const first = real({ stdin: state });
  const stead = async (world: World, ...args: string[]): Promise<Ran> => {
    const other = real({ ...world, env: { STEAD_HOME: join(first.home, "stead") } });
    return other.run(...args);
  };
  expect(await stead({}, "project", "add", canary.name)).toMatchObject({ status: 0 });
  expect(await stead({ stdin: state }, "import", canary.name, "-", "--format", "playwright")).toMatchObject({ status: 0 });
  return { home: first.home, file: join(first.home, "stead.backup"), stead };
}

const given = { stdin: `${canary.passphrase}\n` };

function leaks(text: string | Buffer): string[] {
  return Object.values(canary).filter((one) => [one, Buffer.from(one).toString("base64").slice(0, 12)].some((form) => text.includes(form)));
}

describe("stead backup and stead backup restore", () => {
  it("take a store to another machine, and say nothing of what is in it", async () => {
    const { home, file, stead } = await filled();
    const made = await stead(given, "backup", file, "--json");
    expect(made).toMatchObject({ status: 0, stderr: "" });
    expect(shapes.backup.parse(made.json)).toEqual({ file, items: 2, verified: true });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect([leaks(readFileSync(file)), leaks(made.stdout)]).toEqual([[], []]);
    expect(readdirSync(home).sort()).toEqual(["stead", "stead.backup"]);

    const other = real(given);
    const restored = await other.run("backup", "restore", file, "--json");
    expect(restored.status).toBe(0);
    expect(restored.json).toEqual({ file, items: 2, verified: true, kept: null });
    expect(leaks(restored.stdout + restored.stderr)).toEqual([]);
    const files = readdirSync(join(other.home, "stead"), { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    expect(files.flatMap((one) => leaks(readFileSync(join(one.parentPath, one.name))))).toEqual([]);
    expect((await other.run("list")).stdout).toContain(canary.name);
    expect((await other.run("export", canary.name, "--format", "playwright")).stdout).toContain(canary.value);
  });

  it("ask for the backup's passphrase twice, and once for it later", async () => {
    const { home, file, stead } = await filled();
    const typed = real({ terminal: true, answers: [canary.passphrase, canary.passphrase], env: { STEAD_HOME: join(home, "stead") } });
    expect(await typed.run("backup", file)).toMatchObject({ status: 0, stdout: `Wrote ${file}: 2 items, all opened again with its passphrase.\n` });
    expect(typed.asked).toEqual(["New passphrase for this backup", "The same passphrase again"]);
    const slip = real({ terminal: true, answers: [canary.passphrase, "another one"], env: { STEAD_HOME: join(home, "stead") } });
    expect((await slip.run("backup", `${file}.2`)).status).toBe(2);
    expect(existsSync(`${file}.2`)).toBe(false);
    const again = real({ terminal: true, answers: [canary.passphrase] });
    expect(await again.run("backup", "restore", file)).toMatchObject({ status: 0, stdout: `Restored 2 items from ${file}.\n` });
    expect(again.asked).toEqual(["Passphrase of the backup"]);
    expect((await stead({ stdin: "" }, "backup", `${file}.2`)).status).toBe(2);
    expect((await stead({}, "backup")).status).toBe(2);
  });

  it("take over neither a file nor a store unasked, and tell where the store is kept", async () => {
    const { file, stead } = await filled();
    expect((await stead(given, "backup", file)).status).toBe(0);
    const refused = await stead({}, "backup", file, "--json");
    expect([refused.status, shapes.error.parse(refused.json).error.code]).toEqual([1, "fileExists"]);
    const host = fakeHost({});
    const unforced = await stead({ hosts: [host] }, "backup", "restore", file, "--json");
    expect([unforced.status, shapes.error.parse(unforced.json).error.code, host.calls]).toEqual([5, "conflict", []]);
    const ran = await stead({ ...given, hosts: [host] }, "backup", "restore", file, "--force", "--json");
    expect(ran.status).toBe(0);
    const { kept } = ran.json as { kept: string };
    expect(existsSync(join(kept, "store.db"))).toBe(true);
    expect(host.calls).toEqual([{ method: "vault.changed", params: {} }]);
    const wrong = await stead({ stdin: "cAnArY wrong\n" }, "backup", "restore", file, "--force", "--json");
    expect([wrong.status, wrong.stdout.includes("cAnArY"), wrong.stderr]).toEqual([4, false, ""]);
  });

  it("read the vault's new passphrase as a second line where the key source is one", async () => {
    const asked: string[] = [];
    const edges: World["edges"] = {
      restoreBackup: async ({ passphrase, vaultPassphrase }) => {
        asked.push(await passphrase(), await vaultPassphrase());
        return { file: "/f", items: 1, kept: undefined };
      },
    };
    expect((await harness({ edges, stdin: "one\r\ntwo\nthree" }).run("backup", "restore", "/f")).status).toBe(0);
    expect(asked).toEqual(["one", "two"]);
    expect((await harness({ edges, stdin: "one\n" }).run("backup", "restore", "/f")).status).toBe(2);
  });

  it("are refused while the vault is locked", async () => {
    const { file, stead } = await filled();
    await stead({}, "lock");
    for (const args of [["backup", file], ["backup", "restore", file], ["verify"]]) expect([args, (await stead({}, ...args)).status]).toEqual([args, 4]);
  });
});

describe("stead verify", () => {
  it("counts what it opened, and makes nothing on a fresh machine", async () => {
    const { stead } = await filled();
    expect((await stead({}, "verify", "--json")).json).toEqual({ items: 2, damaged: [] });
    const fresh = real();
    expect(shapes.verify.parse((await fresh.run("verify", "--json")).json)).toEqual({ items: 0, damaged: [] });
    expect(readdirSync(fresh.home)).toEqual([]);
  });

  it("names damage and changes nothing; with --repair it takes it out, keeps its bytes aside, and tells Firefox", async () => {
    const { home, stead } = await filled();
    const path = join(home, "stead", "store.db");
    const db = new Sqlite(path);
    db.exec("UPDATE item SET sealed = zeroblob(length(sealed)) WHERE origin_hash IS NULL");
    db.close();
    const damaged = [{ project: canary.name, kind: "cookie", revision: 2 }];
    for (let look = 0; look < 2; look++) {
      const ran = await stead({}, "verify", "--json");
      expect([ran.status, shapes.verify.parse(ran.json)]).toEqual([1, { items: 2, damaged }]);
    }
    expect((await stead({}, "verify")).stdout).toContain(`  ${canary.name}  cookie  revision 2\n`);
    expect((await stead({}, "export", canary.name, "--format", "json")).status).toBe(1);

    const host = fakeHost({});
    const ran = await stead({ hosts: [host] }, "verify", "--repair", "--json");
    const { quarantine, remaining } = ran.json as { quarantine: string; remaining: unknown[] };
    expect([ran.status, remaining, host.calls.map(({ method }) => method)]).toEqual([3, [], ["poke"]]);
    expect(statSync(quarantine).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(quarantine, "utf8"))).toMatchObject({ stead: "quarantine", version: 1, rows: [{ table: "item", columns: { revision: 2 } }] });
    expect(leaks(readFileSync(quarantine))).toEqual([]);
    expect((await stead({}, "verify", "--json")).json).toEqual({ items: 1, damaged: [] });
    expect((await stead({}, "export", canary.name, "--format", "json")).status).toBe(0);
  });

  it("ends with an error for what is no store any more", async () => {
    const { home, stead } = await filled();
    writeFileSync(join(home, "stead", "store.db"), "Dear diary, today I have written a file. ".repeat(40));
    const ran = await stead({}, "verify", "--json");
    expect([ran.status, shapes.error.parse(ran.json).error.code]).toEqual([1, "storeDamaged"]);
  });
});
