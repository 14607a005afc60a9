import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { projectId, type SceneName, scenes } from "../../extension/popup/scenes.ts";
import { chromiumOptions } from "../chromium.ts";
import { violations } from "../support/axe.ts";
import { openStage, type Stage } from "../support/stage.ts";

let stage: Stage<SceneName>;
let browser: Browser;
let context: BrowserContext;
const errors: string[] = [];

beforeAll(async () => {
  [stage, browser] = await Promise.all([openStage({ page: "popup", fakeWebext: new URL("./fakeWebext.ts", import.meta.url), scenes }), chromium.launch(chromiumOptions)]);
}, 60_000);
afterAll(async () => {
  await browser.close();
  await stage.close();
});
afterEach(async () => {
  await context.close();
  expect(errors.splice(0)).toEqual([]);
});

interface Settings {
  language?: "en" | "de";
  colorScheme?: "light" | "dark";
  forcedColors?: "active" | "none";
  reducedMotion?: "reduce";
  ready?: string;
}

/** The popup with this scene, once the projects (or `ready`) are there. */
async function open(scene: SceneName, { language, ready = '[role="option"], .empty', ...media }: Settings = {}): Promise<Page> {
  context = await browser.newContext({ viewport: { width: 340, height: 600 }, bypassCSP: true, ...media });
  const page = await context.newPage();
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  await page.goto(stage.url(scene, language));
  await page.waitForSelector(ready);
  return page;
}

const press = async (page: Page, ...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};
const calls = (page: Page) => page.evaluate(() => window.stead.calls);
const closed = (page: Page) => page.waitForFunction(() => window.stead.closed);
/** What is spoken of the highlighted line. */
const active = (page: Page) => page.locator('[role="option"][aria-selected="true"] > :first-child').textContent();
const focused = (page: Page) => page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent.trim());
const field = (page: Page) => page.getByRole("combobox");

describe("the list by keyboard", () => {
  it("has the focus in the field at once, before the background page has answered", async () => {
    const page = await open("waiting", { ready: "#field" });
    expect(await focused(page)).toBe("field");
  });

  it("moves with the arrows, Home, End and the page keys, and says where it is", async () => {
    const page = await open("few");
    expect(await active(page)).toBe("Acme, current, 4 tabs");
    await press(page, "ArrowDown", "ArrowDown", "ArrowDown");
    expect(await active(page)).toBe("Side project, 1 tab");
    const owner = await field(page).getAttribute("aria-activedescendant");
    expect(await page.getByRole("option", { name: "Side project, 1 tab", exact: true }).getAttribute("id")).toBe(owner);
    await press(page, "Home", "ArrowUp");
    expect(await active(page)).toBe("מיזם אישי, 2 tabs");
    await press(page, "PageUp");
    expect(await active(page)).toBe("Acme, current, 4 tabs");
    await press(page, "End");
    expect(await active(page)).toBe("מיזם אישי, 2 tabs");
    expect(await focused(page)).toBe("field");
  });

  it("filters while typing and announces how many were found", async () => {
    const page = await open("few");
    await page.keyboard.type("pr");
    expect(await page.getByRole("option").allTextContents()).toHaveLength(2);
    expect(await active(page)).toBe("Side project, 1 tab");
    expect(await page.locator("mark").allTextContents()).toEqual(["pr"]);
    expect(await page.locator('[role="status"]').textContent()).toBe("1 project found");
    await press(page, "Escape");
    expect(await page.getByRole("option").count()).toBe(5);
  });

  it("switches with Enter and closes", async () => {
    const page = await open("few");
    await page.keyboard.type("back");
    await press(page, "Enter");
    await closed(page);
    expect(await calls(page)).toEqual([{ method: "switch", params: { project: projectId(2) } }]);
  });

  it.each(["Control+Enter", "Meta+Enter"])("binds the window with %s", async (keys) => {
    const page = await open("few");
    await press(page, "ArrowDown", keys);
    await closed(page);
    expect(await calls(page)).toEqual([{ method: "switch", params: { project: projectId(2), window: "bind" } }]);
  });

  it("holds what is typed, and Enter, until the background page is awake", async () => {
    const page = await open("slow", { ready: "#field" });
    await page.keyboard.type("client");
    await press(page, "Enter");
    await closed(page);
    expect(await calls(page)).toEqual([{ method: "switch", params: { project: projectId(3) } }]);
  });

  it("leaves Delete to the field while there is something to delete", async () => {
    const page = await open("few");
    await page.keyboard.type("ab");
    await press(page, "ArrowLeft", "Delete");
    expect(await field(page).inputValue()).toBe("a");
    expect(await page.getByRole("alertdialog").count()).toBe(0);
  });

  it("reaches every action of the highlighted project with Tab", async () => {
    const page = await open("bound");
    const reached: (string | undefined)[] = [];
    for (let n = 0; n < 5; n++) {
      await press(page, "Tab");
      reached.push(await focused(page));
    }
    expect(reached).toEqual(["Unbind", "Switch↵", "Bind windowCtrl↵", "EditF2", "RemoveDel"]);
    expect(await page.getByRole("group", { name: "Actions for Acme" }).count()).toBe(1);
  });

  it("closes with Escape when there is nothing to clear", async () => {
    const page = await open("few");
    await press(page, "Escape");
    await closed(page);
  });
});

