import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A program of the tests as one file of plain JavaScript, so that starting it a hundred times costs little; its path. */
export async function buildProgram(source: string, name: string): Promise<string> {
  // Inside the tree, where the native modules are found.
  const outDir = join(root, ".build", "programs", name);
  mkdirSync(dirname(outDir), { recursive: true });
  await build({
    root,
    configFile: false,
    logLevel: "error",
    publicDir: false,
    ssr: { noExternal: true, external: ["better-sqlite3", "@napi-rs/keyring"] },
    build: {
      ssr: true,
      outDir,
      target: "node20",
      rolldownOptions: { input: { [name]: join(root, source) }, output: { format: "esm", entryFileNames: "[name].mjs" } },
    },
  });
  return join(outDir, `${name}.mjs`);
}

export interface Ended {
  stdout: string;
  stderr: string;
  status: number | null;
  signal: NodeJS.Signals | null;
}

/** Runs a command to its end. */
export function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return ended(start(command, args, env));
}

export function start(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(command, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
}

export function ended(child: ChildProcess): Promise<Ended> {
  const text = { stdout: "", stderr: "" };
  child.stdout?.on("data", (bytes: Buffer) => (text.stdout += bytes.toString()));
  child.stderr?.on("data", (bytes: Buffer) => (text.stderr += bytes.toString()));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status, signal) => resolve({ ...text, status, signal }));
  });
}
