import * as z from "zod/mini";
import { isWithin, registrableDomain } from "../../shared/site.ts";
import type { EntryId } from "../../shared/state/entry.ts";
import { entrySite } from "../../shared/state/entrySite.ts";

/** What an access was about: how many items of one kind and one registrable domain. Both are null where it was about none, or may not say. */
export const AuditLine = z.object({
  domain: z.nullable(z.string()),
  kind: z.nullable(z.enum(["cookie", "local", "session", "database", "record"])),
  count: z.number(),
});
export type AuditLine = z.infer<typeof AuditLine>;

/** Items by registrable domain and kind; one line without either for no items at all. */
export function linesOf(ids: Iterable<EntryId>): AuditLine[] {
  // Of many items few are of different hosts: each host's domain is looked for once.
  const hosts = new Map<string, { id: EntryId; count: number }>();
  for (const id of ids) {
    const host = `${id.kind} ${id.kind === "cookie" ? id.domain : id.origin}`;
    const same = hosts.get(host);
    if (same) same.count++;
    else hosts.set(host, { id, count: 1 });
  }
  const lines = mergeLines([...hosts.values()].map(({ id, count }) => ({ domain: entrySite(id), kind: id.kind, count })), []);
  return lines.length === 0 ? [unnamedLine(0)] : lines;
}

/** So many items, without saying which. */
export function unnamedLine(count: number): AuditLine {
  return { domain: null, kind: null, count };
}

/** Both together: what is in both has one line. */
export function mergeLines(one: readonly AuditLine[], other: readonly AuditLine[]): AuditLine[] {
  const lines = new Map<string, AuditLine>();
  for (const line of [...one, ...other]) {
    const name = `${line.kind} ${line.domain}`;
    const before = lines.get(name);
    lines.set(name, before ? { ...line, count: before.count + line.count } : line);
  }
  return [...lines.values()];
}

/** Whether the line may be about the host or one below it: lines say no more than the registrable domain. */
export function isAbout({ domain }: AuditLine, host: string): boolean {
  return domain !== null && (domain === registrableDomain(host) || isWithin(domain, host));
}
