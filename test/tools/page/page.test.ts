import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { pageScenes, type PageSceneName, projectId, secret } from "../../extension/page/pageScenes.ts";
import { strangersWait } from "../../../extension/core/page/pageUpdate.ts";
import { chromiumOptions } from "../chromium.ts";
import { violations } from "../support/axe.ts";
import { openStage, type Stage } from "../support/stage.ts";

let stage: Stage<PageSceneName>;
let browser: Browser;
let context: BrowserContext;
const errors: string[] = [];

beforeAll(async () => {
  [stage, browser] = await Promise.all([
    openStage({ page: "page", fakeWebext: new URL("./fakeWebext.ts", import.meta.url), scenes: pageScenes }),
    chromium.launch(chromiumOptions),
  ]);
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
  search?: string;
  ready?: string;
  width?: number;
}

/** The page with this scene, once its heading (or `ready`) is there. */
async function open(scene: PageSceneName, { language, search = "id=question", ready = "h1:not(.waiting)", width = 1000, ...media }: Settings = {}): Promise<Page> {
  context = await browser.newContext({ viewport: { width, height: 800 }, bypassCSP: true, ...media });
  const page = await context.newPage();
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  await page.goto(stage.url(scene, language, search));
  await page.waitForSelector(ready);
  return page;
}

const press = async (page: Page, ...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};
const calls = (page: Page, method: string) =>
  page.evaluate((name) => window.steadPage.calls.flatMap((call) => (call.method === name ? [call.params] : [])), method);
const answers = async (page: Page) => {
  await expect.poll(() => calls(page, "page.answer")).not.toEqual([]);
  return calls(page, "page.answer");
};
const opened = (project: string | null, remember = false) => ({ id: "question", answer: { kind: "open", project, remember }, keep: false });
const closed = { id: "question", answer: { kind: "close" }, keep: false };
const chosen = (page: Page) => page.locator("input[name=project]:checked").evaluate((input) => input.closest("label")?.querySelector(".name")?.textContent);
const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute("value") ?? document.activeElement?.textContent.trim());
/** Past the wait of a question that strangers can raise. */
const waited = async (page: Page) => {
  const now = await page.evaluate(() => performance.now());
  await page.waitForFunction((until) => performance.now() > until, now + strangersWait);
};

describe("a choice by keyboard alone", () => {
  it("begins with the focus on the first named project, which Enter opens", async () => {
    const page = await open("rule");
    expect(await chosen(page)).toBe("Acme");
    expect(await focused(page)).toBe(projectId(1));
    await press(page, "Enter");
    expect(await answers(page)).toEqual([opened(projectId(1))]);
  });

  it.each([
    [["2"], "Client portal", projectId(3)],
    [["0"], "No project", null],
    [["ArrowDown", "ArrowDown"], "Bäckerei Schön", projectId(2)],
    [["ArrowUp"], "No project", null],
    [["End", "ArrowUp"], "side-project", projectId(4)],
    [["ArrowRight"], "Client portal", projectId(3)],
  ] as const)("chooses with %j", async (keys, name, project) => {
    const page = await open("rule");
    await press(page, ...keys);
    expect(await chosen(page)).toBe(name);
    expect(await focused(page)).toBe(project ?? "");
    await press(page, "Enter");
    expect(await answers(page)).toEqual([opened(project)]);
  });

  it("remembers with R, and says for what", async () => {
    const page = await open("rule");
    await press(page, "r");
    const box = page.getByRole("checkbox", { name: "Remember for code.example.org/acme-shop" });
    expect(await box.isChecked()).toBe(true);
    await press(page, "Enter");
    expect(await answers(page)).toEqual([opened(projectId(1), true)]);
  });

  it("cannot remember that there be no project, and does not offer to remember a sign-in", async () => {
    const page = await open("rule");
    await press(page, "r", "0");
    expect(await page.getByRole("checkbox").isDisabled()).toBe(true);
    await press(page, "Enter");
    expect(await answers(page)).toEqual([opened(null)]);
    await context.close();
    expect(await (await open("signIn")).getByRole("checkbox").count()).toBe(0);
  });

  it("closes with Escape, and answers once however long Enter is held", async () => {
    const page = await open("rule");
    await press(page, "Escape");
    expect(await answers(page)).toEqual([closed]);
    await context.close();
    const other = await open("rule");
    await other.keyboard.down("Enter");
    await other.keyboard.down("Enter");
    expect(await answers(other)).toEqual([opened(projectId(1))]);
  });

  it("reaches everything with Tab, and opens from the checkbox too", async () => {
    const page = await open("rule");
    await press(page, "Tab");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("type"))).toBe("checkbox");
    await press(page, "Space", "Tab");
    expect(await focused(page)).toBe("CancelEsc");
    await press(page, "Tab");
    expect(await focused(page)).toBe("Open↵");
    await press(page, "Enter");
    expect(await answers(page)).toEqual([opened(projectId(1), true)]);
  });

  it("finds a project among many", async () => {
    const page = await open("many");
    await press(page, "/");
    await page.keyboard.type("client 27");
    expect(await page.getByRole("radio").count()).toBe(1);
    await press(page, "Enter");
    expect(await answers(page)).toEqual([opened(projectId(27))]);
    await context.close();
    const other = await open("many");
    await press(other, "/");
    await other.keyboard.type("zzz");
    expect(await other.locator(".nothing").textContent()).toBe("No project found");
    await press(other, "Escape");
    expect(await other.getByRole("radio").count()).toBe(31);
    expect(await calls(other, "page.answer")).toEqual([]);
  });

  it("keeps the chosen row in view", async () => {
    const page = await open("many");
    await press(page, "End");
    const row = page.locator(".row.chosen");
    await expect.poll(() => row.evaluate((element) => {
      const list = element.parentElement?.getBoundingClientRect();
      const { top, bottom } = element.getBoundingClientRect();
      return list !== undefined && top >= list.top && bottom <= list.bottom + 1;
    })).toBe(true);
  });
});

