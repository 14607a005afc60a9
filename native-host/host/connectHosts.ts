import { readdir } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { basename } from "node:path";
import { SteadError } from "../../shared/errors.ts";
import { noMethods, socketMethods } from "../../shared/protocol/cliHost.ts";
import { version } from "../../shared/version.ts";
import { chunked } from "../../shared/wire/chunks.ts";
import type { Side } from "../../shared/wire/envelope.ts";
import { Peer } from "../../shared/wire/peer.ts";
import type { Home } from "../home.ts";
import { type Announcement, announcedId, readAnnouncement, withdraw } from "./announcement.ts";
import { streamChannel } from "./frames.ts";
import type { HostLink } from "./link.ts";
import { authenticate, readToken } from "./localAuth.ts";
import { removeEndpoint } from "./localSocket.ts";
import { checkPrivateDirectory, codeOf } from "./privateFiles.ts";

export interface ConnectOptions {
  side?: Side;
  /** The id of a host to leave out: the caller's own. */
  except?: string;
  /** How long one host has to answer, in milliseconds. */
  patienceMs?: number;
  /** Told, in a sentence, of each host that is there but does not answer or is refused. */
  report?: (message: string) => void;
}

/**
 * Every host of this user that answers, asked all at once. Empty when none runs. What a killed host left behind is
 * removed, but only after its socket refused the connection. Throws `socketUnsafe`, `unauthorized`.
 */
export async function connectHosts(home: Home, options: ConnectOptions = {}): Promise<HostLink[]> {
  const ids = await announced(home);
  if (ids.length === 0) return [];
  await checkPrivateDirectory(home.run);
  const token = await readToken(home);
  if (!token) return [];
  const links = await Promise.all(ids.filter((id) => id !== options.except).map((id) => connectHost(home, id, token, options)));
  return links.filter((link) => link !== undefined);
}

async function announced(home: Home): Promise<string[]> {
  const names = await readdir(home.run).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  });
  return names.map(announcedId).filter((id) => id !== undefined);
}

async function connectHost(home: Home, id: string, token: Buffer, options: ConnectOptions): Promise<HostLink | undefined> {
  const announcement = await readAnnouncement(home, id);
  if (!announcement) return undefined;
  const patienceMs = options.patienceMs ?? 1500;
  const socket = connect(announcement.endpoint);
  const timer = setTimeout(() => {
    socket.destroy(new SteadError("timeout", `It did not answer within ${patienceMs} ms.`));
  }, patienceMs);
  try {
    await connected(socket);
    await authenticate(socket, { role: "client", token, context: announcement.endpoint, timeoutMs: patienceMs });
    return await greet(socket, options.side ?? "cli");
  } catch (error) {
    socket.destroy();
    if (isGone(error)) await cleanUp(home, id, announcement);
    else options.report?.(`The host with process id ${announcement.pid} was left out: ${error instanceof SteadError ? error.message : codeOf(error) ?? "it broke off"}`);
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

async function greet(socket: Socket, side: Side): Promise<HostLink> {
  const peer = new Peer({
    channel: chunked(streamChannel(socket, socket)),
    side,
    version,
    serves: noMethods,
    handlers: {},
    calls: socketMethods,
  });
  const { instance } = await peer.call("instance", {});
  return { peer, instance, close: () => peer.close() };
}

function connected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("connect", resolve).once("error", reject);
  });
}

/** Nobody listens any more. Anything else (a full queue, no permission, silence) may be a host that lives. */
function isGone(error: unknown): boolean {
  const code = codeOf(error);
  return code === "ECONNREFUSED" || code === "ENOENT";
}

/** Names are random and never used again: no new host can have taken this one meanwhile. */
async function cleanUp(home: Home, id: string, { endpoint }: Announcement): Promise<void> {
  if (basename(endpoint) === `${id}.sock`) await removeEndpoint(endpoint);
  await withdraw(home, id);
}
