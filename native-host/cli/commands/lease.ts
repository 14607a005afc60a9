import type { Project } from "../../../shared/models.ts";
import { releaseLease as release, renewLease as renew } from "../../actions/lease.ts";
import type { Lease } from "../../store/types.ts";
import type { Answer, Context } from "../context.ts";
import { readDuration } from "../duration.ts";
import { leaseToken } from "../leaseToken.ts";
import { table } from "../table.ts";

/** `stead lease list`: the leases that are good now. */
export async function listLeases(context: Context): Promise<Answer> {
  const store = await context.store();
  const { projects } = store.registry();
  const leases = store.leases().map((lease) => told(lease, projects));
  if (leases.length === 0) return { json: { leases }, text: "No project is leased." };
  const rows = leases.map(({ project, holder, expiresAt }) => [project, holder, expiresAt]);
  return { json: { leases }, text: table([["PROJECT", "HOLDER", "UNTIL"], ...rows]) };
}

/** `stead lease renew`: from now on. Throws `conflict` for a token that is no longer good. */
export async function renewLease(context: Context, options: { project: string; token?: string; ttl?: string }): Promise<Answer> {
  const ttlMs = readDuration(options.ttl ?? "1h", "--ttl");
  const token = await leaseToken(context, options.token);
  const project = await context.project(options.project);
  const lease = told(await renew(context, project, { token, ttlMs }), [project]);
  return { json: { leases: [lease] }, text: `${project.name} is leased to ${lease.holder} until ${lease.expiresAt}.` };
}

/** `stead lease release`: without a check-in. Throws `conflict` for a token that is no longer good. */
export async function releaseLease(context: Context, options: { project: string; token?: string }): Promise<Answer> {
  const token = await leaseToken(context, options.token);
  const project = await context.project(options.project);
  await release(context, project, { token });
  return { json: { leases: [] }, text: `Released ${project.name}.` };
}

/** `stead lease revoke`: whoever has it can no longer check it in. */
export async function revokeLease(context: Context, name: string): Promise<Answer> {
  const project = await context.project(name);
  const store = await context.store();
  const lease = store.revokeLease(project.id, { by: "cli" });
  await context.poke(store.revision());
  const revoked = lease ? told(lease, [project]) : null;
  return { json: { leases: [], revoked }, text: revoked ? `Took ${project.name} back from ${revoked.holder}.` : `Nobody had ${project.name}.` };
}

function told({ project: id, holder, expiresAt }: Lease, projects: readonly Project[]): { project: string; holder: string; expiresAt: string } {
  return { project: projects.find((project) => project.id === id)?.name ?? id, holder, expiresAt: new Date(expiresAt).toISOString() };
}
