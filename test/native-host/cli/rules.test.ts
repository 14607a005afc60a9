import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { HostLink } from "../../../native-host/host/link.ts";
import { SteadError } from "../../../shared/errors.ts";
import { acme, fakeHost, fakeStore, globex, harness, type Harness, temporaryDirectory, type World } from "./harness.ts";
import { real } from "./realHarness.ts";
import { shapes } from "./shapes.ts";

function world(more: World = {}): Harness {
  return harness({ store: fakeStore([acme, globex]), ...more });
}

async function withRules(one: Harness, ...rules: string[][]): Promise<Harness> {
  for (const rule of rules) expect((await one.run("rule", "add", ...rule)).status).toBe(0);
  return one;
}

describe("stead rule add, list and remove", () => {
  it("live a rule's life over the real store", async () => {
    const { run } = real();
    await run("project", "add", "acme");
    const added = shapes.rule.parse((await run("rule", "add", "acme", "HTTPS://App.Acme.TEST./team/*", "--ask", "--json")).json).rule;
    expect(added).toMatchObject({ project: "acme", pattern: "https://app.acme.test/team", ask: true });
    expect(shapes.rules.parse((await run("rule", "list", "--json")).json).rules).toEqual([added]);
    expect(shapes.list.parse((await run("list", "--json")).json).projects).toMatchObject([{ rules: 1 }]);
    expect(shapes.rule.parse((await run("rule", "add", "acme", "https://app.acme.test/team", "--json")).json).rule).toEqual({ ...added, ask: false });
    expect(shapes.ruleRemoved.parse((await run("rule", "remove", "acme", "https://app.acme.test/team/", "--json")).json)).toEqual({ removed: 1 });
    expect((await run("rule", "list", "--json")).json).toEqual({ rules: [] });
  });

  it("tell in words what they did", async () => {
    const { run } = world();
    expect((await run("rule", "add", "acme", "Example.com/")).stdout).toBe("Added example.com for acme.\n");
    expect((await run("rule", "add", "acme", "example.com")).stdout).toBe("There already: example.com for acme.\n");
    expect((await run("rule", "add", "acme", "example.com", "--ask")).stdout).toBe("Changed example.com for acme, asking first.\n");
    expect((await run("rule", "list")).stdout).toBe("PROJECT        PATTERN\nacme     asks  example.com\n");
    expect((await run("rule", "list", "globex")).stdout).toContain("globex has no rules.");
    expect((await run("rule", "remove", "acme", "example.com")).stdout).toBe("Removed example.com from acme.\n");
  });

  it.each([[["!blog.acme.test"], "!blog.acme.test"], [["--", "-x.acme.test"], "-x.acme.test"], [["/https://a b\\.test/.*/"], "/https://a b\\.test/.*/"], [["--ask", "--", "!-x.test"], "!-x.test"]])(
    "take the pattern %j",
    async (args, pattern) => {
      const { run } = await withRules(world(), ["acme", ...args]);
      expect(shapes.rules.parse((await run("rule", "list", "--json")).json).rules).toMatchObject([{ pattern }]);
      expect(await run("rule", "remove", "acme", "--", pattern)).toMatchObject({ status: 0 });
    },
  );

  it("take a project by prefix at a terminal only", async () => {
    expect(await world({ terminal: true }).run("rule", "add", "ac", "a.test")).toMatchObject({ status: 0 });
    expect(await world().run("rule", "add", "ac", "a.test")).toMatchObject({ status: 1 });
  });

  it("list by project, each project's in the order they were made", async () => {
    const { run } = await withRules(world(), ["globex", "b.test"], ["acme", "z.test"], ["globex", "a.test"]);
    expect(shapes.rules.parse((await run("rule", "list", "--json")).json).rules.map(({ pattern }) => pattern)).toEqual(["z.test", "b.test", "a.test"]);
  });

  it.each<[string, string[], string, number]>([
    ["a bad pattern", ["rule", "add", "acme", "*acme.test"], "badPattern", 2],
    ["an unknown project", ["rule", "add", "nobody", "a.test"], "unknownProject", 1],
    ["a rule that is not there", ["rule", "remove", "acme", "a.test"], "unknownRule", 1],
    ["a bad pattern to remove", ["rule", "remove", "acme", "a*b"], "badPattern", 2],
    ["a list of an unknown project", ["rule", "list", "nobody"], "unknownProject", 1],
  ])("refuse %s", async (_what, args, code, status) => {
    const ran = await world().run(...args, "--json");
    expect(ran.status).toBe(status);
    expect(shapes.error.parse(ran.json).error.code).toBe(code);
  });

  it("tell connected hosts, and move open tabs when told to", async () => {
    const untouched = fakeHost({});
    expect(await world({ hosts: [untouched] }).run("rule", "add", "acme", "a.test")).toMatchObject({ status: 0 });
    expect(untouched.calls.map(({ method }) => method)).toEqual(["poke"]);

    const hosts = [fakeHost({ instance: "one" }, { "rules.apply": () => ({ moved: 2 }) }), fakeHost({ instance: "two" }, { "rules.apply": () => ({ moved: 1 }) }), fakeHost(null)];
    const ran = await world({ hosts }).run("rule", "add", "acme", "b.test", "--apply", "--json");
    expect(ran.json).toMatchObject({ moved: 3 });
    expect(hosts.map(({ calls }) => calls.map(({ method }) => method))).toEqual([["poke", "rules.apply"], ["poke", "rules.apply"], ["poke"]]);
    const { id } = shapes.rule.parse(ran.json).rule;
    expect(hosts.map(({ calls }) => calls.find(({ method }) => method === "rules.apply")?.params)).toEqual([{ rules: [id] }, { rules: [id] }, undefined]);
  });

  it("say what could not be applied", async () => {
    expect(await world().run("rule", "add", "acme", "a.test", "--apply")).toMatchObject({ status: 0, stderr: expect.stringContaining("No Firefox is connected") as string });
    const broken = fakeHost({ instance: "one" }, { "rules.apply": () => { throw new SteadError("unsupported", "Not known there."); } });
    const ran = await world({ hosts: [broken, fakeHost({ instance: "two" }, { "rules.apply": () => ({ moved: 1 }) })] }).run("rule", "add", "acme", "a.test", "--apply", "--json");
    expect(ran).toMatchObject({ status: 3, stderr: expect.stringContaining("Not applied to the tabs of one: Not known there.") as string });
    expect(ran.json).toMatchObject({ moved: 1 });
  });
});

