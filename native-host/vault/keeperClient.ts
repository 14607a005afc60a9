import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { SteadError } from "../../shared/errors.ts";
import { authenticate, readOrMakeToken, readToken } from "../host/localAuth.ts";
import type { Home } from "../home.ts";
import { ask, keeperContext, keeperSocket } from "./keeperSocket.ts";
import { keyBytes } from "./keys.ts";

/** How long the keeper may take to begin, in milliseconds; it may wait two seconds for another to end. */
const startMs = 15_000;
const answerMs = 5_000;

/**
 * The root key from the keeper, which holds it between an unlock and the next lock, and around a rotation the one before or
 * after it too; undefined when there is no keeper.
 */
export async function askKeeper(home: Home): Promise<Buffer[] | undefined> {
  const socket = await reach(home);
  if (!socket) return undefined;
  socket.write(Uint8Array.of(ask.key));
  const keys = await readAll(socket);
  const whole = keys.length > 0 && keys.length % keyBytes === 0;
  return whole ? Array.from({ length: keys.length / keyBytes }, (_, place) => keys.subarray(place * keyBytes, (place + 1) * keyBytes)) : undefined;
}

/** Has the keeper hold this root key beside the one it has, or alone. Nothing happens without a keeper. */
export async function giveKeeper(home: Home, root: Buffer, how: "add" | "only"): Promise<void> {
  const socket = await reach(home);
  if (!socket) return;
  socket.write(Buffer.concat([Uint8Array.of(ask[how]), root]));
  await readAll(socket);
}

/** Has the keeper look anew when the vault locks itself. Nothing happens without a keeper. */
export async function wakeKeeper(home: Home): Promise<void> {
  const socket = await reach(home);
  if (!socket) return;
  socket.write(Uint8Array.of(ask.wake));
  await readAll(socket);
}

/** Ends the keeper; returns when it has forgotten the key. */
export async function dismissKeeper(home: Home): Promise<void> {
  const socket = await reach(home);
  if (!socket) return;
  socket.write(Uint8Array.of(ask.quit));
  await readAll(socket);
}

/** Starts the keeper with the root key. Returns when a keeper answers, ours or one that was quicker. */
export async function startKeeper(home: Home, root: Buffer, path: string = findKeeper()): Promise<void> {
  await readOrMakeToken(home);
  const fromSource = path.endsWith(".ts");
  const flags = process.allowedNodeEnvironmentFlags.has("--disable-sigusr1") ? ["--disable-sigusr1"] : [];
  const child = spawn(process.execPath, [...flags, ...(fromSource ? ["--import", "tsx"] : []), path], {
    detached: true,
    // Only what it needs: NODE_OPTIONS could open a debugger in it.
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], TMPDIR: process.env["TMPDIR"] },
    cwd: fromSource ? dirname(path) : "/",
    stdio: ["pipe", "pipe", "ignore"],
    windowsHide: true,
  });
  const failed = (cause?: unknown): SteadError =>
    new SteadError("keyUnavailable", "The process that keeps the key between commands did not start.", { cause });
  try {
    child.stdin.on("error", () => undefined);
    // The key goes by a pipe: arguments and environment can be read by others.
    child.stdin.end(Buffer.concat([root, Buffer.from(JSON.stringify(home))]));
    await once(child.stdout, "end", { signal: AbortSignal.timeout(startMs) }).catch((error: unknown) => {
      throw failed(error);
    });
  } finally {
    child.stdout.destroy();
    child.unref();
  }
}

async function reach(home: Home): Promise<Socket | undefined> {
  const token = await readToken(home);
  if (!token) return undefined;
  const path = await keeperSocket(home);
  const socket = await dial(path);
  if (!socket) return undefined;
  await authenticate(socket, { role: "client", token, context: keeperContext });
  return socket;
}

/** Undefined when nobody listens. */
function dial(path: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once("connect", () => resolve(socket));
    socket.once("error", (error) => {
      const absent = "code" in error && (error.code === "ENOENT" || error.code === "ECONNREFUSED");
      if (absent) resolve(undefined);
      else reject(new SteadError("keyUnavailable", "The process that keeps the key cannot be reached.", { cause: error }));
    });
  });
}

async function readAll(socket: Socket): Promise<Buffer> {
  socket.setTimeout(answerMs, () => socket.destroy());
  const parts: Buffer[] = [];
  try {
    for await (const part of socket) if (Buffer.isBuffer(part)) parts.push(part);
  } catch {
    // It went away in the middle: as if it had not been there.
  }
  const all = Buffer.concat(parts);
  for (const part of parts) part.fill(0);
  return all;
}

/** The keeper's program: beside this file in the sources, one level up or beside it in the build. */
function findKeeper(): string {
  const places = ["./keeper.ts", "./keeper.js", "../keeper.js"].map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const path = places.find((place) => existsSync(place));
  if (path === undefined) throw new SteadError("keyUnavailable", `The program that keeps the key is missing: ${places[1] ?? ""}.`);
  return path;
}
