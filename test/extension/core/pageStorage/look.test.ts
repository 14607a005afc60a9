import { describe, expect, it } from "vitest";
import { afterWriting, databaseChanges, fromNothing, type Look, type WebArea, webChanges, type Written } from "../../../../extension/core/pageStorage/look.ts";
import { entryDigest } from "../../../../shared/state/entryDigest.ts";
import { entryId } from "../../../../shared/state/entryId.ts";
import { entryKey } from "../../../../shared/state/entryKey.ts";
import { PageEntry, type PageEntryId } from "../../../../shared/state/pageEntry.ts";
import type { Entry } from "../../../../shared/state/entry.ts";
import { database, local, origin, record, session } from "../../../support/entries.ts";

const page = (entry: Entry): PageEntry => PageEntry.parse(entry);
const id = (entry: Entry): PageEntryId => entryId(page(entry));
const set = (entry: Entry) => ({ kind: "set", entry: page(entry), digest: entryDigest(page(entry)), at: 5 });
const remove = (entry: Entry) => ({ kind: "remove", id: id(entry), at: 5 });

interface Limits {
  web?: WebArea[];
  hasDatabases?: boolean;
  skipped?: string[];
}

/** What is seen of these entries. */
function lookAt(entries: readonly Entry[], { web = ["local", "session"], hasDatabases = true, skipped = [] }: Limits = {}): Look {
  const pages = entries.map(page);
  const valuesOf = (area: WebArea): Map<string, string> => new Map(pages.flatMap((entry) => (entry.kind === area ? [[entry.key, entry.value]] : [])));
  const held = new Map(pages.filter(({ kind }) => kind === "database" || kind === "record").map((entry) => [entryKey(entry), { id: entryId(entry), digest: entryDigest(entry) }]));
  return { web: new Map(web.map((area) => [area, valuesOf(area)])), databases: hasDatabases ? { held, skipped, gaps: [] } : undefined };
}

/** What two looks tell. */
function changes(before: Look, now: Look, entries: readonly Entry[]): unknown[] {
  const looks = { origin, before, now, at: 5 };
  return [...webChanges(looks), ...databaseChanges(looks, entries.map(page).filter(({ kind }) => kind === "database" || kind === "record"))];
}

const [a, s, shape, one, two] = [local("a", "1"), session("s", "1"), database("d", ["s"]), record("d", "s", 1, "x"), record("d", "s", 2, "y")];
const all = [a, s, shape, one, two];

describe("two looks", () => {
  it.each<[string, Entry[], unknown[]]>([
    ["tell nothing where nothing changed", all, []],
    ["tell what is another", [local("a", "2"), s, shape, record("d", "s", 1, "z"), two], [set(local("a", "2")), set(record("d", "s", 1, "z"))]],
    ["tell what is new", [...all, local("b", ""), session("t", "1")], [set(local("b", "")), set(session("t", "1"))]],
    ["tell what went", [shape, two], [remove(a), remove(s), remove(one)]],
    ["tell a database's other shape", [a, s, database("d", ["s", "t"]), one, two], [set(database("d", ["s", "t"]))]],
  ])("%s", (_title, entries, expected) => {
    expect(changes(lookAt(all), lookAt(entries), entries)).toEqual(expected);
  });

  it.each<[string, Limits, unknown[]]>([
    ["a storage that is closed", { web: ["local"] }, [remove(a), remove(shape), remove(one), remove(two)]],
    ["IndexedDB when it could not be read", { hasDatabases: false }, [remove(a), remove(s)]],
    ["databases that are over the limits", { skipped: ["d"] }, [remove(a), remove(s)]],
  ])("say nothing of %s", (_title, limits, expected) => {
    expect(changes(lookAt(all), lookAt([], limits), [])).toEqual(expected);
  });

  it("tell all of IndexedDB that could not be read the first time only when it counts as empty then", () => {
    const before = lookAt([a, s], { hasDatabases: false });
    expect(changes(before, lookAt(all), all)).toEqual([]);
    expect(changes(fromNothing(before), lookAt(all), all)).toEqual([set(shape), set(one), set(two)]);
    expect(fromNothing(lookAt(all))).toEqual(lookAt(all));
  });

  it("say nothing of a storage that was closed the first time", () => {
    expect(changes(lookAt([], { web: [] }), lookAt(all), all)).toEqual([set(shape), set(one), set(two)]);
  });
});

describe("afterWriting", () => {
  const written = (rest: Partial<Written>): Written => ({ set: [], remove: [], failed: [], ...rest });

  it("makes what was written no change of the page's", () => {
    const [b, three] = [local("b", "2"), record("d", "s", 3, "z")];
    const now = [shape, two, three, s, b];
    const after = afterWriting(lookAt(all), lookAt(now), written({ set: [page(b), page(three)], remove: [id(a), id(one)] }));
    expect(changes(after, lookAt(now), now)).toEqual([]);
  });

  it("leaves what the page changed meanwhile a change", () => {
    const now = [local("a", "mine"), local("b", "2"), s, shape, one];
    const after = afterWriting(lookAt(all), lookAt(now), written({ set: [page(local("b", "2"))] }));
    expect(changes(after, lookAt(now), now)).toEqual([set(local("a", "mine")), remove(two)]);
  });

  it("leaves what the page made of a key that was just written a change", () => {
    const now = [local("a", "mine"), shape, one, two, s];
    expect(changes(afterWriting(lookAt(all), lookAt(now), written({ set: [page(local("a", "store"))] })), lookAt(now), now)).toEqual([set(local("a", "mine"))]);
    expect(changes(afterWriting(lookAt(all), lookAt(now), written({ remove: [id(a)] })), lookAt(now), now)).toEqual([set(local("a", "mine"))]);
  });

  it("takes nothing for written that could not be", () => {
    const after = afterWriting(lookAt(all), lookAt(all), written({ set: [page(local("a", "2"))], remove: [id(s)], failed: [id(a), id(s)] }));
    expect(changes(after, lookAt(all), all)).toEqual([]);
  });

  it("counts a database that was made for its records as written", () => {
    const [made, inside] = [database("e", ["s"]), record("e", "s", 1, "x")];
    const now = [...all, made, inside];
    expect(changes(afterWriting(lookAt(all), lookAt(now), written({ set: [page(inside)] })), lookAt(now), now)).toEqual([]);
  });

  it("keeps what was known of databases that could not be read after it", () => {
    const after = afterWriting(lookAt(all), lookAt([], { hasDatabases: false }), written({ set: [page(local("a", "2"))] }));
    expect(changes(after, lookAt([local("a", "2"), s, shape, one, two]), all)).toEqual([]);
  });
});
