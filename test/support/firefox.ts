import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as z from "zod/mini";
import { findFirefox } from "../../native-host/dev/findFirefox.ts";
import { Bidi } from "./bidi.ts";
import { FirefoxProcess } from "./firefoxProcess.ts";
import { quietPrefs, userJs } from "./quietPrefs.ts";
import type { Prefs } from "./quietPrefs.ts";
import { waitFor } from "./waitFor.ts";

/** Stead's address in every test: moz-extension://… */
export const steadUuid = "57ead000-57ea-457e-a57e-ad57ead57ead";

export interface LaunchOptions {
  /** $HOME of this Firefox, where native messaging manifests are looked for. Made, and removed by close(), when absent. */
  readonly home?: string;
  /** Default: `profile` in the home. An existing one is used as it is. */
  readonly profile?: string;
  /** An unpacked extension's directory (temporary until the restart) or an .xpi (stays installed). */
  readonly extension?: string;
  /** The extension's id, for its fixed address; default stead@stead. */
  readonly extensionId?: string;
  /** Default true; false needs DISPLAY in `env`. */
  readonly headless?: boolean;
  /** An address given on the command line, as when a link in another program starts Firefox. */
  readonly url?: string;
  /** Added to PATH, LANG and HOME, which alone are inherited. */
  readonly env?: NodeJS.ProcessEnv;
  readonly prefs?: Prefs;
  /** Default: the first found in the usual places, firefox-esr before others. */
  readonly binary?: string;
}

const Tab = z.object({
  /** The BiDi context. */
  context: z.string(),
  url: z.string(),
  title: z.string(),
  hidden: z.boolean(),
  /** In front of its window. */
  selected: z.boolean(),
  pinned: z.boolean(),
  /** 0: no container. */
  userContextId: z.number(),
  /** Position in `windows()`. */
  window: z.number(),
});
export type Tab = z.infer<typeof Tab>;

const Container = z.object({ userContextId: z.number(), name: z.string(), color: z.string(), icon: z.string() });
export type Container = z.infer<typeof Container>;

const Window = z.object({ focused: z.boolean(), tabs: z.number(), title: z.string() });
export type Window = z.infer<typeof Window>;

const Tree = z.object({ contexts: z.array(z.object({ context: z.string(), url: z.string() })) });

/** Starts a real Firefox, connects to it and installs the extension. */
export async function launchFirefox(options: LaunchOptions = {}): Promise<Firefox> {
  const ownHome = options.home === undefined;
  const home = options.home ?? (await mkdtemp(join(tmpdir(), "stead-firefox-")));
  const profile = options.profile ?? join(home, "profile");
  const extensionId = options.extensionId ?? "stead@stead";
  await mkdir(profile, { recursive: true });
  await writeFile(
    join(profile, "user.js"),
    userJs({
      ...quietPrefs,
      "extensions.webextensions.uuids": JSON.stringify({ [extensionId]: steadUuid }),
      // An unsigned .xpi is taken by ESR and Developer Edition only.
      "xpinstall.signatures.required": false,
      ...options.prefs,
    }),
  );
  const args = ["--no-remote", "--profile", profile, "--remote-debugging-port=0", "--remote-allow-system-access"];
  if (options.headless ?? true) args.unshift("--headless");
  if (options.url !== undefined) args.push(options.url);
  const { PATH, LANG } = process.env;
  const process_ = new FirefoxProcess(options.binary ?? findFirefox() ?? "firefox-esr", args, {
    ...(PATH === undefined ? {} : { PATH }),
    LANG: LANG ?? "C.UTF-8",
    HOME: home,
    MOZ_CRASHREPORTER_DISABLE: "1",
    ...options.env,
  });
  try {
    const session = await Bidi.open(await process_.bidiUrl());
    const firefox = new Firefox(process_, session, { home, profile, extensionId, ownHome });
    await firefox.ready();
    // Set by Firefox's remote agent; a panel's page would then look focused and get no keys.
    if (options.headless === false) await firefox.chrome('Services.prefs.setBoolPref("focusmanager.testmode", false)');
    if (options.extension !== undefined) await firefox.install(options.extension);
    return firefox;
  } catch (error) {
    process_.signalGroup("SIGKILL");
    throw new Error(`Firefox did not start: ${String(error)}\n${process_.log.slice(-4000)}`, { cause: error });
  }
}

/** A running Firefox. Expressions may use await and come back through JSON. */
export class Firefox {
  readonly home: string;
  readonly profile: string;
  readonly session: Bidi;
  readonly #process: FirefoxProcess;
  readonly #extensionId: string;
  readonly #ownHome: boolean;

