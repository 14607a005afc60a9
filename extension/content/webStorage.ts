import type { PageEntry, PageEntryId } from "../../shared/state/pageEntry.ts";

export const webAreas = ["local", "session"] as const;
export type WebArea = (typeof webAreas)[number];
type WebEntry = Extract<PageEntry, { kind: WebArea }>;
type WebId = Extract<PageEntryId, { kind: WebArea }>;

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
  for (const key of Object.keys(storage)) {
    const value = storage.getItem(key);
    if (value !== null) values.set(key, value);
  }
  return values;
}

/** What changed between two looks at a storage. */
export function changesOf(area: WebArea, origin: string, before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): { set: WebEntry[]; removed: WebId[] } {
  const set = [...after].filter(([key, value]) => before.get(key) !== value).map(([key, value]) => ({ kind: area, origin, key, value }));
  const removed = [...before.keys()].filter((key) => !after.has(key)).map((key) => ({ kind: area, origin, key }));
  return { set, removed };
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
