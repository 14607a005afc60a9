import type { StoreDatabase } from "./database.ts";

/** How much the store keeps of its audit: the smaller of the two. */
export interface AuditLimits {
  /** Milliseconds. */
  maxAge: number;
  maxBytes: number;
}

const day = 24 * 60 * 60 * 1000;
const defaults: AuditLimits = { maxAge: 90 * day, maxBytes: 16 * 1024 * 1024 };

export function auditLimits(db: StoreDatabase): AuditLimits {
  const row = db.get<{ audit_age: number | null; audit_max: number | null }>("SELECT audit_age, audit_max FROM meta");
  return { maxAge: row?.audit_age ?? defaults.maxAge, maxBytes: row?.audit_max ?? defaults.maxBytes };
}

export function setAuditLimits(db: StoreDatabase, limits: AuditLimits): void {
  db.run("UPDATE meta SET audit_age = ?, audit_max = ?", limits.maxAge, limits.maxBytes);
}
