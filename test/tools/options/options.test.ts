import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { projectId, ruleId, type OptionsSceneName } from "../../extension/options/scenes.ts";
import { violations } from "../support/axe.ts";
import { calls, focused, openPages, press } from "./openPages.ts";

const open = openPages("options", ".section, .error");
const rows = (page: Page) => page.locator("#rule-rows [role=row]");
const cells = (page: Page) => page.locator("#rule-rows .td.pattern").allTextContents();
const faultOf = async (page: Page, id: string) => (await page.locator(`#${id}`).textContent())?.trim();

describe("the page", () => {
  it("opens the section its address names, and follows it", async () => {
    const page = await open("few", { hash: "#behaviour" });
    expect(await page.locator("h1").textContent()).toBe("Behaviour");
    expect(await page.locator("[aria-current=page]").textContent()).toBe("Behaviour");
    await page.getByRole("link", { name: "Rules" }).click();
    expect(await page.locator("h1").textContent()).toBe("Rules");
    expect(new URL(page.url()).hash).toBe("#rules");
  });

  it("goes through the sections with the arrows", async () => {
    const page = await open("few");
    await page.getByRole("link", { name: "Projects", exact: true }).focus();
    await press(page, "ArrowDown", "ArrowDown");
    expect(await page.locator("h1").textContent()).toBe("Keyboard shortcuts");
    await press(page, "ArrowUp");
    expect(await page.locator("h1").textContent()).toBe("Rules");
  });

  it("is prefilled by its address", async () => {
    const page = await open("few", { hash: `#rules?pattern=docs.example%2Fteam&project=${projectId(3)}` });
    expect(await page.locator("#new-pattern").inputValue()).toBe("docs.example/team");
    expect(await page.locator("#new-rule-project").inputValue()).toBe(projectId(3));
  });

  it("keeps what was typed when one looks at another section", async () => {
    const page = await open("few", { hash: "#rules" });
    await page.fill("#new-pattern", "half.typed");
    await page.getByRole("link", { name: "Behaviour" }).click();
    await page.getByRole("link", { name: "Rules" }).click();
    expect(await page.locator("#new-pattern").inputValue()).toBe("half.typed");
  });

  it("says when the background page cannot be reached, and tries again", async () => {
    const page = await open("asleep", { ready: ".error" });
    expect(await page.locator("[role=alert] strong").first().textContent()).not.toBe("");
    expect(await page.getByRole("button", { name: "Try again" }).count()).toBe(1);
  });

  it("finds the background page again when Firefox put it to sleep", async () => {
    const page = await open("few");
    await page.evaluate(() => window.steadOptions.sleep());
    await page.evaluate(() => new Promise((done) => setTimeout(done, 50)));
    await page.fill("#new-project", "After sleep");
    await press(page, "Enter");
    await page.getByRole("heading", { name: "After sleep" }).waitFor();
  });

  it("speaks German", async () => {
    const page = await open("few", { language: "de", hash: "#rules" });
    expect(await page.locator("h1").textContent()).toBe("Regeln");
    expect(await page.locator("html").getAttribute("lang")).toBe("de");
    await page.fill("#try-url", "github.com/acme/site");
    expect(await page.locator(".verdict.wins .why").textContent()).toBe("gewinnt: nennt den längsten Pfad");
  });
});

