import { stat } from "node:fs/promises";
import { SteadError } from "../../../shared/errors.ts";
import { detectFormat, formats, importNames, type ImportName, isImportName } from "../../../shared/formats/index.ts";
import type { EntryName } from "../../../shared/state/entryName.ts";
import type { Answer, Context } from "../context.ts";
import { coverage } from "../coverage.ts";
import { fromRead } from "../entryState.ts";
import { leaseToken } from "../leaseToken.ts";
import { refinement } from "../refinement.ts";
import { readTextFile } from "../readTextFile.ts";
import { counted, leftOut, repairedNote } from "../tallyNotes.ts";
import { mergeTallies, withTallies } from "../withTallies.ts";

export interface CheckinOptions {
  project: string;
  /** A path, or `-` for stdin. */
  file: string;
  token?: string | undefined;
  format?: string | undefined;
  /** Goes on with the lease. */
  keep?: boolean | undefined;
  /** Lets a document without items empty the project. */
  force?: boolean | undefined;
}

/**
 * `stead checkin`: merges what the holder of a lease has, in the store and then in connected Firefoxes. Exit status 3 when
 * something was left out, both sides of a conflict among it. Throws `conflict` for a token that is no longer good.
 */
export async function checkin(context: Context, options: CheckinOptions): Promise<Answer> {
  if (options.token === "-" && options.file === "-") {
    throw new SteadError("usage", "Stdin can hold the document or the token, not both.", { hint: "Set STEAD_TOKEN instead." });
  }
  const named = readFormat(options.format);
  const token = await leaseToken(context, options.token);
  const project = await context.project(options.project);
  const text = await readTextFile(context, options.file);
  const at = await writtenAt(context, options.file);
  const format = named ?? detectFormat(text);
  const now = context.now();
  const read = formats[format].read(text, { now });
  const { entries, ...notes } = fromRead(read);

  const store = await context.store();
  const here = store.entries(project.id).flatMap(({ entry }) => entry ?? []);
  const covers = coverage({ text, format, entries: here, unclear: read.unclear, now });
  const { revision, applied, conflicts } = store.checkin(
    project.id,
    { kind: "whole", entries, covers, refine: refinement(format), at },
    { token, keep: options.keep === true, force: options.force === true },
  );
  const unapplied = await context.poke(revision);

  const dropped = mergeTallies([...read.dropped, ...notes.dropped]);
  const repaired = mergeTallies([...read.repaired, ...notes.repaired]);
  const answer: Answer = {
    json: { revision, applied, conflicts, dropped, repaired, unapplied },
    text: `Checked ${counted(applied, "change")} in to ${project.name}.`,
    notes: [...repaired.map(repairedNote), ...dropped.map(leftOut), ...conflicts.map(conflictNote)],
    exit: dropped.length > 0 || conflicts.length > 0 ? 3 : 0,
  };
  return withTallies(answer, unapplied);
}

function conflictNote({ kind, domain, name }: EntryName): string {
  return `Changed by both: ${kind} ${name} of ${domain}; the newer stands, stead history has the other`;
}

/** When the state was what the document says: a file's own time, so that what a person changed after it is the newer. */
async function writtenAt(context: Context, file: string): Promise<number> {
  if (file === "-") return context.now();
  const stats = await stat(file).catch(() => undefined);
  return stats?.isFile() === true ? Math.min(stats.mtimeMs, context.now()) : context.now();
}

function readFormat(name: string | undefined): ImportName | undefined {
  if (name === undefined || isImportName(name)) return name;
  throw new SteadError("usage", `--format expects one of ${importNames.join(", ")}; ${JSON.stringify(name)} is none of them.`);
}
