import type { ErrorShape } from "../../../shared/errors.ts";
import { type Color, colors, type Icon, icons } from "../../../shared/models.ts";
import type { Conflict } from "../../../shared/protocol/store.ts";
import type { CurrentPage, HostState, PopupProject, PopupState } from "../../../shared/protocol/popup.ts";

/** What the background page of a popup test knows and how it behaves. */
export interface Scene {
  state: PopupState;
  /** Calls that are refused, by method; "switch" refuses with `adoptionNeeded` only while `adopt` is absent. */
  refusals?: Record<string, ErrorShape>;
  /** Milliseconds until the state is answered; absent: at once; null: never. */
  stateAfter?: number | null;
  /** No one listens at the other end. */
  asleep?: boolean;
}

export const connected: HostState = { kind: "connected", instance: "firefox", vault: { state: "unlocked", source: "keychain" } };

export function project(n: number, name: string, color: Color, rest: Partial<PopupProject> = {}): PopupProject {
  return { id: projectId(n), name, color, icon: icons[n % icons.length] ?? "circle", tabs: n * 3, items: n * 100, rules: n, adoptable: false, ...rest };
}

export function projectId(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
}

const few: PopupProject[] = [
  project(1, "Acme", "blue", { icon: "briefcase", tabs: 4 }),
  project(2, "Bäckerei Schön", "orange", { icon: "food", tabs: 12 }),
  project(3, "Client portal", "turquoise", { icon: "fingerprint", tabs: 0 }),
  project(4, "Side project", "purple", { icon: "chill", tabs: 1, items: 1, rules: 1 }),
  project(5, "מיזם אישי", "red", { icon: "tree", tabs: 2 }),
];
const state: PopupState = { projects: few, current: projectId(1), bound: null, host: connected };

const page: CurrentPage = {
  tab: 7,
  url: "https://shop.acme.test/team/site?token=secret",
  project: projectId(1),
  owners: [projectId(1)],
  pattern: "*.acme.test",
  suggestions: [
    { pattern: "shop.acme.test", covers: "host" },
    { pattern: "*.acme.test", covers: "site" },
    { pattern: "shop.acme.test/team", covers: "path" },
    { pattern: "shop.acme.test/team/site", covers: "path" },
  ],
};

const lease = (n: number, holder: string) => ({ lease: { project: projectId(n), holder, expiresAt: Date.UTC(2099, 0, 31, 9) } });
const leased = few.map((one, place) => (place === 1 ? { ...one, ...lease(2, "agent") } : one));

const longHolder = "a program with a name that is quite long, nearly sixty-four long";
const manyLeased = Array.from({ length: 40 }, (_, n) =>
  project(n + 1, `Client with quite a long name ${n + 1}`, colors[n % colors.length] ?? "blue", lease(n + 1, longHolder)),
);

export const conflict: Conflict = {
  project: projectId(2),
  revision: 12,
  at: Date.UTC(2030, 0, 31),
  by: "agent",
  count: 2,
  lost: 2,
  items: [{ kind: "cookie", domain: "shop.acme.test", name: "sid" }, { kind: "local", domain: "shop.acme.test", name: "token" }],
};

const allColors: [Color, string, Icon][] = colors.map((color, n) => [color, `${color.slice(0, 1).toUpperCase()}${color.slice(1)} works`, icons[n] ?? "circle"]);

