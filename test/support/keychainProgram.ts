import { writeSync } from "node:fs";
import { SteadError } from "../../shared/errors.ts";
import { keychain, keychainAnswers } from "../../native-host/vault/keychain.ts";
import { homeFrom } from "../../native-host/home.ts";
import { openStore } from "../../native-host/store/openStore.ts";
import { rotateKey } from "../../native-host/vault/rotate.ts";

// Does what argv says, one line of stdout each: what came of it, or the code of the error.
const source = (): ReturnType<typeof keychain> => keychain("store-of-the-test");
let made: Buffer | undefined;
const tasks: Record<string, () => unknown> = {
  answers: () => keychainAnswers(),
  load: () => (source().load() === undefined ? "absent" : "present"),
  create: () => (made = source().create()).length,
  same: () => made !== undefined && source().load()?.equals(made) === true,
  rotate: async () => {
    const { epoch } = await rotateKey({ home: homeFrom(process.env), env: process.env, passphrase: () => Promise.reject(new Error("unreachable")) });
    return epoch;
  },
  open: async () => {
    const store = await openStore({ home: homeFrom(process.env), env: process.env, warn: () => writeSync(1, "warned\n") });
    const status = store.vault();
    store.close();
    return status.source;
  },
};
for (const name of process.argv.slice(2)) {
  try {
    writeSync(1, `${String(await tasks[name]?.())}\n`);
  } catch (error) {
    if (!(error instanceof SteadError)) throw error;
    writeSync(1, `${error.code}\n`);
  }
}
