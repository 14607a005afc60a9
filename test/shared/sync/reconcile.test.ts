import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cookieId, cookieKey, isExpired, sameCookie } from "../../../shared/cookie.ts";
import type { Cookie } from "../../../shared/models.ts";
import { reconcile, type Reconciliation, type Situation, type StoredCookie } from "../../../shared/sync/reconcile.ts";
import { anyCookie, cookie } from "../../support/cookies.ts";

const now = 100_000;
const here = cookie({ value: "here" });
const there = cookie({ value: "there" });
const expired = cookie({ value: "there", expires: 50 });
const id = cookieId(here);

function stored(revision: number, at: number, content?: Cookie): StoredCookie[] {
  return [{ id, revision, at, ...(content && { cookie: content }) }];
}

const changed = (at: number): Situation["marks"] => [{ id, at, removed: false }];
const removed = (at: number): Situation["marks"] => [{ id, at, removed: true }];
const toStore = (content: Cookie, at = now): Partial<Reconciliation> => ({ toStore: [{ kind: "set", cookie: content, at }] });
const removeStored = (at: number): Partial<Reconciliation> => ({ toStore: [{ kind: "remove", id, at }] });

describe("reconcile, cookie by cookie (synced up to revision 5)", () => {
  const rows: [title: string, given: Partial<Situation>, answer: Partial<Reconciliation>][] = [
    ["leaves alone what both have", { container: [here], stored: stored(3, 1, here) }, {}],
    ["leaves alone what both have, whatever the revision", { container: [here], stored: stored(9, 1, here) }, {}],
    ["stores what only the container has", { container: [here] }, toStore(here)],
    ["stores it with the time of its mark", { container: [here], marks: changed(70) }, toStore(here, 70)],
    ["puts back what the container lacks without a mark", { stored: stored(3, 1, there) }, { set: [there] }],
    ["puts into the container what is new in the store", { stored: stored(9, 1, there) }, { set: [there] }],
    ["takes the container's change when the store stood still", { container: [here], stored: stored(3, 1, there) }, toStore(here)],
    ["takes the store's value after a start of Firefox, when the container may be in the past", { container: [here], stored: stored(3, 1, there), stale: true }, { set: [there] }],
    ["keeps a deletion after a start of Firefox", { container: [here], stored: stored(3, 50), stale: true }, { remove: [id] }],
    ["takes the container's change after a start of Firefox where a mark tells of it", { container: [here], stored: stored(3, 1, there), marks: changed(60), stale: true }, toStore(here, 60)],
    ["stores what only the container has after a start of Firefox", { container: [here], stale: true }, toStore(here)],
    ["takes the store's change when the container was not marked", { container: [here], stored: stored(9, 1, there) }, { set: [there] }],
    ["takes the container's change when it is newer", { container: [here], stored: stored(9, 50, there), marks: changed(60) }, toStore(here, 60)],
    [
      "takes the store's change when it is newer, and keeps the container's for history",
      { container: [here], stored: stored(9, 50, there), marks: changed(40) },
      { set: [there], lost: [{ kind: "set", cookie: here, at: 40 }] },
    ],
    [
      "removes what was deleted in the store after it was changed here, and keeps it for history",
      { container: [here], stored: stored(9, 50), marks: changed(40) },
      { remove: [id], lost: [{ kind: "set", cookie: here, at: 40 }] },
    ],
    ["removes what was deleted in the store", { container: [here], stored: stored(9, 50) }, { remove: [id] }],
    ["revives what was changed here after its deletion there", { container: [here], stored: stored(9, 50), marks: changed(60) }, toStore(here, 60)],
    ["revives what came back here after a known deletion", { container: [here], stored: stored(3, 50) }, toStore(here)],
    ["deletes in the store what was deleted here", { stored: stored(3, 50, there), marks: removed(60) }, removeStored(60)],
    ["deletes it although the clock here is behind, when the store stood still", { stored: stored(3, 50, there), marks: removed(40) }, removeStored(40)],
    [
      "keeps what the store changed after it was deleted here, and the deletion for history",
      { stored: stored(9, 50, there), marks: removed(40) },
      { set: [there], lost: [{ kind: "remove", id, at: 40 }] },
    ],
    ["deletes what the store changed before it was deleted here", { stored: stored(9, 50, there), marks: removed(60) }, removeStored(60)],
    ["puts back what is gone again although it was marked as changed", { stored: stored(3, 50, there), marks: changed(60) }, { set: [there] }],
    ["does not put back what has expired", { stored: stored(3, 1, expired) }, removeStored(now)],
    ["lets a tombstone be where nothing is", { stored: stored(9, 1), marks: removed(60) }, {}],
    ["ignores a mark for what nobody has", { marks: removed(60) }, {}],
  ];

  it.each(rows)("%s", (_title, given, answer) => {
    const situation = { container: [], stored: [], marks: [], synced: 5, now, ...given };
    expect(reconcile(situation)).toEqual({ toStore: [], set: [], remove: [], lost: [], ...answer });
  });
});

