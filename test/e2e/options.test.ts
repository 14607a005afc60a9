import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import type { Firefox } from "../support/firefox.ts";
import { waitFor } from "../support/waitFor.ts";
import { containerOf, firstRunTab, World } from "./support/world.ts";

/** Types into a field as a person's input reaches the page. */
function typed(id: string, value: string): string {
  return `(() => {
    const field = document.getElementById(${JSON.stringify(id)});
    field.focus();
    field.value = ${JSON.stringify(value)};
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  })()`;
}

const submit = (id: string) => `document.getElementById(${JSON.stringify(id)}).form.requestSubmit()`;
const click = (selector: string) => `document.querySelector(${JSON.stringify(selector)}).click()`;
const textOf = (selector: string) => `document.querySelector(${JSON.stringify(selector)})?.textContent ?? ""`;

describe("the first-run page in a fresh profile", () => {
  let world: World;
  let firefox: Firefox;
  let page: string;

  beforeAll(async () => {
    world = await World.make();
    await world.json("install", "--browser", "firefox");
    firefox = await world.firefox({ keepFirstRun: true });
    page = await firstRunTab(firefox);
    await firefox.loaded(page, "firstRun.html");
  });
  afterAll(() => world.end());

  const shows = (what: string, selector: string, words: string) =>
    waitFor(what, async () => String(await firefox.evaluate(page, textOf(selector))).includes(words));

  it("is in front, and tells that the terminal is connected", async () => {
    expect((await firefox.tabs()).find(({ context }) => context === page)).toMatchObject({ selected: true, userContextId: 0 });
    await shows("the host", "#step-3", "done");
  });

  it("makes the project, gives it a site, and switches to it", async () => {
    await firefox.evaluate(page, typed("first-name", "Acme"));
    await firefox.evaluate(page, submit("first-name"));
    await shows("the second step", ".step.now, .step.done:nth-child(2)", "first site");
    await waitFor("the site's field", async () => firefox.evaluate(page, 'document.getElementById("first-pattern") !== null'));
    await firefox.evaluate(page, typed("first-pattern", "github.com/acme"));
    await firefox.evaluate(page, submit("first-pattern"));
    await shows("the rule", ".first-rules", "github.com/acme");
    expect(await world.json("rule", "list")).toMatchObject({ rules: [{ project: "Acme", pattern: "github.com/acme", ask: false }] });
    await firefox.evaluate(page, click("#finish"));
    await waitFor("Acme to be current", async () => (await world.json("current"))["project"] === "Acme");
    await waitFor("the page to be closed", async () => (await firefox.tabs()).every(({ context }) => context !== page));
    const acme = await containerOf(firefox, "Acme");
    expect((await firefox.tabs()).find(({ selected }) => selected)).toMatchObject({ userContextId: acme });
  });

  it("does not come back when Stead is updated", async () => {
    await firefox.install(resolve("dist/stead.xpi"));
    await waitFor("the extension to be back", async () => (await world.json("status"))["instances"]);
    await world.connected();
    expect((await firefox.tabs()).filter(({ url }) => url.endsWith("firstRun.html"))).toEqual([]);
  });

  describe("and then the options page", () => {
    const Shortcuts = z.array(z.object({ name: z.string(), shortcut: z.string() }));
    let options: string;
    const showsThere = (what: string, selector: string, words: string) =>
      waitFor(what, async () => String(await firefox.evaluate(options, textOf(selector))).includes(words));

    beforeAll(async () => {
      options = await firefox.openExtensionPage("options/options.html#rules?pattern=docs.acme.example");
      await showsThere("the rules", "#rule-rows", "github.com/acme");
    });

    it("adds the rule its address names, and the store has it", async () => {
      await firefox.evaluate(options, submit("new-pattern"));
      await showsThere("the rule", "#rule-rows", "docs.acme.example");
      const rules = z.array(z.object({ pattern: z.string() })).parse((await world.json("rule", "list"))["rules"]);
      expect(rules.map(({ pattern }) => pattern).sort()).toEqual(["docs.acme.example", "github.com/acme"]);
    });

    it("shows at once what the terminal changes", async () => {
      await world.json("project", "add", "Beta");
      await world.json("rule", "add", "Beta", "*.beta.example", "--ask");
      await showsThere("the terminal's rule", "#rule-rows", "*.beta.example");
      await firefox.evaluate(options, typed("try-url", "www.beta.example"));
      await showsThere("what wins", ".decision", "Stead asks where to open it");
    });

    it("changes Firefox's own shortcuts", async () => {
      await firefox.evaluate(options, 'void (location.hash = "#shortcuts")');
      await showsThere("the shortcuts", ".shortcut-list", "New tab in the current project");
      await firefox.evaluate(options, click("#keys-new-tab"));
      await firefox.evaluate(options, `void document.getElementById("capture").dispatchEvent(new KeyboardEvent("keydown",
        { key: "Y", code: "KeyY", ctrlKey: true, shiftKey: true, bubbles: true, cancelable: true }))`);
      await showsThere("the keys", ".shortcut-list", "CtrlShiftY");
      const commands = Shortcuts.parse(JSON.parse(String(await firefox.extension("browser.commands.getAll().then(JSON.stringify)"))));
      expect(commands.find(({ name }) => name === "new-tab")?.shortcut).toBe("Ctrl+Shift+Y");
    });

    it("shows host, vault and where the key is kept", async () => {
      await firefox.evaluate(options, 'void (location.hash = "#hosts")');
      await showsThere("the host", ".section", "Connected");
      await showsThere("the key's place", ".section", "A file that only your account may read");
    });

    it("writes behaviour to the store", async () => {
      await firefox.evaluate(options, 'void (location.hash = "#behaviour")');
      await firefox.evaluate(options, typed("inherit-sites", "login.example"));
      await showsThere("the list to be saved", ".saved", "Saved");
      const { stdout } = await world.stead(["project", "export"]);
      expect(JSON.parse(stdout)).toMatchObject({ settings: { inherit: ["login.example"] } });
    });
  });
});