describe("projects", () => {
  it("are added, renamed, recoloured and made strict by keyboard, each at once", async () => {
    const page = await open("few");
    await page.locator("#new-project").focus();
    await page.keyboard.type("Neues");
    await press(page, "Enter");
    await page.locator("#project-name").waitFor();
    expect(await focused(page)).toBe("Edit Neues");
    await press(page, "Tab");
    expect(await focused(page)).toBe("project-name");
    await page.keyboard.type("Neues Projekt");
    await press(page, "Enter");
    await page.getByRole("heading", { name: "Neues Projekt" }).waitFor();
    await press(page, "Tab", "ArrowRight");
    await page.getByRole("checkbox", { name: "Strict: only its own sites" }).press("Space");
    await page.locator(".chip", { hasText: "strict" }).nth(1).waitFor();
    expect((await calls(page, 4)).map(({ method }) => method)).toEqual(["project.add", "project.update", "project.update", "settings.set"]);
  });

  it.each([["", "A project name has 1 to 64 visible characters and does not begin with a dash."], ["acme", "There is a project named Acme already. Choose another name."]])(
    "refuse the name %o beside the field", async (name, fault) => {
      const page = await open("few");
      await page.fill("#new-project", name);
      await press(page, "Enter");
      expect(await faultOf(page, "new-project-fault")).toBe(fault);
      expect(await page.locator("#new-project").getAttribute("aria-invalid")).toBe("true");
      expect(await page.locator("#new-project").inputValue()).toBe(name);
      expect(await calls(page)).toEqual([]);
    });

  it("show beside the field what the store refuses", async () => {
    const page = await open("refused");
    await page.fill("#new-project", "New");
    await press(page, "Enter");
    await page.locator("#new-project-fault .fault").waitFor();
    expect(await page.locator("#new-project").inputValue()).toBe("New");
  });

  it("are removed after a question that Escape leaves", async () => {
    const page = await open("few");
    await page.getByRole("button", { name: "Edit Side project" }).click();
    await page.getByRole("button", { name: "Remove project…" }).click();
    const question = page.getByRole("alertdialog", { name: "Remove “Side project”?" });
    expect(await question.getByRole("listitem").allTextContents()).toContain("1 stored item is destroyed");
    expect(await focused(page)).toBe("Cancel");
    await press(page, "Escape");
    await question.waitFor({ state: "detached" });
    expect(await focused(page)).toBe(`remove-${projectId(4)}`);
    await press(page, "Enter");
    await question.getByRole("button", { name: "Remove project", exact: true }).click();
    await page.getByRole("heading", { name: "Side project", exact: true }).waitFor({ state: "detached" });
    expect(await calls(page, 1)).toEqual([{ method: "project.remove", params: { id: projectId(4) } }]);
    expect(await page.locator(".note").textContent()).toContain("Side project was removed");
  });

  it.each([["missing", "It is not connected."], ["locked", "stead unlock"]] as const)("cannot be removed with the host %s, and say why", async (scene, why) => {
    const page = await open(scene);
    await page.getByRole("button", { name: "Edit Acme" }).click();
    await page.getByRole("button", { name: "Remove project…" }).click();
    expect(await page.getByRole("alertdialog").textContent()).toContain(why);
    expect(await page.getByRole("button", { name: "Remove project", exact: true }).count()).toBe(0);
  });

  it("ask which container to use", async () => {
    const page = await open("adoptable");
    await page.getByRole("button", { name: "Switch to Acme" }).click();
    await page.getByRole("button", { name: /Use that container/ }).click();
    await page.getByRole("alertdialog").waitFor({ state: "detached" });
    expect(await calls(page, 1)).toEqual([{ method: "switch", params: { project: projectId(1), adopt: true } }]);
  });
});