  constructor(
    process_: FirefoxProcess,
    session: Bidi,
    place: { home: string; profile: string; extensionId: string; ownHome: boolean },
  ) {
    this.#process = process_;
    this.session = session;
    this.home = place.home;
    this.profile = place.profile;
    this.#extensionId = place.extensionId;
    this.#ownHome = place.ownHome;
  }

  get pid(): number {
    return this.#process.pid;
  }

  /** Firefox's own output so far; extensions' and hosts' messages are in it with the preference devtools.console.stdout.content. */
  get log(): string {
    return this.#process.log;
  }

  /** Waits until the first window stands. */
  async ready(): Promise<void> {
    await waitFor("the browser window", () => this.chrome("gBrowserInit.delayedStartupFinished"), 60_000);
  }

  /** An unpacked directory is installed until the next start, an .xpi for good; either replaces what is there. */
  async install(path: string): Promise<void> {
    const archive = path.endsWith(".xpi");
    await this.session.send("webExtension.install", {
      extensionData: { type: archive ? "archivePath" : "path", path: resolve(path) },
      "moz:permanent": archive,
    });
  }

  async uninstall(): Promise<void> {
    await this.session.send("webExtension.uninstall", { extension: this.#extensionId });
  }

  /** Evaluates with the browser's own rights in its front window: `gBrowser`, `Services`, `ChromeUtils` are at hand. */
  async chrome(expression: string): Promise<unknown> {
    const { contexts } = Tree.parse(await this.session.send("browsingContext.getTree", { "moz:scope": "chrome", maxDepth: 0 }));
    const window = contexts.find((context) => context.url === "chrome://browser/content/browser.xhtml");
    if (window === undefined) throw new Error("There is no browser window.");
    return this.session.evaluate(window.context, expression);
  }

  /** Evaluates in a tab's page. */
  async evaluate(context: string, expression: string): Promise<unknown> {
    return this.session.evaluate(context, expression);
  }

  /** Evaluates in a short-lived page of the extension's origin, opened behind the others: `browser` is at hand. */
  async extension(expression: string): Promise<unknown> {
    // An image as a document: the extension's origin and interfaces, and none of its scripts.
    const context = await this.openExtensionPage("icons/stead.svg");
    try {
      return await this.session.evaluate(context, expression);
    } finally {
      await this.closeTab(context);
    }
  }

  /** Evaluates with the event page's global as `background`; wakes it when it sleeps. */
  async background(expression: string): Promise<unknown> {
    return this.extension(`browser.runtime.getBackgroundPage().then((background) => (${expression}\n))`);
  }

  /** Opens a page of the extension behind the others and answers its context. */
  async openExtensionPage(path: string): Promise<string> {
    return this.openTab(`moz-extension://${steadUuid}/${path}`);
  }

  /** Every tab of every window, hidden ones too. */
  async tabs(): Promise<Tab[]> {
    return z.array(Tab).parse(
      await this.chrome(`[...Services.wm.getEnumerator("navigator:browser")].flatMap((win, window) =>
        [...win.gBrowser.tabs].map((tab) => ({
          context: ${contextOf("tab.linkedBrowser")},
          url: tab.linkedBrowser.currentURI.spec,
          title: tab.label,
          hidden: tab.hidden,
          selected: tab.selected,
          pinned: tab.pinned,
          userContextId: tab.userContextId,
          window,
        })))`),
    );
  }

  /** Windows in the order they were opened. */
  async windows(): Promise<Window[]> {
    return z.array(Window).parse(
      await this.chrome(`[...Services.wm.getEnumerator("navigator:browser")].map((win) => ({
        focused: Services.focus.activeWindow === win,
        tabs: win.gBrowser.tabs.length,
        title: win.document.title,
      }))`),
    );
  }

  /** Opens a tab, in a container when told to, waits for its page and answers its context. */
  async openTab(url: string, where: { userContextId?: number; front?: boolean; window?: number } = {}): Promise<string> {
    const context = z.string().parse(
      await this.chrome(`(() => {
        const win = ${windowAt(where.window)};
        const tab = win.gBrowser.addTab(${JSON.stringify(url)}, {
          userContextId: ${where.userContextId ?? 0},
          inBackground: true,
          triggeringPrincipal: Services.scriptSecurityManager.getSystemPrincipal(),
        });
        if (${where.front ?? false}) win.gBrowser.selectedTab = tab;
        return ${contextOf("tab.linkedBrowser")};
      })()`),
    );
    await this.loaded(context, url);
    return context;
  }

  /** Loads another address in a tab, with its container, and waits for the page. */
  async navigate(context: string, url: string): Promise<void> {
    await this.onTab(context, `void tab.linkedBrowser.fixupAndLoadURIString(${JSON.stringify(url)}, {
      triggeringPrincipal: Services.scriptSecurityManager.getSystemPrincipal(),
    })`);
    await this.loaded(context, url);
  }

  async selectTab(context: string): Promise<void> {
    await this.onTab(context, "void (win.gBrowser.selectedTab = tab)");
  }

  async closeTab(context: string): Promise<void> {
    await this.onTab(context, "void win.gBrowser.removeTab(tab)");
  }

  /** Opens a window with one empty tab and answers its position in `windows()`. */
  async openWindow(options: { private?: boolean } = {}): Promise<number> {
    await this.chrome(`new Promise((done) => {
      const win = OpenBrowserWindow({ private: ${options.private ?? false} });
      const observer = (subject) => {
        if (subject !== win) return;
        Services.obs.removeObserver(observer, "browser-delayed-startup-finished");
        done();
      };
      Services.obs.addObserver(observer, "browser-delayed-startup-finished");
    })`);
    return (await this.windows()).length - 1;
  }

  /** The containers a user sees in Firefox's settings. */
  async containers(): Promise<Container[]> {
    return z.array(Container).parse(
      await this.chrome(`${identities}.getPublicIdentities().map(({ userContextId, color, icon }) =>
        ({ userContextId, name: ${identities}.getUserContextLabel(userContextId), color, icon }))`),
    );
  }

  /** As if made in Firefox's settings. */
  async createContainer(name: string, color = "blue", icon = "circle"): Promise<number> {
    return z.number().parse(
      await this.chrome(`${identities}.create(${[name, icon, color].map((word) => JSON.stringify(word)).join()}).userContextId`),
    );
  }

  /** As if changed in Firefox's settings. */
  async updateContainer(userContextId: number, name: string, color: string, icon: string): Promise<void> {
    await this.chrome(`${identities}.update(${userContextId}, ${[name, icon, color].map((word) => JSON.stringify(word)).join()})`);
  }

  /** As if removed in Firefox's settings: its tabs are closed first. */
  async removeContainer(userContextId: number): Promise<void> {
    await this.chrome(`${identities}.closeContainerTabs(${userContextId}).then(() => { ${identities}.remove(${userContextId}); })`);
  }

  /** Quits as a user would and waits until every process has ended. Removes a home of its own making. */
  async close(): Promise<void> {
    await this.session.send("browser.close", {}).catch(() => undefined); // The answer may be lost to the quit itself.
    await this.#process.ended();
    await this.#cleanUp();
  }

  /** Ends the browser as a crash would, leaving home and profile behind for the next launch. */
  async kill(): Promise<void> {
    await this.#process.crash();
    this.session.close();
  }

  /** Waits until a tab's page stands and is not loading any more. A redirect to another address counts too. */
  async loaded(context: string, url: string): Promise<void> {
    await waitFor(`${url} to load`, () =>
      this.onTab(context, `!tab.linkedBrowser.webProgress.isLoadingDocument
        && (tab.linkedBrowser.currentURI.spec !== "about:blank" || ${JSON.stringify(url)} === "about:blank")`), 30_000);
  }

  /** Evaluates with the browser's rights; `tab` and its window `win` are at hand. */
  async onTab(context: string, expression: string): Promise<unknown> {
    return this.chrome(`(async () => {
      for (const win of Services.wm.getEnumerator("navigator:browser")) {
        for (const tab of win.gBrowser.tabs) {
          if (${contextOf("tab.linkedBrowser")} === ${JSON.stringify(context)}) return (${expression});
        }
      }
      throw new Error("The tab is gone.");
    })()`);
  }

  async #cleanUp(): Promise<void> {
    this.session.close();
    if (this.#ownHome) await rm(this.home, { recursive: true, force: true, maxRetries: 3 });
  }
}

const identities = 'ChromeUtils.importESModule("resource://gre/modules/ContextualIdentityService.sys.mjs").ContextualIdentityService';

/** The expression for a browser element's BiDi context. */
function contextOf(browser: string): string {
  return `ChromeUtils.importESModule("chrome://remote/content/shared/NavigableManager.sys.mjs").NavigableManager.getIdForBrowser(${browser})`;
}

function windowAt(position: number | undefined): string {
  return position === undefined
    ? "Services.wm.getMostRecentWindow(\"navigator:browser\")"
    : `[...Services.wm.getEnumerator("navigator:browser")][${position}]`;
}
