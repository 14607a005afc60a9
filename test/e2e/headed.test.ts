import { execFile } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import * as z from "zod/mini";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Display, startDisplay } from "../support/display.ts";
import type { Firefox, Tab } from "../support/firefox.ts";
import { waitFor } from "../support/waitFor.ts";
import { type Box, boxOf, Panel, toolbarButton } from "./support/panel.ts";
import { Pictures } from "./support/pictures.ts";
import { type SamplePages, startSamplePages } from "./support/samplePages.ts";
import { containerOf, World } from "./support/world.ts";

const run = promisify(execFile);

const orange = "#FF9F00";
const pink = "#FF4BDA";

/** The state of Firefox's own notice that an extension hides tabs. */
const notice = 'document.getElementById("extension-notification-panel")?.state ?? "closed"';

async function answerNotice(firefox: Firefox, display: Display): Promise<void> {
  await waitFor("the notice", async () => (await firefox.chrome(notice)) === "open");
  await display.key("alt+k");
  await waitFor("the notice to go", async () => (await firefox.chrome(notice)) === "closed");
}

describe("at the keyboard of a headed Firefox", () => {
  let world: World;
  let display: Display;
  let firefox: Firefox;
  let panel: Panel;
  let scratch: string;

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), "stead-headed-"));
    world = await World.make();
    display = await startDisplay();
    await world.json("install", "--browser", "firefox");
    firefox = await world.firefox({ headless: false, env: display.env });
    panel = await Panel.of(firefox);
    await world.connected();
    await display.focusWindow("Mozilla Firefox");
  });

  afterAll(async () => {
    await world.end();
    await display.close();
    await rm(scratch, { recursive: true, force: true });
  });

  const front = async (window = 0): Promise<Tab | undefined> =>
    (await firefox.tabs()).find((tab) => tab.window === window && tab.selected);

  /** Waits until the project has the front tab and the terminal says so too, and no other project's tab is shown. */
  const isCurrent = async (name: string): Promise<void> => {
    await waitFor(`${name} to be current`, async () => (await world.json("current"))["project"] === name);
    const container = await containerOf(firefox, name);
    await waitFor(`a tab of ${name} in front`, async () => (await front())?.userContextId === container);
    await waitFor("the other projects' tabs to be hidden", async () =>
      (await firefox.tabs()).every((tab) => tab.hidden || tab.userContextId === 0 || tab.userContextId === container));
  };

  const openPopup = async (): Promise<void> => {
    await display.key("alt+shift+p");
    await panel.opened();
  };

  const buttonTitle = async (): Promise<string> => String(await firefox.chrome(`${toolbarButton}.getAttribute("tooltiptext")`));

  /** How many pixels of the button have this colour exactly. */
  const buttonPixels = async (color: string): Promise<number> => {
    const { x, y, width, height } = await boxOf(firefox, toolbarButton);
    const shot = await display.screenshot(join(scratch, "toolbar.png"));
    const { stdout } = await run("convert", [
      shot, "-crop", `${width}x${height}+${x}+${y}`, "+repage", "-fill", "black", "+opaque", color, "-fill", "white", "-opaque", color,
      "-format", "%[fx:round(mean*w*h)]", "info:",
    ]);
    return Number(stdout);
  };

  it("Alt+Shift+P opens the popup with the focus in its field, and a new name and Enter make the first project", async () => {
    await openPopup();
    expect(await panel.shows(() => true)).toMatchObject({ focus: "field", query: "", rows: [] });
    await display.type("acme");
    await panel.shows(({ active }) => active === "Create project “acme”");
    await display.key("Return");
    await panel.closed();
    await isCurrent("acme");
  });

  it("the popup lists the projects, filters while one types, and switches with the arrows and Enter", async () => {
    await world.json("project", "recolor", "acme", "orange");
    await world.json("project", "add", "Bäckerei Schön", "--color", "pink");
    await world.json("project", "add", "backlog", "--color", "blue");
    await openPopup();
    await panel.shows(({ rows, active }) => rows.join() === "acme,Bäckerei Schön,backlog" && active === "acme");
    await display.type("back");
    const { rows } = await panel.shows(({ query }) => query === "back");
    expect(rows.slice(0, 2).sort()).toEqual(["Bäckerei Schön", "backlog"]);
    expect(rows.slice(2)).toEqual(["Create project “back”"]);
    expect(await panel.overflows()).toBe(false);
    while ((await panel.shows(() => true)).active !== "Bäckerei Schön") await display.key("Down");
    await display.key("Return");
    await panel.closed();
    await isCurrent("Bäckerei Schön");
  });

  it("Firefox's own notice of hidden tabs is answered once", async () => {
    await answerNotice(firefox, display);
    await display.key("alt+shift+1");
    await isCurrent("acme");
    expect(await firefox.chrome(notice)).toBe("closed");
  });

  it("Escape closes the popup and changes nothing", async () => {
    const before = await firefox.tabs();
    await openPopup();
    await display.type("nothing");
    await panel.shows(({ query }) => query === "nothing");
    await display.key("Escape");
    await panel.closed();
    expect(await firefox.tabs()).toEqual(before);
  });

  it.each([
    ["alt+shift+2", "Bäckerei Schön"],
    ["alt+shift+period", "backlog"],
    ["alt+shift+period", "acme"],
    ["alt+shift+comma", "backlog"],
    ["alt+shift+0", "acme"],
    ["alt+shift+0", "backlog"],
    ["alt+shift+1", "acme"],
    ["alt+shift+3", "backlog"],
  ])("%s switches to %s", async (keys, project) => {
    await display.key(keys);
    await isCurrent(project);
  });

  it("Alt+Shift+N opens a tab in the current project's container", async () => {
    const before = await firefox.tabs();
    await display.key("alt+shift+n");
    const after = await waitFor("one more tab", async () => {
      const tabs = await firefox.tabs();
      return tabs.length === before.length + 1 && tabs;
    });
    expect(after.find((tab) => tab.selected)).toMatchObject({ userContextId: await containerOf(firefox, "backlog") });
    expect(before.map((tab) => tab.context)).not.toContain(after.find((tab) => tab.selected)?.context);
  });

  it.each([
    ["alt+shift+1", "acme", orange, pink],
    ["alt+shift+2", "Bäckerei Schön", pink, orange],
  ])("after %s the toolbar button names %s and has its colour", async (keys, project, color, other) => {
    await display.key(keys);
    await isCurrent(project);
    await waitFor("the button's title", async () => (await buttonTitle()).startsWith(project));
    await waitFor("the button's colour on the screen", async () => (await buttonPixels(color)) >= 80);
    expect(await buttonPixels(other)).toBe(0);
  });

  it("F2 edits a project in the popup", async () => {
    await openPopup();
    await display.type("backl");
    await panel.shows(({ active }) => active === "backlog");
    await display.key("F2");
    await panel.shows(({ page, focus }) => page === "edit-page" && focus === "name");
    await display.type("inbox");
    await display.key("Return");
    await panel.shows(({ page, focus }) => page === "list-page" && focus === "field");
    await display.key("Escape");
    await panel.closed();
    expect(await world.json("list")).toMatchObject({ projects: [{ name: "acme" }, { name: "Bäckerei Schön" }, { name: "inbox" }] });
    expect((await firefox.containers()).map(({ name }) => name)).toContain("inbox");
  });

  it("F8 takes a project back from the program that has it, after a question", async () => {
    await world.json("checkout", "acme", "--holder", "agent", "--out", join(scratch, "state.json"));
    await openPopup();
    await display.type("acme");
    await panel.shows(({ active, text }) => active === "acme" && text.includes("Checked out by agent until"));
    expect(await panel.overflows()).toBe(false);
    await display.key("F8");
    const question = await panel.shows(({ button }) => button === "Cancel");
    expect(question.text).toContain("Take “acme” back from agent?");
    expect(await panel.overflows()).toBe(false);
    await display.key("Tab");
    await panel.shows(({ button }) => button === "Take back");
    await display.key("Return");
    await panel.shows(({ page, focus, text }) => page === "list-page" && focus === "field" && !text.includes("Checked out"));
    await display.key("Escape", "Escape");
    await panel.closed();
    expect(await world.json("lease", "list")).toEqual({ leases: [] });
  });

  it("Delete asks first, and removes nothing when the answer is Enter or Escape", async () => {
    for (const answer of ["Return", "Escape"]) {
      await openPopup();
      await display.key("End", "Delete");
      const question = await panel.shows(({ page }) => page === "question-page");
      expect(question.button).toBe("Cancel");
      expect(question.text).toContain("Remove “inbox”?");
      expect(await panel.overflows()).toBe(false);
      await display.key(answer);
      if (answer === "Return") {
        await panel.shows(({ page, focus }) => page === "list-page" && focus === "field");
        await display.key("Escape");
      }
      await panel.closed();
    }
    expect((await firefox.containers()).map(({ name }) => name)).toContain("inbox");
  });

  it("Delete, Tab, Enter remove a project with its container", async () => {
    await openPopup();
    await display.key("End", "Delete");
    await panel.shows(({ button }) => button === "Cancel");
    await display.key("Tab");
    await panel.shows(({ button }) => button === "Remove project");
    await display.key("Return");
    await panel.shows(({ page, rows }) => page === "list-page" && rows.join() === "acme,Bäckerei Schön");
    await display.key("Escape");
    await panel.closed();
    expect(await world.json("list")).toMatchObject({ projects: [{ name: "acme" }, { name: "Bäckerei Schön" }] });
    expect((await firefox.containers()).map(({ name }) => name)).not.toContain("inbox");
  });

  it("Ctrl+Enter binds the window to a project, and leaves the switches to the others", async () => {
    const window = await firefox.openWindow();
    await waitFor("the new window to be in front", async () => (await firefox.windows())[window]?.focused);
    await openPopup();
    await display.type("acme");
    await panel.shows(({ active }) => active === "acme");
    await display.key("ctrl+Return");
    await panel.closed();
    const acme = await containerOf(firefox, "acme");
    await waitFor("a tab of acme in the window", async () => (await front(window))?.userContextId === acme);
    expect(await world.json("current")).toEqual({ project: "Bäckerei Schön" });

    await openPopup();
    await panel.shows(({ text }) => text.includes("This window is bound to acme"));
    await display.key("Escape");
    await panel.closed();
    await firefox.chrome(`void [...Services.wm.getEnumerator("navigator:browser")][${window}].close()`);
  });
});

