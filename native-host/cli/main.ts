import { SteadError, toErrorShape } from "../../shared/errors.ts";
import type { CliProcess } from "./cliProcess.ts";
import type { Answer } from "./context.ts";
import { type Edges, realEdges } from "./edges.ts";
import { Interrupted, interruptedStatus } from "./interrupted.ts";
import { makeContext } from "./makeContext.ts";
import { perform } from "./program.ts";
import { plain } from "./plain.ts";

/** Runs the command line of a process: prints the answer, sets the exit status, throws nothing. */
export async function main(proc: CliProcess, options: { hostProgram: string; edges?: Edges }): Promise<void> {
  endQuietlyWhenNobodyReads(proc);
  const args = proc.argv.slice(2);
  const json = wantsJson(args);
  const { context, close } = makeContext(proc, options.edges ?? realEdges, { json, hostProgram: options.hostProgram });
  try {
    print(proc, await perform(args, context), json);
  } catch (error) {
    report(proc, error, json);
  } finally {
    close();
  }
}

/** Said before the arguments are parsed, since a parsing error must know it; what follows `--` is not ours. */
function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return (end === -1 ? args : args.slice(0, end)).includes("--json");
}

function print(proc: CliProcess, answer: Answer, json: boolean): void {
  if (answer.raw !== undefined) proc.stdout.write(answer.raw);
  else if (json) proc.stdout.write(`${JSON.stringify(answer.json)}\n`);
  else if (answer.text !== undefined && answer.text !== "") proc.stdout.write(`${answer.text.replace(/\n$/, "")}\n`);
  for (const note of answer.notes ?? []) proc.stderr.write(`stead: ${line(note)}\n`);
  proc.exitCode = answer.exit ?? 0;
}

function report(proc: CliProcess, error: unknown, json: boolean): void {
  if (error instanceof Interrupted) {
    proc.exitCode = interruptedStatus;
    return;
  }
  const known = error instanceof SteadError;
  if (json) proc.stdout.write(`${JSON.stringify({ error: toErrorShape(error) })}\n`);
  if (!known) proc.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  else if (!json) proc.stderr.write(`stead: ${line(error.message)}\n${error.hint === "" ? "" : `${line(error.hint)}\n`}`);
  proc.exitCode = known ? error.exitCode : 1;
}

function line(text: string): string {
  return plain(text).replace(/\s*\n\s*/g, " ");
}

/** `stead list | head -1`: the reader has what it wanted. */
function endQuietlyWhenNobodyReads(proc: CliProcess): void {
  for (const stream of [proc.stdout, proc.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
}
