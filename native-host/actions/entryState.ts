import { distinct, entriesOf, type Read, type State, stateOf } from "../../shared/formats/index.ts";
import type { Tally } from "../../shared/models.ts";
import type { Entry } from "../../shared/state/entry.ts";

/** What the formats write of these items. */
export function toState(entries: readonly Entry[]): State {
  return stateOf(entries);
}

/** The items a document held, and what of it the store has no place for. */
export function fromRead(read: Read): { entries: Entry[]; repaired: Tally[]; dropped: Tally[] } {
  const { entries, twice } = distinct(entriesOf(read));
  const files = read.origins.reduce((count, { opfs = [] }) => count + opfs.length, 0);
  const unstored = [
    { reason: "a passkey: Stead does not store passkeys", count: read.credentials?.length ?? 0 },
    { reason: "a file or folder of the origin private file system: Stead does not store them", count: files },
  ];
  return {
    entries,
    repaired: twice > 0 ? [{ reason: "page storage named twice: the later one was taken", count: twice }] : [],
    dropped: unstored.filter(({ count }) => count > 0),
  };
}
