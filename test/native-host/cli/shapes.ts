import * as z from "zod/mini";
import { Project, VaultStatus } from "../../../shared/models.ts";

const count = z.number().check(z.int(), z.nonnegative());
const name = z.nullable(z.string());
const time = z.string().check(z.regex(/^\d{4}-.*Z$/));
const tallies = z.array(z.object({ reason: z.string(), count }));
const Rule = z.object({ id: z.string(), project: z.string(), pattern: z.string(), ask: z.boolean() });

/** The answers of CLI.md, as schemas: what others parse. */
export const shapes = {
  installed: z.object({ installed: z.array(z.object({ browser: z.string(), manifest: z.string() })) }),
  doctor: z.object({
    ok: z.boolean(),
    checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string(), remedy: z.optional(z.string()) })),
  }),
  status: z.object({
    active: name,
    vault: VaultStatus,
    store: z.object({ path: z.string(), revision: z.nullable(count), items: z.nullable(count) }),
    instances: z.array(
      z.object({ instance: z.string(), browser: z.string(), version: z.string(), connectedAt: z.string().check(z.regex(/^\d{4}-.*Z$/)), current: name }),
    ),
  }),
  list: z.object({
    projects: z.array(z.extend(Project, { current: z.boolean(), tabs: z.nullable(count), rules: count, items: count })),
  }),
  current: z.object({ project: name }),
  switch: z.object({ project: z.string(), instances: z.array(z.object({ instance: z.string(), shown: count, hidden: count })) }),
  project: z.object({ project: Project }),
  removed: z.object({ removed: z.object({ name: z.string(), items: count, rules: count }) }),
  checkout: z.object({
    token: z.string(), revision: count, expiresAt: time, state: z.object({ cookies: z.array(z.unknown()), origins: z.array(z.unknown()) }),
  }),
  checkoutFile: z.object({ token: z.string(), revision: count, expiresAt: time, file: z.string() }),
  checkin: z.object({
    revision: count, applied: count, conflicts: z.array(z.object({ kind: z.string(), domain: z.string(), name: z.string() })), dropped: tallies,
  }),
  leases: z.object({ leases: z.array(z.object({ project: z.string(), holder: z.string(), expiresAt: time })) }),
  history: z.object({ revisions: z.array(z.object({ revision: count, at: time, by: z.string(), items: count })) }),
  restore: z.object({ revision: count, restored: count, dropped: tallies }),
  audit: z.object({ events: z.array(z.object({ at: time, actor: z.string(), action: z.string(), project: name, domain: name, count })) }),
  forgotten: z.object({ forgotten: count }),
  ttl: z.object({ ttl: z.array(z.object({ project: z.string(), domain: name, seconds: count })) }),
  rule: z.object({ rule: Rule }),
  rules: z.object({ rules: z.array(Rule) }),
  ruleRemoved: z.object({ removed: z.literal(1) }),
  ruleTest: z.object({
    url: z.string(), project: name, rule: name, ask: z.boolean(),
    others: z.array(z.object({ project: z.string(), pattern: z.string(), why: z.string() })),
  }),
  ruleImport: z.object({ imported: count, skipped: z.array(z.object({ line: z.nullable(count), reason: z.string() })) }),
  open: z.object({ project: name, instance: z.string() }),
  rotated: z.object({ epoch: count, rewrapped: count, resealed: count }),
  backup: z.object({ file: z.string(), items: count, verified: z.literal(true) }),
  verify: z.object({ items: count, damaged: z.array(z.object({ project: name, kind: z.string(), revision: z.nullable(count) })) }),
  vault: z.object({ vault: VaultStatus }),
  error: z.object({ error: z.object({ code: z.string(), message: z.string(), hint: z.string() }) }),
};