describe("the table of rules", () => {
  it("is one stop of Tab, and arrows, Home, End and page keys move in it", async () => {
    const page = await open("few", { hash: "#rules" });
    await page.locator("#rules-filter").focus();
    await press(page, "Tab");
    expect(await focused(page)).toBe("/https://(dev|stage)-\\d+\\.acme\\.test/.*/");
    await press(page, "ArrowDown", "ArrowRight");
    expect(await focused(page)).toBe("AAcme");
    await press(page, "ArrowRight");
    expect(await focused(page)).toBe("Ask first for *.acme.example");
    await press(page, "End");
    expect(await focused(page)).toBe("Remove the rule *.acme.example");
    await press(page, "Control+End");
    expect(await focused(page)).toBe("Remove the rule schoen.example");
    await press(page, "Control+Home", "ArrowUp");
    expect(await focused(page)).toBe("Pattern");
    await press(page, "Enter");
    expect(await page.locator(".th.pattern").getAttribute("aria-sort")).toBe("descending");
    await press(page, "Tab");
    expect(await focused(page)).toBe("try-url");
    await press(page, "Shift+Tab");
    expect(await focused(page)).toBe("Pattern");
  });

  it("edits with F2 and Enter, cancels with Escape, and says beside the cell what was refused", async () => {
    const page = await open("few", { hash: "#rules" });
    await page.locator(".td.pattern", { hasText: /^schoen\.example$/ }).click();
    await press(page, "F2");
    expect(await focused(page)).toBe("Pattern of the rule schoen.example");
    await page.keyboard.type("foo*bar");
    await press(page, "Enter");
    expect(await faultOf(page, "edited-fault")).toMatch(/^Expected a \* only as \*\. before the host/);
    expect(await page.locator("#edited").inputValue()).toBe("foo*bar");
    expect(await page.locator("#edited").getAttribute("aria-describedby")).toBe("edited-fault");
    await press(page, "Escape");
    expect(await focused(page)).toBe("schoen.example");
    await press(page, "Enter", "Control+a");
    await page.keyboard.type("Schön.example/shop/");
    await press(page, "Enter");
    await page.waitForFunction(() => document.activeElement?.textContent === "xn--schn-7qa.example/shop");
    expect(await calls(page, 1)).toEqual([
      { method: "rules.change", params: { put: [{ id: ruleId(8), project: projectId(2), pattern: "xn--schn-7qa.example/shop", ask: false }], remove: [] } },
    ]);
  });

  it("saves when the field is left, and keeps what was refused", async () => {
    const page = await open("few", { hash: "#rules" });
    await page.locator(".td.pattern", { hasText: /^schoen\.example$/ }).dblclick();
    await page.keyboard.type("other.example");
    await page.locator("#try-url").click();
    expect(await cells(page)).toContain("other.example");
    await page.locator(".td.pattern", { hasText: /^other\.example$/ }).dblclick();
    await page.keyboard.type("x*y");
    await page.locator("#try-url").click();
    expect(await page.locator("#edited").inputValue()).toBe("x*y");
    expect(await faultOf(page, "edited-fault")).not.toBe("");
    expect(await focused(page)).toBe("try-url");
  });

  it("moves a rule to another project with the arrows and Enter", async () => {
    const page = await open("few", { hash: "#rules" });
    await page.locator(".td.pattern", { hasText: /^schoen\.example$/ }).click();
    await press(page, "ArrowRight", "F2");
    expect(await focused(page)).toBe("Project of the rule schoen.example");
    await press(page, "ArrowDown", "Enter");
    await page.waitForFunction(() => document.activeElement?.textContent === "CClient portal");
    expect(await calls(page, 1)).toMatchObject([{ params: { put: [{ id: ruleId(8), project: projectId(3) }] } }]);
  });

  it("asks first with Space, removes with Delete and brings back with Ctrl+Z or the button", async () => {
    const page = await open("few", { hash: "#rules" });
    await page.locator(".td.pattern", { hasText: /^portal\.example$/ }).first().click();
    await press(page, "ArrowRight", "ArrowRight", "Space");
    await calls(page, 1);
    await press(page, "Delete");
    expect(await focused(page)).toBe("Ask first for portal.example");
    expect(await cells(page)).toHaveLength(10);
    expect(await page.locator(".note").textContent()).toContain("Removed the rule portal.example");
    await press(page, "Delete", "Control+z");
    await page.waitForFunction(() => document.querySelectorAll("#rule-rows [role=row]").length === 10);
    await press(page, "Control+z");
    await page.waitForFunction(() => document.querySelectorAll("#rule-rows [role=row]").length === 11);
    expect(await page.getByRole("checkbox", { name: "Ask first for portal.example" }).first().isChecked()).toBe(true);
  });

  it("shows a rule again that the store does not let go", async () => {
    const page = await open("refused", { hash: "#rules" });
    await page.locator(".td.pattern", { hasText: /^schoen\.example$/ }).click();
    await press(page, "Delete");
    await page.locator(".error").waitFor();
    expect(await cells(page)).toHaveLength(11);
  });

  it("adds a rule, and moves open tabs when told to", async () => {
    const page = await open("few", { hash: "#rules" });
    await page.fill("#new-pattern", "New.Example");
    await page.selectOption("#new-rule-project", { label: "Client portal" });
    await page.getByRole("checkbox", { name: "Ask first", exact: true }).check();
    await page.locator("#new-pattern").press("Enter");
    await page.getByRole("button", { name: "Move open tabs" }).click();
    await page.locator(".note", { hasText: "2 tabs moved" }).waitFor();
    expect((await calls(page))[0]).toEqual({ method: "rules.change", params: { put: [{ project: projectId(3), pattern: "new.example", ask: true }], remove: [] } });
    expect(await page.locator("#new-pattern").inputValue()).toBe("");
  });

  it("looks at many pasted lines before they are added", async () => {
    const page = await open("few", { hash: "#rules" });
    await page.getByRole("button", { name: "Paste many…" }).click();
    expect(await focused(page)).toBe("paste");
    await page.fill("#paste", "a.example Acme\nb.example New client\ngithub.com/acme Acme\nx*y Acme\n");
    expect(await page.locator("#paste-read .plan li").allTextContents()).toEqual(["2 rules to add or change", "1 project is made: New client", "1 rule is there already"]);
    expect(await page.locator("#paste-read .refused li").textContent()).toMatch(/^Line 4 x\*y Acme – Expected/);
    await page.getByRole("button", { name: "Add 2 rules" }).click();
    await page.locator(".note", { hasText: "2 rules added" }).waitFor();
    expect(await cells(page)).toContain("b.example");
    expect((await calls(page, 2)).map(({ method }) => method)).toEqual(["project.add", "rules.change"]);
  });

  it("takes several lines pasted into the field for many rules", async () => {
    const page = await open("few", { hash: "#rules" });
    await page.locator("#new-pattern").evaluate((field) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", "a.example\nb.example\n");
      field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    });
    expect(await page.locator("#paste").inputValue()).toBe("a.example\nb.example");
  });
});

