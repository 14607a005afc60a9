import { SteadError } from "../../../shared/errors.ts";
import { type FormatName, formatNames, isFormatName, type Written } from "../../../shared/formats/index.ts";
import { exportState } from "../../actions/exportState.ts";
import { writePrivateFile } from "../../files.ts";
import type { Answer, Context } from "../context.ts";
import { readDomain } from "../readDomain.ts";
import { counted, leftOut } from "../tallyNotes.ts";

export interface ExportOptions {
  project: string;
  format?: string | undefined;
  /** Only what concerns this host: its cookies and origins, those of hosts below it, and cookies of domains above that are sent to it. */
  domain?: string | undefined;
  /** A file to write, 0600; stdout without it. */
  out?: string | undefined;
}

/**
 * `stead export`: a project's state in a format that other tools read. Exit status 3 when the format could not hold an
 * item; attributes that it has no place for are named only. Throws `usage`, `unknownProject`, and what writing a file throws.
 */
export async function exportCommand(context: Context, options: ExportOptions): Promise<Answer> {
  const format = readFormat(options.format);
  const domain = readDomain(options.domain);
  const project = await context.project(options.project);
  const written = await exportState(context, project, { format, domain, by: "cli", action: "export" });

  const summary = { cookies: written.cookies, origins: written.origins, dropped: written.dropped, lost: written.lost };
  const answer = { notes: notesOf(written, format, domain), exit: written.dropped.length > 0 ? 3 : 0 };
  if (options.out === undefined) return { json: summary, raw: written.document, ...answer };
  const file = await writePrivateFile(options.out, written.document);
  return { json: { file, format, ...summary }, text: `Wrote ${counted(written.cookies, "cookie")} and ${counted(written.origins, "origin")} of ${project.name} to ${file}.`, ...answer };
}

function notesOf(written: Written, format: FormatName, domain: string | undefined): string[] {
  const notes = written.dropped.map(leftOut);
  if (written.lost.length > 0) {
    const names = written.lost.map(({ reason, count }) => `${reason} (${count})`);
    notes.push(`Not kept by ${format}: ${names.join(", ")}`);
  }
  if (written.expired > 0) notes.push(`Passed over: expired (${written.expired})`);
  if (written.cookies + written.origins === 0 && notes.length === 0) notes.push(`The project has no items${domain === undefined ? "" : ` for ${domain}`}.`);
  return notes;
}

function readFormat(name: string | undefined): FormatName {
  if (name !== undefined && isFormatName(name)) return name;
  const came = name === undefined ? "none was given" : `${JSON.stringify(name)} is none of them`;
  throw new SteadError("usage", `--format expects one of ${formatNames.join(", ")}; ${came}.`);
}
