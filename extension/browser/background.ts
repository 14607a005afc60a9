import type { ProjectId } from "../../shared/models.ts";
import type { Registry } from "../../shared/protocol/store.ts";
import type { Step } from "../core/stepProject.ts";
import { stepProject } from "../core/stepProject.ts";
import { Conflicts } from "./conflicts.ts";
import { Containers } from "./containers.ts";
import { ContentScripts } from "./contentScripts.ts";
import { CookieSync } from "./cookieSync.ts";
import { openFirstRun } from "./firstRun.ts";
import { FreshStart } from "./freshStart.ts";
import { HostConnection } from "./hostConnection.ts";
import { Leases } from "./leases.ts";
import { Local } from "./local.ts";
import { LocalRules } from "./localRules.ts";
import { Menus } from "./menus.ts";
import { Notices } from "./notices.ts";
import { Opener } from "./opener.ts";
import { OptionsServer } from "./optionsServer.ts";
import { PageEvents } from "./pageEvents.ts";
import { Pages } from "./pages.ts";
import { Placer } from "./placer.ts";
import { PopupServer } from "./popupServer.ts";
import { Projects } from "./projects.ts";
import { Redelivery } from "./redelivery.ts";
import { Router } from "./router.ts";
import { RoutingGuards } from "./routingGuards.ts";
import { SignIns } from "./signIns.ts";
import { StorageSync } from "./storageSync.ts";
import { Switcher } from "./switcher.ts";
import { TabContainers } from "./tabContainers.ts";
import { countTabs } from "./tabCounts.ts";
import { Toolbar } from "./toolbar.ts";
import { webext } from "./webext.ts";
import { WindowBindings } from "./windowBindings.ts";

/** What each keyboard command of the manifest does; `_execute_action` opens the popup by itself. */
const steps: Readonly<Record<string, Step>> = {
  "next-project": { kind: "next" },
  "previous-project": { kind: "previous" },
  "last-project": { kind: "last" },
  ...Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`project-${index + 1}`, { kind: "number", number: index + 1 } as const])),
};

