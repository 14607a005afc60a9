import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Firefox } from "../support/firefox.ts";
import { type SignInSites, startSignInSites } from "../support/signInSites.ts";
import { waitFor } from "../support/waitFor.ts";
import { closeTabs, makeProjects, makeRule, openAddress, pageText, sleepBackground, tabAt } from "./support/projectTabs.ts";
import { World } from "./support/world.ts";

const minute = 60_000;
const provider = "id.localhost";
const secrets = ["the-code", "state-of-acme", "state-of-beta", "forged-state"];

describe("signing in", () => {
  let world: World;
  let sites: SignInSites;
  let firefox: Firefox;
  let containers: Record<string, number>;
  let count = 0;

  beforeAll(async () => {
    world = await World.make();
    sites = await startSignInSites();
    await world.json("install", "--browser", "firefox");
    firefox = await world.firefox();
    await world.connected();
    containers = await makeProjects(world, firefox, ["acme", "beta", "gamma"]);
    // The provider has a rule of its own, and belongs to none of those who sign in.
    await makeRule(world, firefox, "gamma", provider);
    for (const [name, container] of [...Object.entries(containers), ["default", 0] as const]) {
      await firefox.openTab(sites.url(`/be?who=${name}`), { userContextId: container });
    }
  });

  afterEach(() => closeTabs(firefox));

  afterAll(async () => {
    await world.end();
    await sites.close();
  });

  /** A state, and an address for its callback, that no other test has. */
  function fresh(name: string): { state: string; path: string } {
    count += 1;
    return { state: `${name}-${count}-and-more`, path: `/callback-${count}` };
  }

  /** Begins a sign-in in the project's container; answers when the provider's page stands there. */
  async function begin(project: string, state: string, path: string, query = ""): Promise<string> {
    const container = containers[project] ?? 0;
    await openAddress(firefox, sites.url(`/login?state=${state}&to=${path}${query}`), container);
    const tab = await waitFor(`${project} at the provider`, async () =>
      (await firefox.tabs()).find(({ url, userContextId }) => url.includes("/authorize?") && url.includes(state) && userContextId === container));
    await firefox.loaded(tab.context, tab.url);
    return tab.context;
  }

  const click = (context: string, selector: string): Promise<unknown> => firefox.evaluate(context, `void document.querySelector(${JSON.stringify(selector)}).click()`);
  /** Whose containers the requests for a path came from. */
  const from = (path: string): (string | undefined)[] => sites.of(path).map(({ who }) => who);
  const arrived = (path: string): Promise<unknown> => waitFor(`a request for ${path}`, () => sites.of(path).length > 0);

  it("two projects at one provider at the same time each get their own answer, byte for byte and once, though both arrive without a project", async () => {
    const path = "/callback";
    await Promise.all([begin("acme", "state-of-acme", path), begin("beta", "state-of-beta", path)]);
    const answers = {
      beta: `${path}?code=the-code&state=state-of-beta&iss=${encodeURIComponent(sites.url("/", provider))}&unknown=%7E+%e4&unknown&=`,
      acme: `${path}?state=state-of-acme&unknown=1&code=the-code`,
    };
    await Promise.all(Object.values(answers).map((answer) => openAddress(firefox, sites.url(answer))));
    await waitFor("both answers", () => sites.of(path).length >= 2);
    const shown = await Promise.all([tabAt(firefox, sites.url(answers.acme)), tabAt(firefox, sites.url(answers.beta))]);
    expect(shown.map(({ userContextId }) => userContextId)).toEqual([containers["acme"], containers["beta"]]);
    const got = sites.of(path).map(({ who, url, method }) => [who, method, url]).sort();
    expect(got).toEqual([["acme", "GET", answers.acme], ["beta", "GET", answers.beta]]);
    expect((await firefox.tabs()).filter(({ url, userContextId }) => url.includes("state=") && userContextId === 0)).toEqual([]);
  });

  it("the provider's pages stay in the project that called them, though a rule gives them to another, and the answer is left as it is", async () => {
    const { state, path } = fresh("acme");
    const context = await begin("acme", state, path);
    await click(context, "#next");
    await arrived("/password");
    expect((await tabAt(firefox, sites.url("/password", provider))).userContextId).toBe(containers["acme"]);
    await firefox.evaluate(context, "void history.back()");
    await waitFor("the provider's first page", async () => (await firefox.evaluate(context, "document.querySelector('#approve') !== null")) === true);
    await click(context, "#approve");
    await tabAt(firefox, sites.url(`${path}?code=the-code&state=${state}`));
    expect(from(path)).toEqual(["acme"]);
  });

  it("the provider's pages go where their rule says when no flow is under way", async () => {
    await openAddress(firefox, sites.url("/settings", provider), containers["beta"]);
    expect((await tabAt(firefox, sites.url("/settings", provider))).userContextId).toBe(containers["gamma"]);
  });

  it("an answer in the fragment arrives in its project", async () => {
    const { state, path } = fresh("acme");
    await begin("acme", state, path, "&mode=fragment");
    await openAddress(firefox, sites.url(`${path}#id_token=the-code&state=${state}`));
    expect((await tabAt(firefox, sites.url(`${path}#id_token=the-code&state=${state}`))).userContextId).toBe(containers["acme"]);
    expect(from(path)).toEqual(["acme"]);
  });

  it("an answer by POST arrives in its project, once, as the provider's own form would", async () => {
    const { state, path } = fresh("acme");
    await begin("acme", state, path, "&mode=form_post");
    const form = `<form method=post action="${sites.url(path)}"><input name=code value="the&#32;code&#10;2"><input name=state value="${state}"><input name=submit value="ü"></form><script>HTMLFormElement.prototype.submit.call(document.forms[0])</script>`;
    await openAddress(firefox, sites.url(`/html?h=${encodeURIComponent(form)}`, "mail.localhost"));
    await arrived(path);
    const tab = await tabAt(firefox, sites.url(path));
    expect(tab.userContextId).toBe(containers["acme"]);
    expect(sites.of(path)).toMatchObject([{
      method: "POST",
      who: "acme",
      body: `code=the+code2&state=${state}&submit=%C3%BC`,
      headers: { origin: sites.url("", "mail.localhost"), "sec-fetch-site": "cross-site", referer: undefined },
    }]);
    expect(sites.of(path)[0]?.cookies).toEqual(["none", "who"]);
    expect(await firefox.onTab(tab.context, "tab.linkedBrowser.browsingContext.sessionHistory.count")).toBe(1);
  });

  it("a forged answer is left where it is", async () => {
    const { state, path } = fresh("acme");
    await begin("acme", state, path);
    await openAddress(firefox, sites.url(`${path}?code=the-code&state=forged-state`));
    expect((await tabAt(firefox, sites.url(`${path}?code=the-code&state=forged-state`))).userContextId).toBe(0);
    expect(from(path)).toEqual(["default"]);
  });

  it("an answer that comes again is not sent again, and a page says so", async () => {
    const { state, path } = fresh("acme");
    await begin("acme", state, path);
    const answer = sites.url(`${path}?code=the-code&state=${state}`);
    await openAddress(firefox, answer);
    await tabAt(firefox, answer);
    await openAddress(firefox, answer);
    const text = await pageText(firefox, "acme");
    for (const secret of [...secrets, state]) expect(text).not.toContain(secret);
    expect(from(path)).toEqual(["acme"]);
  });

  it("an answer from another issuer is stopped", async () => {
    const { state, path } = fresh("acme");
    await begin("acme", state, path);
    await openAddress(firefox, sites.url(`${path}?code=the-code&state=${state}&iss=https://evil.test`), containers["beta"]);
    const text = await pageText(firefox, "acme");
    expect(text).toContain("beta");
    expect(from(path)).toEqual([]);
  });

  it("a flow whose state is too short is asked about, and nothing is fetched before", async () => {
    const { path } = fresh("acme");
    await begin("acme", "CA", path);
    await openAddress(firefox, sites.url(`${path}?code=the-code&state=CA`));
    await pageText(firefox, "acme");
    expect(from(path)).toEqual([]);
  });

  it("a pop-up's answer stays with its opener", async () => {
    const { state, path } = fresh("acme");
    await begin("acme", state, path);
    const opener = await firefox.openTab(sites.url("/opener"));
    await firefox.chrome('void Services.prefs.setBoolPref("dom.disable_open_during_load", false)');
    await firefox.evaluate(opener, `void open(${JSON.stringify(sites.url(`${path}?code=the-code&state=${state}`))})`);
    const tab = await tabAt(firefox, sites.url(`${path}?code=the-code&state=${state}`));
    expect(tab.userContextId).toBe(0);
    expect(from(path)).toEqual(["default"]);
    await firefox.selectTab(tab.context);
    const popup = await firefox.openExtensionPage("popup/popup.html");
    await waitFor("the notice", async () => String(await firefox.evaluate(popup, "document.body.innerText")).includes("stayed with the page that opened it"));
  });

  it("a flow outlives the event page's sleep", async () => {
    const { state, path } = fresh("beta");
    await begin("beta", state, path);
    await sleepBackground(firefox);
    await openAddress(firefox, sites.url(`${path}?code=the-code&state=${state}`));
    expect((await tabAt(firefox, sites.url(`${path}?code=the-code&state=${state}`))).userContextId).toBe(containers["beta"]);
    await sleepBackground(firefox);
    await openAddress(firefox, sites.url(`${path}?code=the-code&state=${state}`));
    await pageText(firefox, "beta");
    expect(from(path)).toEqual(["beta"]);
  });

  it("a late answer is left where it is", async () => {
    const { state, path } = fresh("acme");
    await begin("acme", state, path);
    await firefox.extension(`browser.storage.session.get("signIns").then(({ signIns }) => {
      for (const record of signIns.records) record.at -= ${11 * minute};
      return browser.storage.session.set({ signIns });
    })`);
    await sleepBackground(firefox); // It reads them when it wakes.
    await openAddress(firefox, sites.url(`${path}?code=the-code&state=${state}`));
    expect((await tabAt(firefox, sites.url(`${path}?code=the-code&state=${state}`))).userContextId).toBe(0);
    expect(from(path)).toEqual(["default"]);
  });

  it("a service worker of the site makes nothing arrive twice, and sees no answer that is not its own", async () => {
    const { state, path } = fresh("acme");
    const worker = await firefox.openTab(sites.url("/worker"));
    await waitFor("the service worker", async () => (await firefox.evaluate(worker, "document.title")) === "ready");
    await begin("acme", state, path);
    await openAddress(firefox, sites.url(`${path}?code=the-code&state=${state}`));
    expect((await tabAt(firefox, sites.url(`${path}?code=the-code&state=${state}`))).userContextId).toBe(containers["acme"]);
    const second = fresh("acme");
    await begin("acme", second.state, second.path);
    const form = `<form method=post action="${sites.url(second.path)}"><input name=code value=x><input name=state value="${second.state}"></form><script>document.forms[0].submit()</script>`;
    await openAddress(firefox, sites.url(`/html?h=${encodeURIComponent(form)}`, "mail.localhost"));
    await arrived(second.path);
    await tabAt(firefox, sites.url(second.path));
    expect([from(path), from(second.path)]).toEqual([["acme"], ["acme"]]);
  });

  it("a native program's own answer on a port of this machine is left alone", async () => {
    await openAddress(firefox, sites.url("/native?code=the-code&state=of-the-program"));
    expect((await tabAt(firefox, sites.url("/native?code=the-code&state=of-the-program"))).userContextId).toBe(0);
  });

  it("a terminal tool's flow that begins with `stead open --project` ends in the project", async () => {
    const { state, path } = fresh("tool");
    const to = encodeURIComponent(sites.url(path));
    await world.json("open", sites.url(`/authorize?client_id=tool&redirect_uri=${to}&state=${state}`, provider), "--project", "beta");
    await waitFor("the provider's page in beta", async () =>
      (await firefox.tabs()).some(({ url, userContextId }) => url.includes(state) && userContextId === containers["beta"]));
    await openAddress(firefox, sites.url(`${path}?code=the-code&state=${state}`));
    expect((await tabAt(firefox, sites.url(`${path}?code=the-code&state=${state}`))).userContextId).toBe(containers["beta"]);
    expect(from(path)).toEqual(["beta"]);
  });

  it("keeps no state and no code where the flows are kept", async () => {
    const { state, path } = fresh("canary");
    await begin("acme", state, path);
    const written = String(await firefox.extension('browser.storage.session.get("signIns").then((value) => JSON.stringify(value))'));
    expect(written).toContain(path);
    for (const secret of [...secrets, state]) expect(written).not.toContain(secret);
  });
});
