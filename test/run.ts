import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { provideNeeds } from "./support/needs.ts";
import { readReport } from "./support/vitestReport.ts";
import type { Outcome } from "./support/vitestReport.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const results = join(root, "test/results");

/** A step is one check, or a part of vitest's tests. Those that need the build are left out, and counted as failed, without it. */
type Step = { readonly name: string; readonly needsBuild?: true } & (
  | { readonly kind: "check"; readonly script: string }
  | { readonly kind: "tests" }
);

const build: Step = { kind: "check", name: "build", script: "build" };
const steps: readonly Step[] = [
  build,
  { kind: "check", name: "types", script: "typecheck" },
  { kind: "check", name: "lint", script: "lint" },
  { kind: "check", name: "lint of the extension", script: "lint:extension", needsBuild: true },
  { kind: "tests", name: "unit" },
  { kind: "tests", name: "tools", needsBuild: true },
  { kind: "tests", name: "e2e", needsBuild: true },
  { kind: "tests", name: "faults", needsBuild: true },
];

const failures: string[] = [];
let passed = 0;
try {
  provideNeeds();
  let built = false;
  for (const step of steps) {
    const begin = performance.now();
    process.stdout.write(`\n== ${step.name}\n`);
    const outcome: Outcome = step.needsBuild && !built ? { passed: 0, failures: [`${step.name}: not run without a build`] } : await perform(step);
    if (step === build) built = outcome.failures.length === 0;
    passed += outcome.passed;
    failures.push(...outcome.failures);
    const seconds = ((performance.now() - begin) / 1000).toFixed(1);
    process.stdout.write(`== ${step.name}: ${outcome.failures.length === 0 ? "passed" : "FAILED"} in ${seconds} s\n`);
  }
} catch (error) {
  failures.push(error instanceof Error ? error.message : String(error));
}
if (failures.length > 0) process.stdout.write(`\nFailed:\n${failures.map((failure) => `  ${failure}\n`).join("")}`);
process.stdout.write(`\n${passed} passed, ${failures.length} failed\n`);
process.exitCode = failures.length === 0 && passed > 0 ? 0 : 1;

async function perform(step: Step): Promise<Outcome> {
  if (step.kind === "check") {
    const status = await run("npm", ["run", "--silent", step.script]);
    return status === 0 ? { passed: 1, failures: [] } : { passed: 0, failures: [step.name] };
  }
  const report = join(results, `${step.name}.json`);
  rmSync(report, { force: true });
  const status = await run(process.execPath, [
    join(root, "node_modules/vitest/vitest.mjs"), "run", "--project", step.name,
    "--reporter=default", "--reporter=json", `--outputFile.json=${report}`,
  ]);
  return readReport(report, step.name, status);
}

/** Runs a program with this process's output and answers its exit status; null when a signal ended it. */
function run(program: string, args: readonly string[]): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"], shell: process.platform === "win32" });
    child.once("error", reject);
    child.once("exit", resolve);
  });
}
