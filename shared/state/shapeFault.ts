import type { DatabaseShape } from "./entry.ts";

type Store = DatabaseShape["stores"][number];
type Index = Store["indexes"][number];

/** What no browser would make of a database's shape, as what was expected; undefined for a good one (Indexed Database API 3.0, section 4). */
export function shapeFault({ version, stores }: DatabaseShape): string | undefined {
  if (!Number.isSafeInteger(version) || version < 1) return "a database version from 1 on";
  if (!distinct(stores)) return "stores of different names";
  return stores.map(storeFault).find((fault) => fault !== undefined);
}

function storeFault({ keyPath, autoIncrement, nextKey, indexes }: Store): string | undefined {
  if (keyPath !== null && !isKeyPath(keyPath)) return "a store's key path";
  if (autoIncrement && (keyPath === "" || Array.isArray(keyPath))) return "a key path by which a generated key can be set";
  if (nextKey !== undefined && !(autoIncrement && Number.isSafeInteger(nextKey - 1) && nextKey >= 1)) return "a next key from 1 on, of a store that makes its own";
  if (!distinct(indexes)) return "indexes of different names";
  return indexes.map(indexFault).find((fault) => fault !== undefined);
}

function indexFault({ keyPath, multiEntry }: Index): string | undefined {
  if (!isKeyPath(keyPath)) return "an index's key path";
  return multiEntry && Array.isArray(keyPath) ? "a single key path for an index with multiEntry" : undefined;
}

function isKeyPath(keyPath: string | readonly string[]): boolean {
  if (typeof keyPath !== "string") return keyPath.length > 0 && keyPath.every(isKeyPath);
  return keyPath === "" || keyPath.split(".").every((name) => /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u.test(name));
}

function distinct(named: readonly { name: string }[]): boolean {
  return new Set(named.map(({ name }) => name)).size === named.length;
}
