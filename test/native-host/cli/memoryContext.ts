import { cookieKey, sameCookie } from "../../../shared/cookie.ts";
import { SteadError } from "../../../shared/errors.ts";
import type { Cookie, CookieChange, Project, Tally } from "../../../shared/models.ts";
import { registrableDomain } from "../../../shared/site.ts";
import type { Context } from "../../../native-host/cli/context.ts";
import { homeFrom } from "../../../native-host/home.ts";
import type { Store, StoredItem } from "../../../native-host/store/types.ts";

export const now = 1_800_000_000_000;
export const acme: Project = { id: "00000000-0000-4000-8000-000000000001", name: "acme", color: "blue", icon: "briefcase" };

export interface Memory {
  context: Context;
  /** What the store holds of acme, in the order it came. */
  cookies(): Cookie[];
  /** The revisions Firefox was told of. */
  pokes: number[];
  /** Runs once, just before the next write: another process. */
  meanwhile(changes: readonly CookieChange[]): void;
}

/** A command's context over a store in memory with the project acme in it. */
export function memoryContext(cookies: readonly Cookie[] = [], given: { stdin?: string | Buffer; unapplied?: Tally[] } = {}): Memory {
  const items = new Map<string, StoredItem>();
  let revision = 0;
  let other: readonly CookieChange[] = [];
  const pokes: number[] = [];
  const apply = (changes: readonly CookieChange[], by: string): number => {
    const effective = changes.filter((change) => {
      const before = items.get(cookieKey(change.kind === "set" ? change.cookie : change.id))?.cookie;
      return change.kind === "set" ? !before || !sameCookie(before, change.cookie) : before !== undefined;
    });
    if (effective.length > 0) revision++;
    for (const change of effective) {
      const id = change.kind === "set" ? change.cookie : change.id;
      items.set(cookieKey(id), { kind: "cookie", id, ...(change.kind === "set" && { cookie: change.cookie }), revision, at: change.at, by });
    }
    return effective.length;
  };
  apply(cookies.map((cookie) => ({ kind: "set", cookie, at: now })), "test");

  const unused = (): never => {
    throw new Error("The command under test has no business with this.");
  };
  const store: Store = {
    path: "", id: "", vault: unused, itemCount: unused, registry: unused, addProject: unused, updateProject: unused, removeProject: unused,
    active: unused, setActive: unused, meetInstance: unused, reconcile: unused, updatesFor: unused, setSynced: unused, verify: unused, close: unused,
    rules: unused, rulesSince: unused, changeRules: unused, settings: unused, setSettings: unused, signLink: unused, readLink: unused,
    revision: () => revision,
    items: (_project, { site } = {}) =>
      [...items.values()].filter(({ cookie, id }) => cookie !== undefined && (site === undefined || registrableDomain(id.domain) === site)),
    write(_project, changes, { by, expected }) {
      apply(other, "other");
      other = [];
      if (expected !== undefined && [...items.values()].some((item) => item.revision > expected)) throw new SteadError("conflict", "Changed meanwhile.");
      const applied = apply(changes, by);
      return { revision, applied };
    },
  };
  const context: Context = {
    env: {}, platform: process.platform, home: homeFrom({ STEAD_HOME: "/nowhere" }), terminal: false,
    now: () => now,
    readStdin: () => Promise.resolve(Buffer.from(given.stdin ?? "")),
    warn: unused, hosts: unused, confirm: unused,
    store: () => Promise.resolve(store),
    poke(to) {
      pokes.push(to);
      return Promise.resolve(given.unapplied ?? []);
    },
    project: (name) => (name === acme.name ? Promise.resolve(acme) : Promise.reject(new SteadError("unknownProject", `There is no project ${name}.`))),
  };
  return {
    context,
    pokes,
    cookies: () => [...items.values()].flatMap(({ cookie }) => (cookie ? [cookie] : [])),
    meanwhile: (changes) => {
      other = changes;
    },
  };
}

export function cookie(more: Partial<Cookie> = {}): Cookie {
  return { domain: "app.acme.test", path: "/", name: "sid", value: "cAnArY", secure: false, httpOnly: false, sameSite: "unspecified", ...more };
}
