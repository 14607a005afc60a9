import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { waitFor } from "./waitFor.ts";

const grace = 10_000;
const running = new Set<FirefoxProcess>();
process.once("exit", () => {
  for (const firefox of running) firefox.signalGroup("SIGKILL");
});

/** Firefox and everything it starts, as one process group of its own. */
export class FirefoxProcess {
  readonly #child: ChildProcess;
  readonly #pid: number;
  readonly #exited: Promise<void>;
  #log = "";

  /** Starts `binary`; throws when it cannot be started. */
  constructor(binary: string, args: readonly string[], env: NodeJS.ProcessEnv) {
    this.#child = spawn(binary, args, { env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    this.#exited = new Promise((resolve) => {
      this.#child.once("error", (error) => {
        this.#log += String(error);
        resolve();
      });
      this.#child.once("exit", () => resolve());
    });
    const listen = (chunk: Buffer): void => {
      // The end is what explains a failure.
      this.#log = (this.#log + chunk.toString("utf8")).slice(-200_000);
    };
    this.#child.stdout?.on("data", listen);
    this.#child.stderr?.on("data", listen);
    if (this.#child.pid === undefined) throw new Error(`${binary} cannot be started.`);
    this.#pid = this.#child.pid;
    running.add(this);
    void this.#exited.then(() => running.delete(this));
  }

  /** The browser's own process. */
  get pid(): number {
    return this.#pid;
  }

  /** What it wrote on stdout and stderr: the last 200,000 characters. */
  get log(): string {
    return this.#log;
  }

  /** The address Firefox announces for WebDriver BiDi. */
  async bidiUrl(): Promise<string> {
    return waitFor("Firefox's BiDi address", () => {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) return undefined;
      return /WebDriver BiDi listening on (ws:\S+)/.exec(this.#log)?.[1];
    }, 60_000);
  }

  /** Waits for a quit that was asked for; then ends what is left of the group. */
  async ended(): Promise<void> {
    const timer = setTimeout(() => this.signalGroup("SIGKILL"), grace);
    await this.#exited;
    clearTimeout(timer);
    await this.#groupGone();
  }

  /** SIGKILL to the browser itself; its children see their pipes close, as after a crash. */
  async crash(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill("SIGKILL");
    await this.#exited;
    await this.#groupGone();
  }

  signalGroup(signal: NodeJS.Signals | 0): boolean {
    try {
      return process.kill(-this.#pid, signal);
    } catch {
      return false; // ESRCH: nobody is left.
    }
  }

  async #groupGone(): Promise<void> {
    try {
      await waitFor("Firefox's children to end", () => !this.signalGroup(0), grace);
    } catch {
      this.signalGroup("SIGKILL");
    }
  }
}
