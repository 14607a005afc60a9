import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { takeOver } from "../../../native-host/cli/takeOver.ts";
import { SteadError } from "../../../shared/errors.ts";
import { storeHome, storeIn } from "../../support/storeHome.ts";
import { fakeHost, temporaryDirectory } from "./harness.ts";
import { real } from "./realHarness.ts";
import { shapes } from "./shapes.ts";

const document = {
  stead: "setup",
  version: 1,
  projects: [
    { name: "acme", color: "green", icon: "briefcase", strict: true, rules: [{ pattern: "*.acme.test", ask: false }, { pattern: "github.com/acme", ask: true }] },
    { name: "Beta Two", color: "red", icon: "cart", strict: false, rules: [] },
  ],
  settings: { external: { kind: "project", project: "Beta Two" }, inherit: ["accounts.google.com"], answers: [{ pattern: "github.com/acme", project: "acme" }] },
};
const text = `${JSON.stringify(document, null, 2)}\n`;

describe("stead project export and import", () => {
  it("carry the whole set-up from one store to another, the very same", async () => {
    const host = fakeHost({});
    const one = real({ stdin: text, hosts: [host] });
    const ran = await one.run("project", "import", "-", "--json");
    expect(ran).toMatchObject({ status: 0 });
    expect(ran.json).toMatchObject({ projects: ["acme", "Beta Two"], rules: { added: 2, present: 0 }, settings: [{ kind: "external" }, { kind: "inherit" }, { kind: "strict" }, { kind: "answers" }] });
    expect(host.calls.map(({ method }) => method)).toEqual(["poke"]);
    expect((await one.run("project", "export")).stdout).toBe(text);
    expect((await one.run("project", "export", "--json")).stdout).toBe(text);

    const file = join(temporaryDirectory(), "setup.json");
    expect((await one.run("project", "export", "--out", file, "--json")).json).toEqual({ file, projects: 2, rules: 2 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const other = real();
    expect(await other.run("project", "import", file)).toMatchObject({ status: 0 });
    expect((await other.run("project", "export")).stdout).toBe(readFileSync(file, "utf8"));
  });

  it("merge with what is there, and tell each setting that changes", async () => {
    const { run } = real({ stdin: text });
    await run("project", "add", "ACME", "--color", "pink");
    await run("rule", "add", "ACME", "github.com/acme");
    await run("rule", "add", "ACME", "own.test");
    const ran = await run("project", "import", "-");
    expect(ran.status).toBe(0);
    expect(ran.stdout).toContain("Made 1 project: Beta Two.\nAdded 1 rule; 1 were there.\nLinks from other programs: open in Beta Two (before: open without a project).\n");
    expect(ran.stdout).toMatch(/Sites that stay in the project that called them: removed .*login\.live\.com/);
    expect(ran.stdout).toContain("Projects in which only their own sites open: added ACME.\nRemembered answers: added github.com/acme: ACME.");
    expect(shapes.list.parse((await run("list", "--json")).json).projects).toMatchObject([{ name: "ACME", color: "pink", rules: 3 }, { name: "Beta Two", color: "red" }]);
    expect((await run("rule", "export")).stdout).toBe("?github.com/acme ACME\nown.test ACME\n*.acme.test ACME\n");
  });

  it("change nothing the second time", async () => {
    const host = fakeHost({});
    const { run } = real({ hosts: [host], stdin: text });
    await run("project", "import", "-");
    const revision = shapes.status.parse((await run("status", "--json")).json).store.revision;
    expect((await run("project", "import", "-")).stdout).toBe("Every project was there.\nAdded 0 rules; 2 were there.\n");
    expect(shapes.status.parse((await run("status", "--json")).json).store.revision).toBe(revision);
  });

  it.each([
    ["a bad pattern at its end", { ...document, projects: [...document.projects, { name: "x", rules: [{ pattern: "a*b" }] }] }, "at projects[2].rules[0].pattern"],
    ["a name that is not there", { ...document, settings: { external: { kind: "project", project: "x" } } }, "at settings.external.project"],
    ["another document", { format: "stead-state" }, "at stead"],
  ])("refuse %s as a whole", async (_what, given, place) => {
    const file = join(temporaryDirectory(), "setup.json");
    writeFileSync(file, JSON.stringify(given));
    const { run } = real();
    const ran = await run("project", "import", file);
    expect(ran).toMatchObject({ status: 1, stdout: "" });
    expect(ran.stderr).toContain(place);
    expect(shapes.list.parse((await run("list", "--json")).json).projects).toEqual([]);
  });
});

describe("what is taken over in part", () => {
  it("is taken back, projects and settings alike", async () => {
    const store = await storeIn(storeHome());
    const { id } = store.addProject({ name: "acme" });
    const before = store.settings();
    const put = [{ project: id, pattern: "a.test", ask: false }, { project: id, pattern: "b*d", ask: false }];
    const projects = [{ id: crypto.randomUUID(), name: "beta" }];
    expect(() => takeOver(store, { projects, put, settings: { external: { kind: "ask" } } })).toThrow(SteadError);
    expect(() => takeOver(store, { projects: [...projects, { id: crypto.randomUUID(), name: "acme" }], put: [], settings: {} })).toThrow(SteadError);
    expect(store.registry().projects.map(({ name }) => name)).toEqual(["acme"]);
    expect([store.rules(), store.settings()]).toEqual([[], before]);
  });
});
