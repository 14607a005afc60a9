import { type Guards, Guards as GuardsSchema, isForNothing, newGuards, tabRemoved, tabShows, withMove, withPass } from "../../../../extension/core/routing/guards.ts";
import type { Order } from "../../../../extension/core/routing/belongs.ts";
import type { PageRequest } from "../../../../extension/core/routing/pageRequest.ts";
import { recall } from "../../../../extension/core/routing/recall.ts";
import type { RouteDecision } from "../../../../extension/core/routing/routeDecision.ts";
import { settle } from "../../../../extension/core/routing/settle.ts";
import type { TabFacts } from "../../../../extension/core/routing/tabFacts.ts";

export const own = "moz-extension://stead/";
export const otherAddOn = "moz-extension://rival/";

export interface SimulatedTab {
  id: number;
  project: string | null;
  shown: string | undefined;
  /** It was opened for one navigation, by a page, another program or us. */
  forOne: boolean;
  /** The host whose pages the user wants to stay in it. */
  pass: string | undefined;
}

/** What the sites do. */
export interface Sites {
  /** Answered with 302. */
  redirects: Readonly<Record<string, string>>;
  /** Their page goes on at once by script. */
  scripts: Readonly<Record<string, string>>;
  downloads: readonly string[];
}

/** What became of one navigation: of a click, an address typed, a step of a script. */
export interface Outcome {
  url: string;
  method: string;
  ends: ("page" | "download" | "question" | "loop" | "dropped")[];
  /** Every request that reached the network. */
  fetched: { method: string; url: string; project: string | null }[];
}

export interface Ask {
  tab: number;
  url: string;
  method?: string;
  origin?: string;
  arrival?: TabFacts["arrival"];
  popup?: TabFacts["popup"];
  /** Firefox asks for it twice. */
  twice?: boolean;
}

/** Another add-on that routes: where it wants an address, if anywhere, and whether it is quicker than we are. */
export interface Rival {
  wants(url: string): string | undefined;
  first: boolean;
}

interface Pending extends Ask {
  outcome: Outcome;
}

/**
 * As much of Firefox, of Router and of Placer as routing decides about, in one thread: pages load at once, and every tab,
 * request and event is one of the real ones. `restart` says before each event whether the event page was asleep.
 */
export class SimulatedBrowser {
  readonly tabs = new Map<number, SimulatedTab>();
  readonly outcomes: Outcome[] = [];
  /** What became of the second request where Firefox asked twice. */
  readonly repeats: Outcome[] = [];
  /** How often the user was told of another add-on. */
  contests = 0;
  guards: Guards = newGuards();
  now = 1_000_000;
  /** Every page that stood in a tab, and whether it had an excuse to be there. */
  readonly shown: { url: string; project: string | null; excuse: string | undefined }[] = [];
  readonly #order: Order;
  readonly #sites: Sites;
  readonly #restart: () => boolean;
  readonly #rival: Rival | undefined;
  #lastTab = 0;
  #lastRequest = 0;
  #steps = 0;
  /** Steps of scripts since a page last changed its tab. */
  #still = 0;
  readonly #queue: Pending[] = [];

  constructor(order: Order, sites: Sites, restart: () => boolean, rival?: Rival) {
    this.#order = order;
    this.#sites = sites;
    this.#restart = restart;
    this.#rival = rival;
  }

  open(project: string | null, shown?: string, forOne = false): SimulatedTab {
    const tab = { id: ++this.#lastTab, project, shown: undefined, forOne, pass: undefined as string | undefined };
    this.tabs.set(tab.id, tab);
    if (shown !== undefined) this.show(tab, shown);
    return tab;
  }

  /** Everything that follows from one navigation, until the browser is quiet. */
  navigate(ask: Ask): Outcome {
    const outcome = this.#begin(ask);
    this.#steps = 0;
    this.#still = 0;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      if (++this.#steps > 400) throw new Error("It never ends.");
      this.#request(next, String(++this.#lastRequest));
      // What was fetched is asked for again by nobody.
      if (next.twice === true && this.tabs.has(next.tab) && next.outcome.fetched.length === 0) {
        const again: Outcome = { ...next.outcome, ends: [] };
        this.repeats.push(again);
        this.#request({ ...next, outcome: again }, String(++this.#lastRequest));
      }
    }
    return outcome;
  }

  reload(tab: SimulatedTab): Outcome | undefined {
    return tab.shown?.startsWith("http") === true ? this.navigate({ tab: tab.id, url: tab.shown }) : undefined;
  }

  /** Firefox restores it: it shows the address before it asks for it. */
  restore(project: string | null, url: string): Outcome {
    const tab = this.open(project);
    this.show(tab, url);
    return this.navigate({ tab: tab.id, url });
  }

  /** The tab has the page. */
  show(tab: SimulatedTab, url: string): void {
    const before = tab.shown;
    tab.shown = url;
    if (url.startsWith("http") && new URL(url).host !== tab.pass) tab.pass = undefined;
    this.#event((guards) => tabShows(guards, tab.id, url, before, this.now));
  }

  close(tab: SimulatedTab): void {
    this.tabs.delete(tab.id);
    this.#event((guards) => tabRemoved(guards, tab.id));
  }

  letStay(tab: SimulatedTab, url: string): void {
    tab.pass = new URL(url).host;
    this.#event((guards) => withPass(guards, tab.id, url));
  }

  /** The user's own "open in project". */
  place(tab: SimulatedTab, url: string, project: string | null): Outcome {
    this.#event((guards) => withMove(guards, { url, to: project, by: "user", from: tab.id, at: this.now }));
    const made = this.open(project, undefined, true);
    made.pass = new URL(url).host;
    return this.navigate({ tab: made.id, url, origin: own });
  }

