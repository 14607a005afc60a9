import type { ErrorShape } from "../../../shared/errors.ts";
import { type Color, colors, type Icon, icons, type Project } from "../../../shared/models.ts";
import type { PageContent, PageState } from "../../../shared/protocol/page.ts";

/** What the background page of a test of our own pages in tabs knows, and how it behaves. */
export interface PageScene {
  state: PageState;
  /** Calls that are refused, by method. */
  refusals?: Record<string, ErrorShape>;
  /** What a link becomes; null: it is opened at once. */
  link?: string | null;
  /** The question is never answered. */
  silent?: boolean;
  /** No one listens at the other end. */
  asleep?: boolean;
}

export function project(n: number, name: string, color: Color, icon: Icon = icons[n % icons.length] ?? "circle"): Project {
  return { id: projectId(n), name, color, icon };
}

export function projectId(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
}

export const projects: Project[] = [
  project(1, "Acme", "orange", "briefcase"),
  project(2, "Bäckerei Schön", "pink", "food"),
  project(3, "Client portal", "blue", "fence"),
  project(4, "side-project", "green", "chill"),
];
const manyProjects = Array.from({ length: 30 }, (_, n) => project(n + 1, `Client ${n + 1}`, colors[n % colors.length] ?? "blue"));

/** No part of the query may be seen. */
export const secret = "kxq81zz";
const url = `https://code.example.org/acme-shop/site/issues?state=${secret}&page=2`;
const choose: Extract<PageContent, { kind: "choose" }> = {
  kind: "choose",
  url,
  why: "rule",
  projects: [projectId(3), projectId(1)],
  pattern: "code.example.org/acme-shop",
};
const state: PageState = { content: choose, projects, here: null, first: projectId(1), remembers: "code.example.org/acme-shop" };

export const pageScenes = {
  rule: { state: { ...state, here: projectId(1) } },
  external: { state: { ...state, content: { ...choose, why: "external", projects: [], pattern: null }, first: null, remembers: "code.example.org" } },
  link: { state: { ...state, content: { ...choose, why: "link", projects: [], pattern: null }, first: null, remembers: "code.example.org" }, link: "question" },
  signIn: { state: { ...state, content: { ...choose, why: "signIn", projects: [projectId(2)], pattern: null }, first: projectId(2), remembers: null } },
  many: { state: { ...state, projects: manyProjects } },
  loop: { state: { ...state, content: { kind: "loop", url, projects: [projectId(1), projectId(2)] }, remembers: null } },
  contested: { state: { ...state, content: { kind: "contested", url, project: projectId(2) }, remembers: null } },
  signInUsed: { state: { ...state, content: { kind: "signInUsed", host: "127.0.0.1:8976", project: projectId(1) }, remembers: null } },
  signInMismatch: { state: { ...state, content: { kind: "signInMismatch", host: "127.0.0.1:8976", project: projectId(1), here: null }, remembers: null } },
  signInMismatchHere: {
    state: { ...state, content: { kind: "signInMismatch", host: "127.0.0.1:8976", project: projectId(1), here: projectId(2) }, remembers: null },
  },
  removedProject: { state: { ...state, projects: [], content: { kind: "contested", url, project: projectId(9) }, remembers: null } },
  gone: { state: { ...state, content: null, remembers: null } },
  signed: { state, link: null },
  badLink: {
    state,
    refusals: {
      "page.link": {
        code: "badLink",
        message: "The link was expected to have an address (url=); it has none.",
        hint: "A link looks like ext+stead:open?project=acme&url=https%3A%2F%2Fexample.com; stead open --link makes one.",
      },
    },
  },
  notAdopted: {
    state,
    refusals: {
      "page.answer": { code: "adoptionNeeded", message: "Firefox already has a container named “Acme” that Stead did not make.", hint: "Repeat with --adopt." },
    },
  },
  waiting: { state, silent: true },
  asleep: { state, asleep: true },
} satisfies Record<string, PageScene>;

export type PageSceneName = keyof typeof pageScenes;
