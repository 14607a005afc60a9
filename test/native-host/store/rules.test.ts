import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";
import type { Store } from "../../../native-host/store/types.ts";
import type { Rule, RuleDraft } from "../../../shared/rules/rule.ts";
import { errorCode } from "../../support/errorCode.ts";
import { storeHome, storeIn } from "../../support/storeHome.ts";

const nobody = "00000000-0000-0000-0000-000000000000";
const id = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const [p, q] = [id(901), id(902)];
const [a, b, c] = [id(1), id(2), id(3)];

async function storeWithProjects(): Promise<Store> {
  const store = await storeIn(storeHome());
  store.addProject({ id: p, name: "Acme" });
  store.addProject({ id: q, name: "Other" });
  return store;
}

const draft = (pattern: string, fields: Partial<RuleDraft> = {}): RuleDraft => ({ project: p, pattern, ask: false, ...fields });
const put = (store: Store, ...drafts: RuleDraft[]): Rule[] => store.changeRules({ put: drafts, remove: [] }).put;
const texts = (rules: readonly Rule[]): string[] => rules.map((rule) => `${rule.id.slice(-1)} ${rule.project === p ? "p" : "q"} ${rule.pattern}${rule.ask ? " ask" : ""}`);

describe("changing rules", () => {
  it("answers the rules as they are then, in the order of the drafts, with canonical patterns", async () => {
    const store = await storeWithProjects();
    const change = store.changeRules({
      put: [draft("  *.ExAmple.com./ "), draft("localhost:3000-3000", { project: q, ask: true }), draft("!github.com/acme/*"), draft("/https://x\\.test/.*/")],
      remove: [],
    });
    expect(change.put).toMatchObject([
      { project: p, pattern: "*.example.com", ask: false },
      { project: q, pattern: "localhost:3000", ask: true },
      { project: p, pattern: "!github.com/acme", ask: false },
      { project: p, pattern: "/https://x\\.test/.*/", ask: false },
    ]);
    expect(change).toMatchObject({ removed: 0, revision: 3 });
    expect(store.rules()).toEqual(change.put);
    expect(store.rules(q)).toEqual([change.put[1]]);
  });

  // [what, rules there, drafts, ids to remove, rules then, what the drafts became]
  const known = [draft("one.test", { id: a }), draft("two.test", { id: b }), draft("one.test", { id: c, project: q })];
  const untouched = ["1 p one.test", "2 p two.test", "3 q one.test"];
  it.each<[string, RuleDraft[], string[], string[], string[]]>([
    ["a draft with an id of nobody's makes a rule of that id", [draft("new.test", { id: id(7) })], [], [...untouched, "7 p new.test"], ["7 p new.test"]],
    ["a draft with a rule's id changes that rule", [draft("new.test", { id: a, ask: true })], [], ["1 p new.test ask", ...untouched.slice(1)], ["1 p new.test ask"]],
    ["a draft without an id changes the rule of its pattern and project", [draft("ONE.test", { ask: true })], [], ["1 p one.test ask", ...untouched.slice(1)], ["1 p one.test ask"]],
    ["so does one with an id that nobody has", [draft("one.test", { id: id(7), ask: true })], [], ["1 p one.test ask", ...untouched.slice(1)], ["1 p one.test ask"]],
    ["a rule that becomes like another one replaces it", [draft("two.test", { id: a })], [], ["1 p two.test", "3 q one.test"], ["1 p two.test"]],
    ["a rule can move to another project", [draft("two.test", { id: b, project: q })], [], ["1 p one.test", "2 q two.test", "3 q one.test"], ["2 q two.test"]],
    ["and replaces its like there", [draft("one.test", { id: a, project: q })], [], ["1 q one.test", "2 p two.test"], ["1 q one.test"]],
    ["two drafts of one pattern and project make one rule, the last one", [draft("new.test", { id: id(7) }), draft("NEW.test", { ask: true })], [], [...untouched, "7 p new.test ask"], ["7 p new.test ask", "7 p new.test ask"]],
    ["two drafts of two rules make one rule as well", [draft("new.test", { id: a }), draft("new.test", { id: b })], [], ["2 p new.test", "3 q one.test"], ["2 p new.test", "2 p new.test"]],
    ["two rules can change places", [draft("two.test", { id: a }), draft("one.test", { id: b })], [], ["1 p two.test", "2 p one.test", "3 q one.test"], ["1 p two.test", "2 p one.test"]],
    ["what is removed makes room for what is put", [draft("one.test", { id: id(7) })], [a], ["7 p one.test", ...untouched.slice(1)], ["7 p one.test"]],
    ["a rule that is removed and put is there", [draft("one.test", { id: a })], [a], untouched, ["1 p one.test"]],
    ["rules nobody has are not removed", [], [id(7), nobody], untouched, []],
    ["removing removes", [], [b, a], ["3 q one.test"], []],
  ])("%s", async (_what, drafts, remove, then, became) => {
    const store = await storeWithProjects();
    put(store, ...known);
    const change = store.changeRules({ put: drafts, remove });
    expect(texts(store.rules()).sort()).toEqual([...then].sort());
    expect(texts(change.put)).toEqual(became);
    expect(change.removed).toBe(remove.filter((one) => known.some((rule) => rule.id === one)).length);
    expect(store.verify().damaged).toEqual([]);
  });

  it("takes one revision for all of it, and none when nothing changes", async () => {
    const store = await storeWithProjects();
    const before = store.revision();
    expect(store.changeRules({ put: [draft("one.test"), draft("two.test")], remove: [] }).revision).toBe(before + 1);
    expect(store.changeRules({ put: [draft("one.TEST"), draft("two.test")], remove: [nobody] }).revision).toBe(before + 1);
    expect(store.revision()).toBe(before + 1);
  });

  it("is all or nothing, and names the pattern that was refused without what it may hide", async () => {
    const store = await storeWithProjects();
    put(store, draft("one.test", { id: a }));
    const revision = store.revision();
    const bad = draft("https://ann:pAsSwOrD@shop.test/pay?token=hIdDeN#fragment");
    let refusal: unknown;
    try {
      store.changeRules({ put: [draft("new.test"), bad], remove: [a] });
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toMatchObject({ code: "badPattern" });
    expect(String(refusal)).toContain("shop.test/pay");
    expect(JSON.stringify(refusal) + String(refusal)).not.toMatch(/pAsSwOrD|hIdDeN/);
    expect(await errorCode(() => store.changeRules({ put: [draft("new.test"), draft("x.test", { project: nobody })], remove: [a] }))).toBe("unknownProject");
    expect(await errorCode(() => put(store, draft("x.test", { id: "rule one" })))).toBe("badMessage");
    expect(texts(store.rules())).toEqual(["1 p one.test"]);
    expect(store.revision()).toBe(revision);
  });

  it("outlasts a rotation of the data key", async () => {
    const store = await storeIn(storeHome(), { sealLimit: 3 });
    store.addProject({ id: p, name: "Acme" });
    for (let n = 0; n < 10; n++) put(store, draft(`host-${n}.test`));
    put(store, draft("host-3.test", { ask: true }));
    expect(store.rules()).toHaveLength(10);
    expect(store.verify()).toEqual({ items: 0, damaged: [] });
  });
});

describe("the rules", () => {
  it("of one project are its own, and those of an unknown one are refused", async () => {
    const store = await storeWithProjects();
    put(store, draft("one.test", { id: a }), draft("one.test", { id: c, project: q }));
    expect(texts(store.rules(p))).toEqual(["1 p one.test"]);
    expect(await errorCode(() => store.rules(nobody))).toBe("unknownProject");
  });

  it("that were damaged are counted, refused when read, and can be replaced or removed", async () => {
    const store = await storeWithProjects();
    put(store, draft("one.test", { id: a }), draft("two.test", { id: b }), draft("three.test", { id: c }));
    const db = new Sqlite(store.path);
    db.prepare("UPDATE rule SET sealed = (SELECT sealed FROM rule WHERE id = ?) WHERE id IN (?, ?)").run(c, a, b);
    db.prepare("UPDATE rule SET pattern_hash = zeroblob(32) WHERE id = ?").run(c);
    db.close();
    expect(store.verify()).toEqual({ items: 0, damaged: [{ reason: "rule", count: 3 }] });
    expect(await errorCode(() => store.rules())).toBe("storeDamaged");
    expect(await errorCode(() => store.rulesSince(null, 0))).toBe("storeDamaged");
    store.changeRules({ put: [draft("one.test", { id: a })], remove: [b, c] });
    expect(texts(store.rules())).toEqual(["1 p one.test"]);
    expect(store.verify().damaged).toEqual([]);
  });

  it("removed at a revision that was never given out are counted", async () => {
    const store = await storeWithProjects();
    put(store, draft("one.test", { id: a }));
    store.changeRules({ put: [], remove: [a] });
    const db = new Sqlite(store.path);
    db.prepare("UPDATE rule SET revision = 1000").run();
    db.close();
    expect(store.verify()).toEqual({ items: 0, damaged: [{ reason: "revision", count: 1 }] });
  });
});

describe("a change among many rules", () => {
  it("reads none of the others, and neither does asking for it", async () => {
    const store = await storeWithProjects();
    put(store, ...Array.from({ length: 50 }, (_, n) => draft(`host-${n}.test`, { id: id(100 + n) })));
    const { revision: known } = store.rulesSince(store.id, 0);
    const db = new Sqlite(store.path);
    db.prepare("UPDATE rule SET sealed = zeroblob(60) WHERE id <> ?").run(id(107));
    db.close();
    expect(put(store, draft("host-7.test", { ask: true }), draft("new.test", { id: a }))).toMatchObject([{ id: id(107), ask: true }, { id: a }]);
    store.changeRules({ put: [], remove: [id(120)] });
    expect(store.rulesSince(store.id, known)).toMatchObject({ all: false, set: [{ id: id(107) }, { id: a }], removed: [id(120)] });
    expect(store.registry().projects.map(({ rules }) => rules)).toEqual([50, 0]);
  });
});

describe("rules since a revision", () => {
  it("are those that changed above it, and the ids of those that went", async () => {
    const store = await storeWithProjects();
    put(store, draft("one.test", { id: a }), draft("two.test", { id: b }));
    const { revision: known } = store.rulesSince(store.id, 0);
    expect(store.rulesSince(store.id, known)).toEqual({ store: store.id, revision: known, all: false, set: [], removed: [] });
    store.changeRules({ put: [draft("three.test", { id: c })], remove: [a] });
    put(store, draft("two.test", { id: b, ask: true }));
    const change = store.rulesSince(store.id, known);
    expect(change).toMatchObject({ revision: known + 2, all: false, removed: [a] });
    expect(texts(change.set)).toEqual(["3 p three.test", "2 p two.test ask"]);
    put(store, draft("one.test", { id: a }));
    expect(store.rulesSince(store.id, known).removed).toEqual([]);
  });

  it("lead whoever asks now and then to what the store has, whatever happens in between", async () => {
    const store = await storeWithProjects();
    const mirror = new Map<string, Rule>();
    let known = 0;
    let seed = 1;
    const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    for (let round = 0; round < 200; round++) {
      const drafts = Array.from({ length: random(4) }, () =>
        draft(`host-${random(6)}.test`, { project: random(2) ? p : q, ask: random(2) === 0, ...(random(2) && { id: id(random(8)) }) }),
      );
      store.changeRules({ put: drafts, remove: Array.from({ length: random(3) }, () => id(random(8))) });
      if (random(3) > 0) continue;
      const change = store.rulesSince(store.id, known);
      if (change.all) mirror.clear();
      for (const rule of change.removed) mirror.delete(rule);
      for (const rule of change.set) mirror.set(rule.id, rule);
      known = change.revision;
      expect(texts([...mirror.values()]).sort()).toEqual(texts(store.rules()).sort());
      expect(store.registry().rules).toEqual({ store: store.id, revision: known });
    }
    expect(store.verify().damaged).toEqual([]);
  });

  it.each([
    ["another store", nobody, 3],
    ["no store", null, 3],
    ["the beginning", undefined, 0],
    ["a future this store never saw", undefined, 99],
  ])("of %s are all there are", async (_what, known, since) => {
    const store = await storeWithProjects();
    put(store, draft("one.test", { id: a }), draft("two.test", { id: b }));
    store.changeRules({ put: [], remove: [b] });
    const change = store.rulesSince(known === undefined ? store.id : known, since);
    expect(change).toEqual({ store: store.id, revision: 4, all: true, set: store.rules(), removed: [] });
  });
});

describe("a removed project's rules", () => {
  it("go with it, and whoever asks next gets all that are left", async () => {
    const store = await storeWithProjects();
    put(store, draft("one.test", { id: a }), draft("two.test", { id: b }), draft("one.test", { id: c, project: q }));
    expect(store.registry().projects.map(({ rules }) => rules)).toEqual([2, 1]);
    const { revision: known } = store.rulesSince(store.id, 0);
    expect(store.removeProject(p, { by: "cli" })).toEqual({ name: "Acme", items: 0, rules: 2 });
    expect(store.registry().projects.map(({ rules }) => rules)).toEqual([1]);
    expect(store.registry().rules?.revision).toBeGreaterThan(known);
    const change = store.rulesSince(store.id, known);
    expect(change.all).toBe(true);
    expect(texts(change.set)).toEqual(["3 q one.test"]);
    expect(store.rulesSince(store.id, change.revision)).toMatchObject({ all: false, set: [], removed: [] });
    expect(put(store, draft("one.test", { id: a, project: q }))).toMatchObject([{ id: c }]);
    expect(store.verify().damaged).toEqual([]);
  });
});
