import { SteadError } from "../../../shared/errors.ts";
import { stateOf } from "../../../shared/formats/index.ts";
import type { Cookie, Project, Tally } from "../../../shared/models.ts";
import type { Gap } from "../../../shared/protocol/pageStorage.ts";
import type { Entry, EntryChange } from "../../../shared/state/entry.ts";
import { entryConcerns } from "../../../shared/state/entryConcerns.ts";
import { entryId } from "../../../shared/state/entryId.ts";
import { entryKey } from "../../../shared/state/entryKey.ts";
import { sameEntry } from "../../../shared/state/sameEntry.ts";
import type { Context } from "../../../native-host/cli/context.ts";
import { homeFrom } from "../../../native-host/home.ts";
import type { Store, StoredEntry } from "../../../native-host/store/types.ts";

export const now = 1_800_000_000_000;
export const acme: Project = { id: "00000000-0000-4000-8000-000000000001", name: "acme", color: "blue", icon: "briefcase" };

export interface Memory {
  context: Context;
  /** What the store holds of acme, in the order it came. */
  entries(): Entry[];
  cookies(): readonly Cookie[];
  /** The revisions Firefox was told of. */
  pokes: number[];
  /** Runs once, just before the next write: another process. */
  meanwhile(changes: readonly EntryChange[]): void;
}

/** A command's context over a store in memory with the project acme in it. */
export function memoryContext(entries: readonly Entry[] = [], given: { stdin?: string | Buffer; unapplied?: Tally[]; waiting?: number; gaps?: Gap[] } = {}): Memory {
  const items = new Map<string, StoredEntry>();
  let revision = 0;
  let other: readonly EntryChange[] = [];
  const pokes: number[] = [];
  const apply = (changes: readonly EntryChange[], by: string): number => {
    const effective = changes.filter((change) => {
      const before = items.get(entryKey(change.kind === "set" ? change.entry : change.id))?.entry;
      return change.kind === "set" ? !before || !sameEntry(before, change.entry) : before !== undefined;
    });
    if (effective.length > 0) revision++;
    for (const change of effective) {
      const id = change.kind === "set" ? change.entry : change.id;
      items.set(entryKey(id), { id: entryId(id), ...(change.kind === "set" && { entry: change.entry }), revision, at: change.at, by });
    }
    return effective.length;
  };
  const present = (): StoredEntry[] => [...items.values()].filter(({ entry }) => entry !== undefined);
  const live = (): Entry[] => [...items.values()].flatMap(({ entry }) => entry ?? []);
  apply(entries.map((entry) => ({ kind: "set", entry, at: now })), "test");

  const unused = (): never => {
    throw new Error("The command under test has no business with this.");
  };
  const store: Store = {
    path: "", id: "", vault: unused, itemCount: unused, registry: unused, addProject: unused, updateProject: unused, removeProject: unused,
    active: unused, setActive: unused, meetInstance: unused, reconcile: unused, updatesFor: unused, setSynced: unused, verify: unused, examine: unused, repair: unused, close: unused,
    rules: unused, rulesSince: unused, changeRules: unused, settings: unused, setSettings: unused, signLink: unused, readLink: unused,
    changeOrigin: unused, compareOrigin: unused, originUpdate: unused, setOriginSynced: unused, resetOrigins: unused, pendingOrigins: unused,
    setGaps: unused, gaps: () => given.gaps ?? [],
    audit: unused, recordAccess: unused, auditLimits: unused, setAuditLimits: unused, write: unused, history: unused, restore: unused, checkout: unused, checkin: unused, update: unused,
    renewLease: unused, releaseLease: unused, revokeLease: unused, leases: unused, forget: unused, historyLimits: unused, setHistoryLimits: unused,
    ttls: unused, setTtl: unused, endOutlived: unused, nextEnd: unused, use: unused, setLockAfter: unused, locksAt: unused,
    revision: () => revision,
    entries: (_project, { domain }) => present().filter(({ id }) => domain === undefined || entryConcerns(id, domain)),
    snapshot: (_project, { domain }) => ({ revision, entries: present().flatMap(({ id, entry }) => (domain === undefined || entryConcerns(id, domain) ? (entry ?? []) : [])) }),
    unaudited: {
      items: unused,
      entries: (_project, { origin } = {}) => present().filter(({ id }) => origin === undefined || (id.kind !== "cookie" && id.origin === origin)),
      snapshot: () => ({ revision, entries: present().flatMap(({ entry }) => entry ?? []) }),
    },
    writeEntries(_project, changes, { by, expected }) {
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
      return Promise.resolve({ failed: given.unapplied ?? [], waiting: given.waiting ?? 0 });
    },
    project: (name) => (name === acme.name ? Promise.resolve(acme) : Promise.reject(new SteadError("unknownProject", `There is no project ${name}.`))),
  };
  return {
    context,
    pokes,
    entries: live,
    cookies: () => stateOf(live()).cookies,
    meanwhile: (changes) => {
      other = changes;
    },
  };
}

export function cookie(more: Partial<Cookie> = {}): Extract<Entry, { kind: "cookie" }> {
  return { kind: "cookie", ...plain(more) };
}

/** As formats have it. */
export function plain(more: Partial<Cookie> = {}): Cookie {
  return { domain: "app.acme.test", path: "/", name: "sid", value: "cAnArY", secure: false, httpOnly: false, sameSite: "unspecified", ...more };
}
