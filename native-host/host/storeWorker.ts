import { parentPort, workerData } from "node:worker_threads";
import { noMethods } from "../../shared/protocol/cliHost.ts";
import { version } from "../../shared/version.ts";
import { Peer } from "../../shared/wire/peer.ts";
import { openStore } from "../store/openStore.ts";
import { vaultStatus } from "../vault/control.ts";
import { lockHomeWhenIdle } from "../vault/idleLock.ts";
import { HomePaths } from "../vault/homePaths.ts";
import { HeldStore } from "./heldStore.ts";
import { messagePortChannel } from "./messagePortChannel.ts";
import { quietConsole } from "./quietConsole.ts";
import { workerHandlers } from "./workerHandlers.ts";
import { workerMethods } from "./workerMethods.ts";

/** The store's own thread in the host: better-sqlite3 blocks its event loop, and the browser must not wait for a writer. */
const port = parentPort;
if (port) {
  quietConsole();
  const home = HomePaths.parse(workerData);
  // What the host does for pages in the background is no use of the vault; what a person does is told it.
  const options = { home, env: process.env, passive: true, warn: (message: string) => console.warn(`stead-host: ${message}`) };
  const held = new HeldStore({ open: () => openStore(options), vault: () => vaultStatus(options), lockWhenIdle: () => lockHomeWhenIdle(home, Date.now()) });
  new Peer({
    channel: messagePortChannel(port, { onGone: (listener) => void port.on("close", () => listener()), close: () => port.close() }),
    side: "worker",
    version,
    serves: workerMethods,
    handlers: workerHandlers(held),
    calls: noMethods,
  });
}
