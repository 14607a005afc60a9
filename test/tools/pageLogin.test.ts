import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { real } from "../native-host/cli/realHarness.ts";
import { chromiumOptions } from "./chromium.ts";
import { startTokenSite, token, type TokenSite } from "./tokenSite.ts";

let site: TokenSite;
let browser: Browser;
beforeAll(async () => {
  site = await startTokenSite();
  browser = await chromium.launch(chromiumOptions);
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

/** A page of the site in a context of its own, which begins with the state in a file. */
async function visit<T>(storageState: string | undefined, use: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext(storageState === undefined ? {} : { storageState });
  try {
    const page = await context.newPage();
    await page.goto(site.origin);
    await page.waitForSelector("body[data-user]", { state: "attached" });
    return await use(page);
  } finally {
    await context.close();
  }
}

const shown = (page: Page) => page.evaluate<(string | undefined)[]>("[document.body.dataset.user, document.documentElement.dataset.theme]");

describe("a login that is page storage alone, in real Chromium by real Playwright", () => {
  it("goes through the store: what stead import took, stead export logs a new context in with", async () => {
    const { home, run } = real();
    const saved = join(home, "saved.json");
    await visit(undefined, async (page) => {
      expect(await shown(page)).toEqual(["nobody", "none"]);
      await page.evaluate(`logIn(${JSON.stringify(token)})`);
      await page.context().storageState({ path: saved, indexedDB: true });
    });

    await run("project", "add", "acme");
    const imported = await run("import", "acme", saved, "--json");
    expect([imported.status, imported.stderr]).toEqual([0, ""]);
    expect(imported.json).toMatchObject({ cookies: 0, origins: 1, repaired: [], dropped: [] });
    const exported = join(home, "exported.json");
    const done = await run("export", "acme", "--format", "playwright", "--out", exported, "--json");
    expect([done.status, done.stderr]).toEqual([0, ""]);
    expect(done.json).toMatchObject({ file: exported, cookies: 0, origins: 1, dropped: [] });

    expect(await visit(exported, shown)).toEqual(["ada", "dark"]);
    expect(JSON.parse(readFileSync(exported, "utf8"))).toMatchObject({ origins: [{ origin: site.origin, indexedDB: [{ name: "firebaseLocalStorageDb" }] }] });
  });

  it("stays out of an export for another host", async () => {
    const { home, run } = real();
    const saved = join(home, "saved.json");
    await visit(undefined, async (page) => {
      await page.evaluate(`logIn(${JSON.stringify(token)})`);
      await page.context().storageState({ path: saved, indexedDB: true });
    });
    await run("project", "add", "acme");
    await run("import", "acme", saved);
    const elsewhere = join(home, "elsewhere.json");
    const done = await run("export", "acme", "--format", "playwright", "--domain", "acme.test", "--out", elsewhere);
    expect([done.status, done.stderr]).toEqual([0, "stead: The project has no items for acme.test.\n"]);
    expect(await visit(elsewhere, shown)).toEqual(["nobody", "none"]);
  });
});