describe("which rule wins", () => {
  it.each([
    ["github.com/acme/site", "Opens in AAcme", ["wins: its path is the longest", "loses to github.com/acme, whose path is longer", "loses to github.com/acme, whose host is more exact"]],
    ["https://portal.example/", "Stead asks where to open it: CClient portalSSide project", ["wins: no other rule matches", "wins: no other rule matches"]],
    ["https://blog.acme.example", "Taken out of its project by an exclusion: it opens where you are.", ["matches, but !blog.acme.example takes the page out", "takes the page out of this project"]],
    ["localhost:3001", "No rule matches: it opens where you are.", ["does not match: another port", "does not match: another port"]],
    ["https://nowhere.example/", "No rule matches: it opens where you are.", []],
  ])("for %s is explained in words", async (url, decision, why) => {
    const page = await open("few", { hash: "#rules" });
    await page.fill("#try-url", url);
    expect(await page.locator(".decision").textContent()).toBe(decision);
    expect(await page.locator(".verdict .why").allTextContents()).toEqual(why);
  });

  it("is no question for other addresses", async () => {
    const page = await open("few", { hash: "#rules" });
    await page.fill("#try-url", "about:config");
    expect(await page.locator("#try-result").textContent()).toBe("Rules are for http and https addresses; this is none.");
  });
});

