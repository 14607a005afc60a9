import * as z from "zod/mini";
import { Color, Icon, Project, ProjectId, ProjectName, ProjectPatch, VaultStatus } from "../models.ts";
import { Rule, RuleDraft } from "../rules/rule.ts";
import { method } from "../wire/table.ts";
import { SwitchRequest, SwitchResult } from "./extensionHost.ts";
import { Conflict, None, ProjectLease, storeMethods } from "./store.ts";

/** One line of the popup's list. */
export const PopupProject = z.extend(Project, {
  tabs: z.number(),
  /** Items in the store; null while no host is connected. */
  items: z.nullable(z.number()),
  rules: z.nullable(z.number()),
  /** A container of this name exists that Stead did not make, and the user has not said what to do with it. */
  adoptable: z.boolean(),
  /** Its container was there before Stead: it stays when the project is removed. */
  adopted: z.optional(z.boolean()),
  /** Who has it checked out. */
  lease: z.optional(z.nullable(ProjectLease)),
});
export type PopupProject = z.infer<typeof PopupProject>;

/** The native host as the popup shows it. */
export const HostState = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("connected"), instance: z.string(), vault: VaultStatus }),
  z.object({ kind: z.literal("connecting") }),
  /** Not installed, or it went away: `detail` is Firefox's own message. */
  z.object({ kind: z.literal("missing"), detail: z.string() }),
  /** The host is there but cannot go on: another version, a damaged store … */
  z.object({ kind: z.literal("failed"), message: z.string(), hint: z.string() }),
]);
export type HostState = z.infer<typeof HostState>;

/** Something a person should see that has no page of its own. */
export const Notice = z.discriminatedUnion("kind", [
  /** A form was sent to a page of `project`; it went on in its own container, since it could not be delivered there. */
  z.object({ kind: z.literal("postLeft"), host: z.string(), project: ProjectId }),
  /** A pop-up window stayed where its opener is: it may have to answer it. */
  z.object({ kind: z.literal("popupLeft"), host: z.string(), project: ProjectId }),
  /** So many items that the store has of the page's storage could not be written into it. */
  z.object({ kind: z.literal("notRestored"), host: z.string(), project: ProjectId, count: z.number() }),
]);
export type Notice = z.infer<typeof Notice>;

/** A pattern a rule for a page may have, in canonical text, and what it takes in beside the page. */
export const Suggestion = z.object({ pattern: z.string(), covers: z.enum(["host", "port", "site", "path"]) });
export type Suggestion = z.infer<typeof Suggestion>;

/** The page in the active tab, where it is one that rules can name. */
export const CurrentPage = z.object({
  tab: z.number(),
  url: z.string(),
  /** The project whose container it is in. */
  project: z.nullable(ProjectId),
  /** Every project whose rule claims it, and the pattern that wins. */
  owners: z.array(ProjectId),
  pattern: z.nullable(z.string()),
  /** For a rule of its own, the likeliest first. */
  suggestions: z.array(Suggestion),
});
export type CurrentPage = z.infer<typeof CurrentPage>;

export const PopupState = z.object({
  projects: z.array(PopupProject),
  /** The project of the focused window: the bound one, else the active one. */
  current: z.nullable(ProjectId),
  /** The project the focused window is bound to. */
  bound: z.nullable(ProjectId),
  /** Whether the user lets Stead read every site's cookies; Firefox lets them take that back at any time. */
  access: z.optional(z.boolean()),
  host: HostState,
  page: z.optional(z.nullable(CurrentPage)),
  notice: z.optional(z.nullable(Notice)),
  /** The newest that the user has not dismissed. */
  conflict: z.optional(z.nullable(Conflict)),
});
export type PopupState = z.infer<typeof PopupState>;

/** popup → background */
export const backgroundMethods = {
  state: method(None, PopupState),
  switch: method(SwitchRequest, SwitchResult),
  "window.unbind": method(None, None),
  "project.add": method(
    z.object({ name: ProjectName, color: z.optional(Color), icon: z.optional(Icon) }),
    z.object({ project: Project }),
  ),
  "project.update": method(z.object({ id: ProjectId, patch: ProjectPatch }), z.object({ project: Project })),
  /** Refused with `hostMissing` while no host is connected: the key could not be shredded. */
  "project.remove": method(
    z.object({ id: ProjectId }),
    z.object({ removed: z.object({ name: z.string(), items: z.number(), rules: z.number() }) }),
  ),
  /** Opens the tab's page in the project (null: in none), and lets it stay there this time whatever the rules say. */
  "page.reopen": method(z.object({ tab: z.number(), project: z.nullable(ProjectId) }), None),
  /** Makes a rule; `apply` moves open tabs it concerns. Throws `badPattern`. */
  "rule.add": method(z.object({ rule: RuleDraft, apply: z.boolean() }), z.object({ rule: Rule, moved: z.number() })),
  "notice.dismiss": method(None, None),
  "lease.revoke": storeMethods["lease.revoke"],
  /** This profile does not tell of it again. */
  "conflict.dismiss": method(z.pick(Conflict, { project: true, revision: true }), None),
  /** Try the native host again now. */
  "host.retry": method(None, None),
} as const;

/** background → popup */
export const popupMethods = {
  changed: method(PopupState, None),
} as const;
