import { spawn } from "node:child_process";

export interface Run {
  /** Null when it was killed or could not be started. */
  status: number | null;
  stdout: Buffer;
  /** Why it could not be started, or that it was stopped. */
  failure?: string;
}

/** Starts a program by an argument vector, never through a shell, with stdin at its end; what it writes to stderr is left alone. */
export function runProgram(
  file: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; timeoutMs: number; cwd?: string; shell?: boolean },
): Promise<Run> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const child = spawn(file, args, { ...options, stdio: ["ignore", "pipe", "ignore"] });
    const timer = setTimeout(() => child.kill("SIGKILL"), options.timeoutMs);
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", (error) => {
      clearTimeout(timer);
      resolve({ status: null, stdout: Buffer.concat(chunks), failure: error.message });
    });
    child.on("close", (status, signal) => {
      clearTimeout(timer);
      resolve({ status, stdout: Buffer.concat(chunks), ...(signal ? { failure: `stopped by ${signal}` } : {}) });
    });
  });
}
