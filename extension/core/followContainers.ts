import { type Color, colors, type Icon, icons, type ProjectId, ProjectName, type ProjectPatch } from "../../shared/models.ts";
import type { Container, LocalState } from "./localState.ts";
import type { Identity } from "./resolveContainer.ts";

export type Followed =
  /** Renamed or recoloured in Firefox: the project follows. */
  | { kind: "changed"; project: ProjectId; container: Container; patch: ProjectPatch }
  /** Gone, or its id now belongs to a container that shares nothing with it (ids are reassigned within a profile). */
  | { kind: "lost"; project: ProjectId };

/** Compares the containers Stead knows with those Firefox has. */
export function followContainers(state: LocalState, identities: readonly Identity[]): Followed[] {
  const byId = new Map(identities.map((identity) => [identity.cookieStoreId, identity]));
  return Object.entries(state.containers).flatMap(([project, container]): Followed[] => {
    const identity = byId.get(container.cookieStoreId);
    if (!identity || isAnother(container, identity)) return [{ kind: "lost", project }];
    const followed = follow(project, container, identity);
    return followed ? [followed] : [];
  });
}

/** What a change of one container means for its project; undefined when it is as Stead knows it. */
export function follow(project: ProjectId, container: Container, identity: Identity): Followed | undefined {
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
