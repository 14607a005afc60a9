import * as fc from "fast-check";
import type { Entry } from "../../shared/state/entry.ts";
import { anyCookie, cookie } from "./cookies.ts";

export const origin = "https://app.example.com";

export function cookieEntry(fields: Parameters<typeof cookie>[0] = {}): Entry {
  return { kind: "cookie", ...cookie(fields) };
}

export function local(key: string, value: string, at = origin): Entry {
  return { kind: "local", origin: at, key, value };
}

export function session(key: string, value: string, at = origin): Entry {
  return { kind: "session", origin: at, key, value };
}

/** A database with these object stores, whose keys are their own. */
export function database(name: string, stores: readonly string[], at = origin): Entry {
  const shapes = stores.map((store) => ({ name: store, keyPath: null, autoIncrement: false, indexes: [] }));
  return { kind: "database", origin: at, database: name, shape: { version: 1, stores: shapes } };
}

export function record(name: string, store: string, key: string | number, value: string, at = origin): Entry {
  return { kind: "record", origin: at, database: name, store, key, value };
}

const shortText = fc.constantFrom("a", "b", "c");
const anyOrigin = fc.constantFrom("https://app.example.com", "https://example.com:8443", "http://localhost:3000");

/** Any entry of a few identities, so that generated ones meet. Records are all in one database, which may not be among them. */
export const anyEntry: fc.Arbitrary<Entry> = fc.oneof(
  anyCookie.map((one): Entry => ({ kind: "cookie", ...one })),
  fc.record({ kind: fc.constantFrom("local", "session"), origin: anyOrigin, key: shortText, value: fc.oneof(shortText, fc.string({ unit: "binary" })) }),
  fc.constantFrom(["one"], ["one", "two"], []).map((stores) => database("db", stores)),
  fc.tuple(fc.constantFrom("one", "two"), fc.constantFrom(1, 2, "1"), shortText).map(([store, key, value]) => record("db", store, key, value)),
);
