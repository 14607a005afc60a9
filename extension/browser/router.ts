import * as z from "zod/mini";
import { SteadError } from "../../shared/errors.ts";
import type { ProjectId } from "../../shared/models.ts";
import { decide } from "../../shared/rules/decide.ts";
import type { RuleId } from "../../shared/rules/rule.ts";
import { belongs, type Order } from "../core/routing/belongs.ts";
import { isForNothing, moveTo, tabRemoved, tabShows, withMove, withPass } from "../core/routing/guards.ts";
import { Redirects } from "../core/moved/redirects.ts";
import type { PageRequest } from "../core/routing/pageRequest.ts";
import { recall } from "../core/routing/recall.ts";
import type { RouteDecision } from "../core/routing/routeDecision.ts";
import { settle, type Settling } from "../core/routing/settle.ts";
import type { TabFacts } from "../core/routing/tabFacts.ts";
import type { SignInVerdict } from "../core/signIn/signInVerdict.ts";
import type { Local } from "./local.ts";
import type { LocalRules } from "./localRules.ts";
import type { Notices } from "./notices.ts";
import { OpenTabs } from "./openTabs.ts";
import type { Pages } from "./pages.ts";
import type { Placer } from "./placer.ts";
import type { Redelivery } from "./redelivery.ts";
import type { RoutingGuards } from "./routingGuards.ts";
import type { SignIns } from "./signIns.ts";
import { webext } from "./webext.ts";

type Details = Parameters<Parameters<typeof webext.webRequest.onBeforeRequest.addListener>[0]>[0];
type Answer = browser.webRequest.BlockingResponse;
type Held = Answer | Promise<Answer>;
type Tab = browser.tabs.Tab;
type Performed = Extract<RouteDecision, { kind: "close" | "move" | "show" | "contested" }>;

interface Parts {
  local: Local;
  rules: LocalRules;
  guards: RoutingGuards;
  placer: Placer;
  pages: Pages;
  notices: Notices;
  signIns: SignIns;
  redelivery: Redelivery;
}

const FormData = z.record(z.string(), z.array(z.string()));
const own = webext.runtime.getURL("");
const goOn: Answer = {};
const cancel: Answer = { cancel: true };

/**
 * Sends main-frame requests to the project their page belongs to: gathers, has it decided, performs. A page no rule names
 * is answered at once, without a promise: what the answer needs is in memory, but for the moment after the event page woke.
 */
export class Router {
  readonly #parts: Parts;
  readonly #tabs: OpenTabs;
  readonly #redirects = new Redirects();
  readonly #ready: Promise<unknown>;
  #isReady = false;
  #projects: { of: object; byContainer: ReadonlyMap<string, ProjectId> } = { of: {}, byContainer: new Map() };

