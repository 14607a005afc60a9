import type { Readable, Writable } from "node:stream";

/** The part of `process` the command line works on, so that a test can be one. */
export interface CliProcess {
  /** Two paths, then the arguments. */
  readonly argv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  readonly execPath: string;
  readonly stdin: Readable & { isTTY?: boolean };
  readonly stdout: Writable & { isTTY?: boolean };
  readonly stderr: Writable & { isTTY?: boolean };
  exitCode?: number | string | null | undefined;
}
