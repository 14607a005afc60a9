import { describe, expect, it } from "vitest";
import { CookieBatch } from "../../../extension/core/cookieBatch.ts";
import type { Cookie } from "../../../shared/models.ts";

function cookie(value: string, name = "sid"): Cookie {
  return { name, value, domain: "app.test", path: "/", secure: false, httpOnly: true, sameSite: "lax" };
}

const set = (value: string, name?: string) => ({ cookie: cookie(value, name), removed: false, cause: "explicit" });
const gone = (cause: string) => ({ cookie: cookie("old"), removed: true, cause });
const id = { domain: "app.test", path: "/", name: "sid" };

describe("CookieBatch", () => {
  it("sends one change per cookie, the latest", () => {
    const batch = new CookieBatch();
    batch.add(set("1"), 1);
    batch.add(set("x", "other"), 2);
    batch.add(set("2"), 3);
    expect(batch.take()).toEqual([
      { kind: "set", cookie: cookie("x", "other"), at: 2 },
      { kind: "set", cookie: cookie("2"), at: 3 },
    ]);
    expect(batch.size).toBe(0);
  });

  it.each(["explicit", "expired", "evicted", "expired_overwrite"])("sends a removal caused by %s", (cause) => {
    const batch = new CookieBatch();
    batch.add(gone(cause), 5);
    expect(batch.take()).toEqual([{ kind: "remove", id, at: 5 }]);
  });

  it("takes an overwrite for no removal", () => {
    const batch = new CookieBatch();
    expect(batch.add(gone("overwrite"), 1)).toBe(false);
    expect(batch.size).toBe(0);
  });

  it("drops the echo of what Stead wrote, once", () => {
    const batch = new CookieBatch();
    batch.expect(id, cookie("ours"));
    expect(batch.add(set("ours"), 1)).toBe(false);
    expect(batch.add(set("ours"), 2)).toBe(true);
  });

  it("keeps a page's change that comes in place of the echo", () => {
    const batch = new CookieBatch();
    batch.expect(id, cookie("ours"));
    expect(batch.add(set("theirs"), 1)).toBe(true);
  });

  it("drops the echo of a removal Stead made", () => {
    const batch = new CookieBatch();
    batch.expect(id, null);
    expect(batch.add(gone("expired_overwrite"), 1)).toBe(false);
  });

  it("waits for no echo after the write is settled", () => {
    const batch = new CookieBatch();
    batch.expect(id, cookie("ours"));
    batch.settle(id);
    expect(batch.add(set("ours"), 1)).toBe(true);
  });

  it("forgets removals when the container went, and keeps what was set", () => {
    const batch = new CookieBatch();
    batch.add(gone("explicit"), 1);
    batch.add(set("x", "other"), 2);
    batch.dropRemovals();
    expect(batch.take()).toEqual([{ kind: "set", cookie: cookie("x", "other"), at: 2 }]);
  });
});
