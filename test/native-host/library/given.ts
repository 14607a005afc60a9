import { onTestFinished } from "vitest";
import { Handle } from "../../../native-host/library/handle.ts";
import type { OpenOptions as LibraryOptions, Stead } from "../../../native-host/library/types.ts";
import type { OpenOptions, Store } from "../../../native-host/store/types.ts";
import type { Entry } from "../../../shared/state/entry.ts";
import { storeHome, storeIn } from "../../support/storeHome.ts";

export interface Given {
  stead: Stead;
  /** The same store, as another process has it. */
  store: Store;
  options: OpenOptions;
  id: string;
  /** A person changes these items in Firefox; the revision that makes. */
  human: (...entries: Entry[]) => number;
  values: () => Record<string, string>;
}

/** The library over a store with the project acme in it, which has these items. */
export async function acme(entries: readonly Entry[] = [], more: LibraryOptions = {}): Promise<Given> {
  const options = storeHome();
  const store = await storeIn(options);
  const { id } = store.addProject({ name: "acme" });
  const human = (...changed: Entry[]): number =>
    store.writeEntries(id, changed.map((entry) => ({ kind: "set", entry, at: Date.now() })), { by: "firefox" }).revision;
  if (entries.length > 0) human(...entries);
  const stead = new Handle({ env: options.env, ...more });
  onTestFinished(() => stead.close());
  const valueOf = (entry: Entry | undefined): [string, string][] => {
    if (entry?.kind === "cookie") return [[entry.name, entry.value]];
    return entry?.kind === "local" || entry?.kind === "session" ? [[entry.key, entry.value]] : [];
  };
  return { stead, store, options, id, human, values: () => Object.fromEntries(store.unaudited.entries(id).flatMap(({ entry }) => valueOf(entry))) };
}

/** Playwright's storage state as a program would have changed it. */
export function storage(values: Record<string, string>, at = "https://app.example.com"): { cookies: []; origins: { origin: string; localStorage: { name: string; value: string }[] }[] } {
  return { cookies: [], origins: [{ origin: at, localStorage: Object.entries(values).map(([name, value]) => ({ name, value })) }] };
}
