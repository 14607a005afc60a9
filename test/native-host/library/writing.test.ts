import { describe, expect, it } from "vitest";
import type { Change } from "../../../native-host/library/types.ts";
import { cookieEntry, local } from "../../support/entries.ts";
import { errorCode } from "../../support/errorCode.ts";
import { acme, storage } from "./given.ts";

const origin = "https://app.example.com";
const set = (key: string, value: string): Change => ({ kind: "set", entry: { kind: "local", origin, key, value } });
const remove = (key: string): Change => ({ kind: "remove", id: { kind: "local", origin, key } });

describe("update()", () => {
  it("merges changes made to a revision with what others changed since", async () => {
    const { stead, human, values, store } = await acme([local("token", "a"), local("other", "x"), local("gone", "g")]);
    const { revision: base } = await stead.state("acme");
    human(local("other", "human"));
    expect(await stead.update("acme", [set("token", "b"), remove("gone")], { base })).toEqual({
      revision: store.revision(), applied: 2, conflicts: [], repaired: [], dropped: [], unapplied: [], waiting: 0,
    });
    expect(values()).toEqual({ token: "b", other: "human" });
  });

  it("merges a whole state in the same way: what it lacks is deleted, what came since stays", async () => {
    const { stead, human, values } = await acme([local("token", "a"), local("gone", "g")]);
    const { state, revision: base } = await stead.state("acme");
    human(local("new", "human"));
    const [first] = state.origins;
    if (first) first.localStorage = [{ name: "token", value: "b" }];
    expect(await stead.update("acme", state, { base })).toMatchObject({ applied: 2, conflicts: [] });
    expect(values()).toEqual({ token: "b", new: "human" });
  });

  it("deletes nothing of other hosts for a state that was of one", async () => {
    const { stead, values } = await acme([local("token", "a"), local("theirs", "t", "https://other.test"), cookieEntry({ domain: "other.test" })]);
    const { state, revision: base } = await stead.state("acme", { domain: "app.example.com" });
    const [first] = state.origins;
    if (first) first.localStorage = [{ name: "fresh", value: "f" }];
    await stead.update("acme", state, { base, domain: "app.example.com" });
    expect(values()).toEqual({ fresh: "f", theirs: "t", sid: "one" });
  });

  it("lets the newer of two changes stand, tells of both, and keeps the other in history", async () => {
    const { stead, human, values } = await acme([local("token", "a")]);
    const { revision: base } = await stead.state("acme");
    human(local("token", "human"));
    const old: Change = { kind: "set", entry: { kind: "local", origin, key: "token", value: "late" }, at: 1000 };
    const conflicts = [{ kind: "local", domain: "app.example.com", name: "token" }];
    expect(await stead.update("acme", [old], { base })).toMatchObject({ applied: 0, conflicts });
    expect(values()).toEqual({ token: "human" });
    expect(await stead.history("acme")).toMatchObject([{ by: "merge" }, { by: "library", conflicts }, { by: "firefox" }, { by: "firefox" }]);
  });

  it.each([[[1000, 2000]], [[2000, 1000]]])("comes to the same whichever of two changes arrives first: %j", async (times) => {
    const { stead, values } = await acme([local("token", "a")]);
    const { revision: base } = await stead.state("acme");
    for (const at of times) await stead.update("acme", [{ ...set("token", String(at)), at }, set(`own-${at}`, "x")], { base });
    expect(values()).toEqual({ token: "2000", "own-1000": "x", "own-2000": "x" });
  });

  it("writes under the name that its program gave", async () => {
    const { stead, options } = await acme([local("token", "a")]);
    await using named = stead.open({ env: options.env, name: "nightly tests" });
    await named.update("acme", [set("token", "b")], { base: (await named.state("acme")).revision });
    expect((await stead.history("acme"))[0]).toMatchObject({ by: "nightly tests" });
  });

  it.each([
    ["no base", [set("token", "b")], {}, "usage"],
    ["no options at all", [set("token", "b")], undefined, "usage"],
    ["a base that is still to come", [set("token", "b")], { base: 1_000_000 }, "usage"],
    ["a base that is no revision", [set("token", "b")], { base: 1.5 }, "usage"],
    ["an empty state", storage({}), { base: 2 }, "conflict"],
    ["changes that are none", [{ kind: "set", entry: { kind: "local", origin, key: "token" } }], { base: 2 }, "fileFormat"],
    ["a state that is none", { cookies: [{ name: 1 }] }, { base: 2 }, "fileFormat"],
  ])("refuses %s, and changes nothing", async (_what, given, options, code) => {
    const { stead, values, store } = await acme([local("token", "a")]);
    const before = store.revision();
    // As a program without types may call it.
    expect(await errorCode(() => Reflect.apply(stead.update.bind(stead), undefined, ["acme", given, options]))).toBe(code);
    expect([values(), store.revision()]).toEqual([{ token: "a" }, before]);
  });

  it("empties a project when it is told to", async () => {
    const { stead, values } = await acme([local("token", "a")]);
    const { revision: base } = await stead.state("acme");
    await stead.update("acme", storage({}), { base, force: true });
    expect(values()).toEqual({});
  });

  it("is refused while another has the project", async () => {
    const { stead } = await acme([local("token", "a")]);
    await using lease = await stead.checkout("acme", { holder: "agent" });
    await expect(stead.update("acme", [set("token", "b")], { base: lease.revision })).rejects.toMatchObject({
      code: "conflict", exitCode: 5, message: expect.stringContaining('"acme" is leased to "agent"') as string,
    });
  });
});

