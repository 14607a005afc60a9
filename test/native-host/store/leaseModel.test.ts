import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Store } from "../../../native-host/store/types.ts";
import { SteadError } from "../../../shared/errors.ts";
import type { Entry } from "../../../shared/state/entry.ts";
import { local } from "../../support/entries.ts";
import { storeHome, storeIn } from "../../support/storeHome.ts";

/** What each holder believes it has: a stopped one sleeps through whatever happens, and believes it still. */
interface Model {
  now: number;
  current: { holder: number; fence: number; expiresAt: number } | undefined;
  fences: (number | undefined)[];
  lastFence: number;
  /** By key: what must be there. */
  values: Map<string, string>;
}

interface Real {
  store: Store;
  id: string;
  clock: { now: number };
  tokens: string[];
  count: number;
}

type Step = fc.Command<Model, Real>;

const holders = [0, 1, 2];
const isGood = (model: Model, holder: number): boolean =>
  model.current !== undefined && model.current.fence === model.fences[holder] && model.current.expiresAt > model.now;
const isFree = ({ current, now }: Model): boolean => current === undefined || current.expiresAt <= now;

/** Done, or refused as a conflict with the store as it was. */
function attempt<T>({ store }: Real, expected: boolean, work: () => T): T | undefined {
  const [revision, leases] = [store.revision(), JSON.stringify(store.leases())];
  try {
    const result = work();
    expect(expected).toBe(true);
    return result;
  } catch (error) {
    if (!(error instanceof SteadError)) throw error;
    expect([error.code, expected]).toEqual(["conflict", false]);
    expect([store.revision(), JSON.stringify(store.leases())]).toEqual([revision, leases]);
    return undefined;
  }
}

function step(name: string, run: (model: Model, real: Real) => void): Step {
  return {
    check: () => true,
    run(model, real) {
      run(model, real);
      expect(real.store.leases().map(({ holder, expiresAt }) => [holder, expiresAt])).toEqual(
        model.current && !isFree(model) ? [[`h${model.current.holder}`, model.current.expiresAt]] : [],
      );
      const values = new Map(real.store.unaudited.entries(real.id).map(({ entry }) => (entry?.kind === "local" ? [entry.key, entry.value] : ["", ""])));
      expect(values).toEqual(model.values);
    },
    toString: () => name,
  };
}

const checkout = (holder: number, ttlMs: number): Step =>
  step(`checkout ${holder} for ${ttlMs}`, (model, real) => {
    const result = attempt(real, isFree(model), () => real.store.checkout(real.id, { holder: `h${holder}`, ttlMs }));
    if (!result) return;
    const fence = Number(result.token.split(".")[0]);
    expect(fence).toBeGreaterThan(model.lastFence);
    expect(new Map(result.entries.map((entry) => (entry.kind === "local" ? [entry.key, entry.value] : ["", ""])))).toEqual(model.values);
    real.tokens[holder] = result.token;
    model.fences[holder] = model.lastFence = fence;
    model.current = { holder, fence, expiresAt: model.now + ttlMs };
  });

const checkin = (holder: number, keep: boolean): Step =>
  step(`${keep ? "check in and keep" : "check in"} ${holder}`, (model, real) => {
    const token = real.tokens[holder];
    if (token === undefined) return;
    const value = `${real.count++}`;
    const entry: Entry = local(`of h${holder}`, value);
    const done = attempt(real, isGood(model, holder), () =>
      real.store.checkin(real.id, { kind: "changes", changes: [{ kind: "set", entry, at: model.now }] }, { token, keep }),
    );
    if (!done) return;
    expect(done.conflicts).toEqual([]);
    model.values.set(`of h${holder}`, value);
    if (!keep) model.current = undefined;
  });

const renew = (holder: number, ttlMs: number): Step =>
  step(`renew ${holder} for ${ttlMs}`, (model, real) => {
    const token = real.tokens[holder];
    if (token === undefined) return;
    const done = attempt(real, isGood(model, holder), () => real.store.renewLease(real.id, { token, ttlMs }));
    if (done && model.current) model.current.expiresAt = model.now + ttlMs;
  });

const release = (holder: number): Step =>
  step(`release ${holder}`, (model, real) => {
    const token = real.tokens[holder];
    if (token === undefined) return;
    const done = attempt(real, isGood(model, holder), () => {
      real.store.releaseLease(real.id, { token });
      return true;
    });
    if (done) model.current = undefined;
  });

const revoke = step("revoke", (model, real) => {
  expect(real.store.revokeLease(real.id, { by: "cli" }) !== undefined).toBe(!isFree(model));
  model.current = undefined;
});

const wait = (ms: number): Step =>
  step(`wait ${ms}`, (model, real) => {
    model.now = real.clock.now += ms;
  });

const human = step("a person changes something", (model, real) => {
  const value = `${real.count++}`;
  real.store.writeEntries(real.id, [{ kind: "set", entry: local("of the person", value), at: model.now }], { by: "firefox" });
  model.values.set("of the person", value);
});

describe("leases, whoever stops, wakes up, is late or is turned out", () => {
  it("are good for one holder at a time, and no stale token changes anything", async () => {
    const clock = { now: 0 };
    const store = await storeIn({ ...storeHome(), now: () => clock.now });
    let count = 0;
    const holder = fc.constantFrom(...holders);
    const ttl = fc.constantFrom(1000, 5000);
    const steps = fc.commands(
      [
        fc.tuple(holder, ttl).map(([who, ttlMs]) => checkout(who, ttlMs)),
        fc.tuple(holder, fc.boolean()).map(([who, keep]) => checkin(who, keep)),
        fc.tuple(holder, ttl).map(([who, ttlMs]) => renew(who, ttlMs)),
        holder.map(release),
        fc.constant(revoke),
        fc.constantFrom(1, 999, 1000, 3000).map(wait),
        fc.constant(human),
      ],
      { size: "medium" },
    );
    fc.assert(
      fc.property(steps, (commands) => {
        const { id } = store.addProject({ name: `p${count++}` });
        const model: Model = { now: clock.now, current: undefined, fences: [], lastFence: 0, values: new Map() };
        fc.modelRun(() => ({ model, real: { store, id, clock, tokens: [], count: 0 } }), commands);
        store.removeProject(id, { by: "cli" });
      }),
      { numRuns: 120 },
    );
  }, 60_000);
});
