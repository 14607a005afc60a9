import { PassThrough, Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { Interrupted } from "../../../native-host/cli/interrupted.ts";
import { realEdges } from "../../../native-host/cli/edges.ts";
import { main } from "../../../native-host/cli/main.ts";
import { SteadError } from "../../../shared/errors.ts";
import { version } from "../../../shared/version.ts";
import { acme, fakeStore, harness } from "./harness.ts";
import { shapes } from "./shapes.ts";

const commands: string[][] = [
  ["install"], ["uninstall"], ["doctor"], ["status"], ["list"], ["current"], ["switch"], ["project"], ["project", "add"],
  ["project", "rename"], ["project", "recolor"], ["project", "remove"], ["project", "list"], ["project", "export"], ["project", "import"],
  ["rule"], ["rule", "add"], ["rule", "remove"], ["rule", "list"], ["rule", "test"], ["rule", "import"], ["rule", "export"], ["open"], ["export"], ["import"],
  ["lock"], ["unlock"], ["completion"],
];

describe("main", () => {
  it.each(commands.map((command) => [command.join(" "), command] as const))("shows the help of %s with an example, touching nothing", async (_, command) => {
    const { status, stdout, stderr } = await harness().run(...command, "--help");
    expect(status).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Usage: stead ${command.join(" ")}`));
    expect(stdout).toMatch(/Examples?:\n {2}\$ .*stead /);
    expect(stdout).toContain("--json");
    expect(stderr).toBe("");
  });

  it("lists every command in its own help and no hidden one", async () => {
    const { stdout } = await harness().run("--help");
    for (const [first = ""] of commands) expect(stdout).toMatch(new RegExp(`^ {2}${first} `, "m"));
    expect(stdout).not.toMatch(/^ {2}complete /m);
  });

  it("says its version, as a document with --json", async () => {
    expect((await harness().run("--version")).stdout).toBe(`${version}\n`);
    expect((await harness().run("--version", "--json")).json).toEqual({ version });
  });

  it.each([
    ["no command", [], "Name a command."],
    ["half a command", ["project"], "Name a command."],
    ["an unknown command", ["swich", "acme"], "Unknown command 'swich'."],
    ["a command of a later version", ["shell", "acme"], "Unknown command 'shell'."],
    ["an unknown command below project", ["project", "paint"], "Unknown command 'paint'."],
    ["an unknown option", ["list", "--jsno"], "Unknown option '--jsno'."],
    ["too many arguments", ["list", "acme"], "Too many arguments for 'list'. Expected 0 arguments but got 1."],
    ["too few arguments", ["project", "rename", "acme"], "Missing required argument 'new'."],
    ["an option without its value", ["switch", "acme", "--instance"], "Option '--instance <name>' argument missing."],
    ["an unknown shell", ["completion", "tcsh"], "Command-argument value 'tcsh' is invalid for argument 'shell'. Allowed choices are bash, zsh, fish, powershell."],
    ["no project off a terminal", ["switch"], "Name the project to switch to."],
    ["half a rule command", ["rule"], "Name a command."],
    ["a pattern that reads as an option", ["rule", "add", "acme", "-foo.test"], "Unknown option '-f'."],
    ["an unknown format of rules", ["rule", "import", "-", "--format", "yaml"], "Option '--format <format>' argument 'yaml' is invalid. Allowed choices are rules, list, multi-account-containers, containerise."],
    ["a link for no project", ["open", "a.test", "--link"], "--link needs --project: a link is signed for one."],
    ["an unknown browser", ["install", "--browser", "lynx"], "\"lynx\" is not a browser Stead knows."],
  ])("refuses %s as a usage error", async (_, args, message) => {
    const plain = await harness().run(...args);
    expect(plain).toMatchObject({ status: 2, stdout: "" });
    expect(plain.stderr.split("\n")[0]).toBe(`stead: ${message}`);
    expect(plain.stderr.split("\n")).toHaveLength(3);

    const asJson = await harness().run(...args, "--json");
    if (args.at(-1) === "--instance") return; // It took --json as its value.
    expect(asJson).toMatchObject({ status: 2, stderr: "" });
    expect(shapes.error.parse(asJson.json).error).toMatchObject({ code: "usage", message });
  });

  it("suggests what was probably meant", async () => {
    expect((await harness().run("swich")).stderr).toContain("Did you mean switch?");
    expect((await harness().run("list", "--jsn")).stderr).toContain("Did you mean --json?");
  });

  it("never repeats the value of an option it does not know", async () => {
    const ran = await harness().run("unlock", "--passphrase=canary-7f3a\nline two");
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain("'--passphrase'");
    expect(ran.stderr + ran.stdout).not.toContain("canary");
    const argument = await harness().run("unlock", "canary-7f3a");
    expect(argument.status).toBe(2);
    expect(argument.stderr + argument.stdout).not.toContain("canary");
  });

  it("takes --json before and after the command", async () => {
    for (const args of [["--json", "list"], ["list", "--json"]]) {
      const ran = await harness({ store: fakeStore([acme]) }).run(...args);
      expect(shapes.list.parse(ran.json).projects).toHaveLength(1);
      expect(ran.stdout.endsWith("}\n")).toBe(true);
    }
  });

  it.each([
    ["vaultLocked", 4], ["keyUnavailable", 4], ["conflict", 5], ["noFirefox", 6], ["storeNewer", 1],
  ] as const)("ends with the status of %s", async (code, status) => {
    const edges = { openStore: () => Promise.reject(new SteadError(code, "What came.", { hint: "What to do." })) };
    expect(await harness({ edges }).run("list")).toMatchObject({ status, stdout: "", stderr: "stead: What came.\nWhat to do.\n" });
    const { json, ...ran } = await harness({ edges }).run("list", "--json");
    expect(ran).toMatchObject({ status, stderr: "" });
    expect(json).toEqual({ error: { code, message: "What came.", hint: "What to do." } });
  });

  it("prints the stack of an unknown error on stderr, and keeps its text out of the document", async () => {
    const edges = { openStore: () => Promise.reject(new TypeError("something within")) };
    const ran = await harness({ edges }).run("list", "--json");
    expect(ran.status).toBe(1);
    expect(ran.stderr).toMatch(/^TypeError: something within\n {4}at /);
    expect(shapes.error.parse(ran.json).error.code).toBe("internal");
    expect(ran.stdout).not.toContain("within");
  });

  it("ends with 130 when a question is turned away", async () => {
    const edges = { choose: () => Promise.reject(new Interrupted()) };
    const ran = await harness({ store: fakeStore([acme]), terminal: true, edges }).run("switch");
    expect(ran).toMatchObject({ status: 130, stdout: "", stderr: "" });
  });

  it("closes the store, after a failure too", async () => {
    for (const args of [["list"], ["project", "rename", "nobody", "x"]]) {
      const store = fakeStore([acme]);
      await harness({ store }).run(...args);
      expect(store.closed).toBe(true);
    }
  });

  it("prints no control characters of what it was given", async () => {
    const { stderr } = await harness({ store: fakeStore() }).run("project", "rename", "a\u001B[2Jb", "c");
    expect(stderr).not.toContain("\u001B");
  });

  it("is quiet when nobody reads its answer, and loud about other failures of stdout", async () => {
    const stdout = Object.assign(new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error("pipe"), { code: "EPIPE" })) }), {});
    const stderr = new PassThrough();
    const proc = { argv: ["node", "stead", "--version"], env: {}, platform: "linux" as const, execPath: "", stdin: new PassThrough(), stdout, stderr, exitCode: 0 };
    await main(proc, { hostProgram: "", edges: realEdges });
    await new Promise((resolve) => setImmediate(resolve));
    expect(proc.exitCode).toBe(0);
    expect(stderr.read()).toBeNull();
    expect(() => stdout.emit("error", Object.assign(new Error("disk"), { code: "EIO" }))).toThrow("disk");
  });
});
