import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** A program these tests cannot do without. Throws with the command that installs it. */
export function tool(names: readonly string[], debianPackage: string): string {
  const found = findTool(names);
  if (found === undefined) throw new Error(`These tests need ${names.join(" or ")}; install it with: apt-get install ${debianPackage}`);
  return found;
}

export function findTool(names: readonly string[]): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

/** Runs a program to its end; its stdout as text. Rejects with its stderr on another status than 0. */
export function run(program: string, args: readonly string[], { stdin = "", env = {} }: { stdin?: string; env?: Record<string, string> } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { ...process.env, ...env } });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (part: Buffer) => out.push(part));
    child.stderr.on("data", (part: Buffer) => err.push(part));
    child.on("error", reject);
    child.on("close", (status) => {
      if (status === 0) resolve(Buffer.concat(out).toString());
      else reject(new Error(`${program} ended with ${status}: ${Buffer.concat(err).toString()}`));
    });
    child.stdin.on("error", () => undefined);
    child.stdin.end(stdin);
  });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
