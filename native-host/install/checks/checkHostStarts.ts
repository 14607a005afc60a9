import { spawn } from "node:child_process";
import { Hello } from "../../../shared/wire/envelope.ts";
import { FrameDecoder } from "../../host/frames.ts";
import { manifestPath } from "../browsers.ts";
import type { InstallEnvironment } from "../environment.ts";
import { extensionId } from "../manifest.ts";
import { bareEnvironment } from "./bareEnvironment.ts";
import { type Check, failed, passed } from "./check.ts";

/** Firefox gives a host 3 s from the end of its input to its own end. */
const endMs = 3000;

/**
 * Starts the wrapper as Firefox on a bare desktop does, with next to no environment, reads the handshake it begins
 * with, and ends its input. `version` is the command line's own, which the host must share.
 */
export async function checkHostStarts(environment: InstallEnvironment, version: string, patienceMs = 10_000): Promise<Check> {
  const { platform, home } = environment;
  const args = [manifestPath("firefox", environment), extensionId];
  const [file, argv] = platform === "win32" ? ["cmd.exe", ["/d", "/c", home.wrapper, ...args]] as const : [home.wrapper, args] as const;
  const child = spawn(file, argv, { env: bareEnvironment(environment), stdio: ["pipe", "pipe", "ignore"] });
  child.stdin.on("error", () => undefined);
  const closed = new Promise<string>((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (status, signal) => resolve(signal ? `it was ended by ${signal}` : `it ended with status ${status ?? "unknown"}`));
  });

  const stop = setTimeout(() => child.kill("SIGKILL"), patienceMs);
  try {
    const hello = await firstMessage(child.stdout, closed);
    if (typeof hello === "string") return failed("host", `The host did not begin its handshake: ${hello}.`, "Run stead install; then start the wrapper by hand to see why it ends.");
    child.stdin.end();
    if (!(await endsInTime(closed))) return failed("host", `The host did not end within ${endMs} ms of the end of its input.`, "Update Stead, then run stead install.");
    const greeting = Hello.safeParse(hello.message);
    if (!greeting.success) return failed("host", "The host's first message is not Stead's handshake.", "Run stead install.");
    if (greeting.data.version !== version) return failed("host", `The host is version ${greeting.data.version}, this command ${version}.`, "Run stead install.");
    return passed("host", `version ${version}, started with an empty environment`);
  } finally {
    clearTimeout(stop);
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
  }
}

/** The first frame, or why there was none. */
async function firstMessage(stdout: NodeJS.ReadableStream, closed: Promise<string>): Promise<{ message: unknown } | string> {
  const decoder = new FrameDecoder(1024 * 1024);
  return Promise.race([
    closed,
    new Promise<{ message: unknown } | string>((resolve) => {
      stdout.on("data", (chunk: Buffer) => {
        try {
          for (const message of decoder.push(chunk)) resolve({ message });
        } catch {
          resolve("it wrote something that is no frame");
        }
      });
    }),
  ]);
}

async function endsInTime(closed: Promise<string>): Promise<boolean> {
  const late = new AbortController();
  const { setTimeout: wait } = await import("node:timers/promises");
  const answer = await Promise.race([closed.then(() => true), wait(endMs, false, { signal: late.signal })]);
  late.abort();
  return answer;
}