export const scenes = {
  few: { state },
  first: { state: { projects: [], current: null, bound: null, host: connected } },
  bound: { state: { ...state, bound: projectId(1) } },
  many: {
    state: {
      ...state,
      projects: Array.from({ length: 500 }, (_, n) => project(n + 1, `Client ${n + 1}`, colors[n % colors.length] ?? "blue", { tabs: n % 17 })),
      current: projectId(250),
    },
  },
  colors: {
    state: { ...state, projects: allColors.map(([color, name, icon], n) => project(n + 1, name, color, { icon, tabs: n })) },
  },
  connecting: { state: { ...state, host: { kind: "connecting" } } },
  missing: {
    state: {
      ...state,
      projects: few.map((one) => ({ ...one, items: null, rules: null })),
      host: { kind: "missing", detail: "No such native application stead" },
    },
  },
  missingFirst: { state: { projects: [], current: null, bound: null, host: { kind: "missing", detail: "No such native application stead" } } },
  failed: {
    state: {
      ...state,
      host: { kind: "failed", message: "The store was written by version 0.3.0, this is 0.1.0.", hint: "Update Stead: the store was written by a newer version." },
    },
  },
  locked: {
    state: {
      ...state,
      projects: few.map((one) => ({ ...one, items: null, rules: null })),
      host: { kind: "connected", instance: "firefox", vault: { state: "locked", source: "passphrase" } },
    },
  },
  adoption: {
    state,
    refusals: {
      switch: { code: "adoptionNeeded", message: "Firefox has a container named Client portal that Stead did not make.", hint: "Repeat with --adopt." },
    },
  },
  refused: {
    state,
    refusals: {
      switch: { code: "storeBusy", message: "Another stead process holds the store.", hint: "Another stead process is writing; try again." },
      "project.update": { code: "projectExists", message: "There is a project named Acme already.", hint: "Choose another name, or use the project that is there." },
    },
  },
  slow: { state, stateAfter: 400 },
  noAccess: { state: { ...state, access: false } },
  manyMissing: {
    state: {
      ...state,
      projects: Array.from({ length: 20 }, (_, n) => project(n + 1, `Client ${n + 1}`, colors[n % colors.length] ?? "blue")),
      host: { kind: "missing", detail: "No such native application stead" },
    },
  },
  page: { state: { ...state, page } },
  pageOfNone: { state: { ...state, page: { ...page, project: null, owners: [], pattern: null } } },
  pageOfSeveral: { state: { ...state, page: { ...page, owners: [projectId(1), projectId(2)] } } },
  pageMany: {
    state: {
      ...state,
      page,
      bound: projectId(1),
      notice: { kind: "postLeft", host: "shop.acme.test", project: projectId(2) },
      projects: Array.from({ length: 40 }, (_, n) => project(n + 1, `Client with quite a long name ${n + 1}`, colors[n % colors.length] ?? "blue")),
      host: { kind: "missing", detail: "No such native application stead" },
    },
  },
  notice: { state: { ...state, page, notice: { kind: "postLeft", host: "shop.acme.test", project: projectId(2) } } },
  leased: { state: { ...state, projects: leased } },
  leasedMany: {
    state: {
      ...state,
      page,
      bound: projectId(1),
      access: false,
      notice: { kind: "postLeft", host: "shop.acme.test", project: projectId(2) },
      conflict,
      projects: manyLeased,
    },
  },
  conflictMany: {
    state: {
      ...state,
      page,
      bound: projectId(1),
      conflict: {
        ...conflict,
        by: longHolder,
        count: 40,
        lost: 7,
        items: Array.from({ length: 5 }, (_, n) => ({ kind: "local", domain: "some.quite.long.name.acme.test", name: `a-key-that-has-no-end-${"x".repeat(60)}-${n}` })),
      },
      projects: manyLeased,
    },
  },
  leaseRefused: {
    state: { ...state, projects: leased },
    refusals: { "lease.revoke": { code: "storeBusy", message: "Another stead process holds the store.", hint: "Another stead process is writing; try again." } },
  },
  conflict: { state: { ...state, conflict } },
  conflictTheirs: { state: { ...state, conflict: { ...conflict, count: 1, lost: 0, items: conflict.items.slice(0, 1) } } },
  conflictBoth: { state: { ...state, conflict: { ...conflict, count: 7, lost: 3 } } },
  notAdopted: {
    state: { ...state, page },
    refusals: { "page.reopen": { code: "adoptionNeeded", message: "Firefox already has a container named Acme that Stead did not make.", hint: "Repeat with --adopt." } },
  },
  waiting: { state, stateAfter: null },
  asleep: { state, asleep: true },
} satisfies Record<string, Scene>;

export type SceneName = keyof typeof scenes;