describe("the list by pointer", () => {
  it("switches with a click, binds with Ctrl and a click, and keeps the focus in the field", async () => {
    const page = await open("few");
    await page.getByRole("option", { name: "Side project" }).click({ modifiers: ["Control"] });
    await closed(page);
    expect(await calls(page)).toEqual([{ method: "switch", params: { project: projectId(4), window: "bind" } }]);
    expect(await focused(page)).toBe("field");
  });

  it("edits with the pencil of a line", async () => {
    const page = await open("few");
    await page.getByRole("option", { name: "Side project" }).hover();
    await page.locator(`[data-edit="${projectId(4)}"]`).click();
    expect(await page.getByRole("textbox").inputValue()).toBe("Side project");
    expect(await calls(page)).toEqual([]);
  });
});

describe("the page in the tab", () => {
  it("is named with its rule and project, and no part of its query", async () => {
    const page = await open("page");
    const section = page.getByRole("region", { name: "The page in this tab" });
    expect(await section.locator("strong").textContent()).toBe("shop.acme.test");
    expect(await section.locator(".owner").textContent()).toBe("*.acme.test opens in Acme");
    expect(await section.innerHTML()).not.toContain("secret");
  });

  it.each([
    ["pageOfNone", "no rule"],
    ["pageOfSeveral", "*.acme.test asks which project"],
  ] as const)("says of %s: %s", async (scene, owner) => {
    const page = await open(scene);
    expect(await page.locator(".owner").textContent()).toBe(owner);
  });

  it("is opened again in the highlighted project with Alt+Enter", async () => {
    const page = await open("page");
    // It is in this one already.
    expect(await page.getByRole("button", { name: "Reopen in Acme" }).count()).toBe(0);
    await press(page, "Alt+Enter", "ArrowDown");
    expect(await page.getByRole("button", { name: "Reopen in Bäckerei Schön" }).getAttribute("aria-keyshortcuts")).toBe("Alt+Enter");
    await press(page, "Alt+Enter");
    await closed(page);
    expect(await calls(page)).toEqual([{ method: "page.reopen", params: { tab: 7, project: projectId(2) } }]);
  });

  it("that cannot be opened there says what to do", async () => {
    const page = await open("notAdopted");
    await press(page, "ArrowDown", "Alt+Enter");
    await page.locator(".error").waitFor();
    expect(await page.getByRole("alert").textContent()).toContain("Switch to the project once with Stead’s button");
  });

  it("gets a rule by keyboard alone", async () => {
    const page = await open("page");
    await press(page, "F4");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("value"))).toBe("shop.acme.test");
    expect(await page.getByRole("radio").evaluateAll((all) => all.map((one) => one.closest("label")?.textContent))).toEqual([
      "shop.acme.testthis host",
      "*.acme.testand all below it",
      "shop.acme.test/teambelow this path",
      "shop.acme.test/team/sitebelow this path",
    ]);
    await press(page, "ArrowDown", "Tab", "ArrowDown", "Tab", "Space");
    expect(await page.getByRole("combobox").evaluate((select) => (select instanceof HTMLSelectElement ? select.selectedOptions[0]?.text : ""))).toBe("Bäckerei Schön");
    expect(await page.getByRole("checkbox", { name: "Also move the tabs open now" }).isChecked()).toBe(true);
    await press(page, "Enter");
    await field(page).waitFor();
    await expect.poll(() => calls(page)).toEqual([
      { method: "rule.add", params: { rule: { pattern: "*.acme.test", project: projectId(2), ask: true }, apply: true } },
    ]);
    expect(await page.locator('.popup > [role="status"]').textContent()).toBe("*.acme.test opens in Bäckerei Schön from now on. 2 tabs were moved.");
    // The background page tells of it beside its answer, and maybe after it.
    await page.locator(".owner", { hasText: "*.acme.test opens in Bäckerei Schön" }).waitFor();
    expect(await focused(page)).toBe("field");
  });

  it("gets no rule on Escape", async () => {
    const page = await open("page");
    await press(page, "F4", "Escape");
    expect(await focused(page)).toBe("field");
    expect(await calls(page)).toEqual([]);
  });

  it("has a notice that is put away", async () => {
    const page = await open("notice");
    expect(await page.locator(".tab-notice").textContent()).toBe(
      "A form went to shop.acme.test, which belongs to Bäckerei Schön. It could not be delivered there and stayed in this tab’s own container.",
    );
    await page.getByRole("button", { name: "Dismiss" }).click();
    await page.locator(".tab-notice").waitFor({ state: "detached" });
    expect(await calls(page)).toEqual([{ method: "notice.dismiss", params: {} }]);
    expect(await focused(page)).toBe("field");
  });

  it("is not spoken of where no rule can name it", async () => {
    const page = await open("few");
    await press(page, "F4", "Alt+Enter");
    expect(await page.locator(".this-page").count()).toBe(0);
    expect(await calls(page)).toEqual([]);
  });
});

