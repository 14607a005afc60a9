import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import * as z from "zod/mini";
import { run } from "./tool.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const modules = join(root, "node_modules");

export interface Consumer {
  folder: string;
  write: (name: string, text: string) => void;
  /** Compiles these files with tsc, as strictly as it goes; what it says of them, nothing when all is well. */
  compile: (files: readonly string[], options?: object) => string;
  /** Runs a program with plain node to its end; its stdout. */
  run: (program: string, env: Record<string, string>) => Promise<string>;
}

/** A project beside this one that has installed the package as npm packs it, with what the package says it depends on and `others`. */
export async function consumer(others: readonly string[] = []): Promise<Consumer> {
  const folder = mkdtempSync(join(tmpdir(), "stead-consumer-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  await run("npm", ["pack", root, "--silent", "--ignore-scripts", "--pack-destination", folder]);
  const own = join(folder, "node_modules/stead");
  mkdirSync(own, { recursive: true });
  const { version, dependencies } = Package.parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
  await run("tar", ["-xzf", join(folder, `stead-${version}.tgz`), "--strip-components=1", "-C", own]);
  for (const name of [...Object.keys(dependencies), ...others]) {
    mkdirSync(dirname(join(folder, "node_modules", name)), { recursive: true });
    symlinkSync(join(modules, name), join(folder, "node_modules", name));
  }
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  write("package.json", JSON.stringify({ name: "consumer", type: "module" }));
  return {
    folder,
    write,
    compile(files, options = {}) {
      const compilerOptions = { ...strict, ...options };
      write("tsconfig.json", JSON.stringify({ compilerOptions, files }));
      const { stdout } = spawnSync(process.execPath, [join(modules, "typescript/bin/tsc"), "-p", folder], { encoding: "utf8" });
      return stdout;
    },
    run: (program, env) => run(process.execPath, [join(folder, program)], { env }),
  };
}

const Package = z.object({ version: z.string(), dependencies: z.record(z.string(), z.string()) });

const strict = {
  target: "ES2022", module: "NodeNext", lib: ["ES2022", "DOM", "ESNext.Disposable"], types: [], strict: true, exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true, noImplicitOverride: true, verbatimModuleSyntax: true, isolatedModules: true, skipLibCheck: false,
};
