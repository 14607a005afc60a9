import { execFile, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { waitFor } from "./waitFor.ts";

const run = promisify(execFile);

/** A screen of its own with a window manager, for what only a headed Firefox has: shortcuts, toolbar, popup. */
export interface Display {
  /** Like `:99`. */
  readonly name: string;
  /** For programs that shall appear there. */
  readonly env: { readonly DISPLAY: string };
  /** Presses keys as a person would, in xdotool's words: `alt+shift+p`, `Return`. */
  key(...keys: string[]): Promise<void>;
  type(text: string): Promise<void>;
  click(x: number, y: number): Promise<void>;
  /** Waits for a window with this in its title, raises it and gives it the keyboard. */
  focusWindow(title: string): Promise<void>;
  /** The whole screen as a PNG file; answers its path. */
  screenshot(path: string): Promise<string>;
  close(): Promise<void>;
}

/** Starts Xvfb on a free display, and openbox on it. */
export async function startDisplay(size: { width: number; height: number } = { width: 1280, height: 800 }): Promise<Display> {
  const scratch = await mkdtemp(join(tmpdir(), "stead-display-"));
  const server = spawn(
    "Xvfb",
    ["-displayfd", "3", "-screen", "0", `${size.width}x${size.height}x24`, "-nolisten", "tcp", "-noreset"],
    { stdio: ["ignore", "ignore", "ignore", "pipe"] },
  );
  let announced = "";
  server.stdio[3]?.on("data", (chunk: Buffer) => {
    announced += chunk.toString("utf8");
  });
  const number = await waitFor("Xvfb's display", () => /^(\d+)\n/.exec(announced)?.[1]);
  const env = { DISPLAY: `:${number}` };
  const ready = join(scratch, "ready");
  const manager = spawn("openbox", ["--sm-disable", "--startup", `touch ${ready}`], {
    env: { PATH: process.env["PATH"], HOME: scratch, ...env },
    stdio: "ignore",
  });
  await waitFor("openbox", () => existsSync(ready));
  const xdotool = async (...args: string[]): Promise<string> => {
    const { stdout } = await run("xdotool", args, { env: { ...process.env, ...env }, timeout: 20_000 });
    return stdout;
  };
  return {
    name: env.DISPLAY,
    env,
    key: async (...keys) => {
      await xdotool("key", "--clearmodifiers", ...keys);
    },
    type: async (text) => {
      await xdotool("type", "--clearmodifiers", "--delay", "5", text);
    },
    click: async (x, y) => {
      await xdotool("mousemove", `${x}`, `${y}`, "click", "1");
    },
    focusWindow: async (title) => {
      await xdotool("search", "--sync", "--onlyvisible", "--limit", "1", "--name", title, "windowactivate", "--sync");
    },
    screenshot: async (path) => {
      await mkdir(dirname(path), { recursive: true });
      await run("import", ["-window", "root", path], { env: { ...process.env, ...env } });
      return path;
    },
    close: async () => {
      await end(manager);
      await end(server);
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill();
  await exited;
}
