import { writeSync } from "node:fs";
import { SteadError } from "../../../shared/errors.ts";
import { homeFrom } from "../../../native-host/home.ts";
import { openStore } from "../../../native-host/store/openStore.ts";
import { steps } from "./steps.ts";

// Says "ok" for every step of argv[2] (from, inclusive) to argv[3] (to, exclusive) that was acknowledged, and the code of an error.
const [from = "0", to = String(steps.length)] = process.argv.slice(2);
try {
  const store = await openStore({ home: homeFrom(process.env), env: process.env });
  writeSync(1, "open\n");
  for (const step of steps.slice(Number(from), Number(to))) {
    step(store);
    writeSync(1, "ok\n");
  }
  store.close();
} catch (error) {
  if (!(error instanceof SteadError)) throw error;
  writeSync(1, `${error.code}\n`);
}