describe("10,000 rules", () => {
  /** At most what fits in the table, and a few beyond. */
  const few = 32;

  it("draw only the rows in sight, however one scrolls, and say how many there are", async () => {
    const page = await open("many", { hash: "#rules" });
    await rows(page).first().waitFor();
    expect(await rows(page).count()).toBeLessThan(few);
    expect(await page.getByRole("grid").getAttribute("aria-rowcount")).toBe("10012");
    for (const top of [5_000, 180_000, 400_000, 0]) {
      await page.locator("#rule-rows").evaluate((element, place) => element.scrollTo({ top: place }), top);
      await page.waitForFunction(() => {
        const body = document.getElementById("rule-rows")?.getBoundingClientRect();
        return body !== undefined && Boolean(document.elementFromPoint(body.left + 40, body.bottom - 20)?.closest("[role=row]"));
      });
      expect(await rows(page).count()).toBeLessThan(few);
    }
  });

  it("leave the rows of the document alone while one types a filter for something else", async () => {
    const page = await open("many", { hash: "#rules" });
    await page.locator("#rules-filter").fill("site-77");
    expect(await page.locator(".toolbar [role=status]").textContent()).toBe("111 of 10,011 rules");
    expect(await rows(page).count()).toBeLessThan(few);
    // Typing into another field touches no row.
    await page.evaluate(() => {
      const touched = { count: 0 };
      Object.assign(window, { touched });
      const watched = document.getElementById("rules-grid");
      if (watched) new MutationObserver((changes) => (touched.count += changes.length)).observe(watched, { subtree: true, childList: true, attributes: true, characterData: true });
    });
    await page.locator("#new-pattern").pressSequentially("typed.example");
    expect(await page.evaluate(() => (window as unknown as { touched: { count: number } }).touched.count)).toBe(0);
  });

  it("are gone through by keyboard from one end to the other", async () => {
    const page = await open("many", { hash: "#rules" });
    await rows(page).first().waitFor();
    await page.locator(".td.pattern").first().click();
    await press(page, "Control+End");
    expect(await focused(page)).toBe("Remove the rule site-9999.example");
    expect(await page.evaluate(() => document.activeElement?.closest("[role=row]")?.getAttribute("aria-rowindex"))).toBe("10012");
    await press(page, "Home", "PageUp", "PageUp");
    expect(await page.evaluate(() => document.activeElement?.closest("[role=row]")?.getAttribute("aria-rowindex"))).not.toBe("10012");
    await page.waitForFunction(() => {
      const [cell, body] = [document.activeElement?.getBoundingClientRect(), document.getElementById("rule-rows")?.getBoundingClientRect()];
      return cell && body && cell.top >= body.top - 1 && cell.bottom <= body.bottom + 1;
    });
    expect(await rows(page).count()).toBeLessThan(few);
  });

  it("keep the focus on its cell while one scrolls away", async () => {
    const page = await open("many", { hash: "#rules" });
    await rows(page).first().waitFor();
    await page.locator(".td.pattern").nth(1).click();
    const before = await focused(page);
    await page.locator("#rule-rows").evaluate((element) => element.scrollTo({ top: 200_000 }));
    await page.waitForFunction(() => (document.getElementById("rule-rows")?.scrollTop ?? 0) > 0);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    expect(await focused(page)).toBe(before);
    await press(page, "ArrowDown");
    await page.waitForFunction(() => (document.getElementById("rule-rows")?.scrollTop ?? 0) < 1000);
  });
});

describe("shortcuts", () => {
  it("take the next keys, and give the focus back", async () => {
    const page = await open("few", { hash: "#shortcuts" });
    await page.getByRole("button", { name: "Change the keys of: New tab in the current project" }).click();
    expect(await focused(page)).toBe("Press the keys for: New tab in the current project. Escape cancels.");
    await press(page, "Control+Shift+y");
    await page.locator(".keys[aria-label='Ctrl+Shift+Y']").waitFor();
    expect(await focused(page)).toBe("Change the keys of: New tab in the current project");
    expect(await calls(page, 1)).toEqual([{ method: "commands.update", params: { name: "new-tab", shortcut: "Ctrl+Shift+Y" } }]);
  });

  it.each([
    ["Alt+Shift+1", "These keys are for: Switch to project 1. Choose others, or clear them there."],
    ["y", "Expected Ctrl or Alt with a key, or a function key."],
    ["Control+q", "Firefox does not take Ctrl+Q. Invalid shortcut"],
  ])("refuse %s beside the field", async (keys, fault) => {
    const page = await open("few", { hash: "#shortcuts" });
    await page.getByRole("button", { name: "Change the keys of: New tab in the current project" }).click();
    await press(page, keys);
    await page.locator("#keys-fault-new-tab .fault").waitFor();
    expect(await faultOf(page, "keys-fault-new-tab")).toBe(fault);
  });

  it("are left alone with Escape, cleared, restored, and all shown by Firefox", async () => {
    const page = await open("few", { hash: "#shortcuts" });
    await page.locator("#keys-new-tab").click();
    await press(page, "Escape");
    expect(await focused(page)).toBe("Change the keys of: New tab in the current project");
    await page.getByRole("button", { name: "No keys for: New tab in the current project" }).click();
    await page.getByRole("button", { name: "Restore the keys of: New tab in the current project" }).click();
    await page.getByRole("button", { name: "All extensions’ shortcuts in Firefox…" }).click();
    expect((await calls(page, 3)).map(({ method }) => method)).toEqual(["commands.update", "commands.reset", "commands.openShortcutSettings"]);
  });
});

