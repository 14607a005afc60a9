import * as z from "zod/mini";
import { ProjectId, VaultStatus } from "../../shared/models.ts";
import { pageStorageMethods } from "../../shared/protocol/pageStorage.ts";
import { ContainerUpdate, None, Registry, Revision, storeMethods } from "../../shared/protocol/store.ts";
import { method } from "../../shared/wire/table.ts";

/** The registry is null while the vault is locked. */
const Opened = z.object({ vault: VaultStatus, registry: z.nullable(Registry), revision: z.nullable(Revision) });
export type Opened = z.infer<typeof Opened>;

/** host's main thread → its store worker */
export const workerMethods = {
  ...storeMethods,
  ...pageStorageMethods,
  /** Opens the store unless it is open; `again` closes it first, to forget the keys or fetch them anew. */
  open: method(z.object({ again: z.boolean() }), Opened),
  /**
   * A Firefox profile has connected: names it, and says which project became active while no Firefox was there, until
   * one says that it has switched. `name` is null while the vault is locked.
   */
  meet: method(
    z.object({ instance: z.string(), browser: z.string() }),
    z.extend(Opened, { name: z.nullable(z.string()), apply: z.nullable(ProjectId) }),
  ),
  /** What other hands changed since the instance was last in step. */
  updates: method(z.object({ instance: z.string() }), z.object({ updates: z.array(ContainerUpdate) })),
  /** A person does something in Firefox: the vault is used. */
  use: method(None, None),
  /** Does what is due: locks a vault that nobody used for too long (null), ends what has outlived its time to live. */
  tend: method(None, z.object({ tended: z.nullable(z.object({ revision: Revision, ended: z.number(), next: z.nullable(z.number()) })) })),
  revision: method(None, z.object({ revision: Revision })),
  close: method(None, None),
} as const;
