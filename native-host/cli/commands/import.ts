import { SteadError } from "../../../shared/errors.ts";
import { importNames, type ImportName, isImportName } from "../../../shared/formats/index.ts";
import { importState } from "../../actions/importState.ts";
import type { Answer, Context } from "../context.ts";
import { readTextFile } from "../readTextFile.ts";
import { counted, leftOut, repairedNote } from "../tallyNotes.ts";
import { withDelivery } from "../withTallies.ts";

export interface ImportOptions {
  project: string;
  /** A path, or `-` for stdin. */
  file: string;
  /** Found out from the document when absent. */
  format?: string | undefined;
  /** Makes the document the whole of what it speaks of: cookies, localStorage, sessionStorage or IndexedDB that it does not name are removed. */
  replace?: boolean | undefined;
  /** With `replace`, lets a document without items remove everything. */
  force?: boolean | undefined;
}

/**
 * `stead import`: a document's state merged into a project, in the store and then in the containers of the connected
 * Firefoxes. The whole document is read before anything changes. Exit status 3 when something was left out or could
 * not be applied. Throws `usage`, `unknownProject`, `fileUnreadable`, `fileFormat`, `tooLarge`, `conflict`.
 */
export async function importCommand(context: Context, options: ImportOptions): Promise<Answer> {
  const format = readFormat(options.format);
  const project = await context.project(options.project);
  const text = await readTextFile(context, options.file);
  const { replace = false, force = false } = options;
  const imported = await importState(context, project, text, { format, replace, force, by: "import" });

  const { cookies, origins, repaired, dropped, unapplied, waiting } = imported;
  const answer: Answer = {
    json: imported,
    text: `Imported ${counted(cookies, "cookie")} and ${counted(origins, "origin")} into ${project.name}.`,
    notes: [...repaired.map(repairedNote), ...dropped.map(leftOut)],
    exit: dropped.length > 0 ? 3 : 0,
  };
  return withDelivery(answer, { failed: unapplied, waiting });
}

function readFormat(name: string | undefined): ImportName | undefined {
  if (name === undefined || isImportName(name)) return name;
  const why = name === "curl" ? "a curl configuration does not say which host its cookies are for" : `${JSON.stringify(name)} is none of them`;
  throw new SteadError("usage", `--format expects one of ${importNames.join(", ")}; ${why}.`);
}
