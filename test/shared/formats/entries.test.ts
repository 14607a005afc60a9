import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { distinct, entriesOf, stateOf } from "../../../shared/formats/entries.ts";
import type { Entry } from "../../../shared/state/entry.ts";
import { Entry as EntrySchema } from "../../../shared/state/entry.ts";
import { entryKey } from "../../../shared/state/entryKey.ts";
import { anyEntries } from "../state/arbitraries.ts";
import { cookie, everything, goodCookie } from "./arbitraries.ts";

const byKey = (entries: readonly Entry[]) => new Map(entries.map((entry) => [entryKey(entry), entry]));
const cookieEntry = fc.uniqueArray(goodCookie.map((made): Entry => ({ kind: "cookie", ...made })), { selector: entryKey, maxLength: 3 });

describe("a state and its entries", () => {
  it("are the same, grouped or not", () => {
    fc.assert(
      fc.property(anyEntries, cookieEntry, (storage, cookies) => {
        const entries = [...storage, ...cookies];
        const back = entriesOf(stateOf(entries));
        expect(back).toHaveLength(entries.length);
        expect(byKey(back)).toEqual(byKey(entries));
        expect(stateOf(back)).toEqual(stateOf(entries));
        for (const entry of back) expect(EntrySchema.safeParse(entry).success).toBe(true);
      }),
    );
  });

  it("hold each kind by its own name, and the records of a database whose shape is not there", () => {
    const entries = entriesOf({ ...everything, cookies: [cookie()] });
    expect(entries.map(({ kind }) => kind)).toEqual(["cookie", "local", "local", "session", "database", "record", "record", "local"]);
    const { origins } = stateOf(entries);
    expect(origins).toEqual(everything.origins.map((origin) => ({ ...origin, opfs: undefined })));
  });

  it("have one of each identity, the last", () => {
    const [first, second, other]: Entry[] = [
      { kind: "local", origin: "https://a.test", key: "k", value: "1" },
      { kind: "local", origin: "https://a.test", key: "k", value: "2" },
      { kind: "session", origin: "https://a.test", key: "k", value: "3" },
    ];
    if (!first || !second || !other) throw new Error("three entries");
    expect(distinct([first, other, second])).toEqual({ entries: [other, second], twice: 1 });
  });
});
