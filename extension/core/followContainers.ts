import { type Color, colors, type Icon, icons, type ProjectId, ProjectName, type ProjectPatch } from "../../shared/models.ts";
import type { Container, LocalState } from "./localState.ts";
import type { Identity } from "./resolveContainer.ts";

export type Followed =
  /** Renamed or recoloured in Firefox: the project follows. */
  | { kind: "changed"; project: ProjectId; container: Container; patch: ProjectPatch }
  /** A crash took back a change of the last moments: the container follows the project. */
  | { kind: "rolledBack"; project: ProjectId }
  /** Another container has the very look of the one that is gone: a crash, or the user, made it so. */
  | { kind: "moved"; project: ProjectId; container: Container }
  /** Gone, or its id now belongs to a container that shares nothing with it (ids are reassigned within a profile). */
  | { kind: "lost"; project: ProjectId };

/**
 * Compares the containers Stead knows with those Firefox has. `stale`: Firefox has just started. It writes its containers
 * a second and a half late (ContextualIdentityService, SAVE_DELAY_MS), so after a crash a difference is the past.
 */
export function followContainers(state: LocalState, identities: readonly Identity[], stale: boolean): Followed[] {
  const byId = new Map(identities.map((identity) => [identity.cookieStoreId, identity]));
  const taken = new Set(Object.values(state.containers).map((container) => container.cookieStoreId));
  return Object.entries(state.containers).flatMap(([project, container]): Followed[] => {
    const identity = byId.get(container.cookieStoreId);
    if (!identity || isAnother(container, identity)) {
      const twin = identities.find((other) => !taken.has(other.cookieStoreId) && looksLike(container, other));
      return [twin ? { kind: "moved", project, container: { ...container, cookieStoreId: twin.cookieStoreId } } : { kind: "lost", project }];
    }
    const followed = follow(project, container, identity);
    if (!followed) return [];
    return [stale ? { kind: "rolledBack", project } : followed];
  });
}

/** What a change of one container means for its project; undefined when it is as Stead knows it. */
export function follow(project: ProjectId, container: Container, identity: Identity): Extract<Followed, { kind: "changed" }> | undefined {
  const color = oldName(identity.color);
  const renamed = identity.name !== container.name;
  const recolored = color !== container.color;
  const redrawn = identity.icon !== container.icon;
  if (!renamed && !recolored && !redrawn) return undefined;

  const patch: ProjectPatch = {};
  if (renamed && ProjectName.safeParse(identity.name).success) patch.name = identity.name;
  if (recolored && isColor(color)) patch.color = color;
  if (redrawn && isIcon(identity.icon)) patch.icon = identity.icon;
  return { kind: "changed", project, container: { ...container, name: identity.name, color, icon: identity.icon }, patch };
}

function isAnother(container: Container, identity: Identity): boolean {
  return identity.name !== container.name && oldName(identity.color) !== container.color && identity.icon !== container.icon;
}

function looksLike(container: Container, identity: Identity): boolean {
  return identity.name === container.name && oldName(identity.color) === container.color && identity.icon === container.icon;
}

/** Firefox 153 renamed two colours and lists the new names; the old ones are understood by every version. */
export function oldName(color: string): string {
  return color === "cyan" ? "turquoise" : color === "gray" ? "toolbar" : color;
}

function isColor(color: string): color is Color {
  return colors.some((known) => known === color);
}

function isIcon(icon: string): icon is Icon {
  return icons.some((known) => known === icon);
}
