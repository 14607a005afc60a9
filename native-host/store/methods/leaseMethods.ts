import { SteadError } from "../../../shared/errors.ts";
import type { ProjectId } from "../../../shared/models.ts";
import type { Theirs } from "../../../shared/sync/merge.ts";
import { mergeTheirs } from "../mergeTheirs.ts";
import { readRestored, readRevision } from "../meta.ts";
import type { StoreParts } from "../storeParts.ts";
import type { Checkin, Checkout, Lease } from "../types.ts";

/** What consumers take out of projects and bring back, with a lease or without. */
export interface LeaseMethods {
  /**
   * Leases a project to one consumer: its state, and the token that checks it in. `ttlMs` from a second to 30 days. Throws
   * `conflict` while another has it, `usage` for a holder's name or a time that will not do.
   */
  checkout(project: ProjectId, options: { holder: string; ttlMs: number }): Checkout;
  /**
   * Merges what the holder of a lease has (shared/sync/merge.ts) as one revision, and ends the lease unless `keep`. Throws
   * `conflict` for a token that is no longer good, and for an empty state unless `force`.
   */
  checkin(project: ProjectId, theirs: Theirs, options: { token: string; keep?: boolean; force?: boolean }): Checkin;
  /**
   * For those without a lease: merges what was made of the project as it was at revision `base`. Throws `usage` without a base,
   * `conflict` while the project is leased, and for an empty state unless `force`.
   */
  update(project: ProjectId, theirs: Theirs, options: { by: string; base: number; force?: boolean }): Checkin;
  /** From now on. Throws `conflict` for a token that is no longer good. */
  renewLease(project: ProjectId, options: { token: string; ttlMs: number }): Lease;
  /** Throws `conflict` for a token that is no longer good. */
  releaseLease(project: ProjectId, options: { token: string }): void;
  /** Takes the project back from whoever has it; undefined when nobody has. */
  revokeLease(project: ProjectId, options: { by: string }): Lease | undefined;
  /** Those that are good now. */
  leases(): Lease[];
}

export function leaseMethods(parts: StoreParts): LeaseMethods {
  const { db, now, read, write, instances, items, leases, projects, record } = parts;
  return {
    checkout: (project, options) =>
      write(() => {
        const { name } = projects.get(project);
        if (instances.isKnown(options.holder)) throw new SteadError("usage", "A Firefox profile's id is no holder's name.");
        const revision = readRevision(db);
        const { token, expiresAt } = leases.grant({ project, name, revision, now: now(), ...options });
        const entries = items.entries(project, now());
        record(project, { by: options.holder, action: "checkout" }, entries);
        return { token, revision, expiresAt, entries };
      }),

    checkin: (project, theirs, { token, keep, force }) =>
      write(() => {
        const { name } = projects.get(project);
        const lease = leases.expect({ project, name, token, now: now() });
        if (keep !== true) leases.end(project);
        return mergeTheirs(parts, project, theirs, { by: lease.holder, fence: lease.fence, action: "checkin" }, { base: lease.revision, force });
      }),

    update: (project, theirs, { by, base, force }) =>
      write(() => {
        const { name } = projects.get(project);
        expectBase(base, { latest: readRevision(db), restored: readRestored(db) });
        leases.expectNone({ project, name, now: now() });
        return mergeTheirs(parts, project, theirs, { by, action: "write" }, { base, force });
      }),

    renewLease: (project, { token, ttlMs }) =>
      write(() => {
        const { name } = projects.get(project);
        return leases.renew({ project, name, token, ttlMs, now: now() });
      }),

    releaseLease: (project, { token }) =>
      write(() => {
        const { name } = projects.get(project);
        const { holder } = leases.expect({ project, name, token, now: now() });
        leases.end(project);
        record(project, { by: holder, action: "release" });
      }),

    revokeLease: (project, { by }) =>
      write(() => {
        projects.expect(project);
        const lease = leases.current(project, now());
        leases.end(project);
        if (lease) record(project, { by, action: "revoke" });
        return lease;
      }),

    leases: () => read(() => projects.ids().flatMap((project) => leases.current(project, now()) ?? [])),
  };
}

function expectBase(base: unknown, { latest, restored }: { latest: number; restored: number }): void {
  if (typeof base !== "number" || !Number.isSafeInteger(base) || base < 0 || base > latest) {
    throw new SteadError("usage", `A revision up to ${latest} was expected that the changes were made to.`, {
      hint: "Name the revision that the state was read at, or check the project out.",
    });
  }
  if (base >= restored) return;
  throw new SteadError("conflict", `A backup was restored at revision ${restored}; revision ${base} was read before that.`);
}
