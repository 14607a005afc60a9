import { arch, cpus, platform } from "node:os";
import { benchFirefox } from "./firefox.ts";
import { benchNavigation } from "./navigation.ts";
import { benchRules } from "./rules.ts";
import { benchStore } from "./store.ts";

process.stdout.write(`node ${process.version}, ${platform()} ${arch()}, ${cpus().length} cores\n`);
for (const bench of [benchStore, benchRules, benchFirefox, benchNavigation]) {
  for (const line of await bench()) process.stdout.write(`${line}\n`);
}
