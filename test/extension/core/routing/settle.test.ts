import { describe, expect, it } from "vitest";
import { Guards, newGuards, tabRemoved, tabShows, withMove, withPass } from "../../../../extension/core/routing/guards.ts";
import type { PageRequest } from "../../../../extension/core/routing/pageRequest.ts";
import { recall } from "../../../../extension/core/routing/recall.ts";
import type { RouteDecision } from "../../../../extension/core/routing/routeDecision.ts";
import { settle } from "../../../../extension/core/routing/settle.ts";
import type { TabFacts } from "../../../../extension/core/routing/tabFacts.ts";
import type { Settings } from "../../../../shared/settings.ts";
import { orderOf } from "./order.ts";

const own = "moz-extension://stead/";
const rival = "moz-extension://rival/";
const acme = "a".repeat(36);
const beta = "b".repeat(36);
const names: Readonly<Record<string, string>> = { [acme]: "acme", [beta]: "beta" };
const url = "https://acme.test/";
const web = "https://free.test/";

/** By default no pop-up; `popup: undefined` is one not looked at. */
type Asked = Partial<PageRequest & TabFacts>;

/** A background page that forgets all but the guards before every event. */
class Background {
  guards = newGuards();
  readonly #settings: Partial<Settings>;
  #requests = 0;

  constructor(settings: Partial<Settings> = {}) {
    this.#settings = settings;
  }

