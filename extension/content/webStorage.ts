import type { WebArea } from "../core/pageStorage/look.ts";

/** One of the document's two storages; undefined where the user or the page's sandbox keeps it closed. */
export function openArea(area: WebArea): Storage | undefined {
  try {
    return area === "local" ? window.localStorage : window.sessionStorage;
  } catch {
    return undefined;
  }
}

/** Every key with its value, at once. */
export function readArea(storage: Storage): Map<string, string> {
  const values = new Map<string, string>();
  for (const key of keysOf(storage)) {
    const value = storage.getItem(key);
    if (value !== null) values.set(key, value);
  }
  return values;
}

/** An item named like something of Storage itself (`length`, `constructor`, `__proto__`) is no property of it, and is found by its place alone. */
function keysOf(storage: Storage): string[] {
  const keys = Object.keys(storage);
  if (keys.length === storage.length) return keys;
  return Array.from({ length: storage.length }, (_, place) => storage.key(place)).filter((key) => key !== null);
}

/**
 * Writes one key (null: removes it), and tells the page as Firefox tells other documents of the origin: a window hears of no
 * write of its own.
 */
export function writeKey(storage: Storage, key: string, value: string | null, announce: boolean): void {
  const oldValue = storage.getItem(key);
  if (value === null) storage.removeItem(key);
  else storage.setItem(key, value);
  if (announce) window.dispatchEvent(new StorageEvent("storage", { key, oldValue, newValue: value, url: location.href, storageArea: storage }));
}