describe("a choice", () => {
  it.each([
    ["rule", "Your rules for code.example.org/acme-shop leave the choice to you."],
    ["external", "Another program opened this address."],
    ["link", "A link that you did not sign asks to open this address"],
    ["signIn", "This looks like the answer to a sign-in"],
  ] as const)("says why it asks: %s", async (scene, why) => {
    const page = await open(scene);
    expect(await page.locator(".why").textContent()).toContain(why);
    expect(await page.locator(".why").textContent()).toContain("Nothing has been sent to it yet.");
  });

  it("shows the address with its host apart and no value of its query, and fetches nothing of it", async () => {
    const requests: string[] = [];
    context = await browser.newContext({ bypassCSP: true });
    const page = await context.newPage();
    page.on("request", (request) => requests.push(new URL(request.url()).host));
    await page.goto(stage.url("rule", "en", "id=question"));
    await page.waitForSelector("h1");
    expect(await page.locator(".address").textContent()).toBe("Address: https://code.example.org/acme-shop/site/issues?state=…&page=…");
    expect(await page.locator(".address strong").textContent()).toBe("code.example.org");
    expect(await page.evaluate(() => document.body.outerHTML)).not.toContain(secret);
    expect(new Set(requests).size).toBe(1);
    expect(await page.title()).toBe("Open in which project? – Stead");
  });

  it("is answered by clicks too", async () => {
    const page = await open("rule");
    await page.getByText("side-project").click();
    await page.getByRole("button", { name: "Open" }).click();
    expect(await answers(page)).toEqual([opened(projectId(4))]);
  });

  it("that a stranger raised takes no answer at once, and has no project chosen", async () => {
    const page = await open("link");
    await page.evaluate(() => {
      // As the page stands the moment it comes to the front.
      document.dispatchEvent(new Event("visibilitychange"));
      document.querySelector("form")?.requestSubmit();
    });
    expect(await calls(page, "page.answer")).toEqual([]);
    expect(await chosen(page)).toBe("No project");
    await waited(page);
    await press(page, "1", "Enter");
    expect(await answers(page)).toEqual([opened(projectId(1))]);
  });

  it("stays when the project cannot be opened, and says what to do", async () => {
    const page = await open("notAdopted");
    await press(page, "2", "Enter");
    await page.locator(".error").waitFor();
    expect(await page.getByRole("alert").textContent()).toContain("Switch to the project once with Stead’s button");
    expect(await chosen(page)).toBe("Client portal");
  });

  it("wakes the background page", async () => {
    const page = await open("rule");
    await page.evaluate(() => window.steadPage.sleep());
    await press(page, "Enter");
    expect(await answers(page)).toEqual([opened(projectId(1))]);
  });

  it("without a background page says so, with a way to try again", async () => {
    const page = await open("asleep", { ready: ".error" });
    expect(await page.getByRole("button", { name: "Try again" }).count()).toBe(1);
  });
});

describe("a notice", () => {
  it.each([
    ["loop", "Rules send this page back and forth", "between Acme and Bäckerei Schön again and again", ["Open in Acme", "Open in Bäckerei Schön", "Open without a project", "Edit the rules", "Close"]],
    ["contested", "Another add-on moves this page out of Bäckerei Schön", "A rule opens it in Bäckerei Schön", ["Open in Bäckerei Schön", "Open without a project", "Edit the rules", "Close"]],
    ["signInUsed", "This sign-in was finished before", "At 127.0.0.1:8976 the answer to a sign-in of Acme arrived once more.", ["Close"]],
    ["signInMismatch", "This answer does not fit the sign-in", "does not fit the sign-in that Acme began", ["Close"]],
    ["signInMismatchHere", "This answer does not fit the sign-in", "arrived in Bäckerei Schön that does not fit the sign-in that Acme began", ["Close"]],
    ["removedProject", "Another add-on moves this page out of (removed)", "A rule opens it in (removed)", ["Open without a project", "Edit the rules", "Close"]],
    ["gone", "This question is gone", "Firefox was restarted", ["Close"]],
  ] as const)("explains: %s", async (scene, title, words, buttons) => {
    const page = await open(scene);
    expect(await page.locator("h1").textContent()).toBe(title);
    expect(await page.locator("main").textContent()).toContain(words);
    const labels = await page.getByRole("button").evaluateAll((all) => all.map((button) => button.querySelector("span:last-child")?.textContent ?? button.textContent));
    expect(labels).toEqual(buttons);
  });

  it("opens the page where its first button says, by Enter", async () => {
    const page = await open("loop");
    await press(page, "Enter");
    expect(await answers(page)).toEqual([opened(projectId(1))]);
  });

  it("opens it without a project, leads to the rules, and closes", async () => {
    const page = await open("contested");
    await page.getByRole("button", { name: "Edit the rules" }).click();
    expect(await calls(page, "tabs.create")).toEqual([{ url: "moz-extension://stead/options/options.html#rules" }]);
    await page.getByRole("button", { name: "Open without a project" }).click();
    expect(await answers(page)).toEqual([opened(null)]);
    await context.close();
    const other = await open("signInUsed");
    await press(other, "Enter");
    expect(await answers(other)).toEqual([closed]);
  });
});

