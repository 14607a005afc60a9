import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { waitFor } from "../support/waitFor.ts";
import { makeRoutedWorld, type RoutedWorld } from "./support/routedWorld.ts";
import { containerOf } from "./support/world.ts";

const link = '<a id="go" href="%">on</a>';
const blankLink = '<a id="go" target="_blank" href="%">on</a>';

describe("a page that belongs to a project", () => {
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

  /** A page of no project in front, with an element to click. */
  const start = async (html: string, to: string, userContextId = 0): Promise<string> =>
    at.firefox.openTab(at.site.page("free", html, to), { front: true, userContextId });

  it("opens beside the page whose link was followed, which stays with its history", async () => {
    const { site, person, firefox, acme } = at;
    const target = site.url("acme", "/linked");
    const before = await firefox.openTab(site.url("free", "/first"), { front: true });
    const source = site.page("free", link, target);
    await firefox.navigate(before, source);
    await person.click(before);
    expect(await person.sees(target)).toMatchObject({ userContextId: acme, selected: true });
    const [from, to] = [await person.webTab(source), await person.webTab(target)];
    expect(to).toMatchObject({ index: from.index + 1, openerTabId: from.id, windowId: from.windowId, pinned: false });
    expect(await firefox.onTab(before, "tab.linkedBrowser.browsingContext.sessionHistory.count")).toBe(2);
    expect(site.requests("acme", "/linked")).toHaveLength(1);
  });

  it.each([
    { by: "a middle click", html: link, button: "middle" as const, active: false },
    { by: "a link to a new tab", html: blankLink, button: "left" as const, active: true },
  ])("takes the place of the tab that $by opened", async ({ html, button, active }) => {
    const { site, person, acme } = at;
    const target = site.url("acme", "/newtab");
    const source = await start(html, target);
    const tabs = (await at.firefox.tabs()).length;
    await person.click(source, button === "middle" ? { button } : {});
    expect(await person.sees(target)).toMatchObject({ userContextId: acme });
    const [from, to] = [await person.webTab(site.page("free", html, target)), await person.webTab(target)];
    expect(to).toMatchObject({ index: from.index + 1, openerTabId: from.id, active });
    await waitFor("no tab too many", async () => (await at.firefox.tabs()).length === tabs + 2); // The other is the test's own.
    expect(site.requests("acme", "/newtab")).toHaveLength(1);
  });

  it("takes the place of a new tab into which its address was typed", async () => {
    const { site, person, acme, firefox } = at;
    await person.extension("1");
    const tabs = (await firefox.tabs()).length;
    await person.type(site.url("acme", "/typed"), "newTab");
    expect(await person.sees(site.url("acme", "/typed"))).toMatchObject({ userContextId: acme, selected: true });
    await waitFor("the new tab to be gone", async () => (await firefox.tabs()).length === tabs + 1);
    expect(site.requests("acme", "/typed")).toHaveLength(1);
  });

  it("opens beside a page over which its address was typed, so that nothing of that is lost", async () => {
    const { site, person, acme, firefox } = at;
    await firefox.openTab(site.url("free", "/kept"), { front: true });
    await person.type(site.url("acme", "/typed"), "here");
    expect(await person.sees(site.url("acme", "/typed"))).toMatchObject({ userContextId: acme, selected: true });
    expect(await person.tabsWith(site.url("free", "/kept"))).toHaveLength(1);
  });

  it("takes the place of the tab another program opened", async () => {
    const { site, person, acme, firefox } = at;
    await person.extension("1");
    const tabs = (await firefox.tabs()).length;
    await person.openFromOutside(site.url("acme", "/external"));
    expect(await person.sees(site.url("acme", "/external"))).toMatchObject({ userContextId: acme, selected: true });
    await waitFor("one tab more", async () => (await firefox.tabs()).length === tabs + 1);
    expect(site.requests("acme", "/external")).toHaveLength(1);
  });

  it("opens in the window of the tab that asked for it, and the active project stays", async () => {
    const { site, person, beta, firefox, world } = at;
    await world.json("switch", "acme");
    const target = site.url("beta", "/window");
    const window = await firefox.openWindow();
    await firefox.openTab(site.page("free", link, target), { window, front: true });
    const source = await person.sees(site.page("free", link, target));
    await person.click(source.context);
    expect(await person.sees(target)).toMatchObject({ userContextId: beta, window: source.window, hidden: false, selected: true });
    expect(await world.json("current")).toEqual({ project: "acme" });
  });

  it("keeps to its tab group", async () => {
    const { site, person, acme, firefox } = at;
    const target = site.url("acme", "/grouped");
    await start(link, target);
    const source = await person.webTab(site.page("free", link, target));
    await person.extension(`browser.tabs.group({ tabIds: [${source.id}] })`);
    await person.click((await person.sees(source.url)).context);
    expect(await person.sees(target)).toMatchObject({ userContextId: acme });
    const { groupId } = await person.webTab(source.url);
    expect(groupId).toBeGreaterThan(0);
    await waitFor("the group", async () => (await person.webTab(target)).groupId === groupId);

    // The tab that goes is the last of its group.
    await person.type(site.url("free", "/other"), "newTab");
    await firefox.chrome("void BrowserCommands.openTab()");
    const empty = await waitFor("the new tab", async () => (await person.webTabs()).find((tab) => tab.active && tab.url === "about:newtab"));
    await person.extension(`browser.tabs.group({ tabIds: [${empty.id}] })`);
    const group = (await person.webTabs()).find((tab) => tab.id === empty.id)?.groupId;
    await person.type(site.url("acme", "/alone"), "here");
    await person.sees(site.url("acme", "/alone"));
    await waitFor("its group to live on", async () => (await person.webTab(site.url("acme", "/alone"))).groupId === group);
  });

  it("leaves a pinned page pinned, and takes a pinned empty tab's place pinned", async () => {
    const { site, person, firefox } = at;
    const target = site.url("acme", "/frompinned");
    const source = await start(link, target);
    await firefox.onTab(source, "void win.gBrowser.pinTab(tab)");
    await person.click(source);
    await person.sees(target);
    expect(await person.webTab(site.page("free", link, target))).toMatchObject({ pinned: true, index: 0 });
    expect(await person.webTab(target)).toMatchObject({ pinned: false, active: true });

    await firefox.chrome("(BrowserCommands.openTab(), void gBrowser.pinTab(gBrowser.selectedTab))");
    await person.type(site.url("acme", "/inpinned"), "here");
    await person.sees(site.url("acme", "/inpinned"));
    expect(await person.webTab(site.url("acme", "/inpinned"))).toMatchObject({ pinned: true, index: 1, active: true });
    expect((await person.webTabs()).filter((tab) => tab.pinned)).toHaveLength(2);
  });

  it("opens beside a split view, and both its pages stay", async () => {
    const { site, person, firefox } = at;
    const target = site.url("acme", "/split");
    const source = await start(link, target);
    await firefox.openTab(site.url("free", "/right"));
    await firefox.onTab(source, `void win.gBrowser.addTabSplitView([tab, win.gBrowser.tabs[win.gBrowser.tabs.indexOf(tab) + 1]])`);
    await person.click(source);
    await person.sees(target);
    const [left, right, moved] = [await person.webTab(site.page("free", link, target)), await person.webTab(site.url("free", "/right")), await person.webTab(target)];
    expect(left.splitViewId).toBeGreaterThan(0);
    expect(right.splitViewId).toBe(left.splitViewId);
    expect(moved).toMatchObject({ index: right.index + 1, active: true, splitViewId: -1 });
  });

  it("is found behind redirects, and the tab that only led there goes", async () => {
    const { site, person, firefox, acme, beta } = at;
    const end = site.url("beta", "/end");
    const chain = site.redirect("free", site.redirect("acme", end));
    await person.extension("1");
    const tabs = (await firefox.tabs()).length;
    await person.type(chain, "newTab");
    expect(await person.sees(end)).toMatchObject({ userContextId: beta });
    await waitFor("one tab more", async () => (await firefox.tabs()).length === tabs + 1);
    expect((await firefox.tabs()).filter((tab) => tab.userContextId === acme)).toEqual([]);
    expect([site.requests("free", "/redirect"), site.requests("acme", "/redirect"), site.requests("beta", "/end")].map((all) => all.length)).toEqual([1, 1, 1]);
  });

  it("is found behind a redirect of a page that stays", async () => {
    const { site, person, acme } = at;
    const target = site.url("acme", "/end");
    const source = await start(link, site.redirect("free", target));
    await person.click(source);
    expect(await person.sees(target)).toMatchObject({ userContextId: acme });
    expect(await person.tabsWith(/free\.localhost.*page/)).toHaveLength(1);
  });

  it.each([
    ["followed from a page", link],
    ["opened in a new tab", blankLink],
  ])("is downloaded once when it is a file, and leaves no empty tab, %s", async (name, html) => {
    const { site, person, firefox, world } = at;
    const file = `${name.replaceAll(" ", "")}.bin`;
    const source = await start(html, site.download("acme", file));
    await person.extension("1");
    const tabs = (await firefox.tabs()).length;
    await person.click(source);
    await waitFor("the file", () => firefox.chrome(`IOUtils.exists(${JSON.stringify(`${world.home}/${file}`)})`));
    await waitFor("the empty tab to be gone", async () => (await firefox.tabs()).length === tabs);
    expect(await person.sees(site.page("free", html, site.download("acme", file)))).toMatchObject({ selected: true });
    expect(site.requests("acme", `/download/${file}`)).toHaveLength(1);
  });

  it("shows its source in its project", async () => {
    const { site, person, firefox, acme } = at;
    await firefox.chrome(`void openTrustedLinkIn(${JSON.stringify(`view-source:${site.url("acme", "/source")}`)}, "tab")`);
    expect(await person.sees(`view-source:${site.url("acme", "/source")}`)).toMatchObject({ userContextId: acme });
    expect(site.requests("acme", "/source")).toHaveLength(1);
    expect(await person.tabsWith(/source/)).toHaveLength(1);
  });

  it("stays where it is in reader mode, and when that ends", async () => {
    const { site, person, firefox, acme } = at;
    const url = site.page("acme", "<article>" + "<p>One two three four five six seven eight nine ten, and so on, and so on.</p>".repeat(12) + "</article>", "");
    const page = await firefox.openTab(url, { userContextId: acme, front: true });
    const tabs = (await firefox.tabs()).length;
    await waitFor("an article", () => firefox.onTab(page, "tab.linkedBrowser.isArticle"));
    await firefox.onTab(page, "void tab.linkedBrowser.sendMessageToActor('Reader:ToggleReaderMode', {}, 'AboutReader')");
    expect(await person.sees(/^about:reader/)).toMatchObject({ userContextId: acme });
    await firefox.onTab(page, "void tab.linkedBrowser.sendMessageToActor('Reader:ToggleReaderMode', {}, 'AboutReader')");
    expect(await person.sees(url)).toMatchObject({ userContextId: acme });
    expect(await firefox.tabs()).toHaveLength(tabs);
  });

  it("gets its container and its login before it loads, when the profile has none yet", async () => {
    const { site, person, firefox, world, acme } = at;
    await firefox.openTab(site.url("acme", "/login"), { userContextId: acme });
    await waitFor("the login in the store", async () => JSON.stringify(await world.json("export", "acme", "--format", "json")).includes("ada"));
    await firefox.removeContainer(acme);
    await waitFor("the container to be gone", async () => !(await firefox.containers()).some(({ name }) => name === "acme"));
    await person.type(site.url("acme", "/again"), "newTab");
    const tab = await person.sees(site.url("acme", "/again"));
    at = { ...at, acme: await containerOf(firefox, "acme") };
    expect(tab.userContextId).toBe(at.acme);
    expect(at.acme).not.toBe(acme);
    expect(site.requests("acme", "/again")).toMatchObject([{ cookie: "user=ada" }]);
  });

  it("is none of our business in a private window", async () => {
    const { site, firefox } = at;
    const window = await firefox.openWindow({ private: true });
    await firefox.openTab(site.url("acme", "/private"), { window });
    const tabs = (await firefox.tabs()).filter((tab) => tab.url === site.url("acme", "/private"));
    expect(tabs).toMatchObject([{ userContextId: 0, window }]);
  });

  it("is found though the event page was asleep", async () => {
    const { site, person, acme } = at;
    const target = site.url("acme", "/woken");
    const source = await start(link, target);
    await person.sendToSleep();
    await person.click(source);
    expect(await person.sees(target)).toMatchObject({ userContextId: acme });
    expect(site.requests("acme", "/woken")).toHaveLength(1);
    expect(await person.tabsWith(site.page("free", link, target))).toHaveLength(1);
    expect(await person.tabsWith(target)).toHaveLength(1);
    await at.world.connected();
  });
});
