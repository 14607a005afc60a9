import type { State } from "../../shared/formats/index.ts";
import type { Value } from "../../shared/state/value.ts";
import { tellDatabases, type ToldDatabases } from "../support/pageValues.ts";

/** What these tests need of a page, whichever Playwright opened it. */
export interface Evaluates {
  evaluate<T>(script: string): Promise<T>;
}

/** Page storage as our own encoder told it. */
export interface Told {
  /** JSON of `ToldDatabases`. */
  told: string;
  local: [string, string][];
  session: [string, string][];
}

/** What a page holds; `library` is `valuesLibrary()`. */
export async function tell(page: Evaluates, library: string): Promise<Told> {
  await page.evaluate(library);
  const told = await page.evaluate<string>(tellDatabases);
  // Object.entries would pass over an item named __proto__.
  const [local, session] = await page.evaluate<[string, string][][]>(`[localStorage, sessionStorage].map((storage) =>
    Array.from({ length: storage.length }, (_, index) => storage.key(index)).map((name) => [name, storage.getItem(name)]))`);
  return { told, local: local ?? [], session: session ?? [] };
}

/** The told, as a state to be written. */
export function stateTold({ told, local, session }: Told, origin: string): State {
  const databases = Object.entries(JSON.parse(told) as ToldDatabases).map(([name, { version, stores }]) => ({
    name,
    shape: { version, stores: Object.entries(stores).map(([store, { keyPath, autoIncrement, indexes }]) => ({ name: store, keyPath, autoIncrement, indexes })) },
    records: Object.entries(stores).flatMap(([store, { records }]) => records.map(([key, value]) => ({ store, key, value }))),
  }));
  const items = (pairs: [string, string][]) => pairs.map(([name, value]) => ({ name, value }));
  return { cookies: [], origins: [{ origin, localStorage: items(local), sessionStorage: items(session), databases }] };
}

/** Records by `recordName`, to be compared whatever their order. */
export function recordsOf({ told }: Told): Map<string, Value> {
  const all = Object.entries(JSON.parse(told) as ToldDatabases).flatMap(([database, { stores }]) =>
    Object.entries(stores).flatMap(([store, { records }]) => records.map(([key, value]): [string, Value] => [recordName(database, store, key), value])),
  );
  return new Map(all);
}

/** The databases without their records. */
export function shapesOf({ told }: Told): object {
  return JSON.parse(told, (key, value: unknown) => (key === "records" ? undefined : value)) as object;
}

export function recordName(database: string, store: string, key: Value): string {
  return JSON.stringify([database, store, key]);
}
