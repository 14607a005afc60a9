import { Worker } from "node:worker_threads";
import { noMethods } from "../../shared/protocol/cliHost.ts";
import { version } from "../../shared/version.ts";
import { Peer } from "../../shared/wire/peer.ts";
import type { Home } from "../home.ts";
import { messagePortChannel } from "./messagePortChannel.ts";
import { workerMethods } from "./workerMethods.ts";

export type StoreWorkerPeer = Peer<typeof noMethods, typeof workerMethods>;

/** Starts the thread that holds the store. `program`: storeWorker.ts when run from source, storeWorker.js when built. */
export function startStoreWorker(program: URL, home: Home): StoreWorkerPeer {
  const worker = program.pathname.endsWith(".ts") ? workerFromSource(program, home) : new Worker(program, { workerData: { ...home } });
  return new Peer({
    channel: messagePortChannel(worker, {
      onGone: (listener) => void worker.on("error", listener).on("exit", () => listener()),
      close: () => void worker.terminate(),
    }),
    side: "host",
    version,
    serves: noMethods,
    handlers: {},
    calls: workerMethods,
  });
}

/** Node 20 does not apply --import to a worker's own program: the TypeScript loader is registered inside of it. */
function workerFromSource(program: URL, home: Home): Worker {
  const loader = import.meta.resolve("tsx/esm/api");
  const start = `import(${JSON.stringify(loader)}).then(({ register }) => { register(); return import(${JSON.stringify(program.href)}); });`;
  return new Worker(start, { eval: true, execArgv: [], workerData: { ...home } });
}
