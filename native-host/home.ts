import { join } from "node:path";
import envPaths from "env-paths";

/** Where Stead keeps its files. All directories are made 0700, all files 0600, by who first needs them. */
export interface Home {
  /** The store, its side files and the key file. */
  readonly data: string;
  /** Sockets' announcements and the token; emptied by a reboot without loss. */
  readonly run: string;
  readonly store: string;
  readonly keyFile: string;
  /** What both ends of a local socket prove to know. */
  readonly token: string;
  /** The wrapper that the native messaging manifest points to. */
  readonly wrapper: string;
}

/** STEAD_HOME holds everything when set (tests, portable use); otherwise the platform's own directories. */
export function homeFrom(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): Home {
  const own = env["STEAD_HOME"];
  const data = own ?? envPaths("stead", { suffix: "" }).data;
  const run = join(data, "run");
  return {
    data,
    run,
    store: join(data, "store.db"),
    keyFile: join(data, "key"),
    token: join(run, "token"),
    wrapper: join(data, platform === "win32" ? "stead-host.cmd" : "stead-host"),
  };
}
