import type { Color, Icon, Project, ProjectId } from "../../shared/models.ts";

/** One entry of the context menus. Entries below another come after it. */
export type MenuItem =
  | { kind: "menu"; id: string; place: MenuPlace; message: string }
  | { kind: "project"; id: string; parent: string; name: string; color: Color; icon: Icon }
  | { kind: "action"; id: string; parent: string; message: string }
  | { kind: "separator"; id: string; parent: string };

/** Where it is shown: on a tab and in its page, or on a link. */
export type MenuPlace = "tab" | "link";

export type MenuClick =
  /** The tab, in the project (null: in none). */
  | { kind: "reopen"; project: ProjectId | null }
  | { kind: "openLink"; project: ProjectId | null }
  /** In the tab's own container. */
  | { kind: "openHere" }
  /** A rule for the tab's host in the tab's project. */
  | { kind: "always" };

/** Longer menus scroll for ever. */
const longest = 40;
const none = "none";

/** "Always open …": its text is of the tab it is shown for. */
export const alwaysId = "always";
/** The line above it. */
export const aboveAlwaysId = "reopen-more";
const openHereId = "open-here";

/**
 * The menus, nothing without a project; one entry at the top of each place, for Firefox puts several into a menu of their
 * own. Of very many projects the most recently used are listed, in their order.
 */
export function menuItems(projects: readonly Project[], recent: readonly ProjectId[]): MenuItem[] {
  if (projects.length === 0) return [];
  const listed = mostRecent(projects, recent);
  const under = (parent: string): MenuItem[] => [
    ...listed.map(({ id, name, color, icon }): MenuItem => ({ kind: "project", id: `${parent}:${id}`, parent, name, color, icon })),
    { kind: "separator", id: `${parent}-none`, parent },
    { kind: "action", id: `${parent}:${none}`, parent, message: "noProject" },
    { kind: "separator", id: `${parent}-more`, parent },
  ];
  return [
    { kind: "menu", id: "reopen", place: "tab", message: "menuReopen" },
    ...under("reopen"),
    { kind: "action", id: alwaysId, parent: "reopen", message: "menuAlwaysHere" },
    { kind: "menu", id: "link", place: "link", message: "menuLink" },
    ...under("link"),
    { kind: "action", id: openHereId, parent: "link", message: "menuOpenHere" },
  ];
}

/** What an entry means; undefined for one that is none of these. */
export function menuClick(id: string): MenuClick | undefined {
  if (id === alwaysId) return { kind: "always" };
  if (id === openHereId) return { kind: "openHere" };
  const [, menu, project = none] = /^(reopen|link):(.+)$/.exec(id) ?? [];
  if (menu === undefined) return undefined;
  return { kind: menu === "link" ? "openLink" : "reopen", project: project === none ? null : project };
}

/** In a menu's text one `&` marks the access key. */
export function menuText(text: string): string {
  return text.replaceAll("&", "&&");
}

function mostRecent(projects: readonly Project[], recent: readonly ProjectId[]): readonly Project[] {
  if (projects.length <= longest) return projects;
  const rank = new Map(recent.map((id, at) => [id, at]));
  const best = projects.toSorted((a, b) => (rank.get(a.id) ?? Infinity) - (rank.get(b.id) ?? Infinity)).slice(0, longest);
  return projects.filter((project) => best.includes(project));
}
