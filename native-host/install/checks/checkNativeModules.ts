import type { InstallEnvironment } from "../environment.ts";
import { runProgram } from "../runProgram.ts";
import { bareEnvironment } from "./bareEnvironment.ts";
import { type Check, failed, passed } from "./check.ts";

/** Loads SQLite and the keychain the way the host does: found from where the host is, compiled for this Node. */
const program = `
const load = require("node:module").createRequire(process.argv[1]);
const Database = load("better-sqlite3");
const version = new Database(":memory:").prepare("select sqlite_version() as version").get().version;
load("@napi-rs/keyring");
process.stdout.write(version);
`;

export async function checkNativeModules(environment: InstallEnvironment): Promise<Check> {
  const run = await runProgram(environment.node, ["-e", program, environment.hostProgram], {
    env: bareEnvironment(environment),
    timeoutMs: 10_000,
  });
  if (run.status === 0) return passed("native-modules", `SQLite ${run.stdout.toString()} and the keychain load in Node ${process.versions.node}`);
  return failed(
    "native-modules",
    `SQLite or the keychain does not load in ${environment.node} (${run.failure ?? `status ${run.status ?? "unknown"}`}).`,
    "Run npm rebuild with this Node, then stead install.",
  );
}