describe("the settings", () => {
  it("open from the footer", async () => {
    const page = await open("few");
    await page.getByRole("button", { name: "Settings" }).click();
    await closed(page);
    expect(await calls(page)).toEqual([{ method: "runtime.openOptionsPage", params: {} }]);
  });
});

describe("a bound window", () => {
  it("is said, and unbound with the button; the focus goes back to the field", async () => {
    const page = await open("bound");
    expect(await page.locator(".bound-banner").textContent()).toContain("This window is bound to Acme");
    await press(page, "Tab", "Enter");
    await page.locator(".bound-banner").waitFor({ state: "detached" });
    expect(await calls(page)).toEqual([{ method: "window.unbind", params: {} }]);
    expect(await focused(page)).toBe("field");
  });
});

describe("a project that is checked out", () => {
  it("says to whom and until when, in its line and below the list", async () => {
    const page = await open("leased");
    expect(await page.locator(".lease-strip p").textContent()).toBe("1 project is checked out");
    await press(page, "ArrowDown");
    expect(await active(page)).toMatch(/^Bäckerei Schön, Checked out by agent until 1\/31\/99.*, 12 tabs$/u);
    expect(await page.locator(".lease").allTextContents()).toEqual(["agent"]);
    expect(await page.locator(".lease-strip p").textContent()).toMatch(/^Checked out by agent until 1\/31\/99/u);
  });

  it("is taken back by keyboard alone, after a question that says what it means", async () => {
    const page = await open("leased");
    await press(page, "ArrowDown", "F8");
    expect(await focused(page)).toBe("Cancel");
    expect(await page.getByRole("heading").textContent()).toBe("Take “Bäckerei Schön” back from agent?");
    expect(await page.locator(".losses li").allTextContents()).toEqual([
      "What agent has changed and not checked in yet is refused",
      "The project stays as it is: nothing stored is lost",
      "Logins that agent was given stay valid until you sign out at the sites",
    ]);
    await press(page, "Tab", "Enter");
    await field(page).waitFor();
    expect(await calls(page)).toEqual([{ method: "lease.revoke", params: { project: projectId(2) } }]);
    expect(await page.locator('.popup > [role="status"]').textContent()).toBe("Bäckerei Schön was taken back from agent");
    expect(await page.locator(".lease, .lease-strip").count()).toBe(0);
    expect(await focused(page)).toBe("field");
  });

  it.each(["Enter", "Escape"])("stays with its holder when the answer is %s", async (key) => {
    const page = await open("leased");
    await press(page, "ArrowDown", "F8", key);
    expect(await focused(page)).toBe("field");
    expect(await calls(page)).toEqual([]);
  });

  it("can be taken back from the mark in its line, the button below the list, and the page that edits it", async () => {
    const page = await open("leased");
    const asks = async (): Promise<void> => {
      expect(await page.getByRole("alertdialog").count()).toBe(1);
      await press(page, "Escape");
    };
    await page.locator(".lease").click();
    await asks();
    const below = page.locator(".lease-strip button");
    expect(await below.getAttribute("aria-keyshortcuts")).toBe("F8");
    await below.click();
    await asks();
    await press(page, "F2");
    await page.getByRole("button", { name: "Take back…" }).click();
    await asks();
  });

  it("that was given back while the question stands is not asked about any more", async () => {
    const page = await open("leased");
    await press(page, "ArrowDown", "F8");
    await page.evaluate(() => {
      const { state } = window.steadScene;
      window.stead.push({ ...state, projects: state.projects.map((one) => ({ ...one, lease: null })) });
    });
    await field(page).waitFor();
    expect(await page.locator('.popup > [role="status"]').textContent()).toBe("Bäckerei Schön is no longer checked out by them");
    expect(await calls(page)).toEqual([]);
  });

  it("keeps the question when taking back is refused, and says why", async () => {
    const page = await open("leaseRefused");
    await press(page, "ArrowDown", "F8", "Tab", "Enter");
    await page.locator(".error").waitFor();
    expect(await page.getByRole("alert").textContent()).toContain("Another stead process holds the store.");
    expect(await page.getByRole("alertdialog").count()).toBe(1);
  });
});

