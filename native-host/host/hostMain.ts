import type { Readable, Writable } from "node:stream";
import { SteadError } from "../../shared/errors.ts";
import { noMethods, socketMethods } from "../../shared/protocol/cliHost.ts";
import { extensionMethods, hostMethods } from "../../shared/protocol/extensionHost.ts";
import { version } from "../../shared/version.ts";
import type { Channel } from "../../shared/wire/channel.ts";
import { chunked } from "../../shared/wire/chunks.ts";
import { Peer } from "../../shared/wire/peer.ts";
import { homeFrom } from "../home.ts";
import { extensionHandlers } from "./extensionHandlers.ts";
import { streamChannel } from "./frames.ts";
import { type LocalSocket, openLocalSocket } from "./localSocket.ts";
import { oneAtATime } from "./oneAtATime.ts";
import { quietConsole } from "./quietConsole.ts";
import { type ExtensionPeer, Session } from "./session.ts";
import { socketHandlers } from "./socketHandlers.ts";
import { startStoreWorker } from "./startStoreWorker.ts";
import { tellOtherHosts } from "./tellOtherHosts.ts";

export const extensionId = "stead@stead";
/** Firefox kills a host 3 s after closing its stdin; we are gone within one. */
const farewellMs = 700;

export interface HostProcess {
  /** As Firefox hands them over: the manifest's path and the extension's id. */
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  stdin: Readable;
  stdout: Writable;
  /** The store worker's program. */
  storeWorker: URL;
}

/** Runs until Firefox closes the connection. Answers the exit status; the caller exits, since a thread may hang. */
export async function hostMain(host: HostProcess): Promise<number> {
  quietConsole();
  // Node's debugger would open at this signal, and show the keys.
  process.on("SIGUSR1", () => undefined);
  process.umask(0o077);
  try {
    expectCaller(host.args);
  } catch (error) {
    if (!(error instanceof SteadError)) throw error;
    console.error(`stead-host: ${error.message} ${error.hint}`);
    return error.exitCode;
  }
  return serve(host);
}

async function serve(host: HostProcess): Promise<number> {
  const home = homeFrom(host.env);
  const worker = startStoreWorker(host.storeWorker, home);
  const stdio = streamChannel(host.stdin, host.stdout);
  const socket = openLocalSocket(home, (channel) => serveCommand(channel, session)).catch((error: unknown) => {
    // The browser is served all the same; only commands do not reach it.
    console.error(error instanceof SteadError ? `stead-host: ${error.message} ${error.hint}` : error);
    return undefined;
  });
  const session: Session = new Session({ worker, extension: () => extension, reachable: socket, announce, now: Date.now });
  const extension: ExtensionPeer = new Peer({
    channel: chunked(stdio),
    side: "host",
    version,
    serves: hostMethods,
    handlers: extensionHandlers(session),
    calls: extensionMethods,
  });
  let newest = 0;
  const tell = oneAtATime(async () => tellOtherHosts(home, (await socket)?.id, newest));

  const ended = await Promise.race([extension.closed.then(firefoxLeft), worker.closed.then(storeLost), signalled()]);

  if (ended.why) console.error("stead-host:", ...ended.why);
  extension.close();
  await Promise.race([Promise.allSettled([leave(socket), putAway(worker), stdio.flushed]), after(farewellMs)]);
  return ended.status;

  function announce(revision: number): void {
    newest = Math.max(newest, revision);
    tell().catch((error: unknown) => console.error(error));
  }
}

function serveCommand(channel: Channel, session: Session): void {
  new Peer({
    channel,
    side: "host",
    version,
    serves: socketMethods,
    handlers: socketHandlers(session),
    calls: noMethods,
  });
}

/** Firefox starts a host only for the extensions its manifest names; anything else is a mistake or a trick. */
function expectCaller([manifest, caller]: readonly string[]): void {
  if (manifest === undefined || caller === undefined) {
    throw new SteadError("usage", "This program is started by Firefox, with the manifest's path and the extension's id.", {
      hint: "Run stead install, then start Firefox.",
    });
  }
  if (caller !== extensionId) {
    throw new SteadError("unauthorized", `Only the extension ${extensionId} may use this program, not ${JSON.stringify(caller.slice(0, 100))}.`);
  }
}

async function leave(socket: Promise<LocalSocket | undefined>): Promise<void> {
  await (await socket)?.close();
}

async function putAway(worker: ReturnType<typeof startStoreWorker>): Promise<void> {
  await worker.call("close", {});
  worker.close();
}

interface Ending {
  status: number;
  /** For stderr. */
  why?: unknown[];
}

function firefoxLeft({ code, message }: SteadError): Ending {
  return code === "disconnected" ? { status: 0 } : { status: 1, why: [message] };
}

function storeLost({ cause }: SteadError): Ending {
  return { status: 1, why: ["the thread of the store has ended", cause ?? ""] };
}

function signalled(): Promise<Ending> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.once(signal, () => resolve({ status: 0 }));
    process.once("uncaughtException", (error) => resolve({ status: 1, why: [error] }));
  });
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
