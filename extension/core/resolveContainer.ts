import type { Project } from "../../shared/models.ts";
import type { Container } from "./localState.ts";

/** A container as Firefox lists it. */
export interface Identity {
  cookieStoreId: string;
  name: string;
  color: string;
  icon: string;
}

export type ContainerDecision =
  | { kind: "use"; cookieStoreId: string }
  | { kind: "create" }
  | { kind: "adopt"; identity: Identity }
  /** A container of this name exists that Stead did not make: the user must say. */
  | { kind: "ask"; identity: Identity };

/**
 * Which container carries the project in this profile. `adopt` is the user's answer where one was asked for. A
 * container that already carries another project is never taken.
 */
export function resolveContainer(
  project: Project,
  containers: Readonly<Record<string, Container>>,
  identities: readonly Identity[],
  adopt: boolean | undefined,
): ContainerDecision {
  const known = containers[project.id];
  if (known && identities.some((identity) => identity.cookieStoreId === known.cookieStoreId)) {
    return { kind: "use", cookieStoreId: known.cookieStoreId };
  }
  const namesake = adoptable(project, containers, identities);
  if (!namesake || adopt === false) return { kind: "create" };
  return { kind: adopt ? "adopt" : "ask", identity: namesake };
}

/** A container of the project's name that carries no project yet. */
export function adoptable(
  project: Project,
  containers: Readonly<Record<string, Container>>,
  identities: readonly Identity[],
): Identity | undefined {
  const taken = new Set(Object.values(containers).map((container) => container.cookieStoreId));
  return identities.find((identity) => identity.name === project.name && !taken.has(identity.cookieStoreId));
}