describe("a conflict", () => {
  it.each([
    ["conflict", "agent and you changed the same things in Bäckerei Schön: 2 items.", "sid of shop.acme.test, token of shop.acme.test", "What you have stands. The other is kept:"],
    ["conflictTheirs", "agent and you changed the same item of Bäckerei Schön.", "sid of shop.acme.test", "What agent wrote is newer and stands. Yours is kept:"],
    ["conflictBoth", "agent and you changed the same things in Bäckerei Schön: 7 items.", "sid of shop.acme.test, token of shop.acme.test …", "Of each the newer stands. The other is kept:"],
  ] as const)("is told, with what stands and where the rest is: %s", async (scene, ...words) => {
    const page = await open(scene);
    expect(await page.locator(".conflict p").allTextContents()).toEqual(words);
    expect(await page.locator(".conflict code").textContent()).toBe("stead history 'Bäckerei Schön'");
  });

  it("waits until what is more pressing is gone", async () => {
    const page = await open("leasedMany");
    expect(await page.locator(".conflict").count()).toBe(0);
    await page.getByRole("button", { name: "Dismiss" }).click();
    await page.getByRole("button", { name: "Allow" }).click();
    await page.locator(".conflict").waitFor();
  });

  it("is put away by keyboard, by its project and revision", async () => {
    const page = await open("conflict");
    await press(page, "Tab", "Tab");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe("Dismiss");
    await press(page, "Enter");
    await page.locator(".conflict").waitFor({ state: "detached" });
    expect(await calls(page)).toEqual([{ method: "conflict.dismiss", params: { project: projectId(2), revision: 12 } }]);
    expect(await focused(page)).toBe("field");
  });
});

describe("creating", () => {
  it("makes the first project from the empty state and switches to it", async () => {
    const page = await open("first");
    await page.keyboard.type("Acme");
    expect(await active(page)).toBe("Create project “Acme”");
    await press(page, "Enter");
    await closed(page);
    expect((await calls(page)).map(({ method }) => method)).toEqual(["project.add", "switch"]);
    expect((await calls(page))[0]?.params).toEqual({ name: "Acme", color: "blue" });
  });

  it("offers it last, and not for a name that is taken", async () => {
    const page = await open("few");
    await page.keyboard.type("side");
    expect(await page.getByRole("option").last().textContent()).toBe("Create project “side”");
    await page.keyboard.type(" PROJECT");
    expect(await page.getByRole("option").count()).toBe(1);
  });

  it("lets colour and icon be chosen first with F2", async () => {
    const page = await open("few");
    await page.keyboard.type("New");
    await press(page, "F2");
    await page.getByRole("radio", { name: "Pink" }).check();
    await page.getByRole("radio", { name: "Tree" }).check();
    await page.getByRole("button", { name: "Create and switch" }).click();
    await closed(page);
    expect((await calls(page))[0]).toEqual({ method: "project.add", params: { name: "New", color: "pink", icon: "tree" } });
  });

  it("says why a name cannot be one", async () => {
    const page = await open("few");
    await page.keyboard.type("-x");
    expect(await page.locator(".nothing").textContent()).toContain("does not begin with a dash");
  });
});