/** Makes the parts, and registers every listener before anything is awaited: the page may have just been woken by one. */
export function startBackground(): void {
  const start = new FreshStart();
  const local = new Local();
  const windows = new WindowBindings();
  const containers: Containers = new Containers(local, async (project) => {
    await storage.containerMade(project);
    await cookies.reconcile(project);
  });
  const host: HostConnection = new HostConnection({
    onConnected,
    onChange: changedSomewhere,
    handlers: {
      switch: (request) => switcher.switch(request),
      open: async ({ url, project }) => ({ project: await router.open(url, project) }),
      "rules.apply": async (request) => ({ moved: await router.applyRules(request.rules) }),
      tabs: async () => ({ counts: await countTabs(local.state) }),
      "registry.changed": async (registry) => {
        await take(registry);
        changedSomewhere();
        return {};
      },
      "state.apply": async (update) => ({ failed: await cookies.apply(update) }),
      "state.resync": async () => {
        await cookies.reconcileAll();
        await storage.connected();
        return {};
      },
      "storage.pending": ({ pending }) => storage.take(pending),
      "vault.changed": (vault) => {
        if (host.state.kind === "connected") host.setState({ ...host.state, vault });
        return {};
      },
    },
  });
  const rules = new LocalRules(host);
  const cookies: CookieSync = new CookieSync(local, host, start);
  const storage: StorageSync = new StorageSync({
    local, host, start, onFailed: (tab, site, project, count) => notices.show(tab, { kind: "notRestored", host: site, project, count }),
  });
  const switcher: Switcher = new Switcher(local, containers, windows, (project) => {
    // The store's record also takes back the request to switch when a Firefox connects. Without a host nothing is lost.
    host.call("active.set", { project, at: Date.now() }).catch(() => undefined);
  });
  const projects = new Projects(local, host, containers, windows, rules);
  const guards = new RoutingGuards();
  const placer = new Placer(containers, guards);
  const redelivery: Redelivery = new Redelivery(local, placer, (tab, notice) => notices.show(tab, notice));
  const opener = new Opener(local, placer, redelivery, () => router);
  const pageEvents = new PageEvents();
  new ContentScripts(local, new TabContainers(), pageEvents);
  const notices = new Notices(local, pageEvents, changedSomewhere);
  const leases = new Leases(changedSomewhere);
  const conflicts = new Conflicts(local, changedSomewhere);
  const pages = new Pages({ local, rules, host, opener, router: () => router });
  const menus = new Menus({ local, rules, opener, router: () => router });
  const signIns = new SignIns(local, rules);
  const router: Router = new Router({ local, rules, guards, placer, pageEvents, pages, notices, signIns, redelivery });
  const toolbar = new Toolbar(local, windows);
  const popup = new PopupServer({
    local, host, projects, switcher, windows, rules, notices, leases, conflicts, opener, applyRules: (ids) => router.applyRules(ids), onWindowsChanged: changed,
  });
  const options = new OptionsServer({ popup, rules, applyRules: (ids) => router.applyRules(ids) });
  let focusedAt = Date.now();
  let told = "";

  webext.runtime.onConnect.addListener((port) => {
    if (port.sender?.id !== webext.runtime.id) return;
    if (port.name === "storage") storage.accept(port);
    // A content script runs in a page's process, and may speak for its document alone.
    if (port.sender.url?.startsWith(webext.runtime.getURL("")) !== true) return;
    if (port.name === "popup") popup.accept(port);
    if (port.name === "options") options.accept(port);
    if (port.name === "page") pages.accept(port);
  });
  webext.cookies.onChanged.addListener((event) => {
    void local.ready.then(() => cookies.changed(event));
  });
  webext.contextualIdentities.onUpdated.addListener(({ contextualIdentity }) => {
    void local.ready.then(async () => {
      const followed = containers.updated(contextualIdentity);
      if (followed) await projects.follow(followed);
    });
  });
  webext.contextualIdentities.onRemoved.addListener(({ contextualIdentity }) => {
    void local.ready.then(() => {
      const project = containers.removed(contextualIdentity.cookieStoreId);
      if (project === undefined) return;
      cookies.containerLost(project);
      storage.containerLost(project);
    });
  });
  webext.contextualIdentities.onCreated.addListener(changedSomewhere);
  webext.windows.onFocusChanged.addListener((window) => {
    if (window === webext.windows.WINDOW_ID_NONE) return;
    focusedAt = Date.now();
    windows.focusChanged(window, focusedAt);
    changed();
  });
  webext.windows.onRemoved.addListener((window) => windows.closed(window));
  webext.tabs.onCreated.addListener(changedSomewhere);
  webext.tabs.onRemoved.addListener(changedSomewhere);
  webext.commands.onCommand.addListener((command) => {
    // The popup asks what the shortcut could not decide (a container to adopt), and a command may open it.
    void local.ready.then(() => runCommand(command)).catch(() => webext.action.openPopup());
  });

  webext.permissions.onAdded.addListener(() => {
    changedSomewhere();
    void local.ready.then(() => cookies.reconcileAll()).catch((error: unknown) => console.error("Stead could not compare the containers", error));
  });
  webext.permissions.onRemoved.addListener(changedSomewhere);

  openFirstRun(local);
  local.onChange(changed);
  rules.onChange((change) => {
    options.rulesChanged(change);
    changedSomewhere();
  });
  void local.ready.then(async () => {
    for (const followed of await containers.check(await start.isStale())) await projects.follow(followed);
    toolbar.update();
    menus.update();
    host.connect();
  });

  /** What the open pages show may be another. */
  function changedSomewhere(): void {
    popup.changed();
    options.changed();
  }

  async function take(registry: Registry): Promise<void> {
    await projects.take(registry);
    await rules.take(registry);
    leases.take(registry);
    await conflicts.take(registry);
  }

  function changed(): void {
    toolbar.update();
    menus.update();
    changedSomewhere();
    void tellInstance();
  }

  async function runCommand(command: string): Promise<void> {
    const project = await currentProject();
    if (command === "new-tab") {
      if (project === null) await webext.tabs.create({});
      else await switcher.openTab(project);
      return;
    }
    const step = steps[command];
    const next = step && stepProject(local.state, project, step);
    if (next !== undefined) await switcher.switch({ project: next });
  }

  async function currentProject(): Promise<ProjectId | null> {
    const window = await windows.current();
    return (window === undefined ? null : await windows.of(window)) ?? local.state.active;
  }

  async function onConnected(): Promise<void> {
    await local.ready;
    const { name: browser, version } = await webext.runtime.getBrowserInfo();
    const answer = await host.call("connect", {
      instance: { id: local.state.instance, browser, version, focusedAt, current: await currentProject() },
    });
    host.setState({ kind: "connected", instance: answer.name, vault: answer.vault });
    if (!answer.registry) return;
    await take(answer.registry);
    await cookies.reconcileAll();
    await storage.connected();
    if (answer.apply !== null) await switcher.switch({ project: answer.apply });
  }

  /** Tells the host which project is current and when this profile was last used, when that changed. */
  async function tellInstance(): Promise<void> {
    if (host.state.kind !== "connected") return;
    const current = await currentProject();
    const word = JSON.stringify([focusedAt, current]);
    if (word === told) return;
    told = word;
    await host.call("instance.changed", { focusedAt, current }).catch(() => undefined);
  }
}
