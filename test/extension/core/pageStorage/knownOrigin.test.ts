import { describe, expect, it } from "vitest";
import { KnownOrigin } from "../../../../extension/core/pageStorage/knownOrigin.ts";
import type { SeenChange, StorageReport } from "../../../../shared/protocol/contentStorage.ts";
import type { Entry } from "../../../../shared/state/entry.ts";
import { entryDigest } from "../../../../shared/state/entryDigest.ts";
import { entryId } from "../../../../shared/state/entryId.ts";
import { PageEntry, type PageEntryId } from "../../../../shared/state/pageEntry.ts";
import { database, local, record, session } from "../../../support/entries.ts";

const page = (entry: Entry): PageEntry => PageEntry.parse(entry);
const id = (entry: Entry): PageEntryId => entryId(page(entry));
const set = (entry: Entry, at = 1): SeenChange => ({ kind: "set", entry: page(entry), digest: entryDigest(page(entry)), at });
const remove = (entry: Entry, at = 1): SeenChange => ({ kind: "remove", id: id(entry), at });

function report(entries: readonly Entry[], rest: Partial<StorageReport> = {}): StorageReport {
  const held = entries.map((entry) => ({ id: id(entry), digest: entryDigest(page(entry)) }));
  return { held, areas: ["local", "session", "indexedDB"], skipped: [], gaps: [], ...rest };
}

/** What a report of tab 1 made known. */
function knowing(...entries: Entry[]): KnownOrigin {
  const known = new KnownOrigin();
  known.learn(report(entries), 1);
  return known;
}

const [a, b, s] = [local("a", "1"), local("b", "1"), session("s", "1")];

describe("what happened between the last look and a report", () => {
  it("is marked: what went was deleted by the page", () => {
    const changed = local("b", "2");
    expect(knowing(a, b, s).unseen(report([changed, local("c", "1")]), 1, 7)).toEqual([
      { id: id(changed), at: 7, removed: false },
      { id: id(local("c", "1")), at: 7, removed: false },
      { id: id(a), at: 7, removed: true },
    ]);
  });

  it("is nothing that can be told where the whole was never known: Firefox may have lost it", () => {
    const known = new KnownOrigin();
    known.take([set(a)], 1);
    expect(known.unseen(report([]), 1, 7)).toEqual([]);
  });

  it("says nothing of storage that was not looked at", () => {
    expect(knowing(a).unseen(report([], { areas: ["session"] }), 1, 7)).toEqual([]);
  });
});

describe("what documents tell", () => {
  it("is taken once, whichever of them tells it", () => {
    const known = knowing();
    expect(known.take([set(a)], 1)).toEqual([set(a)]);
    expect(known.take([set(a, 2), set(b)], 2)).toEqual([set(b)]);
    expect(known.take([remove(a)], 2)).toEqual([remove(a)]);
    expect(known.take([remove(a)], 1)).toEqual([]);
  });

  it("is taken again when it comes back, or is another", () => {
    const known = knowing(a);
    expect(known.take([set(local("a", "2")), set(a), remove(a), set(a)], 1)).toHaveLength(4);
  });

  it("counts when it went before anything was reported", () => {
    expect(new KnownOrigin().take([remove(a)], 1)).toEqual([remove(a)]);
    expect(knowing().take([remove(a)], 1)).toEqual([]);
  });

  it("is not what the store wrote there", () => {
    const known = knowing(a);
    known.applied({ set: [page(b)], remove: [id(a)] }, 1);
    expect(known.take([set(b), remove(a)], 2)).toEqual([]);
    expect(known.difference(report([b]), 2)).toEqual({ want: [], gone: [] });
  });
});

