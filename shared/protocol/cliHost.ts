import * as z from "zod/mini";
import { RuleId } from "../rules/rule.ts";
import { method } from "../wire/table.ts";
import { None, Revision } from "./store.ts";

/** A connected Firefox profile as the host knows it. Project names are plain here: the socket is the user's own. */
export const InstanceStatus = z.object({
  instance: z.string(),
  id: z.string(),
  browser: z.string(),
  version: z.string(),
  extensionVersion: z.string(),
  /** ISO 8601 UTC */
  connectedAt: z.string(),
  focusedAt: z.number(),
  current: z.nullable(z.string()),
  pid: z.number(),
});
export type InstanceStatus = z.infer<typeof InstanceStatus>;

/** command line, library → host, over the local socket */
export const socketMethods = {
  /** Null while the extension has not said who it is. */
  instance: method(None, z.object({ instance: z.nullable(InstanceStatus) })),
  current: method(None, z.object({ project: z.nullable(z.string()) })),
  switch: method(
    z.object({
      /** An exact name, or a unique prefix when `prefix` is set (typed at a terminal). */
      project: z.string(),
      prefix: z.boolean(),
      window: z.optional(z.enum(["bind", "unbind"])),
      adopt: z.optional(z.boolean()),
    }),
    z.object({ project: z.string(), shown: z.number(), hidden: z.number() }),
  ),
  /** Opens an http or https URL in the project (a name, as in `switch`), or where the rules say. */
  open: method(
    z.object({ url: z.string(), project: z.nullable(z.string()), prefix: z.boolean() }),
    z.object({ project: z.nullable(z.string()) }),
  ),
  /** Moves open tabs whose page these rules give to another project than theirs. */
  "rules.apply": method(z.object({ rules: z.array(RuleId) }), z.object({ moved: z.number() })),
  /** Tab counts by project id. */
  tabs: method(None, z.object({ counts: z.record(z.string(), z.number()) })),
  /**
   * The store changed up to `revision`. Answers when this host has brought its Firefox there: what could not be
   * applied is counted. `waiting`: how many origins take theirs over when they are next opened; absent from an older host.
   */
  poke: method(
    z.object({ revision: Revision }),
    z.object({ failed: z.array(z.object({ reason: z.string(), count: z.number() })), waiting: z.optional(z.number()) }),
  ),
  /** The vault was locked or unlocked: forget the keys, or fetch them again. */
  "vault.changed": method(None, None),
} as const;

/** The host asks nothing of a command. */
export const noMethods = {} as const;
