import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { waitFor } from "../support/waitFor.ts";
import type { Person } from "./support/person.ts";
import { makeRoutedWorld, type RoutedWorld } from "./support/routedWorld.ts";
import { containerOf } from "./support/world.ts";

const link = '<a id="go" href="%">on</a>';

/** Firefox keeps a tab's history by and by; now. */
const flush = 'ChromeUtils.importESModule("resource:///modules/sessionstore/TabStateFlusher.sys.mjs").TabStateFlusher.flush(tab.linkedBrowser).then(() => true)';

describe("routing leaves nothing doubled and nothing lost", () => {
  let at: RoutedWorld;

  beforeAll(async () => {
    at = await makeRoutedWorld();
  });

  afterAll(async () => {
    await at.end();
  });

  beforeEach(async () => {
    await at.person.tidy();
    at.site.forget();
  });

  const settings = (patch: object): Promise<unknown> => at.person.call("options", "settings.set", patch);

  describe("of a tab that has its page already", () => {
    /** A page of acme in a tab of no project, since before there was a rule for it. */
    const old = async (name: string): Promise<{ url: string; context: string }> => {
      const url = at.site.url(`old${name}`, "/");
      const context = await at.firefox.openTab(url, { front: true });
      await at.world.json("rule", "add", "acme", at.site.host(`old${name}`));
      return { url, context };
    };
    /** Every tab stays outside. */
    const isAsBefore = async (url: string, count = 1): Promise<void> => {
      await waitFor("the tabs", async () => (await at.person.tabsWith(url)).length === count);
      for (const tab of await at.person.tabsWith(url)) {
        await at.firefox.loaded(tab.context, url);
        expect(tab.userContextId).toBe(0);
      }
    };

    it("when it is reloaded", async () => {
      const { url, context } = await old("reload");
      await at.firefox.onTab(context, "void tab.linkedBrowser.reload()");
      await waitFor("the second request", () => at.site.requests("oldreload", "/").length === 2);
      await isAsBefore(url);
    });

    it("when it is duplicated", async () => {
      const { url, context } = await old("duplicate");
      await at.firefox.onTab(context, "void win.duplicateTabIn(tab, 'tab')");
      await isAsBefore(url, 2);
    });

    it("when it was closed and comes back", async () => {
      const { url, context } = await old("closed");
      await at.firefox.onTab(context, flush);
      await at.firefox.closeTab(context);
      await at.firefox.chrome("void SessionStore.undoCloseTab(window, 0)");
      await isAsBefore(url);
    });

    it("when it was put to sleep and wakes", async () => {
      const { url, context } = await old("discarded");
      await at.firefox.onTab(context, flush);
      await at.firefox.chrome(`void (gBrowser.selectedTab = gBrowser.addTrustedTab("about:blank"))`);
      const tab = await waitFor("it to sleep", () => at.firefox.onTab(context, "(win.gBrowser.discardBrowser(tab, true), tab.hasAttribute('pending') && [...win.gBrowser.tabs].indexOf(tab))"));
      await at.firefox.chrome(`void (gBrowser.selectedTab = gBrowser.tabs[${Number(tab)}])`);
      await waitFor("the second request", () => at.site.requests("olddiscarded", "/").length === 2);
      await isAsBefore(url);
    });

    it("unless it is told to move what is open", async () => {
      const { url, context } = await old("applied");
      const asleep = at.site.url("oldapplied", "/asleep");
      await at.firefox.chrome(`void gBrowser.addTrustedTab(${JSON.stringify(asleep)}, { createLazyBrowser: true })`);
      await at.world.json("rule", "remove", "acme", at.site.host("oldapplied"));
      expect(await at.world.json("rule", "add", "acme", at.site.host("oldapplied"), "--apply")).toMatchObject({ moved: 2 });
      expect(await at.person.sees(url)).toMatchObject({ userContextId: at.acme, selected: true });
      expect(await at.person.webTab(asleep)).toMatchObject({ discarded: true, cookieStoreId: `firefox-container-${at.acme}` });
      expect(await at.person.tabsWith(url)).toHaveLength(1);
      await expect(at.firefox.onTab(context, "1")).rejects.toThrow("gone");
      expect(at.site.requests("oldapplied", "/asleep")).toEqual([]);
    });
  });

  describe("of a loop", () => {
    it("of redirects between two projects, with one page that says so", async () => {
      const { site, person, firefox } = at;
      await person.extension("1");
      const tabs = (await firefox.tabs()).length;
      await person.type(site.url("acme", "/loop/beta"), "newTab");
      expect(await person.sees(/page\/page\.html/)).toMatchObject({ selected: true });
      await waitFor("one tab more", async () => (await firefox.tabs()).length === tabs + 1);
      expect(site.requests("acme", "/loop/beta").length + site.requests("beta", "/loop/acme").length).toBeLessThan(5);
    });

    it("of scripts between two projects", async () => {
      const { site, person, firefox } = at;
      await person.type(site.url("acme", "/spin/beta"), "newTab");
      await person.sees(/page\/page\.html/);
      const count = (await firefox.tabs()).length;
      const requests = site.requests("acme", "/spin/beta").length + site.requests("beta", "/spin/acme").length;
      expect(requests).toBeLessThan(8);
      await new Promise((done) => setTimeout(done, 1500)); // That nothing more comes no event tells.
      expect((await firefox.tabs()).length).toBe(count);
    });
  });

  describe("of a form", () => {
    const form = (method: string): string => `<form method="${method}" action="%"><input name="name" value="Ada"><input type="file" name="file"><button id="go">send</button></form>`;

    it("that cannot be sent again: it goes on where it is, never as a GET", async () => {
      const { site, person, firefox } = at;
      const target = site.url("acme", "/upload");
      const page = await firefox.openTab(site.page("free", form('post" enctype="text/plain'), target), { front: true });
      await person.click(page);
      expect(await person.sees(target)).toMatchObject({ userContextId: 0 });
      expect(site.requests("acme", "/upload").map(({ method }) => method)).toEqual(["POST"]);
      expect(site.requests("acme", "/upload")[0]?.body).toContain("Ada");
      const tab = await person.webTab(target);
      await waitFor("the mark on the button", () => person.extension(`browser.action.getBadgeText({ tabId: ${tab.id} }).then((text) => text === "!")`));
    });
  });

  describe("of a pop-up window", () => {
    const opens = (features: string): string => `<button id="go" onclick="window.one = open('%', 'one', '${features}width=420,height=320')">open</button>`;

    it("which stays with the page that opened it and may hear from it", async () => {
      const { site, person, firefox } = at;
      const target = site.url("acme", "/popup");
      const page = await firefox.openTab(site.page("free", opens(""), target), { front: true });
      await person.click(page);
      const popup = await person.sees(target);
      expect(popup).toMatchObject({ userContextId: 0 });
      expect(await firefox.evaluate(popup.context, "window.opener !== null")).toBe(true);
      const tab = await person.webTab(target);
      await waitFor("the mark on the button", () => person.extension(`browser.action.getBadgeText({ tabId: ${tab.id} }).then((text) => text === "!")`));
      expect(site.requests("acme", "/popup")).toHaveLength(1);
    });

    it("which moves with its size when no page can speak to it", async () => {
      const { site, person, firefox, acme } = at;
      const target = site.url("acme", "/lonely");
      const page = await firefox.openTab(site.page("free", opens("noopener,"), target), { front: true });
      await person.click(page);
      expect(await person.sees(target)).toMatchObject({ userContextId: acme });
      await waitFor("two windows", async () => (await firefox.windows()).length === 2);
      const { windowId } = await person.webTab(target);
      const window = z.object({ type: z.string(), width: z.number() }).parse(await person.extension(`browser.windows.get(${windowId})`));
      expect(window.type).toBe("popup");
      expect(Math.abs(window.width - 420)).toBeLessThan(40);
      expect(site.requests("acme", "/lonely")).toHaveLength(1);
    });
  });

  it("when Firefox asks twice, over http and, as nobody answers there, over https", async () => {
    const { person, firefox, acme } = at;
    await person.extension("1");
    const tabs = (await firefox.tabs()).length;
    // Nothing listens at either of the schemes' own ports: the page is Firefox's own, about that.
    await person.type("http://acme.localhost/twice", "newTab");
    const tab = await waitFor("the page that cannot be had", async () => (await person.tabsWith("https://acme.localhost/twice"))[0]);
    expect(tab).toMatchObject({ userContextId: acme });
    await waitFor("one tab more", async () => (await firefox.tabs()).length === tabs + 1);
  });

  describe("of what the user chooses", () => {
    it("asks before anything is fetched where rules of two projects meet", async () => {
      const { site, person, world, beta } = at;
      for (const project of ["acme", "beta"]) await world.json("rule", "add", project, site.host("both"));
      await person.type(site.url("both", "/asked"), "newTab");
      const page = await person.sees(/page\/page\.html/);
      expect(site.requests("both", "/asked")).toEqual([]);
      const id = new URL(page.url).searchParams.get("id");
      await answer(page.context, id, { kind: "open", project: await idOf(person, "beta"), remember: true });
      expect(await person.sees(site.url("both", "/asked"))).toMatchObject({ userContextId: beta });
      expect(await person.tabsWith(/page\.html/)).toEqual([]);
      await person.type(site.url("both", "/again"), "newTab");
      expect(await person.sees(site.url("both", "/again"))).toMatchObject({ userContextId: beta });
    });

    it("keeps a page outside this time, until the tab goes to another site", async () => {
      const { site, person, firefox, acme } = at;
      await firefox.openTab(site.url("acme", "/outside"), { userContextId: acme, front: true });
      const tab = await person.webTab(site.url("acme", "/outside"));
      await person.call("popup", "page.reopen", { tab: tab.id, project: null });
      const outside = await waitFor("it outside", async () => (await person.tabsWith(site.url("acme", "/outside"))).find((one) => one.userContextId === 0));
      await firefox.navigate(outside.context, site.url("acme", "/further"));
      expect(await person.sees(site.url("acme", "/further"))).toMatchObject({ context: outside.context, userContextId: 0 });
      await firefox.navigate(outside.context, site.url("free", "/away"));
      await person.type(site.url("acme", "/back"), "here");
      expect(await person.sees(site.url("acme", "/back"))).toMatchObject({ userContextId: acme });
    });

    /** As the page's own script answers. */
    const answer = async (context: string, id: string | null, given: object): Promise<void> => {
      await at.firefox.evaluate(context, `void (() => {
        const port = browser.runtime.connect({ name: "page" });
        port.postMessage({ t: "hello", side: "page", version: browser.runtime.getManifest().version, protocol: { min: 1, max: 1 }, features: [] });
        port.postMessage({ t: "request", id: 0, method: "page.answer", params: ${JSON.stringify({ id, answer: given })} });
      })()`);
    };
  });

  describe("of a strict project", () => {
    beforeAll(async () => {
      await settings({ strict: [await idOf(at.person, "beta")], inherit: [at.site.host("idp")] });
      await at.world.json("rule", "add", "acme", at.site.host("idp"));
    });

    it("other pages leave it, and its own stay", async () => {
      const { site, person, firefox, beta } = at;
      const source = site.page("beta", link, site.url("free", "/left"));
      const page = await firefox.openTab(source, { userContextId: beta, front: true });
      await person.click(page);
      expect(await person.sees(site.url("free", "/left"))).toMatchObject({ userContextId: 0 });
      expect(await person.tabsWith(source)).toMatchObject([{ userContextId: beta }]);
    });

    it("the identity provider it calls stays with it, though another project has a rule for that", async () => {
      const { site, person, firefox, acme, beta } = at;
      const target = site.url("idp", "/login");
      const page = await firefox.openTab(site.page("beta", link, target), { userContextId: beta, front: true });
      await person.click(page);
      expect(await person.sees(target)).toMatchObject({ userContextId: beta, context: page });
      await person.type(site.redirect("beta", site.url("idp", "/redirected")), "newTab");
      expect(await person.sees(site.url("idp", "/redirected"))).toMatchObject({ userContextId: beta });
      await person.type(site.url("idp", "/typed"), "newTab");
      expect(await person.sees(site.url("idp", "/typed"))).toMatchObject({ userContextId: acme });
    });

    afterAll(() => settings({ strict: [], inherit: [] }));
  });

  describe("of a link from another program", () => {
    afterAll(() => settings({ external: { kind: "stay" } }));

    it("opens it in the active project, and nothing else", async () => {
      const { site, person, firefox, world, acme } = at;
      await settings({ external: { kind: "active" } });
      await world.json("switch", "acme");
      await person.openFromOutside(site.url("free", "/mail"));
      expect(await person.sees(site.url("free", "/mail"))).toMatchObject({ userContextId: acme, selected: true });
      expect(site.requests("free", "/mail")).toHaveLength(1);

      const own = ["/typed", "/alt", "/bookmark", "/middle", "/woken"];
      await person.type(site.url("free", "/typed"), "newTab");
      await firefox.chrome(`(gURLBar.value = ${JSON.stringify(site.url("free", "/alt"))}, gURLBar.handleCommand(new KeyboardEvent("keydown", { key: "Enter", altKey: true })), undefined)`);
      await firefox.chrome(`void openTrustedLinkIn(${JSON.stringify(site.url("free", "/bookmark"))}, "tab", { inBackground: false })`);
      const page = await firefox.openTab(site.page("free", link, site.url("free", "/middle")), { front: true });
      await person.click(page, { button: "middle" });

      await firefox.chrome("void BrowserCommands.openTab()");
      await waitFor("the new tab", () => firefox.chrome("gBrowser.currentURI.spec === 'about:newtab' && !gBrowser.selectedTab.hasAttribute('busy')"));
      await person.sendToSleep();
      await person.type(site.url("free", "/woken"), "here");
      for (const path of own) expect(await person.sees(site.url("free", path)), path).toMatchObject({ userContextId: 0 });
    });

    it("asks about it", async () => {
      const { site, person } = at;
      await settings({ external: { kind: "ask" } });
      await person.openFromOutside(site.url("free", "/ask"));
      await person.sees(/page\/page\.html/);
      expect(site.requests("free", "/ask")).toEqual([]);
    });

    it("leaves it as it is by default, and gives rules the first word", async () => {
      const { site, person, beta } = at;
      await settings({ external: { kind: "stay" } });
      await person.openFromOutside(site.url("free", "/stay"));
      expect(await person.sees(site.url("free", "/stay"))).toMatchObject({ userContextId: 0 });
      await person.openFromOutside(site.url("beta", "/ruled"));
      expect(await person.sees(site.url("beta", "/ruled"))).toMatchObject({ userContextId: beta });
    });
  });

  it("when stead open brings a page, in a project or where the rules say", async () => {
    const { site, person, world, acme, beta } = at;
    await world.json("open", site.url("free", "/opened"), "--project", "acme");
    expect(await person.sees(site.url("free", "/opened"))).toMatchObject({ userContextId: acme, selected: true });
    await world.json("open", site.url("beta", "/opened"));
    expect(await person.sees(site.url("beta", "/opened"))).toMatchObject({ userContextId: beta, selected: true });
  });

  it("when a container of the project's name is there that Stead did not make: it asks first", async () => {
    const { site, person, firefox, world } = at;
    await firefox.createContainer("gamma");
    await world.json("project", "add", "gamma");
    await world.json("rule", "add", "gamma", site.host("gamma"));
    await person.type(site.url("gamma", "/adopt"), "newTab");
    await person.sees(/page\/page\.html/);
    expect(site.requests("gamma", "/adopt")).toEqual([]);
    await world.json("switch", "gamma", "--adopt");
    await person.type(site.url("gamma", "/adopted"), "newTab");
    expect(await person.sees(site.url("gamma", "/adopted"))).toMatchObject({ userContextId: await containerOf(firefox, "gamma") });
  });
});

const State = z.object({ projects: z.array(z.object({ id: z.string(), name: z.string() })) });

async function idOf(person: Person, name: string): Promise<string> {
  const { projects } = State.parse(await person.call("options", "options.state", {}));
  const project = projects.find((one) => one.name === name);
  if (!project) throw new Error(`There is no project named ${name}.`);
  return project.id;
}
