import { randomBytes } from "node:crypto";
import { mkdtemp, rmdir, unlink } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { SteadError } from "../../shared/errors.ts";
import { chunked } from "../../shared/wire/chunks.ts";
import type { Channel } from "../../shared/wire/channel.ts";
import type { Home } from "../home.ts";
import { announce, withdraw } from "./announcement.ts";
import { streamChannel } from "./frames.ts";
import { authenticate, readOrMakeToken } from "./localAuth.ts";
import { checkPrivateDirectory, makePrivateDirectory } from "./privateFiles.ts";

/** Bytes of a socket's path that every system takes: Node 20 cuts a longer one off and binds elsewhere, in silence. */
const pathLimit = 103;
const connectionLimit = 64;
const outsidePrefix = "stead-";

export interface LocalSocket {
  /** Names this host's announcement in home.run. */
  readonly id: string;
  readonly endpoint: string;
  /** Withdraws the announcement, stops listening and ends every connection. */
  close(): Promise<void>;
}

/**
 * Listens under a fresh random name, so that no two hosts ever want the same, and announces it in home.run. `serve`
 * gets every connection that has proved to know this user's token. Throws `socketUnsafe`.
 */
export async function openLocalSocket(
  home: Home,
  serve: (channel: Channel) => void,
  options: { platform?: NodeJS.Platform; authTimeoutMs?: number; connectionLimit?: number } = {},
): Promise<LocalSocket> {
  await makePrivateDirectory(home.run);
  const token = await readOrMakeToken(home);
  const id = randomBytes(8).toString("hex");
  const endpoint = await chooseEndpoint(home, id, options.platform ?? process.platform);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    const timeout = options.authTimeoutMs === undefined ? {} : { timeoutMs: options.authTimeoutMs };
    authenticate(socket, { role: "server", token, context: endpoint, ...timeout }).then(
      () => serve(chunked(streamChannel(socket, socket))),
      // Whoever cannot prove himself is told nothing; authenticate() has closed the connection.
      () => undefined,
    );
  });
  server.maxConnections = options.connectionLimit ?? connectionLimit;
  await listen(server, endpoint);
  await announce(home, id, { endpoint, pid: process.pid, startedAt: new Date().toISOString() });

  return {
    id,
    endpoint,
    async close() {
      await withdraw(home, id);
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
      await removeEndpoint(endpoint);
    },
  };
}

/** Removes what a host has left of its socket: the file, and the directory made for it alone. */
export async function removeEndpoint(endpoint: string): Promise<void> {
  if (endpoint.startsWith("\\\\.\\pipe\\")) return;
  await unlink(endpoint).catch(() => undefined);
  const directory = dirname(endpoint);
  if (basename(directory).startsWith(outsidePrefix) && dirname(directory) === tmpdir()) await rmdir(directory).catch(() => undefined);
}

async function chooseEndpoint(home: Home, id: string, platform: NodeJS.Platform): Promise<string> {
  // A pipe's name is free for all to open on Windows: only the token keeps others out.
  if (platform === "win32") return `\\\\.\\pipe\\stead-${randomBytes(16).toString("hex")}`;
  const inside = join(home.run, `${id}.sock`);
  if (Buffer.byteLength(inside) <= pathLimit) return inside;
  // A random name: in a directory that all may write to, a fixed one could be taken by someone else.
  const directory = await mkdtemp(join(tmpdir(), outsidePrefix));
  await checkPrivateDirectory(directory);
  const outside = join(directory, `${id}.sock`);
  if (Buffer.byteLength(outside) > pathLimit) {
    await rmdir(directory);
    throw new SteadError("socketUnsafe", `Neither ${home.run} nor ${tmpdir()} is short enough for a socket (${pathLimit} bytes with its name).`, {
      hint: "Set TMPDIR to a shorter path.",
    });
  }
  return outside;
}

function listen(server: Server, endpoint: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(endpoint, () => {
      server.off("error", reject);
      resolve();
    });
  });
}