  /** Must be made before anything is awaited. */
  constructor(parts: Parts) {
    this.#parts = parts;
    const { local, rules, guards } = parts;
    this.#tabs = new OpenTabs({
      onShown: (tab, url, before) => guards.update((state) => tabShows(state, tab, url, before, Date.now())),
      onRemoved: (tab) => guards.update((state) => tabRemoved(state, tab)),
      onNothing: (tab) => void this.#closeEmpty(tab).catch(report),
    });
    this.#ready = Promise.all([local.ready, rules.ready, guards.ready, this.#tabs.ready]).then(() => {
      this.#isReady = true;
    });
    webext.webRequest.onBeforeRequest.addListener(
      (details) => {
        if (details.tabId < 0 || details.incognito === true) return undefined;
        // At once: what follows tells how the tab came to be (OpenTabs).
        this.#tabs.asks(details.tabId);
        return this.#isReady ? this.#route(details) : this.#ready.then(() => this.#route(details) ?? goOn);
      },
      { urls: ["http://*/*", "https://*/*"], types: ["main_frame"] },
      ["blocking", "requestBody"],
    );
  }

  /** Rules leave this tab's pages of the address's host where they are, until the tab goes to another host. */
  letStay(tab: number, url: string): void {
    this.#parts.guards.update((guards) => withPass(guards, tab, url));
  }

  /**
   * `stead open`, and signed links: opens it in the project, or (null) where the rules and settings say, as for another
   * program's link. Answers where it opened: null for in no project, and while the user is asked. Throws
   * `unknownProject`, `adoptionNeeded`.
   */
  async open(url: string, project: ProjectId | null): Promise<ProjectId | null> {
    await this.#ready;
    const { placer, pages, guards } = this.#parts;
    if (project !== null) {
      await placer.open(url, project);
      return project;
    }
    const request: PageRequest = {
      requestId: "", tab: -1, url, method: "GET", cookieStoreId: "", project: undefined, originUrl: undefined, at: Date.now(), formData: undefined,
    };
    const place = belongs(request, false, "external", { kind: "none" }, this.#order());
    if (place.kind === "ask") {
      await pages.show(place.content, await placer.openEmpty(), { keep: false });
      return null;
    }
    const to = place.kind === "there" ? place.project : null;
    guards.update((state) => withMove(state, { url, to, by: "rule", from: -1, at: Date.now() }));
    await placer.put(undefined, url, to, { keep: true });
    return to;
  }

  /** Moves open tabs whose page these rules give to another project than theirs; answers how many. */
  async applyRules(rules: readonly RuleId[]): Promise<number> {
    await this.#ready;
    const tabs = await webext.tabs.query({ url: ["http://*/*", "https://*/*"] });
    let moved = 0;
    for (const tab of tabs) {
      const to = this.#goes(tab, rules);
      if (to === undefined || tab.url === undefined || tab.id === undefined) continue;
      const { url, id: from } = tab;
      this.#parts.guards.update((state) => withMove(state, { url, to, by: "rule", from, at: Date.now() }));
      await this.#parts.placer.put(tab, url, to, { keep: false });
      moved += 1;
    }
    return moved;
  }

  /** The project an open tab's page goes to by one of these rules; undefined when it stays. */
  #goes({ url, incognito, cookieStoreId }: Tab, rules: readonly RuleId[]): ProjectId | undefined {
    if (url === undefined || incognito) return undefined;
    const order = this.#order();
    const here = this.#projectOf(cookieStoreId);
    const decision = decide(order.index, url);
    // A person is not asked about a page that is open.
    if (decision.kind !== "project" || !rules.includes(decision.rule.id)) return undefined;
    if (decision.project === here || !order.knows(decision.project)) return undefined;
    return here !== undefined && order.inherits(url) ? undefined : decision.project;
  }

  #route(details: Details): Held | undefined {
    const { guards, signIns } = this.#parts;
    const request = this.#requestOf(details);
    const tab = this.#tabs.facts(request.tab);
    const { guards: next, recall: recalled } = recall(guards.state, request, tab, own);
    guards.update(() => next);
    switch (recalled.kind) {
      case "continue":
        return undefined;
      case "stop":
        return cancel;
      case "arrived":
      case "new":
    }
    // A callback that was moved has used its flow up.
    const verdict = recalled.kind === "arrived" && recalled.move.by === "signIn" ? none : signIns.judge(request);
    if (!(verdict instanceof Promise)) return this.#settle({ request, tab, recalled, signIn: verdict });
    return verdict
      .catch((error: unknown) => {
        report(error);
        return none;
      })
      .then((signIn) => this.#settle({ request, tab: this.#tabs.facts(request.tab), recalled, signIn }) ?? goOn);
  }

  #settle(settling: Pick<Settling, "request" | "tab" | "recalled" | "signIn">): Held | undefined {
    const { guards, redelivery } = this.#parts;
    const { guards: next, decision } = settle(guards.state, {
      ...settling,
      order: this.#order(),
      takes: (request) => redelivery.takes(request),
      own,
    });
    guards.update(() => next);
    const { request, tab } = settling;
    switch (decision.kind) {
      case "continue":
        return undefined;
      case "leave":
        this.#parts.notices.show(request.tab, decision.notice);
        return undefined;
      case "stop":
        return cancel;
      case "wait":
        return this.#tabs.known(request.tab).then(() => this.#settle({ ...settling, tab: this.#tabs.facts(request.tab) }) ?? goOn);
      case "look":
        return popupOf(request.tab).then((popup) => this.#settle({ ...settling, tab: { ...tab, popup } }) ?? goOn);
      case "contested":
        void this.#perform(decision, request, tab).catch(report);
        return undefined;
      case "redeliver":
        return this.#redeliver(decision, request, settling.signIn.kind === "move");
      case "close":
      case "move":
      case "show":
        void this.#perform(decision, request, tab).catch((error: unknown) => this.#save(error, request, decision));
        return cancel;
    }
  }

  async #perform(decision: Performed, request: PageRequest, facts: TabFacts): Promise<void> {
    const { placer, pages, redelivery } = this.#parts;
    if (decision.kind === "close") {
      await webext.tabs.remove(request.tab);
      return;
    }
    // Another add-on may have closed it: then the page opens without its place.
    const tab = await webext.tabs.get(request.tab).catch(() => undefined);
    switch (decision.kind) {
      case "move": {
        redelivery.expect(request, decision.project, tab);
        const url = facts.source ? `view-source:${request.url}` : request.url;
        await placer.put(tab, url, decision.project, { keep: decision.keep });
        return;
      }
      case "show":
        if (tab) await pages.show(decision.content, tab, { keep: decision.keep, from: request.originUrl });
        return;
      case "contested":
        if (decision.close !== null) await webext.tabs.remove(decision.close).catch(() => undefined);
        if (tab) await pages.show(decision.content, tab, { keep: true, from: request.originUrl });
    }
  }

  /** Whether it is stopped here is Redelivery's to say: how the form is encoded shows only later. */
  async #redeliver({ project, keep }: Extract<RouteDecision, { kind: "redeliver" }>, request: PageRequest, isCallback: boolean): Promise<Answer> {
    try {
      return await this.#parts.redelivery.deliver(await webext.tabs.get(request.tab), request, project, { keep, isCallback });
    } catch (error) {
      report(error);
      return goOn;
    }
  }

  /** The page could not be opened where it belongs: it is not lost for that. */
  async #save(error: unknown, request: PageRequest, decision: Performed): Promise<void> {
    try {
      const tab = await webext.tabs.get(request.tab);
      // The popup asks what becomes of the container of the same name, at the switch; the page waits until then, not fetched.
      if (decision.kind === "move" && decision.project !== null && error instanceof SteadError && error.code === "adoptionNeeded") {
        const { url } = request;
        const pattern = this.#patternOf(url);
        await this.#parts.pages.show({ kind: "choose", url, why: "rule", projects: [decision.project], pattern }, tab, { keep: decision.keep, from: request.originUrl });
        return;
      }
      report(error);
      if (request.method !== "GET") return;
      this.letStay(request.tab, request.url);
      await webext.tabs.update(request.tab, { url: request.url });
    } catch (second) {
      report(second);
    }
  }

  /** A tab that we opened for what turned out to be a download closes, as Firefox does with tabs of its own. */
  async #closeEmpty(id: number): Promise<void> {
    await this.#ready;
    const { state } = this.#parts.guards;
    if (!isForNothing(state, id)) return;
    const from = moveTo(state, id)?.from ?? -1;
    const tab = await webext.tabs.get(id);
    if (tab.active && from !== -1) await webext.tabs.update(from, { active: true }).catch(() => undefined);
    await webext.tabs.remove(id);
  }

  #patternOf(url: string): string | null {
    const decision = decide(this.#parts.rules.index, url);
    if (decision.kind === "project") return decision.rule.pattern;
    return decision.kind === "ask" ? (decision.rules[0]?.pattern ?? null) : null;
  }

  #order(): Order {
    const { local, rules } = this.#parts;
    return {
      index: rules.index,
      settings: rules.settings,
      inherits: (url) => rules.inherits(url),
      knows: (project) => local.state.projects.some(({ id }) => id === project),
      active: local.state.active,
    };
  }

  #requestOf({ requestId, tabId, url, method, cookieStoreId, originUrl, requestBody }: Details): PageRequest {
    const form = requestBody && FormData.safeParse(requestBody.formData);
    return {
      requestId,
      tab: tabId,
      url,
      method,
      cookieStoreId: cookieStoreId ?? "",
      project: this.#projectOf(cookieStoreId),
      originUrl,
      redirectedFrom: this.#redirects.pass(requestId, url),
      at: Date.now(),
      formData: form?.success ? form.data : undefined,
    };
  }

  #projectOf(cookieStoreId: string | undefined): ProjectId | undefined {
    const { containers } = this.#parts.local.state;
    if (this.#projects.of !== containers) {
      this.#projects = { of: containers, byContainer: new Map(Object.entries(containers).map(([id, container]) => [container.cookieStoreId, id])) };
    }
    return cookieStoreId === undefined ? undefined : this.#projects.byContainer.get(cookieStoreId);
  }
}

const none: SignInVerdict = { kind: "none" };

/** Firefox tells of no tab whether it has an opener that can talk to it; its page knows. */
async function popupOf(id: number): Promise<"none" | "alone" | "opened"> {
  try {
    const tab = await webext.tabs.get(id);
    if (tab.windowId === undefined || (await webext.windows.get(tab.windowId)).type !== "popup") return "none";
    const [answer] = await webext.scripting.executeScript({ target: { tabId: id }, func: () => window.opener !== null });
    return answer?.result === true ? "opened" : "alone";
  } catch {
    // Its page may not be read, so no page of the site that opened it can be there.
    return "alone";
  }
}

function report(error: unknown): void {
  console.error("Stead could not put a page in its place", error);
}
