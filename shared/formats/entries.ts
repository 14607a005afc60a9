import { cookieId } from "../cookie.ts";
import type { Cookie } from "../models.ts";
import type { Entry } from "../state/entry.ts";
import { entryKey } from "../state/entryKey.ts";
import type { Database, Origin, State } from "./types.ts";

/** A state's entries: its cookies, then origin by origin what is in it, databases before their records. What is only carried through is none. */
export function entriesOf({ cookies, origins }: Pick<State, "cookies" | "origins">): Entry[] {
  return [...cookies.map((cookie): Entry => ({ kind: "cookie", ...cookie })), ...origins.flatMap(ofOrigin)];
}

/** The entries grouped by origin and database, in the order in which each first came; nothing is added, changed or left out. */
export function stateOf(entries: readonly Entry[]): { cookies: State["cookies"]; origins: Origin[] } {
  const cookies = entries.flatMap((entry) => (entry.kind === "cookie" ? [cookieOf(entry)] : []));
  const found = new Found();
  for (const entry of entries) if (entry.kind !== "cookie") put(found, entry);
  return { cookies, origins: [...found.origins.values()] };
}

/** Each entry once, the last of its identity, and how many there were besides. */
export function distinct(entries: readonly Entry[]): { entries: Entry[]; twice: number } {
  const last = new Map<string, Entry>();
  for (const entry of entries) {
    const key = entryKey(entry);
    last.delete(key);
    last.set(key, entry);
  }
  return { entries: [...last.values()], twice: entries.length - last.size };
}

function ofOrigin({ origin, localStorage, sessionStorage, databases }: Origin): Entry[] {
  return [
    ...localStorage.map(({ name, value }): Entry => ({ kind: "local", origin, key: name, value })),
    ...sessionStorage.map(({ name, value }): Entry => ({ kind: "session", origin, key: name, value })),
    ...databases.flatMap(({ name: database, shape, records }): Entry[] => [
      ...(shape ? [{ kind: "database" as const, origin, database, shape }] : []),
      ...records.map(({ store, key, value }): Entry => ({ kind: "record", origin, database, store, key, value })),
    ]),
  ];
}

function cookieOf(entry: Extract<Entry, { kind: "cookie" }>): Cookie {
  const { value, secure, httpOnly, sameSite, expires } = entry;
  return { ...cookieId(entry), value, secure, httpOnly, sameSite, ...(expires !== undefined && { expires }) };
}

function put(found: Found, entry: Exclude<Entry, { kind: "cookie" }>): void {
  switch (entry.kind) {
    case "local":
      found.origin(entry.origin).localStorage.push({ name: entry.key, value: entry.value });
      return;
    case "session":
      found.origin(entry.origin).sessionStorage.push({ name: entry.key, value: entry.value });
      return;
    case "database":
      found.database(entry.origin, entry.database).shape = entry.shape;
      return;
    case "record":
      found.database(entry.origin, entry.database).records.push({ store: entry.store, key: entry.key, value: entry.value });
      return;
  }
}

/** Origins and their databases as they are come upon; by name at once, since a document may have very many. */
class Found {
  readonly origins = new Map<string, Origin>();
  readonly #databases = new Map<Origin, Map<string, Database>>();

  origin(name: string): Origin {
    const known = this.origins.get(name);
    if (known) return known;
    const made: Origin = { origin: name, localStorage: [], sessionStorage: [], databases: [] };
    this.origins.set(name, made);
    this.#databases.set(made, new Map());
    return made;
  }

  database(originName: string, name: string): Database {
    const origin = this.origin(originName);
    const databases = this.#databases.get(origin);
    const known = databases?.get(name);
    if (known) return known;
    const made: Database = { name, records: [] };
    databases?.set(name, made);
    origin.databases.push(made);
    return made;
  }
}
