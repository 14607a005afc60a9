import { readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import type { Firefox } from "../support/firefox.ts";
import { type LoginSite, startLoginSite } from "../support/loginSite.ts";
import { waitFor } from "../support/waitFor.ts";
import { openAddress, tabAt } from "./support/projectTabs.ts";
import { containerOf, textIn, World } from "./support/world.ts";

describe("a Firefox without its host", () => {
  let world: World;
  let site: LoginSite;
  let firefox: Firefox;
  let popup: string;
  let options: string;

  beforeAll(async () => {
    world = await World.make();
    site = await startLoginSite();
    firefox = await world.firefox({ profile: join(world.home, "profile") });
    popup = await firefox.openExtensionPage("popup/popup.html");
  });

  afterAll(async () => {
    await world.end();
    await site.close();
  });

  const popupText = async (): Promise<string> => String(await firefox.evaluate(popup, "document.body.textContent"));
  const type = (text: string): Promise<unknown> =>
    firefox.evaluate(popup, `(() => {
      const field = document.querySelector("input");
      field.focus();
      field.value = ${JSON.stringify(text)};
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
      field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
    })()`);

  /** A rule of the one project, made in the options page. */
  async function makeRule(pattern: string): Promise<void> {
    options = await firefox.openExtensionPage(`options/options.html#rules?pattern=${pattern}`);
    await waitFor("the form", () => firefox.evaluate(options, '(document.getElementById("new-pattern")?.value ?? "") !== ""'));
    await firefox.evaluate(options, 'document.getElementById("new-pattern").form.requestSubmit()');
    await waitFor("the rule", async () => String(await firefox.evaluate(options, 'document.getElementById("rule-rows")?.textContent ?? ""')).includes(pattern));
    await firefox.closeTab(options);
  }

  /** Opens an address outside any project and waits until it is in the project's container. */
  async function tabIn(project: string, url: string): Promise<void> {
    await openAddress(firefox, url);
    expect((await tabAt(firefox, url)).userContextId).toBe(await containerOf(firefox, project));
  }

  const patterns = async (): Promise<string[]> =>
    z.array(z.object({ pattern: z.string() })).parse((await world.json("rule", "list"))["rules"]).map(({ pattern }) => pattern);

  it("says in the popup what to run", async () => {
    await waitFor("the help", async () => (await popupText()).includes("stead install"));
    expect(await popupText()).toContain("stead doctor");
  });

  it("makes projects and switches between them all the same", async () => {
    await type("acme");
    await waitFor("acme's container", async () => (await firefox.containers()).some(({ name }) => name === "acme"));
    const front = await waitFor("a tab of acme in front", async () => {
      const tab = (await firefox.tabs()).find((one) => one.selected);
      return tab?.userContextId === (await containerOf(firefox, "acme")) && tab;
    });
    expect(front.hidden).toBe(false);
    await textIn(firefox, await containerOf(firefox, "acme"), site.loginUrl("ada", ["persistent"]));
    await textIn(firefox, await containerOf(firefox, "acme"), site.url("/clear?kind=persistent"));
  });

  it("keeps rules and settings, and routes by them", async () => {
    await makeRule("app.stead.localhost");
    await tabIn("acme", site.url("/routed"));
    options = await firefox.openExtensionPage("options/options.html#behaviour");
    await waitFor("the behaviour", () => firefox.evaluate(options, 'document.getElementById("inherit-sites") !== null'));
    await firefox.evaluate(options, `(() => {
      const field = document.getElementById("inherit-sites");
      field.value = "login.example";
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    })()`);
    await waitFor("it to be saved", async () => String(await firefox.evaluate(options, "document.body.textContent")).includes("Saved"));
    await firefox.closeTab(options);
  });

  it("tells the host everything once it is installed, without a restart", async () => {
    await world.json("install", "--browser", "firefox");
    popup = await firefox.openExtensionPage("popup/popup.html");
    await firefox.evaluate(popup, `waitForRetry()
      async function waitForRetry() {
        for (;;) {
          const retry = [...document.querySelectorAll("button")].find((button) => button.textContent.includes("Try again"));
          if (retry) return retry.click();
          await new Promise((done) => setTimeout(done, 50));
        }
      }`).catch(() => undefined);
    await world.connected();
    await waitFor("acme with its cookie in the store", async () => {
      const { projects } = await world.json("list");
      return Array.isArray(projects) && projects.some((project: { name: string; items: number }) => project.name === "acme" && project.items === 1);
    });
    expect(await world.json("current")).toEqual({ project: "acme" });
    await waitFor("the rule in the store", async () => (await patterns()).includes("app.stead.localhost"));
    await waitFor("the setting in the store", async () => (await world.stead(["project", "export"])).stdout.includes("login.example"));
  });

  it("keeps what happens while the vault is locked, and tells it afterwards", async () => {
    expect(await world.json("lock")).toMatchObject({ vault: { state: "locked" } });
    const refused = await world.stead(["list", "--json"]);
    expect(refused.status).toBe(4);
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: "vaultLocked" } });
    const container = await containerOf(firefox, "acme");
    await textIn(firefox, container, site.url("/set?kind=lax&kind=strict"));
    await textIn(firefox, container, site.url("/logout"));
    await makeRule("locked.stead.localhost");
    expect(await world.json("unlock")).toMatchObject({ vault: { state: "unlocked" } });
    await waitFor("the two cookies, without the session", async () => {
      const { projects } = await world.json("list");
      return Array.isArray(projects) && projects.some((project: { name: string; items: number }) => project.items === 2);
    });
    await waitFor("the rule made meanwhile", async () => (await patterns()).includes("locked.stead.localhost"));
  });

  it("loses nothing when its host is killed", async () => {
    const container = await containerOf(firefox, "acme");
    const pid = (): Promise<number> => world.json("status").then((status) => Number(/"pid":(\d+)/.exec(JSON.stringify(status))?.[1]));
    const first = await pid();
    process.kill(first, "SIGKILL");
    await textIn(firefox, container, site.url("/set?kind=path&kind=domain"));
    await textIn(firefox, container, site.url("/clear?kind=strict"));
    await waitFor("another host", async () => (await pid()) !== first && world.connected());
    await waitFor("the two new cookies, without the deleted one", async () => {
      const { projects } = await world.json("list");
      return Array.isArray(projects) && projects.some((project: { items: number }) => project.items === 3);
    });
  });

  it("gives a new store its projects, logins and rules back", async () => {
    await textIn(firefox, await containerOf(firefox, "acme"), site.url("/set?kind=persistent"));
    // Firefox writes its containers and cookies some time after the change.
    const written = async (file: string, text: string): Promise<boolean> => (await readFile(join(firefox.profile, file), "latin1")).includes(text);
    await waitFor("the container on disk", () => written("containers.json", "acme"));
    await waitFor("the cookie on disk", async () => (await written("cookies.sqlite-wal", "persistent")) || written("cookies.sqlite", "persistent"));
    await firefox.kill();
    world.forget(firefox);
    const lost = join(world.home, "lost");
    await rename(join(world.home, "stead"), lost);
    await world.json("install", "--browser", "firefox");
    firefox = await world.firefox({ profile: join(world.home, "profile") });
    await world.connected();
    await waitFor("acme in the new store", async () => {
      const { projects } = await world.json("list");
      return Array.isArray(projects) && projects.some((project: { name: string }) => project.name === "acme");
    });
    expect((await firefox.containers()).filter(({ name }) => name === "acme")).toHaveLength(1);
    await waitFor("its cookies in the new store", async () => {
      const { projects } = await world.json("list");
      return Array.isArray(projects) && projects.some((project: { items: number }) => project.items > 0);
    });
    await waitFor("its rules in the new store", async () => (await patterns()).length === 2);
    expect((await patterns()).sort()).toEqual(["app.stead.localhost", "locked.stead.localhost"]);
    await tabIn("acme", site.url("/routed-again"));
  });
});
