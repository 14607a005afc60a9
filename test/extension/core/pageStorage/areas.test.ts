import { describe, expect, it } from "vitest";
import { areaOf, isOf } from "../../../../extension/core/pageStorage/areas.ts";
import type { PageEntryId } from "../../../../shared/state/pageEntry.ts";

const origin = "https://acme.test";
const record = (database: string): PageEntryId => ({ kind: "record", origin, database, store: "s", key: 1 });

describe("areaOf", () => {
  it.each<[PageEntryId, string]>([
    [{ kind: "local", origin, key: "k" }, "local"],
    [{ kind: "session", origin, key: "k" }, "session"],
    [{ kind: "database", origin, database: "d" }, "indexedDB"],
    [record("d"), "indexedDB"],
  ])("of %o is %s", (id, expected) => {
    expect(areaOf(id)).toBe(expected);
  });
});

describe("isOf", () => {
  it.each<[string, PageEntryId, string[], boolean]>([
    ["a database among them", { kind: "database", origin, database: "d" }, ["c", "d"], true],
    ["a record of one", record("d"), ["d"], true],
    ["one of another", record("d2"), ["d"], false],
    ["a key of the same name", { kind: "local", origin, key: "d" }, ["d"], false],
    ["nothing of none", record("d"), [], false],
  ])("%s", (_title, id, databases, expected) => {
    expect(isOf(id, databases)).toBe(expected);
  });
});
