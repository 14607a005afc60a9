import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { formats } from "../../shared/formats/index.ts";
import type { Entry } from "../../shared/state/entry.ts";
import { toState } from "../../native-host/actions/entryState.ts";
import { type FakeExtension, instanceInfo, startBuilt, startHost } from "../native-host/host/fakeExtension.ts";
import { cookie } from "../support/cookies.ts";
import { cookieEntry, database, local, record } from "../support/entries.ts";
import { ended } from "../support/program.ts";
import { inHome, tell } from "./homes.ts";

const stead = fileURLToPath(new URL("../../dist/native-host/stead.js", import.meta.url));
/** Letters and digits only, so that no encoding takes it apart unseen. */
const mark = `canary${randomBytes(12).toString("hex")}`;
const needles = encodings(mark);

/** Where a project's state may be and where not, with everything that a session of working with it runs. */
it("a value is in no file but those it was asked for, and in no argument, variable or message, while commands run and afterwards", async () => {
  await inHome(async (env, directory) => {
    const [temporary, given] = [join(directory, "tmp"), join(directory, "given")];
    for (const folder of [temporary, given]) mkdirSync(folder, { mode: 0o700 });
    const whole = { ...process.env, ...env, TMPDIR: temporary };
    const host = startHost(whole, {}, startBuilt(whole));
    await host.connect();
    const { project } = await host.peer.call("project.add", { name: "acme" });
    const secret = cookie({ name: `name-${mark}`, value: `value-${mark}`, domain: `${mark}.example` });
    await host.peer.call("state.delta", { instance: instanceInfo.id, project: project.id, changes: [{ kind: "set", cookie: secret, at: 1 }] });

    const hidden = [join(directory, "home"), temporary];
    let looks = 0;
    const found: string[] = [];
    const look = (when: string): void => {
      looks++;
      found.push(...[...hidden.flatMap(leakingFiles), ...leakingProcesses(directory)].map((where) => `${when}: ${where}`));
    };
    const command = async (args: string[], options: { stdin?: string; token?: string } = {}): Promise<string> => {
      const child = spawn(process.execPath, [stead, ...args, "--json"], {
        env: { ...whole, ...(options.token !== undefined && { STEAD_TOKEN: options.token }) },
        stdio: ["pipe", "pipe", "pipe"],
      });
      child.stdin.end(options.stdin ?? "");
      let running = true;
      const end = ended(child).finally(() => (running = false));
      while (running) {
        look(`while ${args[0]} ran`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      const { stdout, stderr, status } = await end;
      expect({ args, status, stderr }).toMatchObject({ args, status: 0 });
      if (holdsMark(Buffer.from(stdout + stderr))) found.push(`the output of ${args[0]}`);
      look(`after ${args[0]}`);
      return stdout;
    };

    const document = formats.playwright.write(toState(state()), { now: Date.now(), project: "acme" }).document;
    await command(["import", "acme", "-"], { stdin: document });
    await command(["export", "acme", "--format", "playwright", "--out", join(given, "export.json")]);
    await command(["export", "acme", "--format", "json", "--out", join(given, "own.json")]);
    const { token } = JSON.parse(await command(["checkout", "acme", "--out", join(given, "state.json")])) as { token: string };
    const changed = readFileSync(join(given, "state.json"), "utf8").replaceAll(`value-${mark}`, `second-${mark}`);
    writeFileSync(join(given, "state.json"), changed, { mode: 0o600 });
    await command(["checkin", "acme", join(given, "state.json")], { token });
    await command(["key", "rotate"]);
    await command(["history", "acme"]);
    await host.peer.call("state.delta", { instance: instanceInfo.id, project: project.id, changes: [{ kind: "set", cookie: { ...secret, value: `third-${mark}` }, at: 2 }] });
    look("while the host was open");
    await leave(host);
    look("after all had ended");

    expect(found).toEqual([]);
    // What was asked for has it, for this user alone: the search can find.
    expect(leakingFiles(given).map((path) => path.slice(given.length + 1)).sort()).toEqual(["export.json", "own.json", "state.json"]);
    for (const name of readdirSync(given)) expect(statSync(join(given, name)).mode & 0o077).toBe(0);
    rmSync(given, { recursive: true });
    tell(`a canary searched for ${looks} times in ${hidden.length} folders and all of Stead's processes: found nowhere`);
  });
});

async function leave(host: FakeExtension): Promise<void> {
  expect(await host.end()).toBe(0);
  expect(holdsMark(Buffer.from(host.stderr()))).toBe(false);
}

function state(): Entry[] {
  return [
    ...Array.from({ length: 30 }, (_, place) => cookieEntry({ name: `${mark}-${place}`, value: `value-${mark}`, domain: `${mark}.example` })),
    local(`key-${mark}`, `value-${mark}`),
    database(`database-${mark}`, ["one"]),
    record(`database-${mark}`, "one", 1, `value-${mark}`),
  ];
}

/** Every file below, however deep, with the mark in its name or its bytes. */
function leakingFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((file) => {
    const path = join(file.parentPath, file.name);
    if (file.name.includes(mark)) return path;
    if (!file.isFile()) return [];
    const bytes = unlessGone(() => readFileSync(path));
    return bytes && holdsMark(bytes) ? path : [];
  });
}

/** Arguments and variables of every process that was started for this home. */
function leakingProcesses(directory: string): string[] {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    const [variables, args] = ["environ", "cmdline"].map((file) => unlessGone(() => readFileSync(`/proc/${pid}/${file}`)));
    if (!variables?.includes(directory) || !args) return [];
    return [["variables", variables] as const, ["arguments", args] as const].flatMap(([what, bytes]) => (holdsMark(bytes) ? `the ${what} of ${pid}` : []));
  });
}

/** Files of others come and go between two looks. */
function unlessGone(read: () => Buffer): Buffer | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function holdsMark(bytes: Buffer): boolean {
  return needles.some((needle) => bytes.includes(needle));
}

/** Plain, as UTF-16, in hexadecimal, and in base64 from each of the three places that a text may begin at. */
function encodings(text: string): Buffer[] {
  const base64 = [0, 1, 2].map((before) => Buffer.from(Buffer.from("x".repeat(before) + text).toString("base64").slice(before === 0 ? 0 : 4, -4)));
  return [Buffer.from(text), Buffer.from(text, "utf16le"), Buffer.from(Buffer.from(text).toString("hex")), ...base64];
}
