import type { StoreDatabase } from "./database.ts";

/** How much history each project keeps: the smaller of the two. */
export interface HistoryLimits {
  /** Milliseconds. */
  maxAge: number;
  maxBytes: number;
}

const day = 24 * 60 * 60 * 1000;
const defaults: HistoryLimits = { maxAge: 30 * day, maxBytes: 64 * 1024 * 1024 };

export function historyLimits(db: StoreDatabase): HistoryLimits {
  const row = db.get<{ history_age: number | null; history_bytes: number | null }>("SELECT history_age, history_bytes FROM meta");
  return { maxAge: row?.history_age ?? defaults.maxAge, maxBytes: row?.history_bytes ?? defaults.maxBytes };
}

export function setHistoryLimits(db: StoreDatabase, limits: HistoryLimits): void {
  db.run("UPDATE meta SET history_age = ?, history_bytes = ?", limits.maxAge, limits.maxBytes);
}
