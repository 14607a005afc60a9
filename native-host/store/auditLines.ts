import * as z from "zod/mini";
import { isWithin, registrableDomain } from "../../shared/site.ts";
import type { EntryId } from "../../shared/state/entry.ts";
import { entrySite } from "../../shared/state/entryKey.ts";

/** What an access was about: how many items of one kind and one registrable domain. Both are null where it was about none, or may not say. */
export const AuditLine = z.object({
  domain: z.nullable(z.string()),
  kind: z.nullable(z.enum(["cookie", "local", "session", "database", "record"])),
  count: z.number(),
});
export type AuditLine = z.infer<typeof AuditLine>;

/** Items by registrable domain and kind; one line without either for no items at all. */
export function linesOf(ids: Iterable<EntryId>): AuditLine[] {
  const lines = new Map<string, AuditLine>();
  for (const id of ids) add(lines, { domain: entrySite(id), kind: id.kind, count: 1 });
  return lines.size === 0 ? [unnamedLine(0)] : [...lines.values()];
}

/** So many items, without saying which. */
export function unnamedLine(count: number): AuditLine {
  return { domain: null, kind: null, count };
}

/** Both together: what is in both has one line. */
export function mergeLines(one: readonly AuditLine[], other: readonly AuditLine[]): AuditLine[] {
  const lines = new Map<string, AuditLine>();
  for (const line of [...one, ...other]) add(lines, line);
  return [...lines.values()];
}

/** Whether the line may be about the host or one below it: lines say no more than the registrable domain. */
export function isAbout({ domain }: AuditLine, host: string): boolean {
  return domain !== null && (domain === registrableDomain(host) || isWithin(domain, host));
}

function add(lines: Map<string, AuditLine>, line: AuditLine): void {
  const name = JSON.stringify([line.kind, line.domain]);
  const before = lines.get(name);
  lines.set(name, before ? { ...line, count: before.count + line.count } : line);
}
