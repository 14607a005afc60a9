import { describe, expect, it } from "vitest";
import { type Compared, ownChanges } from "../../../../extension/core/pageStorage/ownChanges.ts";
import type { Entry } from "../../../../shared/state/entry.ts";
import { entryDigest } from "../../../../shared/state/entryDigest.ts";
import { entryId } from "../../../../shared/state/entryId.ts";
import { PageEntry, type PageEntryId } from "../../../../shared/state/pageEntry.ts";
import { local, session } from "../../../support/entries.ts";

const page = (entry: Entry): PageEntry => PageEntry.parse(entry);
const id = (entry: Entry): PageEntryId => entryId(page(entry));
const [a, s] = [local("a", "1"), session("s", "1")];

function changes({ held = [], ...rest }: Partial<Omit<Compared, "report">> & { held?: Entry[] }): unknown[] {
  const report = { held: held.map((entry) => ({ id: id(entry), digest: entryDigest(page(entry)) })), areas: [], skipped: [], gaps: [] };
  return ownChanges({ report, entries: [], gone: [], marks: [], now: 9, ...rest });
}

describe("ownChanges", () => {
  it("are at the time of their mark, or now", () => {
    const marks = [{ id: id(a), at: 5, removed: false }];
    expect(changes({ entries: [page(a), page(s)], marks })).toEqual([{ kind: "set", entry: a, at: 5 }, { kind: "set", entry: s, at: 9 }]);
  });

  it.each<[string, Parameters<typeof changes>[0], unknown[]]>([
    ["say what went of sessionStorage", { gone: [id(s)] }, [{ kind: "remove", id: id(s), at: 9 }]],
    ["say what a mark says went of it", { marks: [{ id: id(s), at: 5, removed: true }] }, [{ kind: "remove", id: id(s), at: 5 }]],
    ["say it once", { gone: [id(s)], marks: [{ id: id(s), at: 5, removed: true }] }, [{ kind: "remove", id: id(s), at: 5 }]],
    ["do not say that of what is there", { held: [s], marks: [{ id: id(s), at: 5, removed: true }] }, []],
    ["leave the rest to the store", { gone: [id(a)], marks: [{ id: id(a), at: 5, removed: true }] }, []],
  ])("%s", (_title, compared, expected) => {
    expect(changes(compared)).toEqual(expected);
  });
});
