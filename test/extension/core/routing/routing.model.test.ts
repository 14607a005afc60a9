import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "../../../../shared/rules/decide.ts";
import type { Settings } from "../../../../shared/settings.ts";
import { orderOf } from "./order.ts";
import { SimulatedBrowser, type SimulatedTab, type Sites } from "./simulatedBrowser.ts";

const hosts = ["acme.test", "beta.test", "idp.test", "both.test", "free.test"];
const urls = hosts.flatMap((host) => [`https://${host}/`, `https://${host}/a`, `https://${host}/big`]);
const acme = "a".repeat(36);
const beta = "b".repeat(36);
const rules = [`acme.test ${acme}`, `beta.test ${beta}`, `idp.test ${beta}`, `both.test ${acme}`, `both.test ${beta}`];

interface Step {
  kind: "link" | "middle" | "typed" | "newTab" | "form" | "place" | "reload" | "close" | "stay" | "restore" | "blank";
  url: string;
  /** Which of the open tabs. */
  at: number;
  /** Firefox asks for the page twice. */
  twice: boolean;
  /** Milliseconds before it. */
  pause: number;
}

const url = fc.constantFrom(...urls);
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom("link", "link", "middle", "typed", "newTab", "form", "place", "reload", "close", "stay", "restore", "blank"),
  url,
  at: fc.nat(40),
  twice: fc.boolean(),
  pause: fc.constantFrom(10, 900, 3000, 20_000),
});
const graph = fc.dictionary(url, url, { maxKeys: 4 });
const sites: fc.Arbitrary<Sites> = fc.record({ redirects: graph, scripts: graph, downloads: fc.uniqueArray(url, { maxLength: 2 }) });
const settings: fc.Arbitrary<Partial<Settings>> = fc.record({
  inherit: fc.constantFrom<string[]>([], ["idp.test"]),
  strict: fc.subarray([acme, beta]),
});

describe("routing, in a simulated browser whose event page sleeps at any moment", () => {
  it("doubles and loses no page, ends every loop, makes no GET of a POST, and keeps pages to their projects", () => {
    fc.assert(
      fc.property(sites, settings, fc.array(step, { minLength: 1, maxLength: 12 }), fc.array(fc.boolean(), { minLength: 1, maxLength: 7 }), (world, set, steps, sleeps) => {
        let events = 0;
        const order = orderOf(rules, set);
        const browser = new SimulatedBrowser(order, world, () => sleeps[events++ % sleeps.length] === true);
        browser.open(null, "https://free.test/a");
        browser.open(acme, "https://acme.test/");
        for (const one of steps) {
          const keeps = new Map([...browser.tabs.values()].map((tab) => [tab, tab.shown]));
          browser.now += one.pause;
          const closed = act(browser, one);
          for (const [tab, shown] of keeps) {
            if (tab === closed || shown === undefined || shown.startsWith("about:")) continue;
            expect(browser.tabs.has(tab.id), "a tab with a page stays").toBe(true);
          }
        }
        for (const { method, url: asked, ends, fetched } of browser.outcomes) {
          expect(ends, `${method} ${asked}`).toHaveLength(1);
          if (method === "POST") expect(fetched.filter((one) => one.url === asked && one.method === "GET" && fetched[0] === one)).toEqual([]);
          if (method === "POST" && fetched.length > 0) expect(fetched[0]).toMatchObject({ method: "POST", url: asked });
        }
        for (const again of browser.repeats) expect(again.ends, again.url).toEqual(["dropped"]);
        for (const { url: page, project, excuse } of browser.shown) {
          if (excuse !== undefined) continue;
          const decision = decide(order.index, page);
          const inherited = project !== null && order.inherits(page);
          if (decision.kind === "project" && !inherited) expect(project, page).toBe(decision.project);
          if (decision.kind === "ask") expect(decision.projects).toContain(project);
          if (decision.kind === "none" && project !== null && !inherited) expect(order.settings.strict, page).not.toContain(project);
        }
        for (const tab of browser.tabs.values()) if (tab.forOne) expect(tab.shown, "no tab is left empty").toBeDefined();
        const { moves, requests, used, loops } = browser.guards;
        expect(Math.max(moves.length - 64, requests.length - 128, used.length - 256, loops.length - 32)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 1000 },
    );
  }, 60_000);

  it.each([
    { it: "an add-on that insists and is quicker", first: true, wants: () => beta, container: beta, contests: 1 },
    { it: "an add-on that insists and is slower", first: false, wants: () => beta, container: beta, contests: 1 },
    { it: "an add-on that agrees", first: true, wants: () => acme, container: acme, contests: 0 },
  ])("comes to rest beside $it", ({ first, wants, container, contests }) => {
    for (const shown of [undefined, "https://free.test/"]) {
      const browser = new SimulatedBrowser(orderOf(rules), { redirects: {}, scripts: {}, downloads: [] }, () => true, { first, wants });
      const tab = browser.open(null, shown);
      browser.navigate({ tab: tab.id, url: "https://acme.test/a", ...(shown !== undefined && { origin: shown }) });
      expect([...browser.tabs.values()].filter((one) => one.shown === "https://acme.test/a")).toMatchObject([{ project: container }]);
      expect([...browser.tabs.values()].filter((one) => one.shown === undefined)).toEqual([]);
      expect(browser.contests).toBe(contests);
    }
  });
});

/** Answers the tab that the user closed. */
function act(browser: SimulatedBrowser, { kind, url: to, at, twice }: Step): SimulatedTab | undefined {
  const tabs = [...browser.tabs.values()];
  const tab = tabs[at % tabs.length];
  if (tab === undefined) {
    browser.open(null, "about:newtab");
    return undefined;
  }
  const origin = tab.shown?.startsWith("http") === true ? tab.shown : undefined;
  switch (kind) {
    case "link":
      if (origin === undefined) return undefined;
      browser.navigate({ tab: tab.id, url: to, origin, twice });
      return undefined;
    case "middle":
      if (origin !== undefined) browser.navigate({ tab: browser.open(tab.project, undefined, true).id, url: to, origin });
      return undefined;
    case "typed":
      browser.navigate({ tab: tab.id, url: to, twice });
      return undefined;
    case "newTab":
      browser.navigate({ tab: browser.open(null, "about:newtab").id, url: to, twice });
      return undefined;
    case "form":
      if (origin === undefined) return undefined;
      browser.navigate({ tab: tab.id, url: to, origin, method: "POST" });
      return undefined;
    case "reload":
      browser.reload(tab);
      return undefined;
    case "close":
      browser.close(tab);
      return tab;
    case "place":
      browser.place(tab, to, [null, acme, beta][at % 3] ?? null);
      return undefined;
    case "stay":
      browser.letStay(tab, to);
      browser.navigate({ tab: tab.id, url: to });
      return undefined;
    case "restore":
      browser.restore([null, acme, beta][at % 3] ?? null, to);
      return undefined;
    case "blank":
      browser.show(tab, "about:newtab");
      return undefined;
  }
}
