import type { Access } from "../actions/access.ts";
import type { Home } from "../home.ts";

/** What a command answers; main alone prints and sets the exit status. */
export interface Answer {
  /** The document for --json, as CLI.md fixes it. */
  json: unknown;
  /** What a person reads on stdout without --json. */
  text?: string;
  /** Goes to stdout as it is, with --json too: an exported document. */
  raw?: string;
  /** Lines for stderr, with --json too: what was left out, warnings. */
  notes?: string[];
  /** 0 unless said: 3 when something named was left out, 1 for a failed doctor. */
  exit?: number;
}

/** Everything a command may touch, so that a test can hand it something else. Main closes what it opened. */
export interface Context extends Access {
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  readonly home: Home;
  /** Whether a person is at both ends: names may be abbreviated, questions asked. */
  readonly terminal: boolean;
  readStdin(): Promise<Buffer>;
  /** A line on stderr at once: warnings, progress. */
  warn(message: string): void;
  /** Asks a yes-or-no question at a terminal; elsewhere throws `confirmationNeeded` with the question as its message. */
  confirm(question: string): Promise<boolean>;
}
