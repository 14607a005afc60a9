import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Firefox } from "../support/firefox.ts";
import { type SeenRequest, type SignInSites, startSignInSites } from "../support/signInSites.ts";
import { waitFor } from "../support/waitFor.ts";
import { closeTabs, makeProjects, makeRule, openAddress, tabAt } from "./support/projectTabs.ts";
import { World } from "./support/world.ts";

const app = "app.localhost";
const other = "other.localhost";

/** What a server can tell requests apart by, but for their place. */
function looks({ method, url, cookies, headers, body }: SeenRequest): object {
  const [type = "", boundary] = headers["content-type"]?.split(/; boundary=/) ?? [];
  return { method, url, cookies, headers: { ...headers, "content-type": type }, body: boundary === undefined ? body : body.replaceAll(boundary, "BOUNDARY") };
}

describe("requests moved to their project", () => {
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
    containers = await makeProjects(world, firefox, ["acme", "beta"]);
    await makeRule(world, firefox, "acme", app);
    await firefox.openTab(sites.url("/be?who=acme", app), { userContextId: containers["acme"] ?? 0 });
  });

  afterEach(() => closeTabs(firefox));

  afterAll(async () => {
    await world.end();
    await sites.close();
  });

  const fresh = (): string => `/target-${++count}`;
  const page = (html: string, host = other, path = "/html"): string => sites.url(`${path}?h=${encodeURIComponent(html)}`, host);
  const form = (to: string, fields: string, attributes = ""): string =>
    `<form method=post action="${sites.url(to, app)}" ${attributes}>${fields}</form><script>HTMLFormElement.prototype.submit.call(document.forms[0])</script>`;
  const one = (path: string): Promise<SeenRequest> => waitFor(`a request for ${path}`, () => sites.of(path)[0]);

  /** What the server sees of a page's request when the page is in the project (Firefox's own), and when it is in none (moved). */
  async function both(make: (to: string) => string): Promise<{ own: SeenRequest; moved: SeenRequest; to: string }> {
    const [ownPath, to] = [fresh(), fresh()];
    await openAddress(firefox, make(ownPath), containers["acme"]);
    const own = await one(ownPath);
    await tabAt(firefox, sites.url(ownPath, app));
    await openAddress(firefox, make(to));
    const moved = await one(to);
    expect((await tabAt(firefox, sites.url(to, app))).userContextId).toBe(containers["acme"]);
    expect(sites.of(to)).toHaveLength(1);
    return { own: { ...own, url: own.url.replaceAll(ownPath, to), headers: withPath(own.headers, ownPath, to) }, moved, to };
  }

  function withPath(headers: SeenRequest["headers"], from: string, to: string): SeenRequest["headers"] {
    return { ...headers, ...(headers.referer !== undefined && { referer: headers.referer.replaceAll(from, to) }) };
  }

  const texts = `<input name=a value="x&amp;y"><input name=b value="ü €"><textarea name=lines>one&#10;two</textarea><input name=submit value=1><input name=e>`;

  it.each([
    ["another site's form", other, ""],
    ["another site's form without a referrer", other, "", '<meta name="referrer" content="no-referrer">'],
    ["another site's form with parts", other, 'enctype="multipart/form-data"'],
    ["another site's form with a name that repeats", other, "", "", "<input name=r value=2><input name=r value=1>"],
  ])("%s arrives once, and as it would from the project", async (_, host, attributes, head = "", more = "") => {
    const { own, moved } = await both((to) => page(head + form(to, texts + more, attributes), host));
    expect(moved.who).toBe("acme");
    expect(looks(moved)).toEqual(looks(own));
    expect(moved.cookies).toEqual(["none", "who"]);
  });

  it("a form takes its page's place in a tab that is new, and leaves the page where it was in one that is not", async () => {
    const to = fresh();
    const context = await firefox.openTab(page(form(to, texts).replace(/<script>.*/, "")));
    await firefox.evaluate(context, "void HTMLFormElement.prototype.submit.call(document.forms[0])");
    const tab = await tabAt(firefox, sites.url(to, app));
    expect(tab.userContextId).toBe(containers["acme"]);
    expect(await firefox.onTab(tab.context, "tab.linkedBrowser.browsingContext.sessionHistory.count")).toBe(1);
    expect((await firefox.tabs()).find((one) => one.context === context)?.url).toContain("/html?");
  });

  it.each([
    ["with a file", 'enctype="multipart/form-data"', `<input type=file name=f>`],
    ["of plain text", 'enctype="text/plain"', ""],
    ["in another encoding", 'accept-charset="windows-1252"', ""],
    ["with rows", "", "<input name=i[][a] value=1><input name=i[][b] value=2><input name=i[][a] value=3><input name=i[][b] value=4>"],
    ["of more than 64 KiB", "", `<textarea name=long>${"x".repeat(66_000)}</textarea>`],
  ])("a form %s is left where it is, whole, and a notice says so", async (_, attributes, more) => {
    const to = fresh();
    // As a link cannot be that long, the page gets its form from a script.
    const context = await firefox.openTab(sites.url("/empty", other));
    await firefox.evaluate(context, `void (document.body.innerHTML = ${JSON.stringify(form(to, texts + more, attributes).replace(/<script>.*/, ""))})`);
    await firefox.evaluate(context, "void HTMLFormElement.prototype.submit.call(document.forms[0])");
    const seen = await one(to);
    await tabAt(firefox, sites.url(to, app));
    expect(seen.who).toBeUndefined();
    expect(seen.method).toBe("POST");
    expect(seen.body.length).toBe(Number(seen.headers["content-length"]));
    expect(sites.of(to)).toHaveLength(1);
    await firefox.selectTab(context);
    const popup = await firefox.openExtensionPage("popup/popup.html");
    await waitFor("the notice", async () => String(await firefox.evaluate(popup, "document.body.innerText")).includes("could not be delivered"));
  });

  it("a form whose event page was lost is not sent empty", async () => {
    const context = await firefox.openExtensionPage("post/post.html#00000000-0000-4000-8000-000000000000");
    await waitFor("the word", async () => String(await firefox.evaluate(context, "document.body.innerText")).includes("not here any more"));
  });

  it("another site's link brings no SameSite=Strict cookie, and says whose it is", async () => {
    const { own, moved } = await both((to) => page(`<script>location = "${sites.url(to, app)}"</script>`));
    expect(moved.cookies).toEqual(["lax", "none", "who"]);
    expect(moved.cookies).toEqual(own.cookies);
    expect(moved.headers["sec-fetch-site"]).toBe("cross-site");
  });

  it("a page without an origin gets no further than another site's", async () => {
    const { own, moved } = await both((to) => page(`<script>location = "${sites.url(to, app)}"</script>`, other, "/sandbox"));
    expect(moved.cookies).toEqual(["lax", "none", "who"]);
    expect(looks(moved)).toEqual(looks(own));
  });

  it("a form of a page without an origin gets no further than another site's", async () => {
    const { own, moved } = await both((to) => page(form(to, texts), other, "/sandbox"));
    expect(moved.cookies).toEqual(["none", "who"]);
    expect(looks(moved)).toEqual(looks(own));
  });

  it("a redirect of another site brings no SameSite=Strict cookie, before or after the move", async () => {
    const before = fresh();
    await openAddress(firefox, sites.url(`/redirect?to=${encodeURIComponent(sites.url(before, app))}`, other));
    expect((await one(before)).cookies).toEqual(["lax", "none", "who"]);
    const after = fresh();
    const away = sites.url(`/redirect?to=${encodeURIComponent(sites.url(after, app))}`, other);
    await openAddress(firefox, sites.url(`/redirect?to=${encodeURIComponent(away)}`, app));
    expect(await one(after)).toMatchObject({ who: "acme", cookies: ["lax", "none", "who"] });
  });

  it("another site's link goes on without SameSite=Strict cookies when the site redirects it", async () => {
    const to = fresh();
    const first = sites.url(`/redirect?to=${encodeURIComponent(sites.url(to, app))}`, app);
    await openAddress(firefox, page(`<script>location = "${first}"</script>`));
    expect(await one(to)).toMatchObject({ who: "acme", cookies: ["lax", "none", "who"], headers: { "sec-fetch-site": "cross-site" } });
  });

  it("what a person or another program opens brings every cookie", async () => {
    const to = fresh();
    await openAddress(firefox, sites.url(to, app));
    expect(await one(to)).toMatchObject({ who: "acme", cookies: ["lax", "none", "partitioned", "strict", "who"], headers: { "sec-fetch-site": "none", referer: undefined } });
  });

  it("the site's own link brings every cookie", async () => {
    const to = fresh();
    // Left where it is by the user's word: a page of the site without the project.
    const context = await firefox.openTab(sites.url("/empty", "www.app.localhost"));
    await firefox.evaluate(context, `void (location = "${sites.url(to, app)}")`);
    expect(await one(to)).toMatchObject({ who: "acme", cookies: ["lax", "none", "partitioned", "strict", "who"], headers: { "sec-fetch-site": "same-site" } });
  });

  it("what a person opens after a moved request is none of it", async () => {
    const to = fresh();
    await openAddress(firefox, page(`<script>location = "${sites.url(to, app)}"</script>`));
    const { context } = await tabAt(firefox, sites.url(to, app));
    await firefox.navigate(context, sites.url(`${to}-next`, app));
    expect(await one(`${to}-next`)).toMatchObject({ cookies: ["lax", "none", "partitioned", "strict", "who"], headers: { "sec-fetch-site": "none" } });
  });
});
