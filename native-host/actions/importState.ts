import { SteadError } from "../../shared/errors.ts";
import { detectFormat, formats, type ImportName } from "../../shared/formats/index.ts";
import type { Project, ProjectId, Tally } from "../../shared/models.ts";
import type { Entry, EntryId } from "../../shared/state/entry.ts";
import { takeIn } from "../../shared/sync/takeIn.ts";
import type { Store } from "../store/types.ts";
import type { Access } from "./access.ts";
import { clearOf, kindsNamed } from "./coverage.ts";
import { fromRead } from "./entryState.ts";
import { mergeTallies } from "./mergeTallies.ts";

/** How often an import that another process got in the way of looks again. */
const attempts = 5;

export interface Importing {
  /** Found out from the document when absent. */
  format: ImportName | undefined;
  /** Makes the document the whole of what it speaks of: cookies, localStorage, sessionStorage or IndexedDB that it does not name are removed. */
  replace: boolean;
  /** With `replace`, lets a document without items remove everything. */
  force: boolean;
  /** Who does it. */
  by: string;
}

export interface Imported {
  cookies: number;
  origins: number;
  repaired: Tally[];
  dropped: Tally[];
  /** What connected Firefoxes could not take over. */
  unapplied: Tally[];
  /** How many origins take theirs over when they are next opened. */
  waiting: number;
  revision: number;
  format: ImportName;
}

/**
 * Merges a document's state into a project, in the store and then in connected Firefoxes. The whole document is read before
 * anything changes. Throws `fileFormat`, `conflict`.
 */
export async function importState(access: Access, project: Project, text: string, { format: named, replace, force, by }: Importing): Promise<Imported> {
  const format = named ?? detectFormat(text);
  const now = access.now();
  const read = formats[format].read(text, { now });
  const { entries, ...notes } = fromRead(read);
  const replaced = replace ? kindsNamed(text, format) : undefined;
  const { revision, homeless } = put(await access.store(), project.id, entries, { replaced, isClear: clearOf(read.unclear ?? []), force, by, now });
  const { failed: unapplied, waiting } = await access.poke(revision);

  const unfit = [{ reason: "a record of a database or store that is not described", count: homeless }].filter(({ count }) => count > 0);
  return {
    cookies: read.cookies.length,
    origins: new Set(entries.flatMap((entry) => (entry.kind === "cookie" ? [] : entry.origin))).size,
    repaired: mergeTallies([...read.repaired, ...notes.repaired]),
    dropped: mergeTallies([...read.dropped, ...notes.dropped, ...unfit]),
    unapplied,
    waiting,
    revision,
    format,
  };
}

interface Putting {
  /** The kinds of which the document is the whole; none where it is added to what is there. */
  replaced: ReadonlySet<EntryId["kind"]> | undefined;
  /** Whether the document would name the item if it had it. */
  isClear: (id: EntryId) => boolean;
  force: boolean;
  by: string;
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

function putOnce(store: Store, project: ProjectId, entries: readonly Entry[], { replaced, isClear, force, by, now }: Putting): { revision: number; homeless: number } {
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
  const { revision } = store.writeEntries(project, changes, { by, action: "import", ...(isCompared && { expected }) });
  return { revision, homeless };
}

function listAll(store: Store, project: ProjectId, origin?: string): Entry[] {
  return store.unaudited.entries(project, origin === undefined ? {} : { origin }).flatMap(({ entry }) => entry ?? []);
}

/** Those of which the entries name a database, or a part of one. */
function originsOfDatabases(entries: readonly Entry[]): string[] {
  return [...new Set(entries.flatMap((entry) => (entry.kind === "database" || entry.kind === "record" ? entry.origin : [])))];
}