describe("a key of sessionStorage", () => {
  it("is gone only when the tab says so that it is of", () => {
    const known = knowing(s);
    expect(known.take([remove(s)], 2)).toEqual([]);
    expect(known.take([remove(s)], 1)).toEqual([remove(s)]);
  });

  it("is of the tab that changed it last", () => {
    const known = knowing(s);
    known.take([set(session("s", "2"))], 2);
    expect(known.take([remove(s)], 1)).toEqual([]);
    expect(known.take([remove(s)], 2)).toEqual([remove(s)]);
  });

  it.each<[string, Entry[], number, PageEntryId[], PageEntryId[]]>([
    ["is wanted of its own tab, when it is another one", [session("s", "2")], 1, [id(s)], []],
    ["is left alone when another tab has another one", [session("s", "2")], 2, [], []],
    ["is gone when its own tab lacks it", [], 1, [], [id(s)]],
    ["is not gone when another tab lacks it", [], 2, [], []],
    ["is wanted of any tab, when it is new", [s, session("t", "1")], 2, [id(session("t", "1"))], []],
  ])("%s", (_title, held, tab, want, gone) => {
    expect(knowing(s).difference(report(held), tab)).toEqual({ want, gone });
  });

  it("stays of its tab when another one reports an older one", () => {
    const known = knowing();
    known.take([set(s)], 1);
    known.learn(report([session("s", "0")]), 2);
    expect(known.take([set(session("s", "0"))], 1)).toHaveLength(1);
    expect(known.take([remove(s)], 2)).toEqual([]);
  });
});

describe("a report", () => {
  const [shape, one, other] = [database("d", ["s"]), record("d", "s", 1, "x"), record("e", "s", 1, "x")];

  it("wants what is new or another, and finds what went", () => {
    expect(knowing(a, b).difference(report([local("b", "2"), local("c", "3")]), 1)).toEqual({ want: [id(b), id(local("c", ""))], gone: [id(a)] });
  });

  it("says nothing of areas that were not looked at", () => {
    const known = knowing(a, s, shape, one);
    expect(known.difference(report([], { areas: [] }), 1)).toEqual({ want: [], gone: [] });
    expect(known.difference(report([], { areas: ["local"] }), 1).gone).toEqual([id(a)]);
    expect(known.difference(report([], { areas: ["indexedDB"] }), 1).gone).toEqual([id(shape), id(one)]);
  });

  it("says nothing of databases that were skipped", () => {
    const known = knowing(shape, one, database("e", ["s"]), other);
    expect(known.difference(report([], { skipped: ["d"] }), 1).gone).toEqual([id(database("e", [])), id(other)]);
  });

  it("changes nothing until it is learnt", () => {
    const known = knowing(a);
    known.difference(report([]), 1);
    expect(known.difference(report([]), 1).gone).toEqual([id(a)]);
  });

  it("that is learnt is all there is: what it lacks is new when it comes back", () => {
    const known = knowing(a, b);
    known.learn(report([b]), 1);
    expect(known.difference(report([b]), 1)).toEqual({ want: [], gone: [] });
    expect(known.take([set(a)], 1)).toEqual([set(a)]);
  });

  it("that is learnt leaves what was not looked at", () => {
    const known = knowing(a, shape, one);
    known.learn(report([], { areas: ["local", "indexedDB"], skipped: ["d"] }), 1);
    expect(known.take([set(shape), set(one)], 1)).toEqual([]);
  });
});

describe("what the store could not be told", () => {
  it("is new to the next report of its tab, and to no other's", () => {
    const known = knowing();
    known.take([set(s), set(a)], 1);
    known.untold([{ kind: "set", entry: page(s), at: 1 }, { kind: "set", entry: page(a), at: 1 }]);
    expect(known.difference(report([s, a]), 2).want).toEqual([id(a)]);
    expect(known.difference(report([s, a]), 1).want).toEqual([id(s), id(a)]);
  });

  it("is nothing where it was removed", () => {
    const known = knowing(a);
    known.take([remove(a)], 1);
    known.untold([{ kind: "remove", id: id(a), at: 1 }]);
    expect(known.difference(report([]), 1)).toEqual({ want: [], gone: [] });
  });
});
