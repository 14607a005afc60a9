import { autocomplete, CANCEL_SYMBOL, confirm as ask, password } from "@clack/prompts";
import type { Choice } from "./cliContext.ts";
import type { CliProcess } from "./cliProcess.ts";
import { Interrupted } from "./interrupted.ts";

type Ends = Pick<CliProcess, "stdin" | "stderr">;

/** Questions go to stderr: stdout is for answers. */
export async function choose(ends: Ends, question: string, choices: readonly Choice[]): Promise<string> {
  return answered(await autocomplete({ message: question, options: [...choices], maxItems: 12, input: ends.stdin, output: ends.stderr }));
}

export async function confirm(ends: Ends, question: string): Promise<boolean> {
  return answered(await ask({ message: question, initialValue: false, input: ends.stdin, output: ends.stderr }));
}

export async function secret(ends: Ends, question: string): Promise<string> {
  return answered(await password({ message: question, input: ends.stdin, output: ends.stderr }));
}

function answered<T>(answer: T | typeof CANCEL_SYMBOL): T {
  if (answer === CANCEL_SYMBOL) throw new Interrupted();
  return answer;
}
