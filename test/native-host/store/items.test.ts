import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cookieId, cookieKey } from "../../../shared/cookie.ts";
import type { Cookie, CookieChange } from "../../../shared/models.ts";
import type { Store } from "../../../native-host/store/types.ts";
import { anyCookie, cookie } from "../../support/cookies.ts";
import { errorCode } from "../../support/errorCode.ts";
import { storeHome, storeIn } from "../../support/storeHome.ts";

const set = (one: Cookie, at = 1): CookieChange => ({ kind: "set", cookie: one, at });
const remove = (one: Cookie, at = 1): CookieChange => ({ kind: "remove", id: cookieId(one), at });
const by = "cli";

async function project(now?: () => number): Promise<{ store: Store; id: string }> {
  const options = storeHome();
  const store = await storeIn(now ? { ...options, now } : options);
  return { store, id: store.addProject({ name: "Acme" }).id };
}

describe("writing", () => {
  it("gives back every cookie bit for bit", async () => {
    const { store, id } = await project(() => 0);
    fc.assert(
      fc.property(fc.array(anyCookie, { minLength: 1, maxLength: 6 }), (cookies) => {
        store.write(id, cookies.map((one) => set(one)), { by });
        const stored = new Map(store.unaudited.items(id).map((item) => [cookieKey(item.id), item.cookie]));
        const last = new Map(cookies.map((one) => [cookieKey(one), one]));
        for (const [key, one] of last) expect(stored.get(key)).toEqual(one);
      }),
      { numRuns: 50 },
    );
  });

  it("takes one revision for all changes of a call, and lists by revision", async () => {
    const { store, id } = await project();
    expect(store.write(id, [set(cookie({ name: "a" })), set(cookie({ name: "b" }))], { by })).toEqual({ revision: 2, applied: 2 });
    expect(store.write(id, [set(cookie({ name: "a", value: "new" }), 7)], { by: "import" })).toEqual({ revision: 3, applied: 1 });
    expect(store.unaudited.items(id)).toEqual([
      { kind: "cookie", id: cookieId(cookie({ name: "b" })), cookie: cookie({ name: "b" }), revision: 2, at: 1, by },
      { kind: "cookie", id: cookieId(cookie({ name: "a" })), cookie: cookie({ name: "a", value: "new" }), revision: 3, at: 7, by: "import" },
    ]);
    expect(store.unaudited.items(id, { since: 2 }).map((item) => item.id.name)).toEqual(["a"]);
  });

  it("leaves out what changes nothing, and takes no revision for it", async () => {
    const { store, id } = await project();
    store.write(id, [set(cookie())], { by });
    const changes = [set(cookie(), 99), remove(cookie({ name: "unknown" })), set(cookie({ domain: "APP.example.com" }))];
    expect(store.write(id, changes, { by })).toEqual({ revision: 2, applied: 0 });
    expect(store.write(id, [], { by })).toEqual({ revision: 2, applied: 0 });
  });

  it("lets the last of several changes of one cookie stand", async () => {
    const { store, id } = await project();
    store.write(id, [set(cookie({ value: "1" })), remove(cookie()), set(cookie({ value: "2" }))], { by });
    expect(store.unaudited.items(id).map((item) => item.cookie?.value)).toEqual(["2"]);
    store.write(id, [set(cookie({ value: "3" })), remove(cookie())], { by });
    expect(store.unaudited.items(id)).toEqual([]);
  });

  it("keeps a tombstone of what was removed", async () => {
    const { store, id } = await project();
    store.write(id, [set(cookie())], { by });
    store.write(id, [remove(cookie(), 5)], { by: "import" });
    expect(store.unaudited.items(id)).toEqual([]);
    expect(store.unaudited.items(id, { tombstones: true })).toEqual([{ kind: "cookie", id: cookieId(cookie()), revision: 3, at: 5, by: "import" }]);
    expect(store.itemCount()).toBe(0);
    store.write(id, [set(cookie(), 6)], { by });
    expect(store.unaudited.items(id)).toHaveLength(1);
  });

  it("refuses with conflict when the project moved on, and changes nothing", async () => {
    const { store, id } = await project();
    const { revision } = store.write(id, [set(cookie())], { by });
    expect(store.write(id, [set(cookie({ name: "b" }))], { by, expected: revision }).applied).toBe(1);
    expect(await errorCode(() => store.write(id, [set(cookie({ name: "c" }))], { by, expected: revision }))).toBe("conflict");
    expect(store.unaudited.items(id).map((item) => item.id.name)).toEqual(["sid", "b"]);
  });

  it("is not disturbed by other projects moving on", async () => {
    const { store, id } = await project();
    const { revision } = store.write(id, [set(cookie())], { by });
    store.write(store.addProject({ name: "Other" }).id, [set(cookie())], { by });
    expect(store.write(id, [set(cookie({ name: "b" }))], { by, expected: revision }).applied).toBe(1);
  });
});

describe("reading", () => {
  it("never shows one project's items in another", async () => {
    const { store, id } = await project();
    const other = store.addProject({ name: "Other" }).id;
    store.write(id, [set(cookie({ value: "mine" }))], { by });
    store.write(other, [set(cookie({ value: "theirs" }))], { by });
    expect(store.unaudited.items(id).map((item) => item.cookie?.value)).toEqual(["mine"]);
    expect(store.unaudited.items(other).map((item) => item.cookie?.value)).toEqual(["theirs"]);
  });

  it.each([
    ["example.com", ["a", "b", "c"]],
    [".Example.com.", ["a", "b", "c"]],
    ["other.test", ["d"]],
    ["notexample.com", ["e"]],
    ["localhost", ["f"]],
    ["com", []],
  ])("by site: %s", async (site, names) => {
    const { store, id } = await project();
    const domains = ["example.com", ".example.com", "a.b.example.com", "x.other.test", "notexample.com", "localhost"];
    store.write(id, domains.map((domain, place) => set(cookie({ domain, name: "abcdef"[place] ?? "" }))), { by });
    expect(store.unaudited.items(id, { site }).map((item) => item.id.name)).toEqual(names);
    expect(store.unaudited.items(id, { site, since: 2 })).toEqual([]);
  });

  it("no longer shows what has expired, and forgets it at the next write", async () => {
    let now = 0;
    const { store, id } = await project(() => now);
    store.write(id, [set(cookie({ name: "short", expires: 10 })), set(cookie({ name: "long", expires: 20 })), set(cookie())], { by });
    expect(store.itemCount()).toBe(3);
    now = 10_000;
    expect(store.unaudited.items(id, { tombstones: true }).map((item) => item.id.name)).toEqual(["long", "sid"]);
    expect(store.itemCount()).toBe(2);
    expect(store.registry().projects[0]?.items).toBe(2);
    expect(store.verify().items).toBe(3);
    store.write(id, [], { by });
    expect(store.verify()).toEqual({ items: 2, damaged: [] });
  });

  it("takes the setting of an expired cookie for its removal", async () => {
    const { store, id } = await project(() => 10_000);
    store.write(id, [set(cookie({ expires: 20 }))], { by });
    store.write(id, [set(cookie({ expires: 10 }))], { by });
    expect(store.unaudited.items(id)).toEqual([]);
    expect(store.unaudited.items(id, { tombstones: true })).toHaveLength(1);
  });
});