describe("editing", () => {
  it("renames and recolours by keyboard alone and comes back to the list", async () => {
    const page = await open("few");
    await press(page, "F2");
    expect(await focused(page)).toBe("name");
    await page.keyboard.type("Acme Ltd");
    await press(page, "Tab", "ArrowRight", "Enter");
    await page.getByRole("option", { name: "Acme Ltd" }).waitFor();
    expect(await calls(page)).toEqual([{ method: "project.update", params: { id: projectId(1), patch: { name: "Acme Ltd", color: "turquoise" } } }]);
    expect(await focused(page)).toBe("field");
    expect(await page.locator('[role="status"]').textContent()).toBe("Acme Ltd was saved");
  });

  it("keeps what was typed when the change is refused, and says why and what to do", async () => {
    const page = await open("refused");
    await press(page, "F2");
    await page.keyboard.type("Beta");
    await press(page, "Enter");
    await page.locator(".error").waitFor();
    expect(await page.getByRole("alert").textContent()).toBe("There is a project named Acme already.Choose another name, or use the project that is there.");
    expect(await page.getByRole("textbox").inputValue()).toBe("Beta");
    await press(page, "Escape");
    expect(await focused(page)).toBe("field");
  });
});

describe("removing", () => {
  it("asks first with the focus on Cancel, says what goes and what stays", async () => {
    const page = await open("few");
    await press(page, "ArrowDown", "Delete");
    expect(await focused(page)).toBe("Cancel");
    expect(await page.locator(".losses li").allTextContents()).toEqual([
      "200 stored items are destroyed",
      "2 rules are removed",
      "Its key is destroyed: nothing of it can be read from the store again",
      "Its container goes from Firefox, with its cookies and 12 open tabs",
    ]);
    await press(page, "Enter");
    expect(await focused(page)).toBe("field");
    expect(await calls(page)).toEqual([]);
  });

  it("removes on the answer and announces it", async () => {
    const page = await open("few");
    await press(page, "ArrowDown", "Delete", "Tab", "Enter");
    await field(page).waitFor();
    expect(await page.getByRole("option", { name: "Bäckerei" }).count()).toBe(0);
    expect(await calls(page)).toEqual([{ method: "project.remove", params: { id: projectId(2) } }]);
    expect(await page.locator('.popup > [role="status"]').textContent()).toBe("Bäckerei Schön was removed");
    expect(await active(page)).toBe("Client portal, 0 tabs");
  });

  it.each([
    ["missing", "Removing needs Stead’s host"],
    ["locked", "stead unlock"],
  ] as const)("cannot while the host is %s, and says what is needed", async (scene, need) => {
    const page = await open(scene);
    await press(page, "Delete");
    expect(await page.locator(".obstacle").textContent()).toContain(need);
    expect(await page.getByRole("button", { name: "Remove project" }).count()).toBe(0);
  });
});

describe("adoption", () => {
  it.each([
    ["Use that container", true],
    ["Make a new one", false],
  ])("switches again with the answer: %s", async (answer, adopt) => {
    const page = await open("adoption");
    await press(page, "ArrowDown", "ArrowDown", "Enter");
    expect(await page.getByRole("alertdialog").textContent()).toContain("Firefox already has a container named “Client portal” that Stead did not make.");
    await page.getByRole("button", { name: answer }).click();
    await closed(page);
    expect((await calls(page)).at(-1)).toEqual({ method: "switch", params: { project: projectId(3), adopt } });
  });

  it("does nothing on Cancel", async () => {
    const page = await open("adoption");
    await press(page, "Enter");
    await page.getByRole("button", { name: "Cancel" }).click();
    expect(await focused(page)).toBe("field");
    expect(await calls(page)).toHaveLength(1);
  });
});

