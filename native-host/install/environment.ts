import type { Home } from "../home.ts";

/** What installing touches, so that another platform's can be worked through in a test. */
export interface InstallEnvironment {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  /** The user's home directory. */
  readonly userHome: string;
  readonly home: Home;
  /** The Node that shall run the host, as an absolute path. */
  readonly node: string;
  /** The built stead-host.js, as an absolute path. */
  readonly hostProgram: string;
  /** Runs Windows' reg.exe with these arguments; answers its status and output. */
  reg(args: readonly string[]): Promise<{ status: number; output: string }>;
}
