import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import type { Firefox } from "../support/firefox.ts";
import { waitFor } from "../support/waitFor.ts";
import { chromiumOptions } from "../tools/chromium.ts";
import { startTokenSite, token, type TokenSite } from "../tools/tokenSite.ts";
import { makeProjects } from "./support/projectTabs.ts";
import { stored, waitForStored } from "./support/stored.ts";
import { World } from "./support/world.ts";

const Checkout = z.object({ token: z.string(), file: z.string() });

describe("a login in IndexedDB that a person and an agent use at once", () => {
  let world: World;
  let site: TokenSite;
  let firefox: Firefox;
  let browser: Browser;
  let acme: number;
  let tab: string;

  beforeAll(async () => {
    world = await World.make();
    site = await startTokenSite();
    browser = await chromium.launch(chromiumOptions);
    await world.json("install", "--browser", "firefox");
    firefox = await world.firefox();
    await world.connected();
    ({ acme = 0 } = await makeProjects(world, firefox, ["acme"]));
  });
  afterAll(async () => {
    await browser.close();
    await world.end();
    await site.close();
  });

  const visit = async (page: Page): Promise<void> => {
    await page.goto(site.origin);
    await page.waitForSelector("body[data-user]", { state: "attached" });
  };

  it("logs Chromium in through Playwright as it is logged in in the container", async () => {
    tab = await firefox.openTab(site.origin, { userContextId: acme });
    expect(await waitFor("the page", () => firefox.evaluate(tab, "document.body.dataset.user"))).toBe("nobody");
    await firefox.evaluate(tab, `logIn(${JSON.stringify(token)}).then(() => 1)`);
    expect(await firefox.evaluate(tab, "whoAmI()")).toBe("ada");
    await waitForStored(world, "acme", "the login", (state) => JSON.stringify(state.origins).includes(token));

    const file = join(world.home, "state.json");
    await world.json("export", "acme", "--format", "playwright", "--out", file);
    const context = await browser.newContext({ storageState: file });
    const page = await context.newPage();
    await visit(page);
    expect(await page.evaluate("document.body.dataset.user")).toBe("ada");
    await context.close();
  });

  it("goes on in the open page with the token that the agent changed it for, and what the person changed meanwhile stays", async () => {
    const lease = Checkout.parse(await world.json("checkout", "acme", "--holder", "agent", "--out", join(world.home, "lease.json")));
    const context = await browser.newContext({ storageState: lease.file });
    const page = await context.newPage();
    await visit(page);
    await page.evaluate("rotate()");
    expect(await page.evaluate("whoAmI()")).toBe("ada");

    // The person, at the same time, in Firefox: the old token is no longer good there.
    await firefox.evaluate(tab, `(localStorage.setItem("theme", "light"), 1)`);
    await waitForStored(world, "acme", "the person's change", (state) => JSON.stringify(state.origins).includes('"light"'));
    expect(await firefox.evaluate(tab, "whoAmI()")).toBe("nobody");

    const back = join(world.home, "back.json");
    await context.storageState({ path: back, indexedDB: true });
    await context.close();
    const done = await world.stead(["checkin", "acme", back, "--token", lease.token, "--json"]);
    expect([done.status, done.stderr]).toEqual([0, ""]);
    expect(JSON.parse(done.stdout)).toMatchObject({ conflicts: [], unapplied: [] });

    expect(await firefox.evaluate(tab, "whoAmI()")).toBe("ada");
    expect(await firefox.evaluate(tab, "localStorage.theme")).toBe("light");
    expect(JSON.stringify((await stored(world, "acme")).origins)).toContain('"light"');
  });

  it("tells both of what both changed: the newer stands, the other is in history", async () => {
    const lease = Checkout.parse(await world.json("checkout", "acme", "--holder", "agent", "--out", join(world.home, "lease.json")));
    await firefox.evaluate(tab, `(localStorage.setItem("theme", "by the person"), 1)`);
    await waitForStored(world, "acme", "the person's change", (state) => JSON.stringify(state.origins).includes("by the person"));
    const state = z.looseObject({ origins: z.array(z.looseObject({ localStorage: z.array(z.object({ name: z.string(), value: z.string() })) })) }).parse(JSON.parse(await readFile(lease.file, "utf8")));
    for (const origin of state.origins) for (const item of origin.localStorage) if (item.name === "theme") item.value = "by the agent";
    const back = join(world.home, "back.json");
    await writeFile(back, JSON.stringify(state));
    const done = await world.stead(["checkin", "acme", back, "--token", lease.token, "--json"]);
    expect(done.status).toBe(3);
    expect(JSON.parse(done.stdout)).toMatchObject({ conflicts: [{ kind: "local", domain: "localhost", name: "theme" }] });
    expect(await firefox.evaluate(tab, "localStorage.theme")).toBe("by the agent");
    const { revisions } = z.object({ revisions: z.array(z.object({ by: z.string(), conflicts: z.optional(z.unknown()) })) }).parse(await world.json("history", "acme"));
    expect(revisions.find(({ by }) => by === "agent")?.conflicts).toBeDefined();
  });
});
