import { detectFormat, formats, type ImportName } from "../../shared/formats/index.ts";
import type { Tally } from "../../shared/models.ts";
import type { Entry, EntryChange, EntryId } from "../../shared/state/entry.ts";
import { entryConcerns } from "../../shared/state/entryConcerns.ts";
import type { Theirs } from "../../shared/sync/merge.ts";
import { coverage } from "./coverage.ts";
import { fromRead } from "./entryState.ts";
import { mergeTallies } from "./mergeTallies.ts";
import { refinement } from "./refinement.ts";

/** What a program brings: all that it has as a document, or its changes. */
export type Brought =
  | {
      kind: "document";
      text: string;
      /** Found out from the document when absent. */
      format?: ImportName | undefined;
      /** When the state was so, in milliseconds since 1970. */
      at: number;
      /** The document was only of this host, in canonical form: nothing else is missing from it. */
      domain?: string | undefined;
    }
  | { kind: "changes"; changes: readonly EntryChange[] };

/** What merge() takes of it, and what was understood differently or left out. Throws `fileFormat`. */
export function readTheirs(brought: Brought, here: () => readonly Entry[], now: number): { theirs: Theirs; repaired: Tally[]; dropped: Tally[] } {
  if (brought.kind === "changes") return { theirs: brought, repaired: [], dropped: [] };
  const { text, at, domain } = brought;
  const format = brought.format ?? detectFormat(text);
  const read = formats[format].read(text, { now });
  const { entries, repaired, dropped } = fromRead(read);
  const isNamed = coverage({ text, format, entries: here(), unclear: read.unclear, now });
  const covers = (id: EntryId): boolean => isNamed(id) && (domain === undefined || entryConcerns(id, domain));
  return {
    theirs: { kind: "whole", entries, covers, refine: refinement(format), at },
    repaired: mergeTallies([...read.repaired, ...repaired]),
    dropped: mergeTallies([...read.dropped, ...dropped]),
  };
}
