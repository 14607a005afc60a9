import { writeSync } from "node:fs";
import { SteadError } from "../../../shared/errors.ts";
import { makeBackup } from "../../../native-host/backup/makeBackup.ts";
import { restoreBackup } from "../../../native-host/backup/restoreBackup.ts";
import { homeFrom } from "../../../native-host/home.ts";

// Makes (argv[2] is "make") or restores a backup in the file argv[3], whatever is there: "ok", or the code of an error.
const [what = "", file = ""] = process.argv.slice(2);
const passphrase = (): Promise<string> => Promise.resolve("correct horse battery");
const options = { home: homeFrom(process.env), env: process.env, file, force: true, passphrase };
try {
  if (what === "make") await makeBackup(options);
  else await restoreBackup({ ...options, vaultPassphrase: passphrase });
  writeSync(1, "ok\n");
} catch (error) {
  if (!(error instanceof SteadError)) throw error;
  writeSync(1, `${error.code}\n`);
}