describe("the host", () => {
  it("is a quiet line while it is connected", async () => {
    const page = await open("few");
    expect(await page.locator("footer").textContent()).toBe("Connected as firefox");
    expect(await page.locator(".notice").count()).toBe(0);
  });

  it("missing: says what to run, tries again, and switching works", async () => {
    const page = await open("missing");
    expect(await page.locator(".notice code").allTextContents()).toEqual(["stead install", "stead doctor"]);
    await page.getByRole("button", { name: "Try again" }).click();
    await page.locator(".notice").waitFor({ state: "detached" });
    expect(await focused(page)).toBe("field");
    await press(page, "Enter");
    await closed(page);
    expect((await calls(page)).map(({ method }) => method)).toEqual(["host.retry", "switch"]);
  });

  it("failed: shows its message and hint", async () => {
    const page = await open("failed");
    const notice = await page.locator(".notice").textContent();
    expect(notice).toContain("The store was written by version 0.3.0, this is 0.1.0.");
    expect(notice).toContain("Update Stead");
  });

  it("with the vault locked: says how to unlock it", async () => {
    const page = await open("locked");
    expect(await page.locator(".notice code").allTextContents()).toEqual(["stead unlock"]);
  });

  it("without the right to read cookies: asks for it from the click", async () => {
    const page = await open("noAccess");
    await page.getByRole("button", { name: "Allow" }).click();
    await page.locator(".notice").waitFor({ state: "detached" });
    expect(await calls(page)).toEqual([{ method: "permissions.request", params: {} }]);
  });
});

describe("the background page", () => {
  it("refusing a call loses nothing: the error is shown and put away with Escape", async () => {
    const page = await open("refused");
    await press(page, "ArrowDown", "Enter");
    await page.locator(".error").waitFor();
    expect(await page.getByRole("alert").textContent()).toContain("Another stead process holds the store.");
    expect(await active(page)).toBe("Bäckerei Schön, 12 tabs");
    await press(page, "Escape");
    expect(await page.locator(".error").count()).toBe(0);
  });

  it("put to sleep under the open popup is woken by the next call", async () => {
    const page = await open("few");
    await page.evaluate(() => window.stead.sleep());
    await press(page, "Enter");
    await closed(page);
  });

  it("out of reach is said, with a way to try again", async () => {
    const page = await open("asleep", { ready: ".error" });
    expect(await page.getByRole("button", { name: "Try again" }).count()).toBe(1);
  });

  it("pushing a change redraws only the lines that changed", async () => {
    const page = await open("many");
    const redrawn = await page.evaluate(async () => {
      const touched = new Set<Element>();
      const observer = new MutationObserver((records) => {
        for (const { target } of records) {
          const line = (target instanceof Element ? target : target.parentElement)?.closest('[role="option"]');
          if (line) touched.add(line);
        }
      });
      observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
      const state = structuredClone(window.steadScene.state);
      const third = state.projects[2];
      if (third) third.tabs = 77;
      window.stead.push(state);
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      while (!document.body.textContent.includes("77 tabs")) await frame();
      await frame();
      return [...touched].map((line) => line.firstElementChild?.textContent);
    });
    expect(redrawn).toEqual(["Client 3, 77 tabs"]);
  });
});

describe("500 projects", () => {
  it("stay quick: a key is answered, drawn and laid out in a few frames", async () => {
    const page = await open("many");
    const times = await page.evaluate(() => {
      const input = document.getElementById("field");
      if (!(input instanceof HTMLInputElement)) throw new Error("No field.");
      const queries = ["4", "49", "499", "49", "4", ""];
      const rounds = Array.from({ length: 5 }, () =>
        queries.map((query) => {
          const began = performance.now();
          input.value = query;
          input.dispatchEvent(new InputEvent("input", { bubbles: true }));
          document.body.getBoundingClientRect();
          return performance.now() - began;
        }),
      );
      // The quickest of each: whatever else the machine does can only make one slower.
      return queries.map((_, at) => Math.min(...rounds.map((round) => round[at] ?? Infinity)));
    });
    expect(Math.max(...times)).toBeLessThan(100);
  });

  it("begin at the current project, in view", async () => {
    const page = await open("many");
    const row = page.getByRole("option", { name: "Client 250, current" });
    await expect.poll(() => row.evaluate((element) => element.getBoundingClientRect().bottom <= (element.parentElement?.getBoundingClientRect().bottom ?? 0))).toBe(true);
  });
});