  /** One request, by default typed into tab 1, a new tab of no project; answers the decision in a few words. */
  asks(all: Asked): string {
    const { shown, source = false, arrival = "inside", popup, ...asked }: Asked = { popup: "none", ...all };
    const request: PageRequest = {
      requestId: String(++this.#requests), tab: 1, url, method: "GET", cookieStoreId: "", project: undefined, originUrl: undefined, at: 0, formData: undefined, ...asked,
    };
    const tab = { shown, source, arrival, popup };
    this.guards = Guards.parse(JSON.parse(JSON.stringify(this.guards)));
    const first = recall(this.guards, request, tab, own);
    this.guards = first.guards;
    const recalled = first.recall;
    if (recalled.kind === "continue" || recalled.kind === "stop") return recalled.kind;
    const { guards, decision } = settle(this.guards, {
      request, tab, recalled, signIn: { kind: "none" }, takes: ({ formData }) => formData !== undefined, own,
      order: orderOf([`acme.test ${acme}`, `beta.test ${beta}`, `ask.test ${acme}?`], this.#settings),
    });
    this.guards = guards;
    return written(decision);
  }
}

describe("settle", () => {
  it.each<{ it: string; asked: Asked; is: string }>([
    { it: "moves a page and lets the empty tab go", asked: {}, is: "move acme" },
    { it: "moves it from Firefox's own new tab", asked: { shown: "about:newtab" }, is: "move acme" },
    { it: "moves it and keeps the page the tab has", asked: { shown: web, originUrl: web }, is: "move acme, keep" },
    { it: "keeps any other page of Firefox too", asked: { shown: "about:preferences#privacy" }, is: "move acme, keep" },
    { it: "leaves a page that is reloaded, restored or woken", asked: { shown: url }, is: "continue" },
    { it: "leaves it when only the fragment differs", asked: { shown: `${url}#a`, url: `${url}#b` }, is: "continue" },
    { it: "leaves it when reader mode ends", asked: { shown: `about:reader?url=${encodeURIComponent(url)}` }, is: "continue" },
    { it: "leaves its source that is reloaded", asked: { shown: `view-source:${url}`, source: true }, is: "continue" },
    { it: "looks whether it is a pop-up before it moves a page's link", asked: { originUrl: web, popup: undefined }, is: "look" },
    { it: "leaves a pop-up that its opener may speak to", asked: { originUrl: web, popup: "opened" }, is: "leave popupLeft acme" },
    { it: "moves one that nobody can speak to", asked: { originUrl: web, popup: "alone" }, is: "move acme" },
    { it: "sends a form again in its project", asked: { method: "POST", formData: {}, shown: web, originUrl: web }, is: "redeliver acme, keep" },
    { it: "leaves a form that cannot be sent again", asked: { method: "POST", shown: web, originUrl: web }, is: "leave postLeft acme" },
    { it: "leaves a form that would have to be asked about", asked: { method: "POST", url: "https://ask.test/", formData: {} }, is: "leave postLeft acme" },
    { it: "asks in the empty tab", asked: { url: "https://ask.test/" }, is: "show choose" },
    { it: "asks beside a page", asked: { url: "https://ask.test/", shown: web, originUrl: web }, is: "show choose, keep" },
  ])("$it", ({ asked, is }) => {
    expect(new Background().asks(asked)).toBe(is);
  });

  it("waits for the sign that another program opened the tab, and asks then", () => {
    const background = new Background({ external: { kind: "ask" } });
    expect(background.asks({ requestId: "9", url: web, arrival: "unknown" })).toBe("wait");
    expect(background.asks({ requestId: "9", url: web, arrival: "external" })).toBe("show choose");
  });

  it("answers what Firefox tells twice of one request as before", () => {
    const background = new Background();
    expect(background.asks({ requestId: "7" })).toBe("move acme");
    expect(background.asks({ requestId: "7" })).toBe("stop");
    expect(background.asks({ requestId: "8", tab: 2, project: acme })).toBe("continue");
    expect(background.asks({ requestId: "8", tab: 2, project: acme })).toBe("continue");
  });

  it("takes a second request of one click for the first, in http as in https", () => {
    const background = new Background();
    expect(background.asks({ shown: web, originUrl: web, url: "https://acme.test/x" })).toBe("move acme, keep");
    expect(background.asks({ shown: web, originUrl: web, url: "http://acme.test/x", at: 900 })).toBe("stop");
    expect(background.asks({ shown: web, originUrl: web, url: "https://acme.test/x", at: 1900 })).toBe("move acme, keep");
  });

  it("lets a page of its project go from http to https, as a host asks for that always wants it", () => {
    const background = new Background();
    expect(background.asks({ requestId: "5", url: "http://acme.test/" })).toBe("move acme");
    expect(background.asks({ requestId: "6", tab: 2, project: acme, url: "http://acme.test/", originUrl: own })).toBe("continue");
    expect(background.asks({ requestId: "6", tab: 2, project: acme, url: "https://acme.test/", originUrl: own })).toBe("continue");
  });

  it("judges where a page that it opened itself leads to", () => {
    const background = new Background();
    background.asks({});
    expect(background.asks({ requestId: "6", tab: 2, project: acme, originUrl: own })).toBe("continue");
    expect(background.asks({ requestId: "6", tab: 2, project: acme, originUrl: own, url: "https://beta.test/" })).toBe("move beta");
  });

  it("keeps a tab that only went back to its empty first page", () => {
    const background = new Background();
    background.guards = tabShows(tabShows(background.guards, 1, web, "about:newtab", 0), 1, "about:newtab", web, 10);
    expect(background.asks({ shown: "about:newtab" })).toBe("move acme, keep");
  });

  describe("where the user had a page put", () => {
    it("leaves pages of that host until the tab shows another", () => {
      const background = new Background();
      background.guards = withPass(background.guards, 1, url);
      expect(background.asks({ url: `${url}a` })).toBe("continue");
      background.guards = tabShows(background.guards, 1, `${url}a`, undefined, 0);
      expect(background.asks({ url: `${url}b`, shown: `${url}a` })).toBe("continue");
      background.guards = tabShows(background.guards, 1, web, `${url}a`, 0);
      expect(background.asks({ url, shown: web })).toBe("move acme, keep");
    });

    it("lets it arrive though rules would have it elsewhere, with what its host redirects to", () => {
      const background = new Background();
      background.guards = withMove(background.guards, { url, to: beta, by: "user", from: 1, at: 0 });
      expect(background.asks({ requestId: "3", tab: 2, project: beta, originUrl: own })).toBe("continue");
      expect(background.asks({ requestId: "3", tab: 2, project: beta, originUrl: own, url: `${url}next` })).toBe("continue");
    });

    it("forgets it with the tab", () => {
      const background = new Background();
      background.guards = tabRemoved(withPass(background.guards, 1, url), 1);
      expect(background.asks({})).toBe("move acme");
    });
  });

  describe("a loop", () => {
    it("of redirects is stopped at the first return", () => {
      const background = new Background();
      expect(background.asks({})).toBe("move acme");
      expect(background.asks({ requestId: "a", tab: 2, project: acme, originUrl: own })).toBe("continue");
      expect(background.asks({ requestId: "a", tab: 2, project: acme, originUrl: own, url: "https://beta.test/" })).toBe("move beta");
      expect(background.asks({ requestId: "b", tab: 3, project: beta, originUrl: own, url: "https://beta.test/" })).toBe("continue");
      expect(background.asks({ requestId: "b", tab: 3, project: beta, originUrl: own, url: `${url}?round=2` })).toBe("show loop acme,beta");
    });

    it.each([
      { it: "without a pause is stopped at the second return", pause: 100, ends: true },
      { it: "with a person in it goes on", pause: 20_000, ends: false },
    ])("of pages $it", ({ pause, ends }) => {
      const background = new Background();
      let at = 0;
      let last = "";
      for (let tab = 1; tab <= 5; tab += 1) {
        const [to, project] = tab % 2 === 1 ? [url, acme] : ["https://beta.test/", beta];
        last = background.asks({ tab, url: to, originUrl: web, shown: web, project: tab === 1 ? undefined : project === acme ? beta : acme, at });
        if (!last.startsWith("move")) break;
        background.asks({ tab: tab + 1, url: to, project, originUrl: own, at });
        background.guards = tabShows(background.guards, tab + 1, to, undefined, at);
        at += pause;
      }
      expect(last).toBe(ends ? "show loop acme,beta, keep" : "move acme, keep");
    });

    it("of one page that asks again and again is told of once", () => {
      const background = new Background();
      const asks = (at: number): string => background.asks({ shown: web, originUrl: web, url: `${url}?at=${at}`, at });
      expect([0, 2000, 4000, 6000, 8000, 10_000].map(asks)).toEqual([
        "move acme, keep", "move acme, keep", "move acme, keep", "show loop acme, keep", "stop", "stop",
      ]);
    });
  });

  describe("another add-on", () => {
    it("that opens the page at the same time as we do closes its tab for ours", () => {
      const background = new Background();
      expect(background.asks({})).toBe("move acme");
      expect(background.asks({ tab: 8, originUrl: rival, project: beta })).toBe("close");
    });

    it("that agrees does not double the page", () => {
      const background = new Background();
      expect(background.asks({})).toBe("move acme");
      expect(background.asks({ tab: 8, originUrl: rival, project: acme })).toBe("close");
      expect(background.asks({ tab: 8, originUrl: rival, project: acme, at: 5000 })).toBe("continue");
    });

    it("that takes our tab away has its way, once told of", () => {
      const background = new Background();
      expect(background.asks({})).toBe("move acme");
      expect(background.asks({ tab: 2, project: acme, originUrl: own })).toBe("continue");
      background.guards = tabRemoved(background.guards, 2);
      expect(background.asks({ tab: 8, originUrl: rival, project: beta })).toBe("contested");
      expect(background.asks({ tab: 9, originUrl: rival, project: beta })).toBe("close");
    });

    it("is answered again when its page came from elsewhere", () => {
      expect(new Background().asks({ tab: 8, originUrl: rival })).toBe("move acme");
    });
  });

  it("keeps nothing that an address says but its host, where one has a pass", () => {
    const background = new Background();
    const secret = `${url}canary-path?code=canary-code#canary-fragment`;
    expect(background.asks({ url: secret })).toBe("move acme");
    expect(background.asks({ url: secret, tab: 2, project: acme, originUrl: own })).toBe("continue");
    expect(background.asks({ url: secret, tab: 3, project: acme })).toBe("continue");
    for (let round = 0; round < 9; round += 1) background.asks({ url: secret, tab: 1, shown: web, originUrl: web, at: 1000 + round * 1100 });
    background.guards = withPass(background.guards, 4, secret);
    expect(background.guards.loops).not.toEqual([]);
    expect(JSON.stringify(background.guards)).not.toContain("canary");
    expect(background.guards.passes["4"]).toBe("acme.test");
  });

  it("stays within its bounds", () => {
    const background = new Background();
    for (let tab = 0; tab < 400; tab += 1) {
      background.guards = withPass(background.guards, tab, web);
      background.asks({ tab, at: tab * 10, url: `${url}${tab}` });
      background.guards = tabShows(background.guards, tab, "about:newtab", web, 0);
    }
    const { passes, requests, moves, used } = background.guards;
    expect([Object.keys(passes).length, requests.length, moves.length, used.length]).toEqual([256, 128, 64, 256]);
  });
});

function written(decision: RouteDecision): string {
  const name = (project: string | null): string => (project === null ? "none" : (names[project] ?? project));
  const keep = "keep" in decision && decision.keep ? ", keep" : "";
  switch (decision.kind) {
    case "move":
    case "redeliver":
      return `${decision.kind} ${name(decision.project)}${keep}`;
    case "leave":
      return `leave ${decision.notice.kind} ${name(decision.notice.project)}`;
    case "show":
      return `show ${decision.content.kind}${decision.content.kind === "loop" ? ` ${decision.content.projects.map(name).join()}` : ""}${keep}`;
    case "close":
    case "contested":
    case "continue":
    case "look":
    case "stop":
    case "wait":
      return decision.kind;
  }
}
