import { arch, cpus, platform } from "node:os";
import { benchFirefox } from "./firefox.ts";
import { benchRules } from "./rules.ts";
import { benchStore } from "./store.ts";

process.stdout.write(`node ${process.version}, ${platform()} ${arch()}, ${cpus().length} cores\n`);
for (const bench of [benchStore, benchRules, benchFirefox]) {
  for (const line of await bench()) process.stdout.write(`${line}\n`);
}