  #begin(ask: Ask): Outcome {
    const outcome: Outcome = { url: ask.url, method: ask.method ?? "GET", ends: [], fetched: [] };
    this.outcomes.push(outcome);
    this.#queue.push({ ...ask, outcome });
    return outcome;
  }

  #event(change: (guards: Guards) => Guards): void {
    if (this.#restart()) this.guards = GuardsSchema.parse(JSON.parse(JSON.stringify(this.guards)));
    this.guards = change(this.guards);
  }

  #request(ask: Pending, id: string): void {
    const tab = this.tabs.get(ask.tab);
    if (tab === undefined) return;
    const { url, method = "GET", origin } = ask;
    const wish = origin?.startsWith(otherAddOn) === true ? undefined : this.#rival?.wants(url);
    const isRivals = wish !== undefined && wish !== tab.project;
    const request: PageRequest = {
      requestId: id, tab: tab.id, url, method, cookieStoreId: "", project: tab.project ?? undefined, originUrl: origin, at: this.now,
      formData: method === "POST" ? {} : undefined,
    };
    const decision = this.#route(request, tab, ask);
    if (isRivals && this.#rival?.first === true) this.#rivalMoves(tab, ask, wish);
    this.#perform(decision, request, tab, ask, isRivals);
    if (isRivals && this.#rival?.first === false) this.#rivalMoves(tab, ask, wish);
  }

  /** The other add-on answers the same request, at the same time. */
  #rivalMoves(tab: SimulatedTab, { url, outcome }: Pending, wish: string): void {
    if (tab.shown === undefined && this.tabs.has(tab.id)) this.close(tab);
    const made = this.open(wish, undefined, true);
    this.#queue.push({ tab: made.id, url, origin: otherAddOn, outcome });
  }

  #route(request: PageRequest, { shown }: SimulatedTab, ask: Pending): RouteDecision {
    let decision: RouteDecision = { kind: "continue" };
    const facts: TabFacts = { shown, source: false, arrival: ask.arrival ?? "inside", popup: undefined };
    this.#event((guards) => {
      const first = recall(guards, request, facts, own);
      if (first.recall.kind === "continue" || first.recall.kind === "stop") {
        decision = first.recall;
        return first.guards;
      }
      const recalled = first.recall;
      const finish = (tab: TabFacts, known: Guards): Guards => {
        const settled = settle(known, {
          request, tab, recalled, signIn: { kind: "none" }, order: this.#order, takes: ({ url }) => !url.includes("/big"), own,
        });
        if (settled.decision.kind === "look") return finish({ ...tab, popup: ask.popup ?? "none" }, settled.guards);
        if (settled.decision.kind === "wait") return finish({ ...tab, arrival: "inside" }, settled.guards);
        decision = settled.decision;
        return settled.guards;
      };
      return finish(facts, first.guards);
    });
    return decision;
  }

  #perform(decision: RouteDecision, request: PageRequest, tab: SimulatedTab, ask: Pending, isRivals: boolean): void {
    const { outcome } = ask;
    switch (decision.kind) {
      case "contested":
        if (decision.close !== null) this.tabs.delete(decision.close);
        this.contests += 1;
        this.#load(request, tab, ask, "contested");
        return;
      case "continue":
      case "leave":
        if (isRivals) return; // Cancelled by the other add-on.
        this.#load(request, tab, ask, excuseOf(decision, tab, request));
        return;
      case "stop":
        outcome.ends.push("dropped");
        return;
      case "close":
        outcome.ends.push("dropped");
        if (this.tabs.has(tab.id)) this.close(tab);
        return;
      case "redeliver":
      case "move": {
        this.#still = 0;
        const made = this.open(decision.project, undefined, true);
        if (!decision.keep && this.tabs.has(tab.id)) this.close(tab);
        this.#queue.push({ tab: made.id, url: request.url, method: request.method, origin: own, outcome });
        return;
      }
      case "show": {
        outcome.ends.push(decision.content.kind === "loop" ? "loop" : "question");
        const where = decision.keep ? this.open(tab.project) : tab;
        this.show(where, `${own}page`);
        return;
      }
      case "wait":
      case "look":
        throw new Error("asked twice");
    }
  }

  #load({ requestId, url, method }: PageRequest, tab: SimulatedTab, ask: Pending, excuse: string | undefined): void {
    const { outcome } = ask;
    outcome.fetched.push({ method, url, project: tab.project });
    const next = this.#sites.redirects[url];
    if (next !== undefined) {
      if (outcome.fetched.length > 20) {
        // Firefox's own limit, with a page that says so.
        outcome.ends.push("loop");
        this.show(tab, url);
        return;
      }
      this.#redirect({ ...ask, url: next, method: "GET" }, requestId);
      return;
    }
    if (this.#sites.downloads.includes(url)) {
      outcome.ends.push("download");
      if (tab.shown === undefined && (isForNothing(this.guards, tab.id) || tab.forOne)) this.close(tab);
      return;
    }
    outcome.ends.push("page");
    this.shown.push({ url, project: tab.project, excuse });
    this.show(tab, url);
    const goes = this.#sites.scripts[url];
    // A page that goes round in its own tab is no matter of ours.
    if (goes === undefined || ++this.#still > 10) return;
    this.now += 50;
    this.#begin({ tab: tab.id, url: goes, origin: url });
  }

  #redirect(ask: Pending, id: string): void {
    this.#request(ask, id);
  }

}

function excuseOf(decision: RouteDecision, { shown, pass }: SimulatedTab, { url, method }: PageRequest): string | undefined {
  if (decision.kind !== "continue") return decision.kind;
  if (method !== "GET") return "form";
  if (pass === new URL(url).host) return "pass";
  return shown === url ? "reload" : undefined;
}
