import { writeSync } from "node:fs";
import { SteadError } from "../../../shared/errors.ts";
import { homeFrom } from "../../../native-host/home.ts";
import { rotateKey } from "../../../native-host/vault/rotate.ts";

// Rotates the keys: "ok", or the code of an error.
try {
  await rotateKey({ home: homeFrom(process.env), env: process.env, passphrase: () => Promise.resolve("the new passphrase") });
  writeSync(1, "ok\n");
} catch (error) {
  if (!(error instanceof SteadError)) throw error;
  writeSync(1, `${error.code}\n`);
}
