import { hostMain } from "./host/hostMain.ts";

// From the sources the worker is in its folder; built, the two are neighbours.
const storeWorker = import.meta.url.endsWith(".ts") ? "./host/storeWorker.ts" : "./storeWorker.js";

process.exit(
  await hostMain({
    args: process.argv.slice(2),
    env: process.env,
    stdin: process.stdin,
    stdout: process.stdout,
    storeWorker: new URL(storeWorker, import.meta.url),
  }),
);
