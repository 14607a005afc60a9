import { writeSync } from "node:fs";
import { SteadError } from "../../../shared/errors.ts";
import { homeFrom } from "../../../native-host/home.ts";
import { openStore } from "../../../native-host/store/openStore.ts";
import type { Store } from "../../../native-host/store/types.ts";
import { cookie } from "../../support/cookies.ts";

// Uses the vault without a pause, opening the store anew each time unless argv[3] is `hold`. Ends when it was refused twenty times in a
// row; whoever gets in after a refusal ends with 1.
const [project = "", how = ""] = process.argv.slice(2);
const options = { home: homeFrom(process.env), env: process.env };
let store: Store | undefined;
let refused = 0;
for (let count = 0; refused < 20; count++) {
  try {
    store ??= await openStore(options);
    store.write(project, [{ kind: "set", cookie: cookie({ value: `${process.pid}-${count}` }), at: 1 }], { by: "use" });
    store.registry();
    writeSync(1, `${count}\n`);
    if (refused > 0) process.exit(1);
  } catch (error) {
    if (!(error instanceof SteadError) || error.code !== "vaultLocked") throw error;
    refused++;
  }
  if (how === "hold" && refused === 0) continue;
  store?.close();
  store = undefined;
}
