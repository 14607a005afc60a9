import { SteadError } from "../../../shared/errors.ts";
import type { Answer, Context } from "../context.ts";
import { readDuration } from "../duration.ts";
import { parseMoment } from "../parseMoment.ts";
import { mebibyte, readSize } from "../readSize.ts";
import { table } from "../table.ts";
import { counted } from "../tallyNotes.ts";

export interface AuditOptions {
  /** Only what is about this one. */
  project?: string | undefined;
  /** A time, or how long ago. */
  since?: string | undefined;
  /** How long the audit is kept. */
  maxAge?: string | undefined;
  /** How much of it, in MiB. */
  maxSize?: string | undefined;
}

/**
 * `stead audit`: who read or wrote how many items of which registrable domain and kind, and when, the newest last; or with a limit
 * how much of that is kept. Exit status 3 when some of it is damaged. Throws `usage`, `unknownProject`.
 */
export async function audit(context: Context, options: AuditOptions): Promise<Answer> {
  if (options.maxAge !== undefined || options.maxSize !== undefined) return setLimits(context, options);
  const since = options.since === undefined ? undefined : readSince(options.since, context.now());
  const project = options.project === undefined ? undefined : await context.project(options.project);
  const { events, damaged } = (await context.store()).audit({ project: project?.id, since });
  const told = events.map(({ at, until, ...event }) => ({ at: new Date(at).toISOString(), until: new Date(until).toISOString(), ...event }));
  const rows = told.map(({ at, actor, action, project: name, domain, kind, count }) => [at, actor, action, name ?? "", domain ?? "", kind ?? "", String(count)]);
  return {
    json: { events: told, damaged },
    text: rows.length === 0 ? "Nothing was read or written." : table([["AT", "ACTOR", "ACTION", "PROJECT", "DOMAIN", "KIND", "COUNT"], ...rows]),
    notes: damaged > 0 ? [`Left out: damaged (${damaged})`] : [],
    exit: damaged > 0 ? 3 : 0,
  };
}

async function setLimits(context: Context, { project, since, maxAge, maxSize }: AuditOptions): Promise<Answer> {
  if (project !== undefined || since !== undefined) throw new SteadError("usage", "The limits are those of the whole audit: name neither a project nor a time.");
  const age = maxAge === undefined ? undefined : readDuration(maxAge, "--max-age");
  const bytes = maxSize === undefined ? undefined : readSize(maxSize);
  const store = await context.store();
  const before = store.auditLimits();
  const limits = { maxAge: age ?? before.maxAge, maxBytes: bytes ?? before.maxBytes };
  store.setAuditLimits(limits);
  const seconds = limits.maxAge / 1000;
  return {
    json: { limits: { maxAgeSeconds: seconds, maxBytes: limits.maxBytes } },
    text: `The audit keeps ${counted(Math.round((seconds / 86_400) * 100) / 100, "day")}, up to ${limits.maxBytes / mebibyte} MiB.`,
  };
}

/** `now` in milliseconds since 1970. */
function readSince(text: string, now: number): number {
  const since = parseMoment(text, now);
  if (since !== undefined) return since;
  throw new SteadError("usage", `--since expects a time such as 2030-01-31T09:00, or how long ago such as 10m; ${JSON.stringify(text)} is neither.`);
}
