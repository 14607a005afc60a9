import { SteadError } from "../../../shared/errors.ts";
import { restoreState } from "../../actions/restoreState.ts";
import type { Answer, Context } from "../context.ts";
import { parseMoment } from "../parseMoment.ts";
import { readDomain } from "../readDomain.ts";
import { counted, leftOut } from "../tallyNotes.ts";
import { withDelivery } from "../withTallies.ts";

export interface RestoreOptions {
  project: string;
  /** A revision, a time, or how long ago. */
  to?: string | undefined;
  domain?: string | undefined;
  /** Lets a state without items empty the project. */
  force?: boolean | undefined;
}

/**
 * `stead restore`: makes a project what it was, in the store and then in connected Firefoxes, as a change that can be undone
 * itself. Exit status 3 when something has expired since. Throws `usage` for what history does not reach.
 */
export async function restore(context: Context, options: RestoreOptions): Promise<Answer> {
  const to = readMoment(options.to, context.now());
  const domain = readDomain(options.domain);
  const project = await context.project(options.project);
  const done = await restoreState(context, project, { to, domain, force: options.force === true, by: "restore" });
  const { restored, dropped, unapplied, waiting } = done;
  const answer: Answer = {
    json: done,
    text: `Restored ${counted(restored, "item")} of ${project.name}.`,
    notes: dropped.map(leftOut),
    exit: dropped.length > 0 ? 3 : 0,
  };
  return withDelivery(answer, { failed: unapplied, waiting });
}

/** `now` in milliseconds since 1970. */
function readMoment(text: string | undefined, now: number): { revision: number } | { time: number } {
  if (text !== undefined && /^\d{1,15}$/.test(text)) return { revision: Number(text) };
  const time = text === undefined ? undefined : parseMoment(text, now);
  if (time !== undefined) return { time };
  const came = text === undefined ? "none was given" : `${JSON.stringify(text)} is none of them`;
  throw new SteadError("usage", `--to expects a revision, a time such as 2030-01-31T09:00, or how long ago such as 10m; ${came}.`, {
    hint: "Run stead history to see the revisions there are.",
  });
}