describe("behaviour", () => {
  it("is saved at once", async () => {
    const page = await open("few", { hash: "#behaviour" });
    await page.getByRole("radio", { name: "Always in one project" }).check();
    await page.getByRole("combobox", { name: "Always in one project" }).selectOption({ label: "Side project" });
    await page.getByRole("button", { name: "Forget the answer for github.com" }).click();
    await page.getByText("github.com", { exact: true }).waitFor({ state: "detached" });
    expect((await calls(page, 3)).map(({ params }) => params)).toEqual([
      { external: { kind: "project", project: projectId(1) } },
      { external: { kind: "project", project: projectId(4) } },
      { answers: { "portal.example": projectId(3) } },
    ]);
  });

  it("saves the sites one a line when typing rests, and not while a line is refused", async () => {
    const page = await open("few", { hash: "#behaviour" });
    const sites = page.getByRole("textbox", { name: "Sites that stay in the calling project" });
    await sites.fill("login.example\n/x.*/\n");
    await page.locator("#inherit-faults .fault").waitFor();
    expect(await page.locator("#inherit-faults").textContent()).toBe("Line 2 /x.*/ – Expected a site such as example.com, *.example.com or example.com/login, but got an expression or an exclusion.");
    await page.locator("h1").click();
    expect(await calls(page)).toEqual([]);
    await sites.fill("login.example\n*.sso.example");
    await page.locator(".saved", { hasText: "Saved" }).waitFor();
    expect(await calls(page, 1)).toEqual([{ method: "settings.set", params: { inherit: ["login.example", "*.sso.example"] } }]);
  });
});

describe("host and custody", () => {
  it.each<[OptionsSceneName, string[]]>([
    ["few", ["Connected", "The system’s keychain", "A stolen disk or backup shows nothing without your login", "Nothing is waiting"]],
    ["missing", ["Stead’s host is not connected", "stead install", "No such native application stead", "3 changed rules are kept here"]],
    ["failed", ["Stead’s host cannot go on", "The store was written by version 0.3.0"]],
    ["locked", ["The vault is locked", "stead unlock", "Your passphrase"]],
    ["keyFile", ["A file that only your account may read", "whoever gets the key file too can read everything"]],
    ["noAccess", ["Stead may not read sites’ cookies"]],
  ])("are shown for %s", async (scene, said) => {
    const page = await open(scene, { hash: "#hosts" });
    const words = await page.locator(".section").textContent();
    for (const part of said) expect(words).toContain(part);
  });

  it("try the host again, and show it when it comes", async () => {
    const page = await open("missing", { hash: "#hosts" });
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("Connected", { exact: true }).waitFor();
  });

  it("let the user give access back, and open the first steps", async () => {
    const page = await open("noAccess", { hash: "#hosts" });
    await page.getByRole("button", { name: "Allow…" }).click();
    await page.getByText("Stead may keep every site’s logins apart").waitFor();
    await page.getByRole("button", { name: "Open the first steps" }).click();
    expect((await calls(page, 2)).at(-1)).toEqual({ method: "tabs.create", params: { url: "moz-extension://stead/firstRun/firstRun.html" } });
  });
});