describe("at the keyboard of a Firefox without the host", () => {
  let world: World;
  let display: Display;
  let firefox: Firefox;

  beforeAll(async () => {
    world = await World.make();
    display = await startDisplay();
    firefox = await world.firefox({ headless: false, env: display.env });
    await display.focusWindow("Mozilla Firefox");
  });

  afterAll(async () => {
    await world.end();
    await display.close();
  });

  it("the popup says what to run, and makes and switches projects all the same", async () => {
    const panel = await Panel.of(firefox);
    await display.key("alt+shift+p");
    await panel.opened();
    const { text, focus } = await panel.shows((shown) => shown.text.includes("stead install"));
    expect(text).toContain("stead doctor");
    expect(focus).toBe("field");
    expect(await panel.overflows()).toBe(false);
    await display.type("acme");
    await display.key("Return");
    await panel.closed();
    await waitFor("a tab of acme in front", async () =>
      (await firefox.tabs()).find((tab) => tab.selected)?.userContextId === (await containerOf(firefox, "acme")));
  });
});

describe("the pictures of the README", () => {
  const scale = 2;
  /** Of the window, in CSS pixels: narrow, for the pictures stand side by side. */
  const width = 800;
  const themes = [["light", 0], ["dark", 1]] as const;
  let world: World;
  let display: Display;
  let firefox: Firefox;
  let panel: Panel;
  let pages: SamplePages;
  let pictures: Pictures;

  beforeAll(async () => {
    world = await World.make();
    pages = await startSamplePages();
    display = await startDisplay({ width: width * scale, height: 760 * scale });
    pictures = await Pictures.of(display);
    await world.json("install", "--browser", "firefox");
    firefox = await world.firefox({
      headless: false,
      env: display.env,
      prefs: {
        "browser.tabs.inTitlebar": 1,
        "identity.fxaccounts.enabled": false,
        "layout.css.devPixelsPerPx": `${scale}`,
        "ui.caretBlinkTime": 0,
        ...pages.prefs,
      },
    });
    panel = await Panel.of(firefox);
    await world.connected();
    const projects = [["acme", "orange", "briefcase"], ["Bäckerei Schön", "pink", "food"], ["Client portal", "blue", "fence"], ["side-project", "green", "chill"]] as const;
    for (const [name, color, icon] of projects) {
      await world.json("project", "add", name, "--color", color, "--icon", icon);
      await world.json("switch", name);
      const own = (await firefox.tabs()).find((tab) => tab.selected);
      const userContextId = await containerOf(firefox, name);
      for (const page of pages.of(name)) await firefox.openTab(page, { userContextId });
      await firefox.closeTab(own?.context ?? "");
    }
    await world.json("rule", "add", "acme", "*.acme.test");
    for (const project of ["acme", "Client portal"]) await world.json("rule", "add", project, "board.example.com/team");
    await world.json("checkout", "side-project", "--holder", "agent", "--out", join(world.home, "state.json"));
    await firefox.chrome(`(() => {
      window.maximize();
      // What is there for the test alone: tabs outside the projects, the stripes of a browser under remote control.
      for (const tab of gBrowser.tabs) if (tab.userContextId === 0) gBrowser.hideTab(tab);
      document.documentElement.removeAttribute("remotecontrol");
    })()`);
    await display.focusWindow(".");
    await world.json("switch", "acme");
    await answerNotice(firefox, display);
  });

  afterAll(async () => {
    await world.end();
    await pages.close();
    await pictures.close();
    await display.close();
  });

  /** A picture of the window from its top to a little below the box. */
  const pictureDownTo = async (name: string, bottom: Box, below: number): Promise<void> => {
    const { x, y, width } = await boxOf(firefox, "document.documentElement");
    const file = await pictures.take(name, { x, y, width, height: bottom.y + bottom.height + below * scale - y });
    expect((await stat(file)).size).toBeLessThan(200_000);
  };

  it.each(themes)("show the popup over Firefox, %s", async (theme, dark) => {
    await firefox.chrome(`Services.prefs.setIntPref("ui.systemUsesDarkTheme", ${dark})`);
    await world.json("switch", "acme");
    await waitFor("the theme", async () => (await firefox.chrome('matchMedia("(prefers-color-scheme: dark)").matches')) === (dark === 1));
    await display.key("alt+shift+p");
    await panel.opened();
    // It grows when the page in front is known.
    await waitFor("the popup to fit", async () => !(await panel.overflows()));
    await pictureDownTo(`popup-${theme}.png`, await panel.box(), 24);
    await display.key("Escape");
    await panel.closed();
  });

  it.each(themes)("show the page that asks for a project, %s", async (theme, dark) => {
    await firefox.chrome(`Services.prefs.setIntPref("ui.systemUsesDarkTheme", ${dark})`);
    await world.json("switch", "acme");
    const asking = await firefox.openTab("http://board.example.com/team/roadmap?sprint=12", { userContextId: 0, front: true });
    await waitFor("the question", async () => String(await firefox.evaluate(asking, "document.title")).startsWith("Open in which project?"));
    await waitFor("the theme", async () => (await firefox.evaluate(asking, 'matchMedia("(prefers-color-scheme: dark)").matches')) === (dark === 1));
    const card = z.number().parse(await firefox.evaluate(asking, 'document.querySelector("main").getBoundingClientRect().bottom'));
    const page = await boxOf(firefox, "gBrowser.selectedBrowser");
    await pictureDownTo(`choice-${theme}.png`, { ...page, height: Math.ceil(card * scale) }, 24);
    await firefox.closeTab(asking);
  });

  it("show the toolbar button of a project", async () => {
    await firefox.chrome('Services.prefs.setIntPref("ui.systemUsesDarkTheme", 0)');
    await world.json("switch", "Bäckerei Schön");
    await waitFor("the button's title", async () =>
      String(await firefox.chrome(`${toolbarButton}.getAttribute("tooltiptext")`)).startsWith("Bäckerei Schön"));
    await waitFor("the theme", async () => (await firefox.chrome('matchMedia("(prefers-color-scheme: dark)").matches')) === false);
    await pictureDownTo("toolbar.png", await boxOf(firefox, toolbarButton), 5);
  });
});
