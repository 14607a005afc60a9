import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { steadUuid, type Firefox, type Tab } from "../support/firefox.ts";
import { type LoginSite, startLoginSite } from "../support/loginSite.ts";
import { waitFor } from "../support/waitFor.ts";
import { ContextMenu } from "./support/contextMenus.ts";
import { closeTabs, makeProjects, makeRule, openAddress, sleepBackground, tabAt } from "./support/projectTabs.ts";
import { World } from "./support/world.ts";

const enter = "\uE007";
const escape = "\uE00C";
const down = "\uE015";
const question = /\/page\/page\.html/;

describe("the choice of a project", () => {
  let world: World;
  let site: LoginSite;
  let firefox: Firefox;
  let acme: number;
  let beta: number;
  let hosts = 0;

  beforeAll(async () => {
    world = await World.make();
    site = await startLoginSite();
    await world.json("install", "--browser", "firefox");
    // As when the user has said that ext+stead links always open with Stead.
    firefox = await world.firefox({ prefs: { "network.protocol-handler.external.ext+stead": true } });
    await world.connected();
    const containers = await makeProjects(world, firefox, ["acme", "beta & co"]);
    acme = containers["acme"] ?? 0;
    beta = containers["beta & co"] ?? 0;
  });

  afterEach(() => closeTabs(firefox));

  afterAll(async () => {
    await world.end();
    await site.close();
  });

  /** A host that no other test has. */
  const host = (): string => `host-${++hosts}.stead.localhost`;
  const paths = (name: string): string[] => site.requests.filter((request) => request.host === name && request.path !== "/favicon.ico").map(({ path }) => path);

  /** Keys as a person presses them in the tab's page. */
  async function press(context: string, ...keys: string[]): Promise<void> {
    const actions = keys.flatMap((value) => [{ type: "keyDown", value }, { type: "keyUp", value }]);
    await firefox.session.send("input.performActions", { context, actions: [{ type: "key", id: "keyboard", actions }] });
  }

  const text = async (context: string): Promise<string> => String(await firefox.evaluate(context, "document.body.innerText"));

  /** Waits until a page of Stead's shows this; answers its tab. */
  async function asked(includes = "Open in which project?"): Promise<Tab> {
    return waitFor(`a page that says “${includes}”`, async () => {
      for (const tab of await firefox.tabs()) {
        if (question.test(tab.url) && (await text(tab.context)).includes(includes)) return tab;
      }
      return undefined;
    });
  }

  const noQuestion = async (): Promise<void> => {
    await waitFor("the question to be gone", async () => !(await firefox.tabs()).some(({ url }) => question.test(url)));
  };

  /** A rule that asks, of a host of its own. */
  async function askingHost(): Promise<string> {
    const name = host();
    await world.json("rule", "add", "acme", name, "--ask");
    await waitFor("the rule", async () => firefox.extension(`browser.storage.local.get().then((all) => JSON.stringify(all).includes(${JSON.stringify(name)}))`));
    return name;
  }

  describe("by a rule that asks", () => {
    it("sends nothing before the answer, and opens once where the answer says", async () => {
      const name = await askingHost();
      const url = site.url("/page?token=secret", name);
      await openAddress(firefox, url);
      const page = await asked();
      expect(paths(name)).toEqual([]);
      expect(await text(page.context)).toContain(`http://${name}:${site.port}/page?token=…`);
      expect(page.url).toMatch(/\?id=[0-9a-f-]{36}$/);
      expect(page.title).not.toContain(name);
      await firefox.selectTab(page.context);
      const before = (await firefox.tabs()).length;
      await press(page.context, "1", enter);
      const opened = await tabAt(firefox, url);
      expect(opened).toMatchObject({ userContextId: acme, selected: true });
      await firefox.loaded(opened.context, url);
      expect(paths(name)).toEqual(["/page"]);
      expect((await firefox.tabs()).length).toBe(before);
    });

    it("lets the page stay where the answer put it, and asks again for the next", async () => {
      const name = await askingHost();
      await openAddress(firefox, site.url("/first", name));
      const page = await asked();
      await press(page.context, "2", enter);
      const opened = await tabAt(firefox, site.url("/first", name));
      expect(opened.userContextId).toBe(beta);
      await firefox.navigate(opened.context, site.url("/second", name));
      expect((await tabAt(firefox, site.url("/second", name))).userContextId).toBe(beta);
      await openAddress(firefox, site.url("/third", name));
      await asked();
      expect(paths(name)).toEqual(["/first", "/second"]);
    });

    it.each([
      { by: "another site's link", from: "foreign.localhost", cookies: ["lax"] },
      { by: "the site's own link", from: "www.stead.localhost", cookies: ["lax", "strict"] },
    ])("sends with $by what Firefox would have sent", async ({ from, cookies }) => {
      const name = await askingHost();
      await firefox.openTab(site.url("/set?kind=lax&kind=strict", name), { userContextId: acme });
      const source = await firefox.openTab(site.url("/", from));
      await firefox.evaluate(source, `void (location.href = ${JSON.stringify(site.url("/page", name))})`);
      const page = await asked();
      await firefox.selectTab(page.context);
      await press(page.context, "1", enter);
      await tabAt(firefox, site.url("/page", name));
      const [request] = site.requests.filter((one) => one.host === name && one.path === "/page");
      expect([...(request?.cookies ?? [])].sort()).toEqual(cookies);
    });

    it("navigates itself where it stands in the right container already", async () => {
      const name = await askingHost();
      const url = site.url("/page", name);
      await openAddress(firefox, url);
      const page = await asked();
      await press(page.context, "0", enter);
      const opened = await tabAt(firefox, url);
      expect(opened).toMatchObject({ context: page.context, userContextId: 0 });
      await firefox.loaded(page.context, url);
      expect(await firefox.evaluate(page.context, "history.length")).toBe(1);
      expect(paths(name)).toEqual(["/page"]);
    });

    it("does not ask again when told to remember", async () => {
      const name = await askingHost();
      await openAddress(firefox, site.url("/first", name));
      const page = await asked();
      await press(page.context, down, down, "r", enter);
      await tabAt(firefox, site.url("/first", name)).then(({ userContextId }) => expect(userContextId).toBe(0));
      await closeTabs(firefox);
      // "No project" cannot be remembered.
      await openAddress(firefox, site.url("/second", name));
      const again = await asked();
      await press(again.context, "2", "r", enter);
      expect((await tabAt(firefox, site.url("/second", name))).userContextId).toBe(beta);
      await openAddress(firefox, site.url("/third", name));
      expect((await tabAt(firefox, site.url("/third", name))).userContextId).toBe(beta);
      expect((await firefox.tabs()).filter(({ url }) => question.test(url))).toEqual([]);
      expect(paths(name)).toEqual(["/first", "/second", "/third"]);
    });

    it("closes with Escape, and the address was never asked for", async () => {
      const name = await askingHost();
      await openAddress(firefox, site.url("/page", name));
      const page = await asked();
      await press(page.context, escape);
      await noQuestion();
      expect(paths(name)).toEqual([]);
    });

    it("outlives the sleep of the event page", async () => {
      const name = await askingHost();
      const url = site.url("/page", name);
      await openAddress(firefox, url);
      const page = await asked();
      await sleepBackground(firefox);
      await firefox.evaluate(page.context, "void (window.isOld = true, location.reload())");
      await waitFor("the question after the reload", async () =>
        (await firefox.evaluate(page.context, "window.isOld !== true")) === true && (await text(page.context)).includes(name));
      await press(page.context, "1", enter);
      expect((await tabAt(firefox, url)).userContextId).toBe(acme);
      expect(paths(name)).toEqual(["/page"]);
    });

    it("asks beside the page whose link was followed, which keeps its place", async () => {
      const name = await askingHost();
      const source = await firefox.openTab(site.url("/source"), { front: true });
      await firefox.evaluate(source, `void (location.href = ${JSON.stringify(site.url("/page", name))})`);
      const page = await asked();
      expect(page.selected).toBe(true);
      expect(await firefox.evaluate(source, "location.pathname")).toBe("/source");
      await press(page.context, enter);
      expect((await tabAt(firefox, site.url("/page", name))).userContextId).toBe(acme);
      expect(await firefox.evaluate(source, "location.pathname")).toBe("/source");
      expect(paths(name)).toEqual(["/page"]);
    });

    it("says that the question is gone when it was answered elsewhere", async () => {
      const name = await askingHost();
      await openAddress(firefox, site.url("/page", name));
      const page = await asked();
      const twin = await firefox.openTab(page.url);
      await waitFor("the twin", async () => (await text(twin)).includes(name));
      await press(page.context, enter);
      await tabAt(firefox, site.url("/page", name));
      await press(twin, enter);
      await waitFor("the refusal", async () => (await text(twin)).includes("answered already"));
      await firefox.evaluate(twin, "void location.reload()");
      await waitFor("the explanation", async () => (await text(twin)).includes("This question is gone"));
      expect(paths(name)).toEqual(["/page"]);
    });
  });

  describe("by context menus", () => {
    const projects = ["acme", "beta & co"];

    it("reopens a tab in another project, and leaves it there whatever the rules say", async () => {
      const name = host();
      await makeRule(world, firefox, "acme", name);
      const url = site.url("/page", name);
      await openAddress(firefox, url);
      const { context } = await tabAt(firefox, url);
      await firefox.loaded(context, url);
      await firefox.selectTab(context);
      const menu = await ContextMenu.ofTab(firefox);
      const [top] = await menu.entries();
      expect(top?.label).toBe("Reopen in project");
      expect(top?.below.slice(0, 3)).toEqual([...projects.map((label) => ({ label, icon: true, below: [] })), { label: "No project", icon: false, below: [] }]);
      await menu.choose("Reopen in project", "beta & co");
      const moved = await waitFor("the tab in beta", async () => (await firefox.tabs()).find((tab) => tab.url === url && tab.userContextId === beta));
      expect(moved.selected).toBe(true);
      await firefox.navigate(moved.context, site.url("/next", name));
      expect((await tabAt(firefox, site.url("/next", name))).userContextId).toBe(beta);
      expect((await firefox.tabs()).filter((tab) => tab.url === url)).toEqual([]);
      expect(paths(name)).toEqual(["/page", "/page", "/next"]);
    });

    it("takes a tab out of its project", async () => {
      const url = site.url("/page", host());
      await firefox.openTab(url, { userContextId: acme, front: true });
      await (await ContextMenu.ofTab(firefox)).choose("Reopen in project", "No project");
      await waitFor("the tab in no project", async () => (await firefox.tabs()).find((tab) => tab.url === url)?.userContextId === 0);
    });

    it("makes a rule for the tab's host in its project, and applies it", async () => {
      const name = host();
      await firefox.openTab(site.url("/elsewhere", name), { userContextId: beta });
      await firefox.openTab(site.url("/page", name), { userContextId: acme, front: true });
      const menu = await ContextMenu.ofTab(firefox);
      const label = `Always open ${name}:${site.port} in acme`;
      expect((await menu.entries())[0]?.below.at(-1)?.label).toBe(label);
      await menu.choose("Reopen in project", label);
      await waitFor("the rule", async () => JSON.stringify(await world.json("rule", "list")).includes(`"${name}:${site.port}"`));
      await waitFor("the other tab to follow", async () => (await firefox.tabs()).find(({ url }) => url.endsWith("/elsewhere"))?.userContextId === acme);
    });

    it("has no rule to make in a tab without a project", async () => {
      await firefox.openTab(site.url("/page", host()), { front: true });
      const menu = await ContextMenu.ofTab(firefox);
      expect((await menu.entries())[0]?.below.map((one) => one.label)).toEqual([...projects, "No project"]);
      await menu.close();
    });

    it("opens a link in a project, behind the page, or in the page's own container", async () => {
      const name = host();
      await makeRule(world, firefox, "acme", name);
      const source = await firefox.openTab(site.url("/source"), { userContextId: beta, front: true });
      const link = (path: string): Promise<unknown> =>
        firefox.evaluate(source, `void (document.body.innerHTML = ${JSON.stringify(`<a href="${site.url(path, name)}">a link</a>`)})`);
      await link("/in-none");
      const menu = await ContextMenu.ofElement(firefox, source, "a");
      expect((await menu.entries()).map(({ label, below }) => [label, below.map((one) => one.label)])).toEqual([
        ["Open link in project", [...projects, "No project", "Open here this time"]],
      ]);
      await menu.choose("Open link in project", "No project");
      expect(await tabAt(firefox, site.url("/in-none", name))).toMatchObject({ userContextId: 0, selected: false });
      await link("/here");
      await (await ContextMenu.ofElement(firefox, source, "a")).choose("Open link in project", "Open here this time");
      expect(await tabAt(firefox, site.url("/here", name))).toMatchObject({ userContextId: beta, selected: false });
      await waitFor("both pages", () => paths(name).length === 2);
      expect(paths(name)).toEqual(["/in-none", "/here"]);
      const tabs = await firefox.tabs();
      const at = tabs.findIndex(({ context }) => context === source);
      expect(tabs[at]?.selected).toBe(true);
      expect(tabs.slice(at + 1, at + 3).map(({ url }) => new URL(url).host.split(":")[0])).toEqual([name, name]);
    });

    it("offers the same in the page, and nothing on links that are not of the web", async () => {
      const source = await firefox.openTab(site.url("/source"), { front: true });
      await firefox.evaluate(source, `void (document.body.innerHTML = '<p>words</p><a href="mailto:ada@example.com">a link</a>')`);
      const page = await ContextMenu.ofElement(firefox, source, "p");
      expect((await page.entries()).map(({ label }) => label)).toEqual(["Reopen in project"]);
      await page.close();
      const link = await ContextMenu.ofElement(firefox, source, "a");
      expect(await link.entries()).toEqual([]);
      await link.close();
    });

    it("keeps its menus while the event page sleeps, works from its sleep, and lists what changed, each once", async () => {
      const url = site.url("/page", host());
      await firefox.openTab(url, { front: true });
      await sleepBackground(firefox);
      const asleep = await ContextMenu.ofTab(firefox, { asleep: true });
      expect((await asleep.entries())[0]?.below.slice(0, 2).map(({ label }) => label)).toEqual(projects);
      await asleep.choose("Reopen in project", "acme");
      await waitFor("the tab in acme", async () => (await firefox.tabs()).find((tab) => tab.url === url)?.userContextId === acme);
      await world.connected();
      await world.json("project", "add", "gamma");
      await waitFor("gamma in the menu", async () => {
        const menu = await ContextMenu.ofTab(firefox);
        const entries = await menu.entries();
        await menu.close();
        return entries.length === 1 && entries[0]?.below.slice(0, 4).map(({ label }) => label).join() === [...projects, "gamma", "No project"].join();
      });
      await world.json("project", "remove", "gamma", "--yes");
    });
  });

  describe("by ext+stead links", () => {
    const follow = (context: string, link: string): Promise<unknown> => firefox.evaluate(context, `void (location.href = ${JSON.stringify(link)})`);
    const unsigned = (url: string): string => `ext+stead:open?project=acme&url=${encodeURIComponent(url)}`;
    const signed = async (url: string): Promise<string> => String((await world.json("open", url, "--project", "acme", "--link"))["link"]);

    it("asks for one that is not signed, and keeps the page it was followed from", async () => {
      const name = host();
      const source = await firefox.openTab(site.url("/source"), { front: true });
      await follow(source, unsigned(site.url("/page", name)));
      const page = await asked();
      expect(page.context).toBe(source);
      expect(await text(source)).toContain("A link that you did not sign");
      await waitFor("the wait to be over", async () => (await firefox.evaluate(source, "performance.now() > 1200")) === true);
      await press(source, "1", enter);
      expect((await tabAt(firefox, site.url("/page", name))).userContextId).toBe(acme);
      await waitFor("the page it was followed from", async () => (await firefox.evaluate(source, "location.pathname")) === "/source");
      expect(paths(name)).toEqual(["/page"]);
    });

    it("takes no answer in its first moment, and goes back on Escape", async () => {
      const name = host();
      const source = await firefox.openTab(site.url("/source"), { front: true });
      await follow(source, unsigned(site.url("/page", name)));
      await asked();
      await firefox.evaluate(source, `(() => {
        document.dispatchEvent(new Event("visibilitychange"));
        document.querySelector("form").requestSubmit();
      })()`);
      await press(source, escape);
      await waitFor("the page it was followed from", async () => (await firefox.evaluate(source, "location.pathname")) === "/source");
      expect(paths(name)).toEqual([]);
    });

    it("opens one that is signed at once in its project, and not again when the user comes forward to it", async () => {
      const name = host();
      const url = site.url("/page", name);
      const source = await firefox.openTab(site.url("/source"), { front: true });
      await follow(source, await signed(url));
      expect(await tabAt(firefox, url)).toMatchObject({ userContextId: acme, selected: true });
      await waitFor("the page it was followed from", async () => (await firefox.evaluate(source, "location.pathname")) === "/source");
      await firefox.evaluate(source, "void history.forward()");
      await waitFor("the empty page", async () => (await text(source)).includes("This question is gone"));
      expect(paths(name)).toEqual(["/page"]);
    });

    it("opens a signed one of another program in the place of its tab", async () => {
      const url = site.url("/page", host());
      const before = (await firefox.tabs()).length;
      await firefox.chrome(`void browserDOMWindow.openURI(Services.io.newURI(${JSON.stringify(await signed(url))}), null,
        Ci.nsIBrowserDOMWindow.OPEN_NEWTAB, Ci.nsIBrowserDOMWindow.OPEN_EXTERNAL, Services.scriptSecurityManager.createNullPrincipal({}))`);
      expect((await tabAt(firefox, url)).userContextId).toBe(acme);
      await noQuestion();
      expect((await firefox.tabs()).filter((tab) => tab.url.startsWith("moz-extension:"))).toEqual([]);
      expect((await firefox.tabs()).length).toBeLessThanOrEqual(before + 2);
    });

    it.each([
      ["with another address under its signature", (link: string) => link.replace("%2Fpage", "%2Fother"), "A link that you did not sign"],
      ["without an address", () => "ext+stead:open?project=acme", "This link cannot be opened"],
      ["of a scheme that is not the web's", () => "ext+stead:open?url=javascript%3Aalert(1)", "This link cannot be opened"],
      ["that says something else", () => "ext+stead:remove?project=acme", "This link cannot be opened"],
    ])("opens none %s", async (_, change, says) => {
      const name = host();
      const source = await firefox.openTab(site.url("/source"), { front: true });
      await follow(source, change(await signed(site.url("/page", name))));
      await asked(says);
      expect(paths(name)).toEqual([]);
    });

    it("asks nothing in a frame, where the page around it could have a visitor click", async () => {
      const name = host();
      const source = await firefox.openTab(site.url("/source"), { front: true });
      const link = await signed(site.url("/page", name));
      await firefox.evaluate(source, `void document.body.append(Object.assign(document.createElement("iframe"), { src: ${JSON.stringify(link)} }))`);
      const frame = await waitFor("the frame", async () => {
        const tree = JSON.stringify(await firefox.session.send("browsingContext.getTree", { root: source }));
        return /"context":"([^"]+)"[^{}]*"url":"moz-extension:/.exec(tree)?.[1];
      });
      await waitFor("the refusal", async () => (await text(frame)).includes("stand in tabs of their own"));
      expect(await firefox.evaluate(frame, "document.querySelectorAll('button, input').length")).toBe(0);
      expect(paths(name)).toEqual([]);
    });
  });

  describe("in the popup", () => {
    /** The popup as a page behind the front tab, which it then speaks of. */
    const openPopup = async (): Promise<string> => {
      const popup = await firefox.openExtensionPage("popup/popup.html");
      await waitFor("the projects", async () => (await text(popup)).includes("acme"));
      return popup;
    };

    it("makes a rule for the page of the tab, and moves it", async () => {
      const name = host();
      const url = site.url("/team/page", name);
      await firefox.openTab(url, { front: true });
      const popup = await openPopup();
      expect(await text(popup)).toContain(`${name}:${site.port}`);
      await firefox.evaluate(popup, `document.dispatchEvent(new KeyboardEvent("keydown", { key: "F4", bubbles: true }))`);
      await waitFor("the form", async () => (await text(popup)).includes("Which pages"));
      expect(await text(popup)).toContain(`${name}:${site.port}/team`);
      await firefox.evaluate(popup, `(() => {
        const select = document.querySelector("select");
        select.value = [...select.options].find((one) => one.text === "beta & co").value;
        select.dispatchEvent(new Event("change"));
        document.querySelector("form").requestSubmit();
      })()`);
      await waitFor("the tab in beta", async () => (await firefox.tabs()).find((tab) => tab.url === url)?.userContextId === beta);
      expect(JSON.stringify(await world.json("rule", "list"))).toContain(`"${name}:${site.port}"`);
    });

    it("reopens the tab in the highlighted project", async () => {
      const url = site.url("/page", host());
      await firefox.openTab(url, { front: true });
      const popup = await openPopup();
      await firefox.evaluate(popup, `[...document.querySelectorAll("[role=option]")].find((row) => row.textContent.includes("acme")) && (() => {
        const field = document.getElementById("field");
        field.value = "acme";
        field.dispatchEvent(new InputEvent("input", { bubbles: true }));
        field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", altKey: true, bubbles: true }));
      })()`);
      await waitFor("the tab in acme", async () => (await firefox.tabs()).find((tab) => tab.url === url)?.userContextId === acme);
    });

    it("tells of a form that could not follow, with a mark on the button until it is dismissed or the tab goes on", async () => {
      const name = host();
      await makeRule(world, firefox, "acme", name);
      const source = await firefox.openTab(site.url("/source"), { front: true });
      const badge = (): Promise<unknown> =>
        firefox.extension(`browser.tabs.query({}).then((tabs) => Promise.all(tabs.map(({ id }) => browser.action.getBadgeText({ tabId: id })))).then((all) => all.join(""))`);
      const send = async (): Promise<void> => {
        await firefox.evaluate(source, `(() => {
          const form = Object.assign(document.createElement("form"), { method: "post", enctype: "text/plain", action: ${JSON.stringify(site.url("/sent", name))} });
          document.body.append(form);
          form.submit();
        })()`);
        await tabAt(firefox, site.url("/sent", name));
        await waitFor("the mark", async () => (await badge()) === "!");
      };
      await send();
      expect(site.requests.filter((request) => request.host === name && request.path === "/sent").map(({ method }) => method)).toEqual(["POST"]);
      const popup = await openPopup();
      await waitFor("the line", async () => (await text(popup)).includes("It could not be delivered there"));
      await firefox.evaluate(popup, `void document.querySelector(".tab-notice button").click()`);
      await waitFor("the mark to go", async () => (await badge()) === "");
      const back = async (): Promise<void> => {
        await firefox.navigate(source, site.url("/source"));
        await tabAt(firefox, site.url("/source"));
      };
      await back();
      await send();
      await back();
      await waitFor("the mark to go with the page", async () => (await badge()) === "");
    });
  });

  it("leaves no word of a question in what the profile keeps", async () => {
    const name = await askingHost();
    await openAddress(firefox, site.url("/very-private-path?code=very-private-code", name));
    await asked();
    const kept = String(await firefox.extension(`browser.storage.local.get().then((all) => JSON.stringify(all))`));
    expect(kept).not.toContain("very-private");
    expect((await firefox.tabs()).filter(({ url, title }) => url.includes(steadUuid) && `${url}${title}`.includes("very-private"))).toEqual([]);
  });
});
