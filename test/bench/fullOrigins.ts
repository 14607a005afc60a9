import { isDeepStrictEqual } from "node:util";
import type { Told } from "../support/storageSite.ts";

/** Origins with a few keys, a small database and some cookies each: what a person's project comes to after a while. */
export const hosts: readonly string[] = Array.from({ length: 50 }, (_, index) => `127.0.0.${index + 1}`);
export const cookiesEach = 20;
export const keysEach = 4;
export const recordsEach = 5;
/** Cookies, keys, the database and its records. */
export const entriesEach = cookiesEach + keysEach + 1 + recordsEach;

/** The localStorage of one origin. */
function keysOf(host: string): Record<string, string> {
  return Object.fromEntries(Array.from({ length: keysEach }, (_, index) => [`key${index}`, `${host} ${index} `.repeat(10)]));
}

/** The records of one origin's database, `k` the first of them. */
function recordsOf(host: string): { key: string; value: unknown }[] {
  return Array.from({ length: recordsEach }, (_, index) => ({ key: "k".repeat(index + 1), value: { user: host, token: `${index} `.repeat(40), at: index } }));
}

/** In a page of the host: makes all of it. */
export function fill(host: string): string {
  const [local, records] = [JSON.stringify(keysOf(host)), JSON.stringify(recordsOf(host))];
  return `new Promise((done, fail) => {
    for (const [key, value] of Object.entries(${local})) localStorage.setItem(key, value);
    for (let index = 0; index < ${cookiesEach}; index++) document.cookie = "c" + index + "=" + "x".repeat(40) + "; path=/; max-age=86400";
    const open = indexedDB.open("db", 1);
    open.onupgradeneeded = () => open.result.createObjectStore("s");
    open.onerror = () => fail(open.error);
    open.onsuccess = () => {
      const transaction = open.result.transaction("s", "readwrite");
      for (const { key, value } of ${records}) transaction.objectStore("s").put(value, key);
      transaction.oncomplete = () => { open.result.close(); done(true); };
    };
  })`;
}

/** Whether the first script of a page of the host found all that it can see. */
export function isWhole(host: string, { local, record }: Told): boolean {
  return isDeepStrictEqual(local, keysOf(host)) && isDeepStrictEqual(record, recordsOf(host)[0]?.value);
}
