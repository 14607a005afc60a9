import type { Project } from "../../shared/models.ts";
import type { Lease } from "../store/types.ts";
import type { Access } from "./access.ts";

/** Lets a lease last from now on; connected Firefoxes are told. Throws `conflict` for a token that is no longer good. */
export async function renewLease(access: Access, project: Project, right: { token: string; ttlMs: number }): Promise<Lease> {
  const store = await access.store();
  const lease = store.renewLease(project.id, right);
  await access.poke(store.revision());
  return lease;
}

/** Ends a lease without a check-in; connected Firefoxes are told. Throws `conflict` for a token that is no longer good. */
export async function releaseLease(access: Access, project: Project, right: { token: string }): Promise<void> {
  const store = await access.store();
  store.releaseLease(project.id, right);
  await access.poke(store.revision());
}
