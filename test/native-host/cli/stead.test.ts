import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { version } from "../../../shared/version.ts";
import { temporaryDirectory } from "./harness.ts";
import { shapes } from "./shapes.ts";

interface Ran {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** The entry as a process of its own, from the sources. */
async function stead(home: string, args: string[], options: { stdin?: string; stopReading?: boolean; keystore?: string } = {}): Promise<Ran> {
  const child = spawn(process.execPath, ["--import", "tsx", "native-host/stead.ts", ...args], {
    env: { PATH: process.env["PATH"], HOME: home, STEAD_HOME: join(home, "stead"), STEAD_KEYSTORE: options.keystore ?? "file" },
  });
  if (options.stopReading) child.stdout.destroy();
  child.stdin.end(options.stdin ?? "");
  const closed = new Promise<number | null>((resolve) => child.on("close", resolve));
  const [stdout, stderr] = await Promise.all([options.stopReading ? "" : text(child.stdout), text(child.stderr)]);
  return { status: await closed, stdout, stderr };
}

describe("stead as a process", () => {
  it("says its version and refuses what it does not know", async () => {
    const home = temporaryDirectory();
    expect(await stead(home, ["--version"])).toEqual({ status: 0, stdout: `${version}\n`, stderr: "" });
    expect(await stead(home, ["swich"])).toEqual({ status: 2, stdout: "", stderr: "stead: Unknown command 'swich'.\nDid you mean switch?\n" });
  });

  it("keeps a project from one process to the next", async () => {
    const home = temporaryDirectory();
    expect((await stead(home, ["project", "add", "acme"])).status).toBe(0);
    const ran = await stead(home, ["list", "--json"]);
    expect(shapes.list.parse(JSON.parse(ran.stdout)).projects.map((one) => one.name)).toEqual(["acme"]);
    expect(ran).toMatchObject({ status: 0, stderr: "" });
  });

  it("is quiet when its reader is gone", async () => {
    expect(await stead(temporaryDirectory(), ["--help"], { stopReading: true })).toMatchObject({ stderr: "" });
  });

  it("takes a passphrase as a line of stdin and repeats it nowhere", { timeout: 30_000 }, async () => {
    const home = temporaryDirectory();
    const unlock = (stdin: string): Promise<Ran> => stead(home, ["unlock", "--json"], { stdin, keystore: "passphrase" });
    const first = await unlock("canary-2e8b\n");
    try {
      expect(shapes.vault.parse(JSON.parse(first.stdout)).vault).toEqual({ state: "unlocked", source: "passphrase" });
      expect(await stead(home, ["project", "add", "acme"], { keystore: "passphrase" })).toMatchObject({ status: 0 });
    } finally {
      expect(await stead(home, ["lock"], { keystore: "passphrase" })).toMatchObject({ status: 0 });
    }
    const wrong = await unlock("another-canary\n");
    expect(wrong.status).toBe(4);
    expect(shapes.error.parse(JSON.parse(wrong.stdout)).error.code).toBe("keyWrong");
    for (const ran of [first, wrong]) expect(ran.stdout + ran.stderr).not.toContain("canary");
  });

  it("checks the whole chain and fails while no Firefox is connected", async () => {
    const ran = await stead(temporaryDirectory(), ["doctor", "--json"]);
    expect(ran).toMatchObject({ status: 1, stderr: "" });
    const { ok, checks } = shapes.doctor.parse(JSON.parse(ran.stdout));
    expect(ok).toBe(false);
    expect(checks.map((check) => check.name)).toEqual([
      "node", "manifest:firefox", "wrapper", "native-modules", "host", "vault", "key-file", "store", "sockets", "firefox",
    ]);
    for (const check of checks) expect(check.remedy === undefined).toBe(check.ok);
  });
});
