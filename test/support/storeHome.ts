import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { homeFrom } from "../../native-host/home.ts";
import { openStore } from "../../native-host/store/openStore.ts";
import type { OpenOptions, Store } from "../../native-host/store/types.ts";

/** A home of the test's own, gone with the test, whose key lies in a file. */
export function storeHome(env: NodeJS.ProcessEnv = {}): OpenOptions {
  const own = mkdtempSync(join(tmpdir(), "stead-"));
  onTestFinished(() => rmSync(own, { recursive: true, force: true }));
  const all = { STEAD_KEYSTORE: "file", ...env, STEAD_HOME: own };
  return { env: all, home: homeFrom(all) };
}

/** Opened, and closed with the test. */
export async function storeIn(options: OpenOptions, tuning: { sealLimit?: number; patienceMs?: number } = {}): Promise<Store> {
  const store = await openStore(options, tuning);
  onTestFinished(() => store.close());
  return store;
}
