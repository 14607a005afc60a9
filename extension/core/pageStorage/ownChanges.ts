import type { StorageReport } from "../../../shared/protocol/contentStorage.ts";
import type { PageMark } from "../../../shared/protocol/pageStorage.ts";
import { entryKey } from "../../../shared/state/entryKey.ts";
import type { PageChange, PageEntry, PageEntryId } from "../../../shared/state/pageEntry.ts";

export interface Compared {
  report: StorageReport;
  /** What the document was asked for, as it is now. */
  entries: readonly PageEntry[];
  /** Known of before, and not in the report. */
  gone: readonly PageEntryId[];
  marks: readonly PageMark[];
  /** Milliseconds since 1970. */
  now: number;
}

/**
 * What the store is told of an origin that is being compared with it, each at the time its mark says. The store sees for itself what
 * went, but in sessionStorage, which is each tab's own and not compared.
 */
export function ownChanges({ report, entries, gone, marks, now }: Compared): PageChange[] {
  const held = new Set(report.held.map(({ id }) => entryKey(id)));
  const marked = marks.filter(({ id, removed }) => removed && !held.has(entryKey(id))).map(({ id }) => id);
  const removed = new Map([...gone, ...marked].filter(isSession).map((id) => [entryKey(id), id]));
  const times = new Map(marks.map(({ id, at }) => [entryKey(id), at]));
  const at = (id: PageEntryId): number => times.get(entryKey(id)) ?? now;
  return [
    ...[...removed.values()].map((id): PageChange => ({ kind: "remove", id, at: at(id) })),
    ...entries.map((entry): PageChange => ({ kind: "set", entry, at: at(entry) })),
  ];
}

export function isSession({ kind }: PageEntryId): boolean {
  return kind === "session";
}
