import { stat } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Display, startDisplay } from "../support/display.ts";
import type { Firefox } from "../support/firefox.ts";
import { waitFor } from "../support/waitFor.ts";
import { boxOf } from "./support/panel.ts";
import { Pictures } from "./support/pictures.ts";
import { firstRunTab, World } from "./support/world.ts";

const scale = 1.25;
const size = { width: 1120, height: 1160 };
const themes = [["light", 0], ["dark", 1]] as const;

/** As a person sees them: the window's own look, fonts and colours, in a headed Firefox. */
describe("pictures of the pages in tabs", () => {
  let world: World;
  let display: Display;
  let firefox: Firefox;
  let pictures: Pictures;
  let firstRun: string;

  beforeAll(async () => {
    world = await World.make();
    display = await startDisplay({ width: size.width * scale, height: size.height * scale });
    pictures = await Pictures.of(display);
    await world.json("install", "--browser", "firefox");
    firefox = await world.firefox({
      headless: false,
      keepFirstRun: true,
      env: display.env,
      prefs: { "browser.tabs.inTitlebar": 1, "identity.fxaccounts.enabled": false, "layout.css.devPixelsPerPx": `${scale}`, "ui.caretBlinkTime": 0 },
    });
    firstRun = await firstRunTab(firefox);
    await world.connected();
    await firefox.chrome(`(() => {
      window.maximize();
      // The stripes of a browser under remote control.
      document.documentElement.removeAttribute("remotecontrol");
    })()`);
    await display.focusWindow(".");
  });

  afterAll(async () => {
    await world.end();
    await pictures.close();
    await display.close();
  });

  const take = async (page: string, name: string): Promise<void> => {
    expect(await firefox.evaluate(page, "document.documentElement.scrollWidth - document.documentElement.clientWidth")).toBe(0);
    const file = await pictures.take(name, await boxOf(firefox, "document.documentElement"));
    expect((await stat(file)).size).toBeLessThan(200_000);
  };

  const inTheme = async (page: string, dark: number): Promise<void> => {
    await firefox.chrome(`Services.prefs.setIntPref("ui.systemUsesDarkTheme", ${dark})`);
    await waitFor("the theme", async () => (await firefox.evaluate(page, 'matchMedia("(prefers-color-scheme: dark)").matches')) === (dark === 1));
  };

  it.each(themes)("show the first-run page, %s", async (theme, dark) => {
    await waitFor("the host", async () => String(await firefox.evaluate(firstRun, 'document.querySelector("#step-3")?.textContent')).includes("done"));
    await inTheme(firstRun, dark);
    await take(firstRun, `first-run-${theme}.png`);
  });

  describe("of the options", () => {
    let options: string;

    beforeAll(async () => {
      const projects = [["acme", "orange", "briefcase"], ["Bäckerei Schön", "pink", "food"], ["Client portal", "blue", "fence"], ["side-project", "green", "chill"]] as const;
      for (const [name, color, icon] of projects) await world.json("project", "add", name, "--color", color, "--icon", icon);
      const rules = [
        ["acme", "github.com/acme"], ["acme", "*.acme.example"], ["acme", "!blog.acme.example"], ["acme", "localhost:3000"], ["Bäckerei Schön", "localhost:5170-5179"],
        ["Bäckerei Schön", "shop.schoen.example"], ["Client portal", "portal.example"], ["side-project", "github.com"],
      ] as const;
      for (const [project, pattern] of rules) await world.json("rule", "add", project, pattern);
      options = await firefox.openExtensionPage("options/options.html#rules");
      await firefox.selectTab(options);
      await firefox.closeTab(firstRun);
      await waitFor("the rules", async () => (await firefox.evaluate(options, 'document.querySelectorAll("#rule-rows [role=row]").length')) === rules.length);
      await firefox.evaluate(options, `(() => {
        const field = document.getElementById("try-url");
        field.value = "https://github.com/acme/site";
        field.dispatchEvent(new InputEvent("input", { bubbles: true }));
      })()`);
    });

    it.each(themes)("show the rules, %s", async (theme, dark) => {
      await inTheme(options, dark);
      await take(options, `options-${theme}.png`);
    });
  });
});