describe("stead rule test", () => {
  const rules = [["acme", "*.acme.test"], ["acme", "!blog.acme.test"], ["globex", "acme.test/shop"], ["globex", "acme.test:8080"], ["acme", "twice.test"], ["globex", "twice.test"], ["acme", "ask.test", "--ask"]];

  it.each<[string, object]>([
    ["https://acme.test/shop/1", { project: "globex", rule: "acme.test/shop", ask: false, others: [
      { project: "acme", pattern: "*.acme.test", why: "matches, but its host is less specific than that of acme.test/shop" },
      { project: "globex", pattern: "acme.test:8080", why: "does not match: another port" },
    ] }],
    ["blog.acme.test", { url: "https://blog.acme.test/", project: null, rule: null, ask: false, others: [
      { project: "acme", pattern: "*.acme.test", why: "matches, but acme leaves out blog.acme.test" },
      { project: "acme", pattern: "!blog.acme.test", why: "takes the page out of its project" },
    ] }],
    ["twice.test", { project: null, rule: "twice.test", ask: true, projects: ["acme", "globex"], others: [{ project: "globex", pattern: "twice.test", why: "matches with the same pattern, so that Stead asks" }] }],
    ["ask.test", { project: "acme", rule: "ask.test", ask: true, others: [] }],
    ["nothing.test", { project: null, rule: null, ask: false, others: [] }],
    ["accounts.google.com/x", { project: null, inherits: true }],
  ])("explains %s", async (url, expected) => {
    const { run } = await withRules(world(), ...rules);
    const ran = await run("rule", "test", url, "--json");
    expect(ran.status).toBe(0);
    shapes.ruleTest.parse(ran.json);
    expect(ran.json).toMatchObject(expected);
  });

  it("takes the answer that was given once and for all", async () => {
    const store = fakeStore([acme, globex]);
    const { run } = await withRules(harness({ store }), ...rules);
    store.setSettings({ answers: { "twice.test": globex.id, "acme.test/shop": acme.id } });
    expect((await run("rule", "test", "twice.test", "--json")).json).toMatchObject({ project: "globex", rule: "twice.test", ask: false });
    expect((await run("rule", "test", "acme.test/shop", "--json")).json).toMatchObject({ project: "globex", ask: false });
    expect((await run("rule", "test", "twice.test")).stdout).toContain("Opens in globex, as was answered once and for all.");
  });

  it.each([
    ["https://acme.test/shop", "Opens in globex.\nacme.test/shop is the rule: its host is the most specific.\n\n  *.acme.test     acme    matches, but its host is less specific than that of acme.test/shop\n  acme.test:8080  globex  does not match: another port\n"],
    ["www.acme.test", "Opens in acme.\n*.acme.test is the rule.\n"],
    ["twice.test", "Asks which project to open in: acme, globex.\ntwice.test is the rule.\n\n  twice.test  globex  matches with the same pattern, so that Stead asks\n"],
    ["ask.test", "Asks whether to open in acme.\nask.test is the rule.\n"],
    ["nothing.test", "Belongs to no project: no rule matches.\n"],
    ["blog.acme.test", "Belongs to no project: every rule for it is taken out by an exclusion.\n"],
  ])("says in words where %s opens", async (url, text) => {
    const { run } = await withRules(world(), ...rules);
    expect((await run("rule", "test", url)).stdout.startsWith(text)).toBe(true);
  });

  it("refuses what is no address", async () => {
    expect(await world().run("rule", "test", "mailto:x")).toMatchObject({ status: 2 });
  });
});

