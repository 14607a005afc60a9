import { SteadError } from "../../../shared/errors.ts";
import { detectFormat, formats, importNames, type ImportName, isImportName } from "../../../shared/formats/index.ts";
import type { ProjectId } from "../../../shared/models.ts";
import type { Entry, EntryId } from "../../../shared/state/entry.ts";
import { takeIn } from "../../../shared/sync/takeIn.ts";
import type { Store } from "../../store/types.ts";
import type { Answer, Context } from "../context.ts";
import { clearOf, kindsNamed } from "../coverage.ts";
import { fromRead } from "../entryState.ts";
import { readTextFile } from "../readTextFile.ts";
import { counted, leftOut, repairedNote } from "../tallyNotes.ts";
import { mergeTallies, withTallies } from "../withTallies.ts";

/** How often an import that another process got in the way of looks again. */
const attempts = 5;

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
  const named = readFormat(options.format);
  const project = await context.project(options.project);
  const text = await readTextFile(context, options.file);
  const format = named ?? detectFormat(text);
  const read = formats[format].read(text, { now: context.now() });

  const { entries, ...notes } = fromRead(read);
  const store = await context.store();
  const replaced = options.replace === true ? kindsNamed(text, format) : undefined;
  const isClear = clearOf(read.unclear ?? []);
  const { revision, homeless } = put(store, project.id, entries, { replaced, isClear, force: options.force === true, now: context.now() });
  const unapplied = await context.poke(revision);

  const unfit = [{ reason: "a record of a database or store that is not described", count: homeless }].filter(({ count }) => count > 0);
  const dropped = mergeTallies([...read.dropped, ...notes.dropped, ...unfit]);
  const repaired = mergeTallies([...read.repaired, ...notes.repaired]);
  const origins = new Set(entries.flatMap((entry) => (entry.kind === "cookie" ? [] : entry.origin))).size;
  const answer: Answer = {
    json: { cookies: read.cookies.length, origins, repaired, dropped, unapplied, revision, format },
    text: `Imported ${counted(read.cookies.length, "cookie")} and ${counted(origins, "origin")} into ${project.name}.`,
    notes: [...repaired.map(repairedNote), ...dropped.map(leftOut)],
    exit: dropped.length > 0 ? 3 : 0,
  };
  return withTallies(answer, unapplied);
}

interface Putting {
  /** The kinds of which the document is the whole; none where it is added to what is there. */
  replaced: ReadonlySet<EntryId["kind"]> | undefined;
  /** Whether the document would name the item if it had it. */
  isClear: (id: EntryId) => boolean;
  force: boolean;
  /** Milliseconds since 1970. */
  now: number;
}

/** One revision for all of it; the revision the store is at then. */
function put(store: Store, project: ProjectId, entries: readonly Entry[], putting: Putting): { revision: number; homeless: number } {
  for (let attempt = 1; ; attempt++) {
    try {
      return putOnce(store, project, entries, putting);
    } catch (error) {
      // What another process adds meanwhile was not seen here: a document that is only added is compared again.
      const isSeen = putting.replaced !== undefined || attempt === attempts;
      if (isSeen || !(error instanceof SteadError) || error.code !== "conflict") throw error;
    }
  }
}

function putOnce(store: Store, project: ProjectId, entries: readonly Entry[], { replaced, isClear, force, now }: Putting): { revision: number; homeless: number } {
  const expected = store.revision();
  const databases = originsOfDatabases(entries);
  const here = replaced ? listAll(store, project) : databases.flatMap((origin) => listAll(store, project, origin));
  const { changes, homeless } = takeIn({ here, entries, replaces: replaced && ((id) => replaced.has(id.kind) && isClear(id)), now });
  if (changes.length === 0) return { revision: expected, homeless };
  if (!force && changes.every((change) => change.kind === "remove")) {
    throw new SteadError("conflict", `The document holds nothing that can be taken; it would remove all ${changes.length} that the project has.`, {
      hint: "Repeat with --force to empty the project; nothing was changed.",
    });
  }
  const isCompared = replaced !== undefined || databases.length > 0;
  const { revision } = store.writeEntries(project, changes, { by: "import", ...(isCompared && { expected }) });
  return { revision, homeless };
}

function listAll(store: Store, project: ProjectId, origin?: string): Entry[] {
  return store.entries(project, origin === undefined ? {} : { origin }).flatMap(({ entry }) => entry ?? []);
}

/** Those of which the entries name a database, or a part of one. */
function originsOfDatabases(entries: readonly Entry[]): string[] {
  return [...new Set(entries.flatMap((entry) => (entry.kind === "database" || entry.kind === "record" ? entry.origin : [])))];
}

function readFormat(name: string | undefined): ImportName | undefined {
  if (name === undefined || isImportName(name)) return name;
  const why = name === "curl" ? "a curl configuration does not say which host its cookies are for" : `${JSON.stringify(name)} is none of them`;
  throw new SteadError("usage", `--format expects one of ${importNames.join(", ")}; ${why}.`);
}
