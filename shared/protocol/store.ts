import * as z from "zod/mini";
import { Color, Cookie, CookieChange, CookieId, Icon, Project, ProjectId, ProjectName, ProjectPatch, VaultStatus } from "../models.ts";
import { Rule, RuleDraft, RuleId } from "../rules/rule.ts";
import { Settings, SettingsPatch } from "../settings.ts";
import { EntryName } from "../state/entryName.ts";
import { method } from "../wire/table.ts";

export const Revision = z.number().check(z.int(), z.nonnegative());
export const None = z.object({});

/** A project with the counts the store knows. */
export const ProjectSummary = z.extend(Project, { items: z.number(), rules: z.number() });
export type ProjectSummary = z.infer<typeof ProjectSummary>;

/** Who has a project checked out; `expiresAt` in milliseconds since 1970. */
export const ProjectLease = z.object({ project: ProjectId, holder: z.string(), expiresAt: z.number() });
export type ProjectLease = z.infer<typeof ProjectLease>;

/** A revision in which its writer and others had changed the same items: of each the newer change stands, and the other is in history. */
export const Conflict = z.object({
  project: ProjectId,
  revision: Revision,
  /** Milliseconds since 1970. */
  at: z.number(),
  /** Who checked in. */
  by: z.string(),
  /** How many items, and of how many of them what was there before the check-in stands. */
  count: z.number(),
  lost: z.number(),
  /** The first of them. */
  items: z.array(EntryName),
});
export type Conflict = z.infer<typeof Conflict>;

/** What the extension must show and keep: every project in order, the active one, and the vault. */
export const Registry = z.object({
  projects: z.array(ProjectSummary),
  active: z.nullable(ProjectId),
  vault: VaultStatus,
  /**
   * Ids of projects that were removed on purpose; the store keeps them for good. Only these make an instance delete
   * a container: a project that is merely absent (another store, a lost one) is added again from the instance.
   */
  removed: z.array(ProjectId),
  settings: z.optional(Settings),
  /** Which store this is, and up to which revision its rules changed: who knows an older one asks `rules.since`. */
  rules: z.optional(z.object({ store: z.string(), revision: Revision })),
  /** Those that were good when this was read. */
  leases: z.optional(z.array(ProjectLease)),
  /** Recent ones, the newest first: at most ten, none older than a week. */
  conflicts: z.optional(z.array(Conflict)),
});
export type Registry = z.infer<typeof Registry>;

/**
 * A cookie identity that changed in the container while the host could not be told: the value is read from the
 * container when the mark is sent. `at` in milliseconds since 1970.
 */
export const Mark = z.object({ id: CookieId, at: z.number(), removed: z.boolean() });
export type Mark = z.infer<typeof Mark>;

/** What the container must take over from the store. */
export const ContainerUpdate = z.object({
  project: ProjectId,
  /** The store's revision this brings the container to. */
  revision: Revision,
  set: z.array(Cookie),
  remove: z.array(CookieId),
});
export type ContainerUpdate = z.infer<typeof ContainerUpdate>;

/** Rules that changed. A removed project's rules are removed with it. */
export const RulesChange = z.object({
  store: z.string(),
  /** The store's revision this brings the rules to. */
  revision: Revision,
  /** `set` is every rule there is: what is not among them is gone. */
  all: z.boolean(),
  set: z.array(Rule),
  removed: z.array(RuleId),
});
export type RulesChange = z.infer<typeof RulesChange>;

/**
 * The methods that read or write the store. The host hands them from the extension to its store worker as they are;
 * the command line calls the same functions in its own process.
 */
export const storeMethods = {
  registry: method(None, Registry),
  "project.add": method(
    z.object({ id: z.optional(ProjectId), name: ProjectName, color: z.optional(Color), icon: z.optional(Icon) }),
    z.object({ project: Project }),
  ),
  "project.update": method(z.object({ id: ProjectId, patch: ProjectPatch }), z.object({ project: Project })),
  /** `instance`: whose user removes it; the host fills it in. */
  "project.remove": method(
    z.object({ id: ProjectId, instance: z.optional(z.string()) }),
    z.object({ removed: z.object({ name: z.string(), items: z.number(), rules: z.number() }) }),
  ),
  /**
   * Records which project is active; `at` in milliseconds since 1970, the newest wins. `pending`: no Firefox was
   * there to switch, the next one to connect shall.
   */
  "active.set": method(z.object({ project: z.nullable(ProjectId), at: z.number(), pending: z.optional(z.boolean()) }), None),
  /** What changed above `since`, of a store that the caller may take for another (`store`, null: knows none). */
  "rules.since": method(z.object({ store: z.nullable(z.string()), since: Revision }), RulesChange),
  /**
   * All of it or nothing; `put` are the rules as they are then, in the order of the drafts, patterns in canonical text. Two
   * drafts of one pattern and project make one rule. Throws `badPattern` (naming the pattern), `unknownProject`.
   */
  "rules.change": method(
    z.object({ put: z.array(RuleDraft), remove: z.array(RuleId) }),
    z.object({ put: z.array(Rule), removed: z.number(), revision: Revision }),
  ),
  /** Takes a project back from whoever has it (null: nobody had). */
  "lease.revoke": method(z.object({ project: ProjectId, instance: z.optional(z.string()) }), z.object({ revoked: z.nullable(ProjectLease) })),
  "settings.set": method(SettingsPatch, z.object({ settings: Settings })),
  /**
   * What an `ext+stead:` link asks for. `project` is null unless `signed`: a link that this store did not sign names nothing.
   * Throws `badLink`.
   */
  "link.read": method(z.object({ link: z.string() }), z.object({ url: z.string(), project: z.nullable(ProjectId), signed: z.boolean() })),
  /** Cookies that changed in an instance's container, in order. Acknowledged only when committed. */
  "state.delta": method(
    z.object({ instance: z.string(), project: ProjectId, changes: z.array(CookieChange) }),
    z.object({ revision: Revision }),
  ),
  /**
   * The whole container against the store, at connection or when a container was made. `marks` are the changes the
   * host was not told of. Answers what the container must take over; the rest has been written to the store.
   */
  "state.reconcile": method(
    z.object({
      instance: z.string(),
      project: ProjectId,
      cookies: z.array(Cookie),
      marks: z.array(Mark),
      /** The container may be older than the store (shared/sync/reconcile.ts). */
      stale: z.optional(z.boolean()),
      now: z.number(),
    }),
    ContainerUpdate,
  ),
  /** The container has taken over everything up to `revision`. */
  "state.synced": method(z.object({ instance: z.string(), project: ProjectId, revision: Revision }), None),
} as const;
