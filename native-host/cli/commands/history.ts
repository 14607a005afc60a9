import { SteadError } from "../../../shared/errors.ts";
import type { Answer, Context } from "../context.ts";
import { readDuration } from "../duration.ts";
import { readDomain } from "../readDomain.ts";
import { mebibyte, readSize } from "../readSize.ts";
import { table } from "../table.ts";
import { counted } from "../tallyNotes.ts";

export interface HistoryOptions {
  project?: string | undefined;
  domain?: string | undefined;
  /** For every project: how long what was changed is kept. */
  maxAge?: string | undefined;
  /** For every project: how much of it, in MiB. */
  maxSize?: string | undefined;
}

/** `stead history`: a project's revisions that can be restored, or with a limit how much of them every project keeps. */
export async function history(context: Context, options: HistoryOptions): Promise<Answer> {
  if (options.maxAge !== undefined || options.maxSize !== undefined) return setLimits(context, options);
  if (options.project === undefined) throw new SteadError("usage", "Name the project whose history is wanted.");
  const domain = readDomain(options.domain);
  const project = await context.project(options.project);
  const revisions = (await context.store())
    .history(project.id, domain === undefined ? {} : { domain })
    .map(({ at, ...change }) => ({ ...change, at: new Date(at).toISOString() }));
  if (revisions.length === 0) return { json: { revisions }, text: `Nothing of ${domain ?? project.name} was changed yet.` };
  const rows = revisions.map(({ revision, at, by, items, conflicts }) => [String(revision), at, by, String(items), conflicts ? counted(conflicts.length, "conflict") : ""]);
  return { json: { revisions }, text: table([["REVISION", "AT", "BY", "ITEMS", ""], ...rows]) };
}

async function setLimits(context: Context, { project, domain, maxAge, maxSize }: HistoryOptions): Promise<Answer> {
  if (project !== undefined || domain !== undefined) throw new SteadError("usage", "The limits of history are the same for every project: name none.");
  const age = maxAge === undefined ? undefined : readDuration(maxAge, "--max-age");
  const bytes = maxSize === undefined ? undefined : readSize(maxSize);
  const store = await context.store();
  const before = store.historyLimits();
  const limits = { maxAge: age ?? before.maxAge, maxBytes: bytes ?? before.maxBytes };
  store.setHistoryLimits(limits);
  const seconds = limits.maxAge / 1000;
  return {
    json: { limits: { maxAgeSeconds: seconds, maxBytes: limits.maxBytes } },
    text: `Each project keeps ${counted(Math.round((seconds / 86_400) * 100) / 100, "day")} of history, up to ${limits.maxBytes / mebibyte} MiB.`,
  };
}
