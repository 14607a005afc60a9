import * as z from "zod/mini";
import type { Conflict } from "../../shared/protocol/store.ts";

/** How many are remembered; the store tells of fewer. */
const kept = 100;

/** Which conflicts this profile's user was notified of, and which they have put away; the oldest first. No names in it. */
export const ConflictBook = z.object({ notified: z.array(z.string()), dismissed: z.array(z.string()) });
export type ConflictBook = z.infer<typeof ConflictBook>;

export const emptyConflictBook: ConflictBook = { notified: [], dismissed: [] };

/** What the user has not put away. */
export function unread(book: ConflictBook, conflicts: readonly Conflict[]): readonly Conflict[] {
  return conflicts.filter((conflict) => !book.dismissed.includes(keyOf(conflict)));
}

/** What the user was never notified of, and the book in which they were. */
export function notify(book: ConflictBook, conflicts: readonly Conflict[]): { book: ConflictBook; fresh: readonly Conflict[] } {
  const fresh = conflicts.filter((conflict) => !book.notified.includes(keyOf(conflict)));
  return { book: fresh.length === 0 ? book : { ...book, notified: added(book.notified, fresh) }, fresh };
}

export function dismiss(book: ConflictBook, conflict: Conflict): ConflictBook {
  return { ...book, dismissed: added(book.dismissed, [conflict]) };
}

function added(keys: readonly string[], conflicts: readonly Conflict[]): string[] {
  return [...new Set([...keys, ...conflicts.map(keyOf)])].slice(-kept);
}

/** With the time: a store that was brought back from a backup gives its revisions out again. */
function keyOf({ project, revision, at }: Conflict): string {
  return `${project} ${revision} ${at}`;
}
