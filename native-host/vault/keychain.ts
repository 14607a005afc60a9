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
  const entry = (account: string): Keyring.Entry => asked("reached", () => new Entry(service, account, onlySecretService));
  const next = `${storeId} next`;
  const load = (account: string): Buffer | undefined => {
    const secret = asked("read", () => entry(account).getSecret());
    if (secret === null) return undefined;
    if (secret.length === keyBytes) return Buffer.from(secret);
    throw new SteadError("keyUnavailable", `The keychain's entry "${service}" for this store is not a key of Stead's.`);
  };
  const save = (account: string, key: Buffer): void => {
    asked("written", () => entry(account).setSecret(key));
    // Some keychains take a secret and keep nothing.
    if (load(account)?.equals(key) !== true) throw new SteadError("keyUnavailable", "The keychain did not keep the key it was given.");
  };
  return {
    kind: "keychain",
    load: () => load(storeId),
    create() {
      const key = randomBytes(keyBytes);
      save(storeId, key);
      return key;
    },
    loadNext: () => load(next),
    prepareNext: (key) => save(next, key),
    promoteNext() {
      const key = load(next);
      if (!key) throw new SteadError("keyUnavailable", "The keychain has lost the key that was laid beside.");
      save(storeId, key);
      asked("written", () => entry(next).deleteCredential());
      key.fill(0);
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