describe("import and export", () => {
  const choose = (page: Page, name: string, content: string) =>
    page.setInputFiles("#import-file", { name, mimeType: "text/plain", buffer: Buffer.from(content) });

  it("saves everything but state as one file", async () => {
    const page = await open("few", { hash: "#transfer" });
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save everything…" }).click()]);
    expect(download.suggestedFilename()).toBe("stead-setup.json");
    const content = await download.createReadStream().then(async (stream) => (await stream.toArray()).join(""));
    expect(JSON.parse(content)).toMatchObject({ stead: "setup", projects: [{ name: "Acme" }, {}, { strict: true }, {}, {}] });
  });

  it("says what a file would change and what it cannot carry over, before anything is changed", async () => {
    const page = await open("few", { hash: "#transfer" });
    await choose(page, "containerise.csv", "a.example , Acme\n*.b.example , New client\n@(.*, Broken\n");
    await page.locator("#import-report").waitFor();
    expect(await page.locator("#import-report").textContent()).toContain("2 rules to add or change");
    expect(await page.locator("#import-report .refused li").count()).toBe(1);
    expect(await calls(page)).toEqual([]);
    await page.getByRole("button", { name: "Import", exact: true }).click();
    await page.getByText("Taken over: 2 rules, 1 new project").waitFor();
    expect((await calls(page, 2)).map(({ method }) => method)).toEqual(["project.add", "rules.change"]);
  });

  it("takes a dropped file, and refuses what is no such file", async () => {
    const page = await open("few", { hash: "#transfer" });
    await page.locator(".drop").evaluate((target) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(["{\"some\": \"JSON\"}"], "other.json"));
      target.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
    });
    await page.locator("#import-report .fault").waitFor();
    expect(await page.getByRole("button", { name: "Import", exact: true }).isDisabled()).toBe(true);
    await page.getByRole("button", { name: "Cancel" }).click();
    expect(await page.locator("#import-report").count()).toBe(0);
  });

  it("keeps the report when the store refuses", async () => {
    const page = await open("refused", { hash: "#transfer" });
    await choose(page, "rules.txt", "a.example Acme\n");
    await page.getByRole("button", { name: "Import", exact: true }).click();
    await page.locator("#import-fault .fault").waitFor();
    expect(await page.locator("#import-report").count()).toBe(1);
  });
});

describe("the accessibility tree", () => {
  const acts: [string, OptionsSceneName, string, (page: Page) => Promise<unknown>][] = [
    ["projects", "few", "#projects", (page) => page.getByRole("button", { name: "Edit Acme" }).click()],
    ["no projects", "first", "#projects", (page) => press(page, "Tab")],
    ["a refused name", "few", "#projects", (page) => page.getByRole("button", { name: "Add project" }).click()],
    ["removing", "few", `#projects?project=${projectId(1)}`, (page) => page.getByRole("button", { name: "Remove project…" }).click()],
    ["adopting", "adoptable", "#projects", (page) => page.getByRole("button", { name: "Switch to Acme" }).click()],
    ["rules", "few", "#rules", (page) => page.fill("#try-url", "github.com/acme/site")],
    ["many rules", "many", "#rules", (page) => page.locator(".td.pattern").nth(1).click()],
    ["no rules", "first", "#rules", (page) => press(page, "Tab")],
    ["a refused edit", "few", "#rules", async (page) => {
      await page.locator(".td.pattern").nth(2).dblclick();
      await page.keyboard.type("x*y");
      await press(page, "Enter");
    }],
    ["pasting", "few", "#rules", async (page) => {
      await page.getByRole("button", { name: "Paste many…" }).click();
      await page.fill("#paste", "a.example Acme\nx*y Acme");
    }],
    ["a removed rule", "few", "#rules", (page) => page.getByRole("button", { name: "Remove the rule github.com", exact: true }).click()],
    ["shortcuts", "few", "#shortcuts", (page) => page.locator("#keys-new-tab").click()],
    ["behaviour", "few", "#behaviour", (page) => page.fill("#inherit-sites", "*x*")],
    ["hosts", "few", "#hosts", (page) => press(page, "Tab")],
    ["no host", "missing", "#hosts", (page) => press(page, "Tab")],
    ["no access", "noAccess", "#hosts", (page) => press(page, "Tab")],
    ["transfer", "few", "#transfer", (page) => page.setInputFiles("#import-file", { name: "r.txt", mimeType: "text/plain", buffer: Buffer.from("a.example New\nx*y Acme") })],
  ];

  it.each(acts)("of %s has no violation, light and dark", async (_, scene, hash, act) => {
    for (const colorScheme of ["light", "dark"] as const) {
      const page = await open(scene, { hash, colorScheme });
      await page.locator(".section > *").first().waitFor();
      await act(page);
      expect(await violations(page)).toEqual([]);
    }
  });

  it("has no violation in a narrow window, which does not scroll sideways", async () => {
    for (const hash of ["#projects", "#rules", "#shortcuts", "#behaviour", "#hosts", "#transfer"]) {
      const page = await open("few", { hash, width: 480 });
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(480);
    }
  });
});
