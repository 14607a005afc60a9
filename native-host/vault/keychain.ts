import { randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import type * as Keyring from "@napi-rs/keyring";
import { SteadError } from "../../shared/errors.ts";
import type { KeySource } from "./keySource.ts";
import { keyBytes } from "./keys.ts";

const service = "stead";
const onlySecretService: Keyring.EntryOptions = { linux: { store: "secret-service" } };

/**
 * The root key in the system's keychain, under the store's id. On Linux only the Secret Service counts: the kernel's
 * keyring, which the library would fall back to, forgets at shutdown.
 */
export function keychain(storeId: string): KeySource {
  const { Entry } = loadKeyring();
  // A locked or missing keychain throws, here or at the first question; only an absent key answers null.
  const entry = (): Keyring.Entry => asked("reached", () => new Entry(service, storeId, onlySecretService));
  const load = (): Buffer | undefined => {
    const secret = asked("read", () => entry().getSecret());
    if (secret === null) return undefined;
    if (secret.length === keyBytes) return Buffer.from(secret);
    throw new SteadError("keyUnavailable", `The keychain's entry "${service}" for this store is not a key of Stead's.`);
  };
  return {
    kind: "keychain",
    load,
    create() {
      const key = randomBytes(keyBytes);
      asked("written", () => entry().setSecret(key));
      // Some keychains take a secret and keep nothing.
      if (load()?.equals(key) !== true) throw new SteadError("keyUnavailable", "The keychain did not keep the key it was given.");
      return key;
    },
  };
}

/** Whether there is a keychain to ask; nothing is asked of it. */
export function keychainAnswers(): boolean {
  try {
    const { Entry } = loadKeyring();
    new Entry(service, "probe", onlySecretService);
    return true;
  } catch {
    return false;
  }
}

/** The native part is loaded at first need: most commands never ask the keychain. */
function loadKeyring(): typeof Keyring {
  return asked("loaded", () => createRequire(import.meta.url)("@napi-rs/keyring") as typeof Keyring);
}

function asked<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof SteadError) throw error;
    throw new SteadError("keyUnavailable", `The system's keychain could not be ${what}: it is locked or not running.`, {
      hint: "Unlock the keychain (sign in to the desktop) and try again; nothing was changed.",
      cause: error,
    });
  }
}
