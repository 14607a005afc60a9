import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SteadError } from "../../../shared/errors.ts";
import { acme, fakeStore, globex, harness, type World } from "./harness.ts";

/** What is offered for the last word, without descriptions and the directive. */
async function offered(world: World, ...words: string[]): Promise<string[]> {
  const one = harness({ vault: { state: "unlocked", source: "file" }, store: fakeStore([acme, globex]), ...world });
  mkdirSync(join(one.home, "stead"));
  writeFileSync(join(one.home, "stead", "store.db"), "");
  const ran = await one.run("complete", "--", ...words);
  expect(ran).toMatchObject({ status: 0, stderr: "" });
  const lines = ran.stdout.trimEnd().split("\n");
  expect(lines.at(-1)).toMatch(/^:\d+$/);
  return lines.slice(0, -1).map((line) => line.split("\t")[0] ?? "");
}

describe("stead completion", () => {
  it.each(["bash", "zsh", "fish", "powershell"])("prints a script for %s", async (shell) => {
    const ran = await harness().run("completion", shell);
    expect(ran).toMatchObject({ status: 0, stderr: "" });
    expect(ran.stdout).toMatch(/stead complete ['"]?--/);
  });

  it("prints a script that bash reads", async () => {
    const { stdout } = await harness().run("completion", "bash");
    execFileSync("bash", ["-n"], { input: stdout });
  });

  it("offers commands, options and project names", async () => {
    expect(await offered({}, "sw")).toEqual(["switch"]);
    expect(await offered({}, "project", "re")).toEqual(["rename", "recolor", "remove"]);
    expect(await offered({}, "switch", "")).toEqual(["acme", "globex"]);
    expect(await offered({}, "switch", "gl")).toEqual(["globex"]);
    expect(await offered({}, "export", "a")).toEqual(["acme"]);
    expect(await offered({}, "project", "rename", "ac")).toEqual(["acme"]);
    expect(await offered({}, "switch", "--ins")).toEqual(["--instance"]);
    expect(await offered({}, "rule", "re")).toEqual(["remove"]);
    expect(await offered({}, "rule", "add", "g")).toEqual(["globex"]);
    expect(await offered({}, "rule", "list", "")).toEqual(["acme", "globex"]);
    expect(await offered({}, "rule", "import", "--project", "a")).toEqual(["acme"]);
    expect(await offered({}, "open", "x.test", "--project", "")).toEqual(["acme", "globex"]);
    expect(await offered({}, "rule", "import", "--format", "c")).toEqual(["containerise"]);
    expect(await offered({}, "project", "im")).toEqual(["import"]);
  });

  it.each<[string, World]>([
    ["the vault is locked", { vault: { state: "locked", source: "passphrase" } }],
    ["the store cannot be opened", { edges: { openStore: () => Promise.reject(new SteadError("storeDamaged", "No.")) } }],
    ["something unknown happens", { edges: { openStore: () => Promise.reject(new Error("No.")) } }],
  ])("offers no names and says nothing when %s", async (_, world) => {
    expect(await offered(world, "switch", "")).toEqual([]);
  });
});
