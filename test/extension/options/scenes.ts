import type { ErrorShape } from "../../../shared/errors.ts";
import type { OptionsState } from "../../../shared/protocol/options.ts";
import type { Rule } from "../../../shared/rules/rule.ts";
import { defaultSettings } from "../../../shared/settings.ts";
import { connected, project, projectId, scenes as popupScenes } from "../popup/scenes.ts";

/** What the background page of an options page's test knows and how it behaves. */
export interface OptionsScene {
  state: OptionsState;
  rules: Rule[];
  /** So many more rules, made up in the page. */
  manyRules?: number;
  /** Calls that are refused, by method. */
  refusals?: Record<string, ErrorShape>;
  /** No one listens at the other end. */
  asleep?: boolean;
}

export function ruleId(n: number): string {
  return `10000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
}

export function rule(n: number, pattern: string, owner = 1, ask = false): Rule {
  return { id: ruleId(n), project: projectId(owner), pattern, ask };
}

/** Every seventh of a project, no two alike. */
export function manyRules(count: number): Rule[] {
  return Array.from({ length: count }, (_, n) => rule(1000 + n, n % 5 === 0 ? `*.site-${n}.example` : n % 5 === 1 ? `site-${n}.example/team` : `site-${n}.example`, 1 + (n % 4), n % 11 === 0));
}

const few: Rule[] = [
  rule(1, "github.com/acme"),
  rule(2, "*.acme.example"),
  rule(3, "!blog.acme.example"),
  rule(4, "localhost:3000"),
  rule(5, "*.github.com", 4),
  rule(6, "github.com", 4, true),
  rule(7, "localhost:5170-5179", 2),
  rule(8, "schoen.example", 2),
  rule(9, "portal.example", 3),
  rule(10, "portal.example", 4),
  rule(11, "/https://(dev|stage)-\\d+\\.acme\\.test/.*/"),
];

export const state: OptionsState = {
  ...popupScenes.few.state,
  settings: {
    external: { kind: "ask" },
    strict: [projectId(3)],
    inherit: defaultSettings.inherit,
    answers: { "portal.example": projectId(3), "github.com": projectId(4) },
  },
  unsent: 0,
  access: true,
};

const empty: OptionsState = { ...state, projects: [], current: null, settings: defaultSettings };
const missing = { kind: "missing", detail: "No such native application stead" } as const;

export const scenes = {
  few: { state, rules: few },
  first: { state: empty, rules: [] },
  firstMissing: { state: { ...empty, host: missing }, rules: [] },
  many: { state, rules: few, manyRules: 10_000 },
  missing: { state: { ...state, host: missing, unsent: 3, projects: state.projects.map((one) => ({ ...one, items: null, rules: null })) }, rules: few },
  failed: { state: { ...state, host: { kind: "failed", message: "The store was written by version 0.3.0, this is 0.1.0.", hint: "Update Stead." } }, rules: few },
  locked: { state: { ...state, host: { kind: "connected", instance: "firefox", vault: { state: "locked", source: "passphrase" } } }, rules: few },
  keyFile: { state: { ...state, host: { kind: "connected", instance: "firefox", vault: { state: "unlocked", source: "file" } } }, rules: few },
  noAccess: { state: { ...state, access: false }, rules: few },
  adoptable: { state: { ...state, projects: [project(1, "Acme", "blue", { adoptable: true })] }, rules: [] },
  refused: {
    state,
    rules: few,
    refusals: Object.fromEntries(
      ["project.add", "project.update", "project.remove", "rules.change", "settings.set", "switch"].map((method) => [
        method,
        { code: "storeBusy", message: "Another stead process holds the store.", hint: "Try again." } satisfies ErrorShape,
      ]),
    ),
  },
  asleep: { state, rules: few, asleep: true },
} satisfies Record<string, OptionsScene>;

export type OptionsSceneName = keyof typeof scenes;
export { connected, project, projectId };
