import { describe, expect, it } from "vitest";
import { projectId } from "../../extension/options/scenes.ts";
import { violations } from "../support/axe.ts";
import { calls, focused, openPages, press } from "./openPages.ts";

const open = openPages("firstRun", ".steps, .error");

describe("the first-run page", () => {
  it("makes the project, gives it a site and switches to it, by keyboard alone and without a host", async () => {
    const page = await open("firstMissing");
    expect(await focused(page)).toBe("first-name");
    await page.keyboard.type("Acme");
    await press(page, "Enter");
    await page.locator("#first-pattern").waitFor();
    expect(await focused(page)).toBe("first-pattern");
    await page.keyboard.type("github.com/acme");
    await press(page, "Enter");
    await page.locator(".first-rules code", { hasText: "github.com/acme" }).waitFor();
    expect(await page.locator(".step.done h2").allTextContents()).toEqual(["Step 1, done: Make your first project", "Step 2, done: Give it its first site"]);
    await page.locator("#finish").focus();
    await press(page, "Enter");
    await page.waitForFunction(() => window.steadOptions.calls.some(({ method }) => method === "tabs.remove"));
    expect((await calls(page)).map(({ method }) => method)).toEqual(["project.add", "rules.change", "switch", "tabs.remove"]);
  });

  it("takes the colour that is chosen", async () => {
    const page = await open("first");
    await page.fill("#first-name", "Acme");
    await page.getByRole("radio", { name: "Pink" }).check();
    await page.getByRole("button", { name: "Add project" }).click();
    await page.locator("#first-pattern").waitFor();
    expect(await calls(page)).toEqual([{ method: "project.add", params: { name: "Acme", color: "pink" } }]);
  });

  it("suggests the sites of open tabs that no rule names", async () => {
    const page = await open("first");
    await page.fill("#first-name", "Acme");
    await press(page, "Enter");
    await page.locator(".suggestion").first().waitFor();
    expect(await page.locator(".suggestion").allTextContents()).toEqual(["github.com", "localhost:3000"]);
    await page.getByRole("button", { name: "localhost:3000" }).click();
    await page.locator(".first-rules code", { hasText: "localhost:3000" }).waitFor();
    expect(await page.locator(".suggestion").allTextContents()).toEqual(["github.com"]);
    await page.getByRole("button", { name: "Remove the rule localhost:3000" }).click();
    await page.locator(".first-rules").waitFor({ state: "detached" });
  });

  it("refuses a name and a pattern beside their fields", async () => {
    const page = await open("first");
    await press(page, "Enter");
    expect(await page.locator("#first-name-fault").textContent()).toMatch(/^A project name has/);
    await page.fill("#first-name", "Acme");
    await press(page, "Enter");
    await page.locator("#first-pattern").fill("x*y");
    await press(page, "Enter");
    expect(await page.locator("#first-pattern-fault").textContent()).toMatch(/^Expected a \*/);
    expect(await page.locator("#first-pattern").inputValue()).toBe("x*y");
  });

  it("goes on with a project that is there", async () => {
    const page = await open("few");
    await page.getByRole("button", { name: "Client portal" }).click();
    await page.getByRole("button", { name: "Switch to Client portal" }).click();
    await page.waitForFunction(() => window.steadOptions.calls.length === 2);
    expect((await calls(page))[0]).toEqual({ method: "switch", params: { project: projectId(3) } });
  });

  it("asks which container to use", async () => {
    const page = await open("adoptable");
    await page.getByRole("button", { name: "Acme" }).click();
    await page.getByRole("button", { name: "Switch to Acme" }).click();
    await page.getByRole("button", { name: /Make a new one/ }).click();
    await page.waitForFunction(() => window.steadOptions.calls.length === 2);
    expect((await calls(page))[0]).toEqual({ method: "switch", params: { project: projectId(1), adopt: false } });
  });

  it("shows the host as it comes", async () => {
    const page = await open("firstMissing");
    expect(await page.locator(".command code").allTextContents()).toEqual(["stead install", "stead doctor"]);
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("Connected", { exact: true }).waitFor();
    expect(await page.locator(".step.done h2").allTextContents()).toEqual(["Step 3, done: Connect the terminal"]);
  });

  it("stays when switching is refused, and says why", async () => {
    const page = await open("refused");
    await page.getByRole("button", { name: "Acme" }).click();
    await page.getByRole("button", { name: "Switch to Acme" }).click();
    await page.locator(".error").waitFor();
    expect((await calls(page)).map(({ method }) => method)).toEqual(["switch"]);
  });

  it.each(["first", "firstMissing", "few", "asleep"] as const)("has no violation in the scene %s, light and dark, wide and narrow", async (scene) => {
    for (const colorScheme of ["light", "dark"] as const) {
      const page = await open(scene, { colorScheme, width: colorScheme === "dark" ? 400 : 1280 });
      if (scene === "first") {
        await page.fill("#first-name", "Acme");
        await press(page, "Enter");
        await page.locator(".suggestion").first().waitFor();
      }
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
    }
  });
});
