import * as z from "zod/mini";
import { Color, Icon, Project, ProjectId, ProjectName, ProjectPatch, VaultStatus } from "../models.ts";
import { method } from "../wire/table.ts";
import { SwitchRequest, SwitchResult } from "./extensionHost.ts";
import { None } from "./store.ts";

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

export const PopupState = z.object({
  projects: z.array(PopupProject),
  /** The project of the focused window: the bound one, else the active one. */
  current: z.nullable(ProjectId),
  /** The project the focused window is bound to. */
  bound: z.nullable(ProjectId),
  /** Whether the user lets Stead read every site's cookies; Firefox lets them take that back at any time. */
  access: z.optional(z.boolean()),
  host: HostState,
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
  /** Try the native host again now. */
  "host.retry": method(None, None),
} as const;

/** background → popup */
export const popupMethods = {
  changed: method(PopupState, None),
} as const;
