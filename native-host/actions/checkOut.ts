import { type FormatName, formats, type Written } from "../../shared/formats/index.ts";
import type { Project } from "../../shared/models.ts";
import type { Access } from "./access.ts";
import { toState } from "./entryState.ts";
import { notPortable } from "./notPortable.ts";

export interface CheckingOut {
  /** Who has it, for others to read. */
  holder: string;
  ttlMs: number;
  format: FormatName;
}

export interface CheckedOut {
  /** Names the lease and proves the right to it: a secret. */
  token: string;
  revision: number;
  /** Milliseconds since 1970. */
  expiresAt: number;
  written: Written;
}

/**
 * Leases a project and hands its state to `give`, whose answer this answers. When that fails nobody has been given the token, and
 * the lease is ended. Throws `conflict`, which says who has the project.
 */
export async function checkOut<T>(
  access: Access,
  project: Project,
  { holder, ttlMs, format }: CheckingOut,
  give: (out: CheckedOut) => T | Promise<T>,
): Promise<T> {
  const store = await access.store();
  const { token, revision, expiresAt, entries } = store.checkout(project.id, { holder, ttlMs });
  try {
    // Who has it is for Firefox to show.
    await access.poke(revision);
    const written = formats[format].write(toState(entries), { now: access.now(), project: project.name });
    const dropped = [...written.dropped, ...notPortable(store.gaps(project.id))];
    return await give({ token, revision, expiresAt, written: { ...written, dropped } });
  } catch (error) {
    store.releaseLease(project.id, { token });
    throw error;
  }
}