describe("stead rule import and export", () => {
  const text = "# rules\n*.acme.test acme\n?github.com/acme acme\n!blog.acme.test acme\nshop.test New Shop\n";

  it("carry every rule over, from a file and from stdin, making projects that are missing", async () => {
    const file = join(temporaryDirectory(), "rules.txt");
    writeFileSync(file, text);
    const host = fakeHost({}, { "rules.apply": () => ({ moved: 1 }) });
    const hosts: HostLink[] = [];
    const one = real({ hosts });
    await one.run("project", "add", "acme");
    hosts.push(host);
    const ran = await one.run("rule", "import", file, "--apply", "--json");
    expect(shapes.ruleImport.parse(ran.json)).toEqual({ imported: 4, skipped: [] });
    expect(ran).toMatchObject({ status: 0, stderr: "" });
    expect(ran.json).toMatchObject({ projects: ["New Shop"], formats: ["rules"], moved: 1 });
    expect(host.calls.map(({ method }) => method)).toEqual(["poke", "rules.apply"]);
    hosts.pop();

    const exported = (await one.run("rule", "export")).stdout;
    expect(exported).toBe(text.replace("# rules\n", ""));
    const out = join(temporaryDirectory(), "out.txt");
    expect((await one.run("rule", "export", "--out", out, "--json")).json).toEqual({ file: out, rules: 4 });
    expect(readFileSync(out, "utf8")).toBe(exported);
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect((await one.run("rule", "export", "--json")).json).toEqual({ document: exported, rules: 4 });

    const other = real({ stdin: exported });
    expect((await other.run("rule", "import", "-")).stdout).toBe("Imported 4 rules.\nMade 2 projects: acme, New Shop.\n");
    expect((await other.run("rule", "export")).stdout).toBe(exported);
  });

  it("know an expression with blanks again", async () => {
    const stdin = String.raw`/https://a\x20b\.test/.*/ acme`;
    const { run } = await withRules(world({ stdin }), ["acme", String.raw`/https://a b\.test/.*/`]);
    expect((await run("rule", "export")).stdout).toBe(`${stdin}\n`);
    expect(await run("rule", "import", "-")).toMatchObject({ status: 0 });
    expect((await run("rule", "export")).stdout).toBe(`${stdin}\n`);
  });

  it("name what was left out, with status 3, and keep the rest", async () => {
    const { run } = real({ stdin: "a.test\nb*d.test\nhttps://c.test/?q=cAnArY\n" });
    await run("project", "add", "acme");
    const ran = await run("rule", "import", "-", "--project", "acme");
    expect(ran.status).toBe(3);
    expect(ran.stdout).toBe("Imported 2 rules.\n");
    expect(ran.stderr.split("\n").slice(0, -1)).toEqual([
      "stead: Note: an address with a query or a fragment: only what stands before it was taken (1)",
      'stead: Left out: line 2: Expected a * only as *. before the host, but got "b*d.test".',
    ]);
  });

  it("import ten thousand lines, and name each bad one", async () => {
    const lines = Array.from({ length: 10_000 }, (_, at) => (at % 2500 === 7 ? "*bad*" : `host-${at}.test`));
    const { run } = real({ stdin: lines.join("\n") });
    await run("project", "add", "acme");
    const ran = await run("rule", "import", "-", "--project", "acme", "--json");
    expect(ran.status).toBe(3);
    const answer = shapes.ruleImport.parse(ran.json);
    expect(answer.imported).toBe(9996);
    expect(answer.skipped.map(({ line }) => line)).toEqual([8, 2508, 5008, 7508]);
    expect((await run("rule", "test", "host-9999.test", "--json")).json).toMatchObject({ project: "acme" });
  });

  it("take containers' looks and locks over", async () => {
    const storage = {
      "identity@@_11111111-2222-4333-8444-555555555555": { name: "Bank", color: "red", icon: "dollar", cookieStoreId: "firefox-container-3" },
      "siteContainerMap@@_bank.test": { userContextId: "3", neverAsk: true },
      "identitiesState@@_firefox-container-3": { hiddenTabs: [], isIsolated: "locked" },
    };
    const { run } = real({ stdin: JSON.stringify(storage) });
    const ran = await run("rule", "import", "-");
    expect(ran).toMatchObject({ status: 0, stdout: "Imported 1 rule.\nMade 1 project: Bank.\nOnly their own sites open in: Bank.\n" });
    expect(shapes.list.parse((await run("list", "--json")).json).projects).toMatchObject([{ name: "Bank", color: "red", icon: "dollar" }]);
    expect((await run("project", "export")).stdout).toContain('"strict": true');
  });

  it.each<[string, string, string[], string]>([
    ["a file that names no projects", "a.test\nb.test", [], "usage"],
    ["nothing", "", [], "fileFormat"],
    ["a whole set-up", '{"stead": "setup", "version": 1, "projects": []}', [], "fileFormat"],
    ["an unknown project for the rest", "a.test", ["--project", "nobody"], "unknownProject"],
    ["a file that is not there", "", ["/nowhere/rules.txt"], "fileUnreadable"],
    ["a folder that is no profile", "", ["/"], "fileFormat"],
    ["a folder as a list", "", ["/", "--format", "list"], "usage"],
  ])("refuse %s, changing nothing", async (_what, stdin, args, code) => {
    const { run } = world({ stdin });
    const file = args[0]?.startsWith("/") === true ? [] : ["-"];
    const ran = await run("rule", "import", ...file, ...args, "--json");
    expect(shapes.error.parse(ran.json).error.code).toBe(code);
    expect((await run("rule", "list", "--json")).json).toEqual({ rules: [] });
  });
});
