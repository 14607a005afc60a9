import type { PopupProject, PopupState } from "../../shared/protocol/popup.ts";

/** The new state with every project that did not change being the old object, so that its line is not drawn again. */
export function popupShare(old: PopupState | undefined, next: PopupState): PopupState {
  if (!old) return next;
  const known = new Map(old.projects.map((project) => [project.id, project]));
  return {
    ...next,
    projects: next.projects.map((project) => {
      const before = known.get(project.id);
      return before && same(before, project) ? before : project;
    }),
  };
}

function same(one: PopupProject, other: PopupProject): boolean {
  return (
    one.name === other.name &&
    one.color === other.color &&
    one.icon === other.icon &&
    one.tabs === other.tabs &&
    one.items === other.items &&
    one.rules === other.rules &&
    one.adoptable === other.adoptable &&
    one.lease?.holder === other.lease?.holder &&
    one.lease?.expiresAt === other.lease?.expiresAt
  );
}
