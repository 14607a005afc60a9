import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { type OptionsSceneName, scenes } from "../../extension/options/scenes.ts";
import { chromiumOptions } from "../chromium.ts";
import { openStage, type Stage } from "../support/stage.ts";

interface Settings {
  language?: "en" | "de";
  hash?: string;
  colorScheme?: "light" | "dark";
  forcedColors?: "active" | "none";
  /** Wide enough for the sidebar unless said. */
  width?: number;
  ready?: string;
}

/** Opens pages for the tests of a file, each once what it waits for is there; a message on their console fails the test. */
export function openPages(which: "options" | "firstRun", ready: string): (scene: OptionsSceneName, settings?: Settings) => Promise<Page> {
  let stage: Stage<OptionsSceneName>;
  let browser: Browser;
  let context: BrowserContext;
  const errors: string[] = [];

  beforeAll(async () => {
    [stage, browser] = await Promise.all([openStage({ page: which, fakeWebext: new URL("./fakeWebext.ts", import.meta.url), scenes }), chromium.launch(chromiumOptions)]);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await stage.close();
  });
  afterEach(async () => {
    await context.close();
    expect(errors.splice(0)).toEqual([]);
  });

  return async (scene, { language = "en", hash = "", width = 1280, ready: wanted = ready, ...media } = {}) => {
    context = await browser.newContext({ viewport: { width, height: 900 }, bypassCSP: true, ...media });
    const page = await context.newPage();
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => {
      // The icon is the extension's own, which the stage has not.
      if (message.type() === "error" && !message.location().url.endsWith("/icons/stead.svg")) errors.push(message.text());
    });
    await page.goto(`${stage.url(scene, language)}${hash}`);
    await page.waitForSelector(wanted);
    return page;
  };
}

export async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

/**
 * What the page asked of the background page and of Firefox, but for what it asks at its beginning; once there are so many
 * calls: what the page shows may be ahead of them.
 */
export async function calls(page: Page, count = 0): Promise<{ method: string; params: unknown }[]> {
  await page.waitForFunction((least) => window.steadOptions.calls.length >= least, count);
  return page.evaluate(() => window.steadOptions.calls);
}

/** What has the focus, as a person would name it. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    return element?.getAttribute("aria-label") ?? (element?.id || element?.textContent.trim()) ?? "";
  });
}
