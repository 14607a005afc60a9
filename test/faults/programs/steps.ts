import type { CookieChange } from "../../../shared/models.ts";
import type { RuleDraft } from "../../../shared/rules/rule.ts";
import type { Entry } from "../../../shared/state/entry.ts";
import { entryName } from "../../../shared/state/entryName.ts";
import type { Store } from "../../../native-host/store/types.ts";
import { cookie } from "../../support/cookies.ts";

const a = "aaaaaaaa-0000-4000-8000-000000000000";
const b = "bbbbbbbb-0000-4000-8000-000000000000";
const set = (name: string, value: string): CookieChange => ({ kind: "set", cookie: cookie({ name, value }), at: 1 });
const cookies = (count: number, value: string): CookieChange[] => Array.from({ length: count }, (_, place) => set(`c${place}`, value));
const rules = (project: string, count: number, ask = false): RuleDraft[] =>
  Array.from({ length: count }, (_, place) => ({ id: `${project.slice(0, 24)}${String(place).padStart(12, "0")}`, project, pattern: `host-${place}.test`, ask }));

const removeOther = (store: Store): unknown => store.removeProject(b, { by: "cli" });

const local = (key: string, value: string): Entry => ({ kind: "local", origin: "https://app.example.com", key, value });

/** A program's round with a lease. One that was cut short has left its lease. */
function checkIn(store: Store, ...entries: Entry[]): unknown {
  store.revokeLease(a, { by: "cli" });
  const { token } = store.checkout(a, { holder: "program", ttlMs: 60_000 });
  return store.checkin(a, { kind: "whole", entries, covers: ({ kind }) => kind === "local", at: 5 }, { token });
}

/** One acknowledged change each: what a user does in a day, in the shortest form that touches every table. */
export const steps: readonly ((store: Store) => unknown)[] = [
  (store) => store.addProject({ id: a, name: "Acme" }),
  (store) => store.write(a, cookies(3, "first"), { by: "cli" }),
  (store) => store.addProject({ id: b, name: "Other" }),
  (store) => store.changeRules({ put: [...rules(a, 3), ...rules(b, 30)], remove: [] }),
  (store) => store.setSettings({ external: { kind: "project", project: b }, strict: [a, b], answers: { "ask.test": b } }),
  (store) => store.setActive({ project: b, at: 1, pending: false }),
  (store) => store.write(b, cookies(40, "x".repeat(600)), { by: "cli" }),
  (store) => store.write(a, [{ kind: "remove", id: cookie({ name: "c1" }), at: 2 }, set("c2", "second")], { by: "cli" }),
  (store) => store.changeRules({ put: rules(a, 2, true), remove: rules(a, 3).slice(2).flatMap(({ id }) => id ?? []) }),
  (store) => store.updateProject(a, { name: "Renamed" }),
  removeOther,
  (store) => store.write(a, [set("c3", "last")], { by: "cli" }),
  (store) => store.changeRules({ put: rules(a, 4), remove: [] }),
  (store) => checkIn(store, local("token", "one"), local("other", "x".repeat(5000))),
  (store) => checkIn(store, local("token", "two")),
  (store) => store.forget(a, { by: "cli", domain: "app.example.com" }),
  (store) => checkIn(store, local("token", "three")),
];

/** Which of them removes a project. */
export const removal = steps.indexOf(removeOther);

/** All that a user could tell two stores apart by. */
export function snapshot(store: Store): unknown {
  const { projects, active, removed, settings } = store.registry();
  const items = projects.map(({ id }) => store.unaudited.entries(id, { tombstones: true }).map(({ id: one, entry }) => JSON.stringify([entryName(one), entry])).sort());
  return { projects, active, removed, settings, items, rules: store.rules() };
}
