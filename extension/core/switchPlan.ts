import type { ProjectId } from "../../shared/models.ts";

export interface WindowView {
  id: number;
  focused: boolean;
  /** The project the window is bound to. */
  bound: ProjectId | null;
  /** When it was last focused, in milliseconds since 1970; 0 when not known. */
  focusedAt: number;
}

export interface TabView {
  id: number;
  windowId: number;
  /** The project whose container the tab is in; undefined for any other. */
  project: ProjectId | undefined;
  active: boolean;
  pinned: boolean;
  hidden: boolean;
  /** Milliseconds since 1970. */
  lastAccessed: number;
}

/** Normal, non-private windows and their tabs. */
export interface Snapshot {
  windows: readonly WindowView[];
  tabs: readonly TabView[];
}

export interface SwitchPlan {
  /** Where the project comes to the front; null: a new window is opened for it. */
  window: number | null;
  bind: { window: number; project: ProjectId | null } | undefined;
  /** Tabs to bring to the front of their windows. */
  activate: number[];
  /** A tab of the project is opened in `window`: it has none there. */
  open: boolean;
  show: number[];
  hide: number[];
}

/**
 * What a switch does to windows and tabs. The project's tabs are shown and those of other projects hidden, never
 * closed; tabs without a project stay. Pinned tabs and a window's active tab cannot be hidden (tabs.hide), so a window
 * whose active tab belongs to another project first gets another active one, if it has one.
 */
export function switchPlan(snapshot: Snapshot, project: ProjectId, mode: "bind" | "unbind" | undefined): SwitchPlan {
  const focused = snapshot.windows.find((window) => window.focused) ?? mostRecent(snapshot.windows);
  const bind =
    focused && mode === "bind"
      ? { window: focused.id, project }
      : focused && mode === "unbind" && focused.bound !== null
        ? { window: focused.id, project: null }
        : undefined;
  const windows = snapshot.windows.map((window) => (window.id === bind?.window ? { ...window, bound: bind.project } : window));

  const scope = windowsFor(windows, project, focused?.id);
  const inScope = new Set(scope.map((window) => window.id));
  const tabs = snapshot.tabs.filter((tab) => inScope.has(tab.windowId));
  const target = targetWindow(scope, tabs, project, focused?.id);
  const activate = scope.flatMap((window) => {
    const tab = tabToActivate(tabs.filter((candidate) => candidate.windowId === window.id), project, window.id === target?.id);
    return tab === undefined ? [] : [tab];
  });
  const open = !target || !tabs.some((tab) => tab.windowId === target.id && tab.project === project);

  const inFront = frontTabs(tabs, activate, open ? target?.id : undefined);
  return {
    window: target?.id ?? null,
    bind,
    activate,
    open,
    show: tabs.filter((tab) => tab.project === project && tab.hidden).map((tab) => tab.id),
    hide: tabs
      .filter((tab) => tab.project !== undefined && tab.project !== project)
      .filter((tab) => !tab.hidden && !tab.pinned && !inFront.has(tab.id))
      .map((tab) => tab.id),
  };
}

/** A bound window belongs to its project alone: a switch to that project goes there, any other leaves it as it is. */
function windowsFor(windows: readonly WindowView[], project: ProjectId, focused: number | undefined): readonly WindowView[] {
  const bound = windows.filter((window) => window.bound === project);
  const home = bound.find((window) => window.id === focused) ?? mostRecent(bound);
  return home ? [home] : windows.filter((window) => window.bound === null);
}

/** The focused window if it may show the project; else where the project was last used; else the last focused one. */
function targetWindow(
  scope: readonly WindowView[],
  tabs: readonly TabView[],
  project: ProjectId,
  focused: number | undefined,
): WindowView | undefined {
  const own = lastUsed(tabs.filter((tab) => tab.project === project));
  const here = scope.find((window) => window.id === focused);
  const hereHasTabs = tabs.some((tab) => tab.windowId === here?.id && tab.project === project);
  if (here && (hereHasTabs || !own)) return here;
  return scope.find((window) => window.id === own?.windowId) ?? mostRecent(scope);
}

/** The tab a window must bring to the front; undefined when the one in front may stay. */
function tabToActivate(tabs: readonly TabView[], project: ProjectId, isTarget: boolean): number | undefined {
  const front = tabs.find((tab) => tab.active);
  if (front?.project === project) return undefined;
  const own = lastUsed(tabs.filter((tab) => tab.project === project));
  if (isTarget) return own?.id;
  if (front?.project === undefined) return undefined;
  return (own ?? lastUsed(tabs.filter((tab) => tab.project === undefined && !tab.hidden)))?.id;
}

/** The tabs that will be active when the plan is done; in `opening` a new tab takes the front. */
function frontTabs(tabs: readonly TabView[], activate: readonly number[], opening: number | undefined): Set<number> {
  const changed = new Set(tabs.filter((tab) => activate.includes(tab.id)).map((tab) => tab.windowId));
  if (opening !== undefined) changed.add(opening);
  return new Set([...activate, ...tabs.filter((tab) => tab.active && !changed.has(tab.windowId)).map((tab) => tab.id)]);
}

function lastUsed(tabs: readonly TabView[]): TabView | undefined {
  return tabs.reduce<TabView | undefined>((best, tab) => (best && best.lastAccessed >= tab.lastAccessed ? best : tab), undefined);
}

function mostRecent(windows: readonly WindowView[]): WindowView | undefined {
  return windows.reduce<WindowView | undefined>((best, window) => (best && best.focusedAt >= window.focusedAt ? best : window), undefined);
}
