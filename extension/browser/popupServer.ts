import { SteadError } from "../../shared/errors.ts";
import type { ProjectId } from "../../shared/models.ts";
import { backgroundMethods, type CurrentPage, popupMethods, type PopupState } from "../../shared/protocol/popup.ts";
import type { RuleId } from "../../shared/rules/rule.ts";
import type { Handlers } from "../../shared/wire/table.ts";
import { currentPage } from "../core/currentPage.ts";
import { projectOf } from "../core/localState.ts";
import { adoptable } from "../core/resolveContainer.ts";
import { identities } from "./containers.ts";
import type { Conflicts } from "./conflicts.ts";
import type { HostConnection } from "./hostConnection.ts";
import type { Leases } from "./leases.ts";
import type { Local } from "./local.ts";
import type { LocalRules } from "./localRules.ts";
import type { Notices } from "./notices.ts";
import type { Opener } from "./opener.ts";
import { OpenPages } from "./openPages.ts";
import type { Projects } from "./projects.ts";
import type { Switcher } from "./switcher.ts";
import { countTabs } from "./tabCounts.ts";
import { webext } from "./webext.ts";
import type { WindowBindings } from "./windowBindings.ts";

/** Answers open popups and tells them what changed. */
export class PopupServer {
  readonly #parts: Parts;
  readonly #popups = new OpenPages({
    serves: backgroundMethods,
    calls: popupMethods,
    handlers: () => this.handlers(),
    tell: async (popups) => {
      const state = await this.state();
      for (const popup of popups) popup.call("changed", state).catch(() => undefined);
    },
  });

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  accept(port: browser.runtime.Port): void {
    this.#popups.accept(port);
    // Opening the popup is the moment to look for a host that was not there.
    this.#parts.host.connect();
  }

  /** Something the popup shows may have changed. */
  changed(): void {
    this.#popups.changed();
  }

  /** What a popup may ask; other pages of Stead may ask some of it too. */
  handlers(): Handlers<typeof backgroundMethods> {
    const { local, host, projects, switcher, windows, rules, notices, leases, conflicts, opener, applyRules } = this.#parts;
    return {
      state: () => this.state(),
      switch: async (request) => switcher.switch(request),
      "window.unbind": async () => {
        const window = await windows.current();
        if (window !== undefined) await windows.bind(window, null);
        this.#parts.onWindowsChanged();
        return {};
      },
      "project.add": async (details) => {
        await local.ready;
        return { project: await projects.add(details) };
      },
      "project.update": async ({ id, patch }) => ({ project: await projects.update(id, patch) }),
      "project.remove": async ({ id }) => {
        if (!host.live) throw new SteadError("hostMissing", "A project can only be removed while the native host is connected and the vault is unlocked.");
        return { removed: await projects.remove(id) };
      },
      "page.reopen": async ({ tab, project }) => {
        await local.ready;
        await opener.reopen(await webext.tabs.get(tab), project);
        return {};
      },
      "rule.add": async ({ rule: draft, apply }) => {
        const { put } = await rules.change({ put: [draft], remove: [] });
        const [rule] = put;
        if (rule === undefined) throw new SteadError("internal", "The rule was taken, and none came back.");
        return { rule, moved: apply ? await applyRules([rule.id]) : 0 };
      },
      "notice.dismiss": async () => {
        const tab = await activeTab(await windows.current());
        if (tab?.id !== undefined) notices.dismiss(tab.id);
        return {};
      },
      "lease.revoke": async ({ project }) => {
        const answer = await host.call("lease.revoke", { project });
        leases.ended(project);
        return answer;
      },
      "conflict.dismiss": async (conflict) => {
        await conflicts.dismiss(conflict);
        return {};
      },
      "host.retry": () => {
        host.connect(true);
        return {};
      },
    };
  }

  async state(): Promise<PopupState> {
    const { local, host, projects, windows, rules, notices, leases, conflicts } = this.#parts;
    await Promise.all([local.ready, rules.ready]);
    const window = await windows.current();
    const [tabs, containers, access, bound, tab] = await Promise.all([
      countTabs(local.state),
      identities(),
      webext.permissions.contains({ origins: ["<all_urls>"] }),
      window === undefined ? null : windows.of(window),
      activeTab(window),
    ]);
    return {
      projects: local.state.projects.map((project) => ({
        ...project,
        tabs: tabs[project.id] ?? 0,
        items: countOf(projects, project.id, "items"),
        rules: countOf(projects, project.id, "rules"),
        // Of a store out of sight nothing is known.
        lease: host.live ? (leases.of(project.id) ?? null) : null,
        adopted: local.state.containers[project.id]?.adopted ?? false,
        adoptable: !(project.id in local.state.containers) && adoptable(project, local.state.containers, containers) !== undefined,
      })),
      current: bound ?? local.state.active,
      bound,
      access,
      host: host.state,
      page: this.#page(tab),
      notice: await notices.of(tab?.id),
      conflict: await conflicts.first(),
    };
  }

  #page(tab: browser.tabs.Tab | undefined): CurrentPage | null {
    const { local, rules } = this.#parts;
    if (tab?.id === undefined) return null;
    return currentPage(rules.index, { tab: tab.id, url: tab.url ?? "", project: projectOf(local.state, tab.cookieStoreId) ?? null }) ?? null;
  }
}

interface Parts {
  local: Local;
  host: HostConnection;
  projects: Projects;
  switcher: Switcher;
  windows: WindowBindings;
  rules: LocalRules;
  notices: Notices;
  leases: Leases;
  conflicts: Conflicts;
  opener: Opener;
  applyRules: (rules: readonly RuleId[]) => Promise<number>;
  onWindowsChanged(): void;
}

async function activeTab(window: number | undefined): Promise<browser.tabs.Tab | undefined> {
  const [tab] = await webext.tabs.query({ active: true, ...(window === undefined ? { lastFocusedWindow: true } : { windowId: window }) });
  return tab;
}

function countOf(projects: Projects, id: ProjectId, what: "items" | "rules"): number | null {
  return projects.counts?.get(id)?.[what] ?? null;
}