const unique = (cookies: Cookie[]): Cookie[] => [...new Map(cookies.map((one) => [cookieKey(one), one])).values()];

const anySituation: fc.Arbitrary<Situation> = fc
  .record({
    container: fc.array(anyCookie).map(unique),
    stored: fc.array(fc.record({ content: anyCookie, tombstone: fc.boolean(), revision: fc.nat(10), at: fc.nat(200_000) })),
    marks: fc.array(fc.record({ of: anyCookie, at: fc.nat(200_000), removed: fc.boolean() })),
    synced: fc.nat(10),
    stale: fc.boolean(),
  })
  .map(({ container, stored: items, marks, synced, stale }) => ({
    // A container never shows what has expired.
    container: container.filter((one) => !isExpired(one, now)),
    stored: [...new Map(items.map((item) => [cookieKey(item.content), item])).values()].map(({ content, tombstone, ...item }) => ({
      ...item,
      id: cookieId(content),
      ...(!tombstone && { cookie: content }),
    })),
    marks: marks.map(({ of, ...mark }) => ({ ...mark, id: cookieId(of) })),
    synced,
    stale,
    now,
  }));

/** Both sides after the answer has been performed, by identity. */
function perform(situation: Situation, answer: Reconciliation): { container: Map<string, Cookie>; store: Map<string, Cookie> } {
  const container = new Map(situation.container.map((one) => [cookieKey(one), one]));
  const store = new Map(situation.stored.flatMap((item) => (item.cookie ? [[cookieKey(item.id), item.cookie] as const] : [])));
  for (const one of answer.set) container.set(cookieKey(one), one);
  for (const one of answer.remove) container.delete(cookieKey(one));
  for (const change of answer.toStore) {
    if (change.kind === "set") store.set(cookieKey(change.cookie), change.cookie);
    else store.delete(cookieKey(change.id));
  }
  return { container, store };
}

describe("reconcile, whatever the situation", () => {
  it("leaves both sides with the same cookies", () => {
    fc.assert(
      fc.property(anySituation, (situation) => {
        const { container, store } = perform(situation, reconcile(situation));
        expect([...container.keys()].sort()).toEqual([...store.keys()].sort());
        for (const [key, one] of container) {
          const other = store.get(key);
          expect(other && sameCookie(one, other)).toBe(true);
        }
      }),
    );
  });

  it("loses no cookie that neither a mark nor a tombstone nor its expiry explains", () => {
    fc.assert(
      fc.property(anySituation, (situation) => {
        const { container } = perform(situation, reconcile(situation));
        const removedHere = new Set(situation.marks.filter((mark) => mark.removed).map((mark) => cookieKey(mark.id)));
        const removedThere = new Set(situation.stored.filter((item) => !item.cookie).map((item) => cookieKey(item.id)));
        const all = [...situation.container, ...situation.stored.flatMap((item) => item.cookie ?? [])];
        for (const one of all) {
          const key = cookieKey(one);
          if (!isExpired(one, now) && !removedHere.has(key) && !removedThere.has(key)) expect(container.has(key)).toBe(true);
        }
      }),
    );
  });

  it("asks for nothing of one cookie twice", () => {
    fc.assert(
      fc.property(anySituation, (situation) => {
        const { toStore: stores, set, remove } = reconcile(situation);
        const keys = [
          ...stores.map((change) => cookieKey(change.kind === "set" ? change.cookie : change.id)),
          ...set.map(cookieKey),
          ...remove.map(cookieKey),
        ];
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });

  it("has nothing more to do once it was done", () => {
    fc.assert(
      fc.property(anySituation, (situation) => {
        const { container, store } = perform(situation, reconcile(situation));
        const again = reconcile({
          container: [...container.values()],
          stored: [...store.values()].map((one) => ({ id: cookieId(one), cookie: one, revision: 11, at: now })),
          marks: [],
          synced: 11,
          now,
        });
        expect(again).toEqual({ toStore: [], set: [], remove: [], lost: [] });
      }),
    );
  });
});
