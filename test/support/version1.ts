import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import Sqlite from "better-sqlite3";
import type { Home } from "../../native-host/home.ts";

/** The root key of fixtures/version1.sql, which is a whole store as the first version left it. */
const key = "3591833a48295179c7f48dd9bb9824d8e3c0bb92956198fe16fa7d2da6ca0600";
const tables = new URL("../native-host/store/fixtures/version1.sql", import.meta.url);

/** Puts that store and its key into a home. What it holds has not expired before `version1Time`. */
export function makeVersion1(home: Home): void {
  mkdirSync(home.data, { recursive: true, mode: 0o700 });
  writeFileSync(home.keyFile, `stead-key-1 ${key}\n`, { mode: 0o600 });
  const db = new Sqlite(home.store);
  db.exec(readFileSync(tables, "utf8"));
  db.close();
  chmodSync(home.store, 0o600);
}

export const version1Time = 1_800_000_000_000;