describe("checkout()", () => {
  it("gives the state and takes it back, merged", async () => {
    const { stead, human, values, store } = await acme([local("token", "a"), local("other", "x")]);
    const lease = await stead.checkout("acme", { ttl: "10m", holder: "tests" });
    expect([lease.project, lease.holder, lease.revision, lease.dropped]).toEqual(["acme", "tests", store.revision(), []]);
    expect(lease.expiresAt.getTime() - Date.now()).toBeGreaterThan(9 * 60_000);
    expect(lease.state.origins[0]?.localStorage).toHaveLength(2);
    human(local("other", "human"));
    expect(await lease.checkin(storage({ token: "b", other: "x" }))).toMatchObject({ applied: 1, conflicts: [] });
    expect([values(), store.leases()]).toEqual([{ token: "b", other: "human" }, []]);
    expect((await stead.history("acme"))[0]).toMatchObject({ by: "tests" });
  });

  it("takes changes alone as well, and goes on with the lease when asked to", async () => {
    const { stead, values } = await acme([local("token", "a"), local("other", "x")]);
    await using lease = await stead.checkout("acme", { format: "json" });
    expect(lease.state.format).toBe("stead-state");
    await lease.checkin([set("token", "b")], { keep: true });
    await lease.checkin([set("token", "c")], { keep: true });
    expect(values()).toEqual({ token: "c", other: "x" });
    expect((await lease.renew({ ttl: 120_000 })).getTime()).toBe(lease.expiresAt.getTime());
    await lease.checkin([remove("other")]);
    expect(values()).toEqual({ token: "c" });
    expect(await errorCode(() => lease.checkin([set("token", "d")]))).toBe("conflict");
  });

  it("says who has a project that is leased", async () => {
    const { stead } = await acme();
    await using lease = await stead.checkout("acme", { holder: "first" });
    await expect(stead.checkout("acme")).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining(`leased to "${lease.holder}"`) as string });
  });

  it("is released at the end of its block, also when that fails", async () => {
    const { stead, store } = await acme([local("token", "a")]);
    const work = async (): Promise<never> => {
      await using lease = await stead.checkout("acme");
      expect(store.leases()).toMatchObject([{ holder: lease.holder }]);
      throw new Error("The page did not load.");
    };
    await expect(work()).rejects.toThrow("The page did not load.");
    expect(store.leases()).toEqual([]);
  });

  it("ends without complaint when it was taken back meanwhile, though a check-in is refused", async () => {
    const { stead, store, id, values } = await acme([local("token", "a")]);
    await using lease = await stead.checkout("acme");
    store.revokeLease(id, { by: "cli" });
    expect(await errorCode(() => lease.checkin(storage({ token: "b" })))).toBe("conflict");
    expect(await errorCode(() => lease.renew())).toBe("conflict");
    expect(await errorCode(() => lease.release())).toBe("conflict");
    expect(values()).toEqual({ token: "a" });
  });

  it.each([["no time", "soon"], ["too short a time", 10], ["too long a time", "31d"]])("is refused for %s", async (_what, ttl) => {
    const { stead, store } = await acme();
    expect(await errorCode(() => Reflect.apply(stead.checkout.bind(stead), undefined, ["acme", { ttl }]))).toBe("usage");
    expect(store.leases()).toEqual([]);
  });

  it("is not left behind when its state cannot be written", async () => {
    const { stead, store } = await acme([cookieEntry(), cookieEntry({ domain: "other.test" })]);
    expect(await errorCode(() => stead.checkout("acme", { format: "curl" }))).toBe("usage");
    expect(store.leases()).toEqual([]);
  });
});
