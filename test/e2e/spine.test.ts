import { execFile } from "node:child_process";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { Cookie } from "../../shared/models.ts";
import type { Firefox } from "../support/firefox.ts";
import { cookieName, type LoginSite, startLoginSite } from "../support/loginSite.ts";
import { waitFor } from "../support/waitFor.ts";
import { containerOf, textIn, World } from "./support/world.ts";

const run = promisify(execFile);

describe("two projects in one Firefox", () => {
  let world: World;
  let site: LoginSite;
  let firefox: Firefox;

  beforeAll(async () => {
    world = await World.make();
    site = await startLoginSite();
    await world.json("install", "--browser", "firefox");
    firefox = await world.firefox();
    await world.connected();
  });

  afterAll(async () => {
    await world.end();
    await site.close();
  });

  const who = async (project: string): Promise<string> => textIn(firefox, await containerOf(firefox, project), site.url("/whoami"));
  const shownTabs = async (): Promise<string[]> =>
    (await firefox.tabs()).filter((tab) => !tab.hidden).map((tab) => tab.title);

  it("are made from the terminal and get a container at the first switch", async () => {
    await world.json("project", "add", "acme", "--color", "orange");
    await world.json("project", "add", "beta", "--color", "purple");
    expect((await firefox.containers()).map((container) => container.name)).not.toContain("acme");

    expect(await world.json("switch", "acme")).toMatchObject({ project: "acme", instances: [{ shown: 0, hidden: 0 }] });
    expect(await firefox.containers()).toContainEqual(expect.objectContaining({ name: "acme", color: "orange" }));
    expect(await world.json("current")).toEqual({ project: "acme" });
    const front = (await firefox.tabs()).find((tab) => tab.selected);
    expect(front?.userContextId).toBe(await containerOf(firefox, "acme"));
  });

  it("are logged in as two users at once", async () => {
    await world.json("switch", "beta");
    await firefox.openTab(site.loginUrl("ada"), { userContextId: await containerOf(firefox, "acme") });
    await firefox.openTab(site.loginUrl("bob"), { userContextId: await containerOf(firefox, "beta") });
    expect(await who("acme")).toBe("ada");
    expect(await who("beta")).toBe("bob");
    expect(await textIn(firefox, 0, site.url("/whoami"))).toBe("nobody");
  });

  it("show their own tabs after a switch from the terminal, and close none", async () => {
    await world.json("switch", "acme");
    const all = (await firefox.tabs()).length;
    expect(await shownTabs()).toContain("ada");
    expect(await shownTabs()).not.toContain("bob");

    expect(await world.json("switch", "beta")).toMatchObject({ project: "beta" });
    expect(await shownTabs()).toContain("bob");
    expect(await shownTabs()).not.toContain("ada");
    expect((await firefox.tabs()).length).toBe(all);
  });

  it("bring the tab last used in the project to the front", async () => {
    await world.json("switch", "acme");
    const ada = (await firefox.tabs()).find((tab) => tab.title === "ada");
    await firefox.selectTab(ada?.context ?? "");
    await world.json("switch", "beta");
    await world.json("switch", "acme");
    expect((await firefox.tabs()).find((tab) => tab.selected)?.title).toBe("ada");
  });

  it("have their items and tabs counted by stead list", async () => {
    const { projects } = await waitForItems(world, "acme", 1);
    expect(projects).toMatchObject([
      { name: "acme", color: "orange", current: true, items: 1 },
      { name: "beta", color: "purple", current: false, items: 1 },
    ]);
  });

  it("give Playwright and curl the login of one project, and nothing of the other", async () => {
    const state = join(world.home, "state.json");
    const jar = join(world.home, "cookies.txt");
    expect(await world.json("export", "acme", "--format", "playwright", "--out", state)).toMatchObject({ cookies: 1, dropped: [] });
    await world.json("export", "acme", "--format", "netscape", "--out", jar);
    expect((await stat(state)).mode & 0o777).toBe(0o600);

    const secret = (await cookiesOf(world, "beta"))[0]?.value ?? "";
    expect(secret).toMatch(/^[0-9a-f-]{36}$/);
    for (const file of [state, jar]) expect(await readFile(file, "utf8")).not.toContain(secret);

    const browser = await chromium.launch({
      executablePath: "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });
    try {
      const page = await (await browser.newContext({ storageState: state })).newPage();
      await page.goto(site.url("/whoami"));
      expect(await page.textContent("body")).toBe("ada");
    } finally {
      await browser.close();
    }
    const { stdout } = await run("curl", ["-s", "-b", jar, "--resolve", `app.stead.localhost:${site.port}:127.0.0.1`, site.url("/whoami")]);
    expect(stdout).toBe("ada");
  });

  it("take a login in from a file, into the store and the container at once", async () => {
    const state = join(world.home, "state.json");
    await world.json("project", "add", "gamma");
    await world.json("switch", "gamma");
    expect(await who("gamma")).toBe("nobody");
    expect(await world.json("import", "gamma", state)).toMatchObject({ cookies: 1, dropped: [] });
    expect(await who("gamma")).toBe("ada");
  });

  it("carry every kind of cookie as it is", async () => {
    await world.json("project", "add", "kinds");
    await world.json("switch", "kinds");
    const kinds = ["session", "httpOnly", "persistent", "lax", "strict", "none", "secure", "path", "domain", "hostPrefix", "partitioned"] as const;
    await firefox.openTab(site.loginUrl("kim", kinds), { userContextId: await containerOf(firefox, "kinds") });
    await waitForItems(world, "kinds", kinds.length + 1);
    const byName = new Map((await cookiesOf(world, "kinds")).map((cookie) => [cookie.name, cookie]));
    const host = "app.stead.localhost";
    expect(byName.get(cookieName("session"))).toMatchObject({ domain: host, path: "/", httpOnly: false, secure: false });
    expect(byName.get(cookieName("session"))).not.toHaveProperty("expires");
    expect(byName.get(cookieName("httpOnly"))).toMatchObject({ httpOnly: true });
    expect(byName.get(cookieName("persistent"))).toHaveProperty("expires", expect.closeTo(Date.now() / 1000 + 86_400, -2));
    expect(byName.get(cookieName("lax"))).toMatchObject({ sameSite: "lax" });
    expect(byName.get(cookieName("strict"))).toMatchObject({ sameSite: "strict" });
    expect(byName.get(cookieName("none"))).toMatchObject({ sameSite: "no_restriction", secure: true });
    expect(byName.get(cookieName("path"))).toMatchObject({ path: "/app" });
    expect(byName.get(cookieName("domain"))).toMatchObject({ domain: ".stead.localhost" });
    expect(byName.get(cookieName("hostPrefix"))).toMatchObject({ name: "__Host-kind", secure: true });
    expect(byName.get(cookieName("partitioned"))).toHaveProperty("partitionKey.topLevelSite", expect.stringContaining("stead.localhost"));
  });

  it("forget a cookie the site deletes, and the site's logout", async () => {
    const container = await containerOf(firefox, "kinds");
    await textIn(firefox, container, site.url("/clear?kind=httpOnly&kind=persistent"));
    await waitForItems(world, "kinds", 10);
    await textIn(firefox, container, site.url("/logout"));
    await waitForItems(world, "kinds", 9);
  });

  it("leave no trace of the default container and of private windows in the store", async () => {
    const before = await world.json("status");
    await firefox.openTab(site.loginUrl("default-user", ["persistent"]));
    const window = await firefox.openWindow({ private: true });
    await firefox.openTab(site.loginUrl("private-user", ["persistent"]), { window });
    await firefox.chrome(`void [...Services.wm.getEnumerator("navigator:browser")][${window}].close()`);
    await textIn(firefox, await containerOf(firefox, "kinds"), site.url("/set?kind=lax&value=marker"));
    const after = await waitFor("the marker to be stored", async () => {
      const status = await world.json("status");
      return revisionOf(status) > revisionOf(before) && status;
    });
    expect(revisionOf(after)).toBe(revisionOf(before) + 1);
  });

  it("follow a container that is renamed and recoloured in Firefox's settings, and the other way round", async () => {
    await firefox.updateContainer(await containerOf(firefox, "gamma"), "delta", "pink", "tree");
    await waitFor("the new name in the store", async () => {
      const { projects } = await world.json("list");
      return Array.isArray(projects) && projects.some((project: { name: string; color: string; icon: string }) =>
        project.name === "delta" && project.color === "pink" && project.icon === "tree");
    });
    await world.json("project", "rename", "delta", "epsilon");
    await world.json("project", "recolor", "epsilon", "green");
    expect(await firefox.containers()).toContainEqual(expect.objectContaining({ name: "epsilon", color: "green", icon: "tree" }));
  });

  it("come back with their login when their container was deleted in Firefox", async () => {
    await world.json("switch", "acme");
    const old = await containerOf(firefox, "acme");
    await firefox.removeContainer(old);
    await waitFor("the container to be gone", async () => !(await firefox.containers()).some((one) => one.userContextId === old));
    const { projects } = await world.json("list");
    expect(projects).toContainEqual(expect.objectContaining({ name: "acme", items: 1 }));
    await world.json("switch", "acme");
    expect(await containerOf(firefox, "acme")).not.toBe(old);
    expect(await who("acme")).toBe("ada");
  });

  it("ask before they take over a container of the same name", async () => {
    const id = await firefox.createContainer("theirs", "red", "pet");
    await firefox.openTab(site.loginUrl("tess"), { userContextId: id });
    await world.json("project", "add", "theirs", "--color", "blue");
    const refused = await world.stead(["switch", "theirs", "--json"]);
    expect(refused.status).toBe(5);
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: "adoptionNeeded" } });
    await world.json("switch", "theirs", "--adopt");
    expect(await containerOf(firefox, "theirs")).toBe(id);
    await waitForItems(world, "theirs", 1);
    expect(await who("theirs")).toBe("tess");
  });

  it("keep a window of their own", async () => {
    await world.json("switch", "beta");
    const window = await firefox.openWindow();
    await waitFor("the new window to be in front", async () => (await firefox.windows())[window]?.focused);
    await world.json("switch", "acme", "--window");
    const bound = (await firefox.tabs()).filter((tab) => tab.window === window && tab.selected);
    expect(bound[0]?.userContextId).toBe(await containerOf(firefox, "acme"));
    await firefox.chrome(`void [...Services.wm.getEnumerator("navigator:browser")][0].focus()`);
    await world.json("switch", "epsilon");
    const after = (await firefox.tabs()).filter((tab) => tab.window === window && tab.selected);
    expect(after[0]?.userContextId).toBe(await containerOf(firefox, "acme"));
    await firefox.chrome(`void [...Services.wm.getEnumerator("navigator:browser")][${window}].close()`);
  });

  it("are as before after Firefox was killed and started again, session cookies included", async () => {
    await world.json("switch", "acme");
    const profile = firefox.profile;
    await firefox.kill();
    world.forget(firefox);
    await waitFor("the host to be gone", async () => (await world.json("status"))["instances"]?.toString() === "");
    firefox = await world.firefox({ profile });
    await world.connected();
    await waitFor("ada to be logged in", async () => (await who("acme")) === "ada");
    expect(await who("beta")).toBe("bob");
    expect(await world.json("current")).toEqual({ project: "acme" });
    expect((await firefox.containers()).filter((one) => one.name === "acme")).toHaveLength(1);
  });

  it("take over a switch and a login that were made while no Firefox was there", async () => {
    const profile = firefox.profile;
    await firefox.close();
    world.forget(firefox);
    expect(await world.json("switch", "beta")).toEqual({ project: "beta", instances: [] });
    await world.json("import", "epsilon", join(world.home, "state.json"));
    firefox = await world.firefox({ profile });
    await waitFor("the switch to be applied", async () => (await world.connected())[0]?.current === "beta");
    await world.json("switch", "epsilon");
    expect(await who("epsilon")).toBe("ada");
  });

  it("are removed with their container, their tabs and their key", async () => {
    const refused = await world.stead(["project", "remove", "kinds", "--json"]);
    expect(refused.status).toBe(2);
    expect(await world.json("project", "remove", "kinds", "--yes")).toMatchObject({ removed: { name: "kinds", items: 9 } });
    await waitFor("the container to be gone", async () => !(await firefox.containers()).some((one) => one.name === "kinds"));
    expect((await world.stead(["export", "kinds", "--format", "json"])).status).toBe(1);
  });

  it("leave nothing readable behind", async () => {
    const value = (await cookiesOf(world, "acme"))[0]?.value ?? "";
    expect(value.length).toBeGreaterThan(20);
    const data = join(world.home, "stead");
    for (const name of await readdir(data, { recursive: true })) {
      const path = join(data, name);
      const file = await stat(path);
      if (!file.isFile()) continue;
      expect(file.mode & 0o077, name).toBe(0);
      const bytes = await readFile(path);
      // Long enough that random bytes do not have them: three letters stand in a few megabytes now and then.
      for (const canary of [value, "app.stead.localhost", "epsilon", '"name":"sid"']) {
        if (name === "stead-host") continue;
        expect(bytes.includes(canary), `${canary} in ${name}`).toBe(false);
      }
    }
    expect(firefox.log).not.toContain(value);
  });
});

async function cookiesOf(world: World, project: string): Promise<Cookie[]> {
  return z.array(Cookie).parse((await world.json("export", project, "--format", "json"))["cookies"]);
}

async function waitForItems(world: World, project: string, items: number): Promise<{ projects: unknown[] }> {
  return waitFor(`${items} items of ${project}`, async () => {
    const { projects } = await world.json("list");
    if (!Array.isArray(projects)) return false;
    return projects.some((one: { name: string; items: number }) => one.name === project && one.items === items) && { projects };
  });
}

function revisionOf(status: Record<string, unknown>): number {
  const store = status["store"];
  return typeof store === "object" && store !== null && "revision" in store ? Number(store.revision) : -1;
}