describe("the layout", () => {
  it.each(["few", "first", "many", "missing", "manyMissing", "bound", "page", "notice", "pageMany", "leased", "leasedMany", "conflict", "conflictMany"] as const)("of %s is 340 wide and at most 600 high, without sideways scrolling", async (scene) => {
    for (const language of ["en", "de"] as const) {
      const page = await open(scene, { language });
      const size = await page.evaluate(() => ({
        width: document.documentElement.scrollWidth,
        height: document.documentElement.scrollHeight,
        spilled: [...document.querySelectorAll("button, .row, .notice")].filter((element) => element.scrollWidth > element.clientWidth + 1).length,
      }));
      expect(size).toMatchObject({ width: 340, spilled: 0 });
      expect(size.height).toBeLessThanOrEqual(600);
      if (language === "en") await context.close();
    }
  });

  it("keeps its height while the user types and while the projects are being loaded", async () => {
    const page = await open("few");
    const height = () => page.evaluate(() => document.querySelector(".popup")?.getBoundingClientRect().height);
    const before = await height();
    await page.keyboard.type("acme");
    expect(await height()).toBe(before);
    await page.keyboard.type("-nothing\u200b");
    expect(await height()).toBe(before);
    await page.goto(stage.url("waiting"));
    await page.waitForSelector(".skeleton .row");
    expect(await height()).toBe(before);
  });

  it("is mirrored whole in a right-to-left language", async () => {
    const page = await open("bound");
    await page.evaluate(() => (document.documentElement.dir = "rtl"));
    const [disc, tabs] = await Promise.all([".row .disc", ".row .tabs"].map((part) => page.locator(part).first().boundingBox()));
    expect(disc?.x).toBeGreaterThan(tabs?.x ?? 0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(340);
  });
});

describe("accessibility", () => {
  const states: [string, SceneName, string[]][] = [
    ["the list", "few", []],
    ["every colour", "colors", []],
    ["a filter", "few", ["p", "r"]],
    ["the offer to create", "few", ["n", "e", "w"]],
    ["nothing found", "few", ["-", "x"]],
    ["the empty state", "first", []],
    ["a bound window", "bound", []],
    ["editing", "few", ["F2"]],
    ["a new project", "few", ["n", "e", "w", "F2"]],
    ["removing", "few", ["Delete"]],
    ["removing without the host", "missing", ["Delete"]],
    ["adoption", "adoption", ["Enter"]],
    ["an error", "refused", ["Enter"]],
    ["connecting", "connecting", []],
    ["the page in the tab", "page", []],
    ["a page of no project", "pageOfNone", []],
    ["a rule for the page", "page", ["F4"]],
    ["a notice", "notice", []],
    ["everything at once", "pageMany", []],
    ["a lease", "leased", []],
    ["a lease of the highlighted project", "leased", ["ArrowDown"]],
    ["editing a leased project", "leased", ["ArrowDown", "F2"]],
    ["taking back", "leased", ["ArrowDown", "F8"]],
    ["a conflict", "conflict", []],
    ["leases and all else", "leasedMany", []],
    ["a conflict and all else", "conflictMany", []],
    ["the host missing", "missing", []],
    ["the host failed", "failed", []],
    ["the vault locked", "locked", []],
    ["no access", "noAccess", []],
  ];

  it.each(states)("of %s has no violation, light and dark", async (_, scene, keys) => {
    for (const colorScheme of ["light", "dark"] as const) {
      const page = await open(scene, { colorScheme, reducedMotion: "reduce" });
      await press(page, ...keys);
      if (scene === "refused") await page.locator(".error").waitFor();
      if (scene === "adoption") await page.getByRole("alertdialog").waitFor();
      expect(await violations(page)).toEqual([]);
      if (colorScheme === "light") await context.close();
    }
  });

  it("of the loading state has no violation", async () => {
    expect(await violations(await open("waiting", { ready: "#field" }))).toEqual([]);
  });

  it("keeps colours and the highlight apart in forced colours", async () => {
    const page = await open("few", { forcedColors: "active" });
    const ground = (part: string) => page.locator(part).first().evaluate((element) => getComputedStyle(element).backgroundColor);
    expect(await ground(".row .disc")).toBe("rgb(55, 173, 255)");
    expect(await ground(".row.active")).not.toBe(await ground(".row:not(.active)"));
  });

  it("moves nothing for those who want less motion", async () => {
    const page = await open("waiting", { ready: "#field", reducedMotion: "reduce" });
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  });
});
