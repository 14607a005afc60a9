import { SteadError } from "../../shared/errors.ts";
import { KeySourceKind } from "../../shared/models.ts";

/** What STEAD_KEYSTORE names; undefined when it is not set. Throws `usage`. */
export function chosenSource(env: NodeJS.ProcessEnv): KeySourceKind | undefined {
  const named = env["STEAD_KEYSTORE"];
  if (named === undefined || named === "") return undefined;
  const parsed = KeySourceKind.safeParse(named);
  if (parsed.success) return parsed.data;
  throw new SteadError("usage", `STEAD_KEYSTORE must be keychain, file or passphrase; it is ${JSON.stringify(named.slice(0, 40))}.`, {
    hint: "Correct STEAD_KEYSTORE or unset it.",
  });
}

/** The source a store with data records is the one that counts. Throws `keyUnavailable` when STEAD_KEYSTORE names another. */
export function expectSource(env: NodeJS.ProcessEnv, recorded: KeySourceKind): void {
  const named = chosenSource(env);
  if (named === undefined || named === recorded) return;
  throw new SteadError("keyUnavailable", `STEAD_KEYSTORE says ${named}, but this store's key source is ${recorded}.`, {
    hint: `Unset STEAD_KEYSTORE or set it to ${recorded}; it chooses only for a new store.`,
  });
}
