import { arch, cpus, platform } from "node:os";
import { benchCapture } from "./capture.ts";
import { benchChanges } from "./changes.ts";
import { benchFirefox } from "./firefox.ts";
import { benchMemory } from "./memory.ts";
import { benchNavigation } from "./navigation.ts";
import { benchRules } from "./rules.ts";
import { benchStates } from "./states.ts";
import { benchStore } from "./store.ts";
import { benchWrites } from "./writes.ts";

process.stdout.write(`node ${process.version}, ${platform()} ${arch()}, ${cpus().length} cores\n`);
for (const bench of [benchStore, benchWrites, benchChanges, benchMemory, benchRules, benchFirefox, benchNavigation, benchStates, benchCapture]) {
  for (const line of await bench()) process.stdout.write(`${line}\n`);
}
