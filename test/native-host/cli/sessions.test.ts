import { mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { homeFrom } from "../../../native-host/home.ts";
import { openStore } from "../../../native-host/store/openStore.ts";
import type { Store } from "../../../native-host/store/types.ts";
import { realEdges } from "../../../native-host/cli/edges.ts";
import type { Entry } from "../../../shared/state/entry.ts";
import { cookieEntry, database, local, record, session } from "../../support/entries.ts";
import { type FakeHost, fakeHost, type Harness, harness, type Ran, type World } from "./harness.ts";
import { shapes } from "./shapes.ts";

const origin = "https://app.example.com";

interface Given {
  run: Harness["run"];
  /** With this on stdin, and these variables. */
  with: (world: World) => Harness["run"];
  /** The same store, as another process has it. */
  store: Store;
  id: string;
  human: (...entries: Entry[]) => number;
  values: () => Record<string, unknown>;
  folder: string;
}

/** The command line over the real store, with the project acme in it. */
async function acme(...entries: Entry[]): Promise<Given> {
  const folder = mkdtempSync(join(tmpdir(), "stead-sessions-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const env = { STEAD_HOME: join(folder, "home"), STEAD_KEYSTORE: "file" };
  const store = await openStore({ home: homeFrom(env), env });
  onTestFinished(() => store.close());
  const { openStore: open } = realEdges;
  const over = (world: World): Harness["run"] => harness({ ...world, env: { ...env, ...world.env }, edges: { openStore: open, ...world.edges } }).run;
  const { id } = store.addProject({ name: "acme" });
  const human = (...changed: Entry[]): number =>
    store.writeEntries(id, changed.map((entry) => ({ kind: "set", entry, at: Date.now() })), { by: "firefox" }).revision;
  if (entries.length > 0) human(...entries);
  return {
    run: over({}), with: over, store, id, human, folder,
    values: () => Object.fromEntries(store.unaudited.entries(id).flatMap(({ entry }) => (entry ? valueOf(entry) : []))),
  };
}

/** By the name of a cookie, the key of a storage item, the store of a record. */
function valueOf(entry: Entry): [string, unknown][] {
  switch (entry.kind) {
    case "cookie":
      return [[entry.name, entry.value]];
    case "local":
    case "session":
      return [[entry.key, entry.value]];
    case "record":
      return [[entry.store, entry.value]];
    case "database":
      return [];
  }
}

const error = (ran: Ran): unknown => [ran.status, shapes.error.parse(ran.json).error.code];
const token = async ({ run }: Given, ...args: string[]): Promise<string> => shapes.checkout.parse((await run("checkout", "acme", "--json", ...args)).json).token;

function stateOf(values: Record<string, string>): string {
  return JSON.stringify({ cookies: [], origins: [{ origin, localStorage: Object.entries(values).map(([name, value]) => ({ name, value })) }] });
}

describe("stead checkout and checkin", () => {
  it("give a program the whole state and merge what it did, beside what a person did", async () => {
    const given = await acme(cookieEntry(), local("token", "a"), local("other", "x"), session("tab", "1"), database("db", ["one"]), record("db", "one", 1, "r"));
    const out = join(given.folder, "state.json");
    const ran = await given.run("checkout", "acme", "--out", out, "--holder", "tests", "--ttl", "10m", "--json");
    const lease = shapes.checkoutFile.parse(ran.json);
    expect([ran.status, lease.file, statSync(out).mode & 0o777]).toEqual([0, out, 0o600]);
    expect(Date.parse(lease.expiresAt) - Date.now()).toBeGreaterThan(9 * 60_000);

    given.human(local("other", "human"));
    writeFileSync(out, readFileSync(out, "utf8").replace('"value": "a"', '"value": "rotated"').replace('"value": "r"', '"value": "rewritten"'));
    const done = await given.with({ env: { STEAD_TOKEN: lease.token } })("checkin", "acme", out, "--json");
    expect(done.stderr).toBe("");
    expect(shapes.checkin.parse(done.json)).toEqual({ revision: given.store.revision(), applied: 2, conflicts: [], dropped: [] });
    expect(given.values()).toMatchObject({ sid: "one", token: "rotated", other: "human", tab: "1", one: "rewritten" });
    expect(given.store.history(given.id)[0]).toMatchObject({ by: "tests", items: 2 });
  });

  it("change nothing where the program changed nothing, whatever the format cannot say", async () => {
    const given = await acme(cookieEntry({ sameSite: "unspecified" }), cookieEntry({ name: "late", expires: 4e11, sameSite: "no_restriction", secure: true }), local("token", "a"));
    const { token: own, state } = shapes.checkout.parse((await given.run("checkout", "acme", "--json")).json);
    // As Chromium gives a cookie back that had no SameSite.
    const back = JSON.stringify(state, (_key, value: unknown) => (value !== null && typeof value === "object" && "domain" in value ? { sameSite: "Lax", ...value } : value));
    const done = await given.with({ env: { STEAD_TOKEN: own }, stdin: back })("checkin", "acme", "-", "--json");
    expect(shapes.checkin.parse(done.json)).toMatchObject({ applied: 0, conflicts: [] });
  });

  it("change nothing for what an older Playwright cannot but lose of a record", async () => {
    const map: Entry = { kind: "record", origin, database: "db", store: "one", key: "map", value: { m: [{ k: "k", v: 1 }], id: 1 } };
    const given = await acme(database("db", ["one", "two"]), map, { ...map, key: "none", value: 0 }, { ...map, store: "two" }, record("db", "two", "gone", "r"));
    const own = await token(given);
    const emptied = { key: "map", valueEncoded: { o: [], id: 1 } };
    const store = (name: string, records: object[]) => ({ name, autoIncrement: false, indexes: [], records });
    const saved = { cookies: [], origins: [{ origin, localStorage: [], indexedDB: [{ name: "db", version: 1, stores: [store("one", [emptied, { key: "none" }]), store("two", [emptied])] }] }] };
    const done = await given.with({ env: { STEAD_TOKEN: own }, stdin: JSON.stringify(saved) })("checkin", "acme", "-", "--json");
    expect(shapes.checkin.parse(done.json)).toMatchObject({ applied: 1, conflicts: [], dropped: [{ count: 1 }] });
    expect(given.store.unaudited.entries(given.id).flatMap(({ entry }) => (entry?.kind === "record" ? [[entry.store, entry.key, entry.value]] : [])).toSorted()).toEqual([["one", "map", map.value], ["one", "none", 0], ["two", "map", map.value]]);
  });

  it("delete only what the document would have named", async () => {
    const given = await acme(cookieEntry(), cookieEntry({ name: "two" }), local("token", "a"), local("gone", "b"), session("tab", "1"), database("db", ["one"]), record("db", "one", 1, "r"), cookieEntry({ name: "fp", firstPartyDomain: "x.test" }));
    const own = await token(given);
    const done = await given.with({ env: { STEAD_TOKEN: own }, stdin: JSON.stringify({ cookies: [{ name: "sid", value: "one", domain: "app.example.com", path: "/", secure: true, httpOnly: true, sameSite: "Lax" }], origins: [{ origin, localStorage: [{ name: "token", value: "a" }] }] }) })("checkin", "acme", "-", "--json");
    expect(shapes.checkin.parse(done.json).applied).toBe(2);
    expect(given.values()).toEqual({ sid: "one", token: "a", tab: "1", one: "r", fp: "one" });
  });

  it("delete nothing that a cookie file lacks", async () => {
    const given = await acme(cookieEntry(), cookieEntry({ name: "two" }), local("token", "a"));
    const own = await token(given);
    const jar = "# Netscape HTTP Cookie File\n#HttpOnly_app.example.com\tFALSE\t/\tTRUE\t0\tsid\tnew\n";
    const done = await given.with({ env: { STEAD_TOKEN: own }, stdin: jar })("checkin", "acme", "-", "--json");
    expect(shapes.checkin.parse(done.json)).toMatchObject({ applied: 1, conflicts: [] });
    expect(given.values()).toEqual({ sid: "new", two: "one", token: "a" });
    expect(given.store.unaudited.items(given.id).find(({ id }) => id.name === "sid")?.cookie).toMatchObject({ sameSite: "lax", httpOnly: true });
  });

  it("name what both changed, with status 3, and let the newer stand by the file's own time", async () => {
    const given = await acme(local("token", "a"), local("other", "x"));
    const own = await token(given);
    const file = join(given.folder, "old.json");
    writeFileSync(file, stateOf({ token: "program", other: "x" }));
    utimesSync(file, 1000, 1000);
    given.human(local("token", "human"));
    const done = await given.with({ env: { STEAD_TOKEN: own } })("checkin", "acme", file, "--json");
    expect(done.status).toBe(3);
    expect(shapes.checkin.parse(done.json)).toMatchObject({ applied: 0, conflicts: [{ kind: "local", domain: "app.example.com", name: "token" }] });
    expect(done.stderr).toContain("Changed by both: local token of app.example.com");
    expect(given.values()).toMatchObject({ token: "human" });
  });

  it("refuse an empty state, and take it with --force", async () => {
    const given = await acme(local("token", "a"));
    const own = await token(given);
    const checkin = (...args: string[]): Promise<Ran> => given.with({ env: { STEAD_TOKEN: own }, stdin: '{"cookies": [], "origins": []}' })("checkin", "acme", "-", "--json", ...args);
    expect(error(await checkin())).toEqual([5, "conflict"]);
    expect(given.values()).toEqual({ token: "a" });
    expect(shapes.checkin.parse((await checkin("--force")).json).applied).toBe(1);
  });

  it("go on with the lease where it is kept", async () => {
    const given = await acme(local("token", "a"));
    const own = await token(given);
    const checkin = (value: string, ...args: string[]): Promise<Ran> => given.with({ env: { STEAD_TOKEN: own }, stdin: stateOf({ token: value }) })("checkin", "acme", "-", "--json", ...args);
    expect((await checkin("b", "--keep")).status).toBe(0);
    expect((await checkin("c")).status).toBe(0);
    expect(error(await checkin("d"))).toEqual([5, "conflict"]);
    expect(given.values()).toEqual({ token: "c" });
  });

  it("tell connected Firefoxes, and name what they could not take over", async () => {
    const given = await acme(local("token", "a"));
    const own = await token(given);
    const host = fakeHost({}, { poke: () => ({ failed: [{ reason: "refused", count: 1 }] }) });
    const done = await given.with({ hosts: [host], env: { STEAD_TOKEN: own }, stdin: stateOf({ token: "b" }) })("checkin", "acme", "-", "--json");
    expect(host.calls.find(({ method }) => method === "poke")?.params).toEqual({ revision: given.store.revision() });
    expect([done.status, done.stderr]).toEqual([3, "stead: Not applied in Firefox: refused (1)\n"]);
  });

  it.each([
    [1, "stead: 1 origin is written when it is next opened\n"],
    [2, "stead: 2 origins are written when they are next opened\n"],
  ])("say how many origins are still to come (%d), which is no failure", async (waiting, note) => {
    const given = await acme(local("token", "a"));
    const own = await token(given);
    const hosts = (): FakeHost[] => [fakeHost({}, { poke: () => ({ failed: [], waiting: waiting - 1 }) }), fakeHost({}, { poke: () => ({ failed: [], waiting: 1 }) }), fakeHost({})];
    const commands = [
      () => given.with({ hosts: hosts(), env: { STEAD_TOKEN: own }, stdin: stateOf({ token: "b" }) })("checkin", "acme", "-", "--json"),
      () => given.with({ hosts: hosts() })("restore", "acme", "--to", "2", "--json"),
      () => given.with({ hosts: hosts() })("forget", "acme", "--json"),
      () => given.with({ hosts: hosts(), stdin: stateOf({ token: "c" }) })("import", "acme", "-", "--json"),
    ];
    for (const command of commands) {
      const done = await command();
      expect([done.status, done.stderr]).toEqual([0, note]);
      expect(done.json).toMatchObject({ unapplied: [], waiting });
    }
  });

  it("take the token from the arguments or stdin too, and say nothing of it", async () => {
    const given = await acme(local("token", "a"));
    const file = join(given.folder, "state.json");
    writeFileSync(file, stateOf({ token: "b" }));
    const first = await given.run("checkin", "acme", file, "--token", await token(given), "--json");
    expect(first.status).toBe(0);
    const own = await token(given);
    const second = await given.with({ stdin: `${own}\n` })("checkin", "acme", file, "--token", "-", "--json");
    expect(second.status).toBe(0);
    const third = await given.run("checkin", "acme", file, "--token", own, "--json");
    expect(error(third)).toEqual([5, "conflict"]);
    for (const { stdout, stderr } of [first, second, third]) expect(stdout + stderr).not.toContain(own.split(".")[1]);
    expect(error(await given.run("checkin", "acme", file, "--json"))).toEqual([2, "usage"]);
    expect(error(await given.run("checkin", "acme", "-", "--token", "-", "--json"))).toEqual([2, "usage"]);
    expect(error(await given.run("checkin", "acme", file, "--token", "nonsense", "--json"))).toEqual([2, "usage"]);
  });

  it("refuse a second holder with status 5 and say who has it", async () => {
    const given = await acme(local("token", "a"));
    await token(given, "--holder", "tests");
    const ran = await given.run("checkout", "acme", "--json");
    expect(error(ran)).toEqual([5, "conflict"]);
    expect(shapes.error.parse(ran.json).error.message).toMatch(/leased to "tests" until 20/);
  });

  it("lease nothing when the file cannot be written", async () => {
    const given = await acme(local("token", "a"));
    expect((await given.run("checkout", "acme", "--out", join(given.folder, "no", "such", "folder"))).status).toBe(1);
    expect(given.store.leases()).toEqual([]);
  });

  it("without --out or --json answer the document all the same, and with --out a line for the shell", async () => {
    const given = await acme(local("token", "a"));
    const { token: own } = shapes.checkout.parse((await given.run("checkout", "acme")).json);
    given.store.releaseLease(given.id, { token: own });
    expect((await given.run("checkout", "acme", "--out", join(given.folder, "s.json"))).stdout).toMatch(/^Wrote 0 cookies and 1 origin of acme to .*\nSTEAD_TOKEN=2\.[\w-]{43}\n$/);
  });

  it.each([["10"], ["1w"], ["-5m"], ["0s"], ["31d"], [""]])("refuse a lease of %j", async (ttl) => {
    const given = await acme(local("token", "a"));
    expect(error(await given.run("checkout", "acme", `--ttl=${ttl}`, "--json"))).toEqual([2, "usage"]);
    expect(given.store.leases()).toEqual([]);
  });
});

describe("what never left Firefox", () => {
  it("is named by a checkout, with status 3", async () => {
    const given = await acme(local("token", "a"));
    given.store.setGaps({ project: given.id, origin: "https://acme.test", gaps: [{ what: "CryptoKey in IndexedDB", count: 1 }] });
    const ran = await given.run("checkout", "acme", "--json");
    expect(ran).toMatchObject({ status: 3, stderr: "stead: Left out: CryptoKey in IndexedDB: not portable (1)\n" });
    expect(ran.json).toMatchObject({ dropped: [{ reason: "CryptoKey in IndexedDB: not portable", count: 1 }] });
  });
});

describe("stead lease", () => {
  it("lists, renews, releases and takes back", async () => {
    const given = await acme(local("token", "a"));
    expect(shapes.leases.parse((await given.run("lease", "list", "--json")).json).leases).toEqual([]);
    const own = await token(given, "--holder", "tests", "--ttl", "1m");
    const [listed] = shapes.leases.parse((await given.run("lease", "list", "--json")).json).leases;
    expect(listed).toMatchObject({ project: "acme", holder: "tests" });
    const mine = given.with({ env: { STEAD_TOKEN: own } });
    const [renewed] = shapes.leases.parse((await mine("lease", "renew", "acme", "--ttl", "2h", "--json")).json).leases;
    expect(Date.parse(renewed?.expiresAt ?? "")).toBeGreaterThan(Date.parse(listed?.expiresAt ?? ""));
    expect((await given.run("lease", "list")).stdout).toMatch(/PROJECT +HOLDER +UNTIL\nacme +tests +20/);
    expect((await mine("lease", "release", "acme", "--json")).json).toEqual({ leases: [] });
    expect(error(await mine("lease", "renew", "acme", "--json"))).toEqual([5, "conflict"]);
    await token(given, "--holder", "again");
    expect((await given.run("lease", "revoke", "acme", "--json")).json).toMatchObject({ leases: [], revoked: { project: "acme", holder: "again" } });
    expect((await given.run("lease", "revoke", "acme", "--json")).json).toEqual({ leases: [], revoked: null });
    expect((await given.run("lease", "list")).stdout).toBe("No project is leased.\n");
  });

  it("tells Firefox at once of a checkout and of every change of its lease", async () => {
    const given = await acme(local("token", "a"));
    let own = "";
    /** How often a run pokes the host. */
    const pokes = async (...args: string[]): Promise<number> => {
      const host = fakeHost({});
      const ran = await given.with({ env: { STEAD_TOKEN: own }, hosts: [host] })(...args, "--json");
      if (args[0] === "checkout") own = shapes.checkout.parse(ran.json).token;
      return host.calls.filter(({ method }) => method === "poke").length;
    };
    expect(await pokes("checkout", "acme")).toBe(1);
    for (const what of ["renew", "release", "revoke"]) expect([what, await pokes("lease", what, "acme")]).toEqual([what, 1]);
    // What is refused has changed nothing.
    expect(await pokes("lease", "renew", "acme")).toBe(0);
  });
});

describe("stead history and restore", () => {
  it("list revisions and bring one back, which can be undone", async () => {
    const given = await acme(local("token", "a"), local("other", "x", "https://other.test"));
    const [first] = shapes.history.parse((await given.run("history", "acme", "--json")).json).revisions;
    expect(first).toMatchObject({ by: "firefox", items: 2 });
    const second = given.human(local("token", "b"), local("other", "y", "https://other.test"));
    expect(shapes.history.parse((await given.run("history", "acme", "--domain", "other.test", "--json")).json).revisions).toHaveLength(2);
    const host = fakeHost({});
    const ran = await given.with({ hosts: [host] })("restore", "acme", "--to", String(first?.revision), "--domain", "app.example.com", "--json");
    expect(shapes.restore.parse(ran.json)).toEqual({ revision: second + 1, restored: 1, dropped: [] });
    expect(host.calls.find(({ method }) => method === "poke")?.params).toEqual({ revision: second + 1 });
    expect(given.values()).toEqual({ token: "a", other: "y" });
    await given.run("restore", "acme", "--to", String(second));
    expect(given.values()).toEqual({ token: "b", other: "y" });
    expect((await given.run("history", "acme")).stdout).toMatch(/^REVISION +AT +BY +ITEMS\n\d+ +20\S+Z +restore +1\n/);
  });

  it("bring a time back, in any of its spellings", async () => {
    const given = await acme(local("token", "a"));
    const [first] = shapes.history.parse((await given.run("history", "acme", "--json")).json).revisions;
    await new Promise((resolve) => setTimeout(resolve, 5));
    given.human(local("token", "b"));
    expect((await given.run("restore", "acme", "--to", first?.at ?? "", "--json")).status).toBe(0);
    expect(given.values()).toEqual({ token: "a" });
    const before = await given.run("restore", "acme", "--to", "7d", "--json");
    expect(error(before)).toEqual([5, "conflict"]);
    expect((await given.run("restore", "acme", "--to", "7d", "--force", "--json")).status).toBe(0);
    expect(given.values()).toEqual({});
  });

  it("names what has expired since, with status 3", async () => {
    const given = await acme(local("token", "a"), cookieEntry({ expires: Date.now() / 1000 + 0.3 }));
    const first = given.store.revision();
    given.store.writeEntries(given.id, [{ kind: "remove", id: { kind: "cookie", domain: "app.example.com", path: "/", name: "sid" }, at: Date.now() }], { by: "firefox" });
    await new Promise((resolve) => setTimeout(resolve, 350));
    const ran = await given.run("restore", "acme", "--to", String(first), "--json");
    expect([ran.status, ran.stderr]).toEqual([3, "stead: Left out: expired since (1)\n"]);
    expect(shapes.restore.parse(ran.json)).toMatchObject({ restored: 0, dropped: [{ reason: "expired since", count: 1 }] });
  });

  it.each([[["--to", "yesterday"]], [["--to", "2030-99-99"]], [["--to", "999999"]], [[]], [["--to", "1", "--domain", "no host"]]])("refuse to restore with %j", async (args) => {
    const given = await acme(local("token", "a"));
    expect(error(await given.run("restore", "acme", ...args, "--json"))).toEqual([2, "usage"]);
  });

  it("set how much every project keeps", async () => {
    const given = await acme(local("token", "a"));
    expect((await given.run("history", "--max-age", "7d", "--max-size", "16", "--json")).json).toEqual({ limits: { maxAgeSeconds: 604_800, maxBytes: 16 * 1024 * 1024 } });
    expect((await given.run("history", "--max-age", "1d")).stdout).toBe("Each project keeps 1 day of history, up to 16 MiB.\n");
    expect(error(await given.run("history", "acme", "--max-age", "1d", "--json"))).toEqual([2, "usage"]);
    expect(error(await given.run("history", "--max-size", "1GB", "--json"))).toEqual([2, "usage"]);
    expect(error(await given.run("history", "--json"))).toEqual([2, "usage"]);
  });
});

describe("stead forget", () => {
  it("destroys what a host has, and asks at a terminal first", async () => {
    const given = await acme(local("token", "a"), local("other", "x", "https://other.test"));
    expect((await given.run("forget", "acme", "--domain", ".other.test", "--json")).json).toEqual({ forgotten: 1, unapplied: [], waiting: 0 });
    expect(given.values()).toEqual({ token: "a" });
    const ask = (answer: boolean): Promise<Ran> => given.with({ terminal: true, answers: [answer] })("forget", "acme");
    expect([(await ask(false)).status, given.values()]).toEqual([1, { token: "a" }]);
    expect([(await ask(true)).stdout, given.values()]).toEqual(["Forgot 1 item of acme.\n", {}]);
    expect((await given.run("forget", "acme", "--json")).json).toEqual({ forgotten: 0, unapplied: [], waiting: 0 });
  });
});
