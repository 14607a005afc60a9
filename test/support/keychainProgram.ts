import { writeSync } from "node:fs";
import { SteadError } from "../../shared/errors.ts";
import { makeBackup } from "../../native-host/backup/makeBackup.ts";
import { restoreBackup } from "../../native-host/backup/restoreBackup.ts";
import { keychain, keychainAnswers } from "../../native-host/vault/keychain.ts";
import { homeFrom } from "../../native-host/home.ts";
import { openStore } from "../../native-host/store/openStore.ts";
import { rotateKey } from "../../native-host/vault/rotate.ts";

// Does what argv says, one line of stdout each: what came of it, or the code of the error.
const source = (): ReturnType<typeof keychain> => keychain("store-of-the-test");
let made: Buffer | undefined;
const options = { home: homeFrom(process.env), env: process.env };
const inFile = { ...options, file: `${options.home.data}/stead.backup`, passphrase: () => Promise.resolve("correct horse battery") };
const tasks: Record<string, () => unknown> = {
  answers: () => keychainAnswers(),
  load: () => (source().load() === undefined ? "absent" : "present"),
  create: () => (made = source().create()).length,
  same: () => made !== undefined && source().load()?.equals(made) === true,
  rotate: async () => {
    const { epoch } = await rotateKey({ ...options, passphrase: () => Promise.reject(new Error("unreachable")) });
    return epoch;
  },
  backup: async () => {
    const store = await openStore(options);
    store.addProject({ name: "Acme" });
    store.close();
    await makeBackup({ ...inFile, force: false });
    return "made";
  },
  restore: async () => {
    const { kept } = await restoreBackup({ ...inFile, force: true, vaultPassphrase: () => Promise.reject(new Error("unreachable")) });
    const old = await openStore({ home: homeFrom({ STEAD_HOME: kept }), env: {} });
    const [project] = old.registry().projects;
    const { source: keySource } = old.vault();
    old.close();
    return `kept ${project?.name ?? "nothing"} ${keySource}`;
  },
  open: async () => {
    const store = await openStore({ ...options, warn: () => writeSync(1, "warned\n") });
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
