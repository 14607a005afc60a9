import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { buildProgram, run } from "../../support/program.ts";
import { storeHome } from "../../support/storeHome.ts";

const unlock = "printf password | gnome-keyring-daemon --unlock --components=secrets >/dev/null";
const lock =
  "dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets " +
  "org.freedesktop.Secret.Service.Lock array:objpath:/org/freedesktop/secrets/collection/login >/dev/null";

let program: string;

beforeAll(async () => {
  program = await buildProgram("test/support/keychainProgram.ts", "keychainProgram");
});

describe("the keychain, in a real Secret Service", () => {
  it("makes a key, keeps it for the next process, and tells an absent one from a locked one", async () => {
    const lines = await session(`${unlock}; node load create same; node load; ${lock}; node load create`);
    expect(lines).toEqual(["absent", "32", "true", "present", "keyUnavailable", "keyUnavailable"]);
  });

  it("holds a new store's key, and no key file is made", async () => {
    const options = storeHome({ STEAD_KEYSTORE: "" });
    const lines = await session(`${unlock}; node answers open; node open; ${lock}; node open`, options.env);
    expect(lines).toEqual(["true", "keychain", "keychain", "keyUnavailable"]);
    expect(existsSync(options.home.keyFile)).toBe(false);
  });

  it("has the store's new key after a rotation, and the one before no more", async () => {
    const options = storeHome({ STEAD_KEYSTORE: "" });
    const lines = await session(`${unlock}; node open rotate open; node open rotate open`, options.env);
    expect(lines).toEqual(["keychain", "2", "keychain", "keychain", "3", "keychain"]);
  });

  it("has the key of a restored store, and still that of the one which is kept aside", async () => {
    const options = storeHome({ STEAD_KEYSTORE: "" });
    const lines = await session(`${unlock}; node backup restore open; node open`, options.env);
    expect(lines).toEqual(["made", "kept Acme keychain", "keychain", "keychain"]);
    expect(existsSync(options.home.keyFile)).toBe(false);
  }, 60_000);

  it("that lost the key of a store with data is no reason to make another", async () => {
    const options = storeHome({ STEAD_KEYSTORE: "" });
    await session(`${unlock}; node open`, options.env);
    const lines = await session(`${unlock}; node open; node open`, { ...options.env, XDG_DATA_HOME: join(options.home.data, "elsewhere") });
    expect(lines).toEqual(["keyUnavailable", "keyUnavailable"]);
  });

  it("that cannot be reached leaves a new store a key file and a warning, unless it was asked for by name", async () => {
    const asked = storeHome({ STEAD_KEYSTORE: "keychain" });
    const noBus = { DBUS_SESSION_BUS_ADDRESS: "unix:path=/nonexistent", DISPLAY: "" };
    const open = async (env: NodeJS.ProcessEnv): Promise<string> => (await run(process.execPath, [program, "answers", "open"], { ...env, ...noBus })).stdout;
    expect(await open(asked.env)).toBe("false\nkeyUnavailable\n");
    expect(await open({ ...asked.env, STEAD_KEYSTORE: "" })).toBe("false\nwarned\nfile\n");
  });
});

/** A shell script in a session bus and a keyring of its own; `node` runs the program. What it printed, by lines. */
async function session(script: string, env: NodeJS.ProcessEnv = {}): Promise<string[]> {
  const { home } = storeHome();
  const runtime = join(home.data, "runtime");
  mkdirSync(runtime, { mode: 0o700 });
  const shell = `node() { ${process.execPath} ${program} "$@"; }; ${script}`;
  const { stdout, stderr } = await run("dbus-run-session", ["--", "sh", "-c", shell], {
    // A place of its own for each store, so that one may lose what another kept.
    XDG_DATA_HOME: env["STEAD_HOME"] === undefined ? join(home.data, "data") : join(env["STEAD_HOME"], "data"),
    XDG_RUNTIME_DIR: runtime,
    HOME: home.data,
    // No prompt may wait for a person.
    DISPLAY: "",
    WAYLAND_DISPLAY: "",
    ...env,
  }).catch((error: unknown) => ({ stdout: "", stderr: String(error) }));
  if (stdout === "") throw new Error(`dbus-run-session and gnome-keyring-daemon are needed (Debian: apt-get install dbus gnome-keyring): ${stderr}`);
  return stdout.trimEnd().split("\n");
}
