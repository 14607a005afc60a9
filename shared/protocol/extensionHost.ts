import * as z from "zod/mini";
import { ProjectId, VaultStatus } from "../models.ts";
import { RuleId } from "../rules/rule.ts";
import { method } from "../wire/table.ts";
import { pageStorageMethods, pageStorageNotes } from "./pageStorage.ts";
import { ContainerUpdate, None, Registry, storeMethods } from "./store.ts";

/** What the extension says of the Firefox profile it runs in, once per connection. */
export const InstanceInfo = z.object({
  /** Made by the extension once and kept in the profile. */
  id: z.string().check(z.regex(/^[0-9a-f-]{36}$/)),
  /** As runtime.getBrowserInfo has it: "Firefox", "LibreWolf" … */
  browser: z.string(),
  version: z.string(),
  /** When a window of this profile last had the focus, in milliseconds since 1970. */
  focusedAt: z.number(),
  current: z.nullable(ProjectId),
});
export type InstanceInfo = z.infer<typeof InstanceInfo>;

/** How `stead switch` and the popup want it. */
export const SwitchRequest = z.object({
  project: ProjectId,
  /** bind: tie the focused window to the project; unbind: untie it first. Absent: the ordinary switch. */
  window: z.optional(z.enum(["bind", "unbind"])),
  /** Whether to take over a container of the same name that Stead did not make; absent: ask (`adoptionNeeded`). */
  adopt: z.optional(z.boolean()),
});
export type SwitchRequest = z.infer<typeof SwitchRequest>;

export const SwitchResult = z.object({ project: ProjectId, shown: z.number(), hidden: z.number() });
export type SwitchResult = z.infer<typeof SwitchResult>;

/** How `stead open` wants it. */
export const OpenRequest = z.object({
  /** http or https. */
  url: z.string(),
  /** Null: the rules decide, as for a link from another program. */
  project: z.nullable(ProjectId),
});
export type OpenRequest = z.infer<typeof OpenRequest>;

/** extension → host */
export const hostMethods = {
  ...storeMethods,
  ...pageStorageMethods,
  /**
   * The first call: who this is. `name` in the answer is the instance's name as `stead status` lists it. `apply` is a
   * project to switch to now: one that became active while no Firefox was connected. `registry` is null while the vault
   * is locked; `registry.changed` and `state.resync` follow when it is unlocked.
   */
  connect: method(
    z.object({ instance: InstanceInfo }),
    z.object({ name: z.string(), vault: VaultStatus, registry: z.nullable(Registry), apply: z.nullable(ProjectId) }),
  ),
  /** The instance was focused, or its current project changed. */
  "instance.changed": method(z.object({ focusedAt: z.number(), current: z.nullable(ProjectId) }), None),
} as const;

/** host → extension */
export const extensionMethods = {
  ...pageStorageNotes,
  switch: method(SwitchRequest, SwitchResult),
  /** Answers where it opened: null when in no project, or while the user is asked. */
  open: method(OpenRequest, z.object({ project: z.nullable(ProjectId) })),
  /** Moves open tabs whose page these rules give to another project than theirs. */
  "rules.apply": method(z.object({ rules: z.array(RuleId) }), z.object({ moved: z.number() })),
  /** Open tabs by project id, hidden ones included. */
  tabs: method(None, z.object({ counts: z.record(z.string(), z.number()) })),
  /** Projects, active project or vault changed. */
  "registry.changed": method(Registry, None),
  /** The store changed by another hand: bring the container to it. Answers when done. */
  "state.apply": method(ContainerUpdate, z.object({ failed: z.array(z.object({ reason: z.string(), count: z.number() })) })),
  /** Read the whole container and call state.reconcile: the vault was unlocked, or deltas were lost. */
  "state.resync": method(None, None),
  "vault.changed": method(VaultStatus, None),
} as const;
