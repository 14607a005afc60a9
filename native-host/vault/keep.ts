import { once } from "node:events";
import { existsSync, readFileSync, rmdirSync, unlinkSync, watch } from "node:fs";
import { createServer, type Socket } from "node:net";
import { dirname, join } from "node:path";
import Sqlite from "better-sqlite3";
import { authenticate, readOrMakeToken } from "../host/localAuth.ts";
import { Alarm } from "../alarm.ts";
import type { Home } from "../home.ts";
import { type IdleLook, lookInHome } from "./idleLock.ts";
import { ask, keeperContext, keeperSocket } from "./keeperSocket.ts";
import { keyBytes } from "./keys.ts";

/** How long to wait for a keeper that is ending, in milliseconds. */
const patienceMs = 2000;

/**
 * Holds the root key, and during a rotation two, and hands them to whoever proves to know the token, until one of them says quit, socket or token
 * are gone, or the vault is locked when it looks. Calls `ready` when it can be reached; returns, with the key wiped, at the end. Returns at once when
 * another keeper is there.
 */
export async function keep(
  home: Home,
  root: Buffer,
  ready: () => void,
  lookAtIdle: () => Promise<IdleLook> = () => lookInHome(home, Date.now()),
): Promise<void> {
  let roots = [root];
  const alarm = new Alarm(() => void look());
  const token = await readOrMakeToken(home);
  const path = await keeperSocket(home);
  const release = holdLock(join(home.run, "keeper.lock"));
  if (!release) {
    root.fill(0);
    return;
  }
  const server = createServer((socket) => void serve(socket).catch(() => socket.destroy()));
  const ended = once(server, "close");
  const pipes = process.platform === "win32";
  // Under the lock no keeper listens there: what is left is of one that was killed.
  if (!pipes && existsSync(path)) unlinkSync(path);
  server.listen(path);
  await once(server, "listening");
  const watchers = [...new Set(pipes ? [home.run] : [home.run, dirname(path)])].map((directory) => watch(directory, check).on("error", end));
  ready();
  // Whoever unlocks the vault has yet to say so in the store.
  alarm.set(Infinity);
  await ended;
  if (dirname(path) !== home.run) removeDirectory(dirname(path));
  release();

  function end(): void {
    for (const one of roots) one.fill(0);
    alarm.set(null);
    for (const watcher of watchers) watcher.close();
    server.close();
  }

  /** Nobody could reach this process any more, and nobody end it. */
  function check(): void {
    if ((!pipes && !existsSync(path)) || !isToken(home.token, token)) end();
  }

  async function look(): Promise<void> {
    // Another process may write for long, or have made the store a newer one: whoever opens that looks for itself.
    const found = await lookAtIdle().catch((): IdleLook => ({ kind: "open", wait: Infinity }));
    if (found.kind === "locked") end();
    else alarm.set(found.wait);
  }

  async function serve(socket: Socket): Promise<void> {
    socket.on("error", () => undefined);
    await authenticate(socket, { role: "server", token, context: keeperContext });
    const asked = await readRequest(socket);
    const given = asked.subarray(1, 1 + keyBytes);
    if (asked[0] === ask.key) socket.end(Buffer.concat(roots));
    else if (asked[0] === ask.add || asked[0] === ask.only) {
      const [same, others] = [roots.filter((one) => one.equals(given)), roots.filter((one) => !one.equals(given))];
      const gone = asked[0] === ask.only ? [...same, ...others] : same;
      roots = [...(asked[0] === ask.only ? [] : others), Buffer.from(given)];
      for (const one of [...gone, given]) one.fill(0);
      socket.end();
    } else if (asked[0] === ask.quit) {
      end();
      socket.end();
    } else if (asked[0] === ask.wake) {
      await look();
      socket.end();
    } else socket.destroy();
  }
}

/** One byte, and a key where one belongs to it. */
async function readRequest(socket: Socket): Promise<Buffer> {
  let asked = Buffer.alloc(0);
  const isWhole = (): boolean => asked.length > 0 && ((asked[0] !== ask.add && asked[0] !== ask.only) || asked.length > keyBytes);
  while (!isWhole()) {
    const [part] = (await once(socket, "data")) as [Buffer];
    asked = Buffer.concat([asked, part]);
    part.fill(0);
  }
  return asked;
}

/** Unless something else has come to lie in it. */
function removeDirectory(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // Nobody is hurt by an empty directory that stays.
  }
}

function isToken(path: string, token: Buffer): boolean {
  try {
    return readFileSync(path).equals(token);
  } catch {
    return false;
  }
}

/** A lock that the system takes back whatever way this process ends: SQLite's. Undefined when another process has it. */
function holdLock(path: string): (() => void) | undefined {
  const db = new Sqlite(path, { timeout: patienceMs });
  try {
    db.exec("BEGIN EXCLUSIVE");
    return () => db.close();
  } catch {
    db.close();
    return undefined;
  }
}
