import { readFile } from "node:fs/promises";
import * as z from "zod/mini";

/** What vitest's JSON reporter writes, as far as counted here. */
const Report = z.object({
  testResults: z.array(z.object({
    name: z.string(),
    status: z.string(),
    message: z.optional(z.string()),
    assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
  })),
});

/** How one part of the tests went. `failures` holds the failed tests' names. */
export interface Outcome {
  readonly passed: number;
  readonly failures: readonly string[];
}

/**
 * Counts a report. A file that failed outside its tests (an import, a hook) is a failure of its own, so is a test that did
 * not run, and so is a run that ended badly or tested nothing without naming a failure.
 */
export async function readReport(path: string, part: string, status: number | null): Promise<Outcome> {
  let report;
  try {
    report = Report.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    return { passed: 0, failures: [`${part}: vitest ended with status ${String(status)} and no report`] };
  }
  let passed = 0;
  const failures: string[] = [];
  for (const file of report.testResults) {
    const before = failures.length;
    for (const test of file.assertionResults) {
      if (test.status === "passed") passed++;
      else failures.push(`${part}: ${test.fullName}${test.status === "failed" ? "" : ` (${test.status})`}`);
    }
    if (file.status === "failed" && failures.length === before) failures.push(`${part}: ${file.name} as a whole`);
  }
  if (failures.length === 0 && status !== 0) failures.push(`${part}: vitest ended with status ${String(status)}`);
  if (failures.length === 0 && passed === 0) failures.push(`${part}: no test ran`);
  return { passed, failures };
}