describe("a link that Firefox handed over", () => {
  const search = `link=${encodeURIComponent("ext+stead:open?project=Acme&url=https%3A%2F%2Fexample.com")}`;

  it("becomes a question that a reload shows again", async () => {
    const page = await open("link", { search });
    expect(await calls(page, "page.link")).toEqual([{ link: "ext+stead:open?project=Acme&url=https%3A%2F%2Fexample.com", keep: true }]);
    expect(await page.evaluate(() => location.search)).toBe("?id=question&keep");
  });

  it("goes back to the page it was followed from when it was opened at once, and on Escape", async () => {
    context = await browser.newContext({ bypassCSP: true });
    const page = await context.newPage();
    const before = stage.url("gone");
    for (const scene of ["signed", "link"] as const) {
      await page.goto(before);
      await page.waitForSelector("h1");
      await page.goto(stage.url(scene, "en", search));
      if (scene === "link") {
        await page.waitForSelector("input[name=project]");
        await press(page, "Escape");
      }
      await page.waitForURL(before);
    }
  });

  it("that is malformed says what was expected", async () => {
    const page = await open("badLink", { search });
    expect(await page.locator("h1").textContent()).toBe("This link cannot be opened");
    expect(await page.locator("main").textContent()).toContain("expected to have an address (url=)");
  });
});

describe("the layout", () => {
  it.each(["rule", "many", "link", "loop", "signInMismatchHere"] as const)("of %s needs no sideways scrolling, however narrow the window", async (scene) => {
    for (const language of ["en", "de"] as const) {
      const page = await open(scene, { language, width: 360 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
      if (language === "en") await context.close();
    }
  });

  it("is mirrored whole in a right-to-left language, the address not", async () => {
    const page = await open("rule");
    await page.evaluate(() => (document.documentElement.dir = "rtl"));
    const [disc, digit] = await Promise.all([".row .disc", ".row .digit"].map((part) => page.locator(part).first().boundingBox()));
    expect(disc?.x).toBeGreaterThan(digit?.x ?? 0);
    expect(await page.locator(".address").evaluate((element) => getComputedStyle(element).direction)).toBe("ltr");
  });
});

describe("accessibility", () => {
  it.each(Object.keys(pageScenes).filter((name) => !["signed", "asleep", "badLink", "waiting"].includes(name)) as PageSceneName[])(
    "of %s has no violation, light and dark",
    async (scene) => {
      for (const colorScheme of ["light", "dark"] as const) {
        const page = await open(scene, { colorScheme, reducedMotion: "reduce" });
        expect(await violations(page)).toEqual([]);
        if (colorScheme === "light") await context.close();
      }
    },
  );

  it("of a malformed link, an error and of waiting has no violation", async () => {
    expect(await violations(await open("badLink", { search: "link=ext%2Bstead%3Ax" }))).toEqual([]);
    await context.close();
    const page = await open("notAdopted");
    await press(page, "Enter");
    await page.locator(".error").waitFor();
    expect(await violations(page)).toEqual([]);
    await context.close();
    expect(await violations(await open("waiting", { ready: ".waiting" }))).toEqual([]);
  });

  it("names the radio group, each answer, and the keys", async () => {
    const page = await open("rule");
    expect(await page.getByRole("radiogroup", { name: "Open in which project?" }).count()).toBe(1);
    expect(await page.getByRole("radio").evaluateAll((all) => all.map((one) => one.getAttribute("aria-keyshortcuts")))).toEqual(["1", "2", "3", "4", "0"]);
    expect(await page.getByRole("radio", { name: "Acme this tab" }).count()).toBe(1);
  });

  it("keeps the choice apart in forced colours", async () => {
    const page = await open("rule", { forcedColors: "active" });
    const ground = (part: string) => page.locator(part).first().evaluate((element) => getComputedStyle(element).backgroundColor);
    expect(await ground(".row.chosen")).not.toBe(await ground(".row:not(.chosen)"));
  });
});
