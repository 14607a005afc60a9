import type { CookieChange } from "../../../shared/models.ts";
import type { RuleDraft } from "../../../shared/rules/rule.ts";
import type { Store } from "../../../native-host/store/types.ts";
import { cookie } from "../../support/cookies.ts";

const a = "aaaaaaaa-0000-4000-8000-000000000000";
const b = "bbbbbbbb-0000-4000-8000-000000000000";
const set = (name: string, value: string): CookieChange => ({ kind: "set", cookie: cookie({ name, value }), at: 1 });
const cookies = (count: number, value: string): CookieChange[] => Array.from({ length: count }, (_, place) => set(`c${place}`, value));
const rules = (project: string, count: number, ask = false): RuleDraft[] =>
  Array.from({ length: count }, (_, place) => ({ id: `${project.slice(0, 24)}${String(place).padStart(12, "0")}`, project, pattern: `host-${place}.test`, ask }));

const removeOther = (store: Store): unknown => store.removeProject(b);

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
];

/** Which of them removes a project. */
export const removal = steps.indexOf(removeOther);

/** All that a user could tell two stores apart by. */
export function snapshot(store: Store): unknown {
  const { projects, active, removed, settings } = store.registry();
  const items = projects.map(({ id }) => store.items(id, { tombstones: true }).map((item) => [item.id.name, item.cookie?.value ?? null]).sort());
  return { projects, active, removed, settings, items, rules: store.rules() };
}
