import { cookieId, cookieKey } from "../../../shared/cookie.ts";
import { SteadError } from "../../../shared/errors.ts";
import { detectFormat, formats, importNames, type ImportName, isImportName, type Origin, type Read } from "../../../shared/formats/index.ts";
import type { Cookie, CookieChange, ProjectId, Tally } from "../../../shared/models.ts";
import type { Store } from "../../store/types.ts";
import type { Answer, Context } from "../context.ts";
import { readTextFile } from "../readTextFile.ts";
import { counted, leftOut, repairedNote } from "../tallyNotes.ts";
import { withTallies } from "../withTallies.ts";

export interface ImportOptions {
  project: string;
  /** A path, or `-` for stdin. */
  file: string;
  /** Found out from the document when absent. */
  format?: string | undefined;
  /** Makes the document the whole of the project: what it does not name is removed. */
  replace?: boolean | undefined;
  /** With `replace`, lets a document without cookies remove everything. */
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

  const store = await context.store();
  const revision = put(store, project.id, read.cookies, { ...options, now: context.now() });
  const unapplied = await context.poke(revision);

  const dropped = [...read.dropped, ...unstored(read)];
  const answer: Answer = {
    json: { cookies: read.cookies.length, origins: 0, repaired: read.repaired, dropped, unapplied, revision, format },
    text: `Imported ${counted(read.cookies.length, "cookie")} into ${project.name}.`,
    notes: [...read.repaired.map(repairedNote), ...dropped.map(leftOut)],
    exit: dropped.length > 0 ? 3 : 0,
  };
  return withTallies(answer, unapplied);
}

/** One revision for all of it; the revision the store is at then. */
function put(
  store: Store,
  project: ProjectId,
  cookies: readonly Cookie[],
  { replace, force, now }: { replace?: boolean | undefined; force?: boolean | undefined; now: number },
): number {
  const set = cookies.map((cookie): CookieChange => ({ kind: "set", cookie, at: now }));
  if (replace !== true) return set.length === 0 ? store.revision() : store.write(project, set, { by: "import" }).revision;

  // What another process adds meanwhile was not seen here and must not be removed.
  const expected = store.revision();
  const kept = new Set(cookies.map(cookieKey));
  const before = store.items(project).filter(({ cookie }) => cookie !== undefined);
  if (cookies.length === 0 && before.length > 0 && force !== true) {
    throw new SteadError("conflict", `The document holds no cookie that can be taken; it would remove all ${before.length} items of the project.`, {
      hint: "Repeat with --force to empty the project; nothing was changed.",
    });
  }
  const remove = before
    .filter(({ id }) => !kept.has(cookieKey(id)))
    .map(({ id }): CookieChange => ({ kind: "remove", id: cookieId(id), at: now }));
  const changes = [...remove, ...set];
  return changes.length === 0 ? expected : store.write(project, changes, { by: "import", expected }).revision;
}

/** What no store holds yet. An origin without anything in it loses nothing. */
function unstored({ origins, credentials = [] }: Read): Tally[] {
  const tallies = [
    { reason: "a passkey: Stead does not store passkeys", count: credentials.length },
    { reason: "page storage of an origin: Stead stores cookies only", count: origins.filter(holdsSomething).length },
  ];
  return tallies.filter(({ count }) => count > 0);
}

function holdsSomething(origin: Origin): boolean {
  return Object.values(origin).some((part) => Array.isArray(part) && part.length > 0);
}

function readFormat(name: string | undefined): ImportName | undefined {
  if (name === undefined || isImportName(name)) return name;
  const why = name === "curl" ? "a curl configuration does not say which host its cookies are for" : `${JSON.stringify(name)} is none of them`;
  throw new SteadError("usage", `--format expects one of ${importNames.join(", ")}; ${why}.`);
}
