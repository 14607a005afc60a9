import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod/mini";
import type { Firefox } from "../support/firefox.ts";
import { cookieName, type LoginSite, startLoginSite } from "../support/loginSite.ts";
import { waitFor } from "../support/waitFor.ts";
import { type CommandResult, containerOf, textIn, World } from "./support/world.ts";

const Shown = z.object({ lines: z.array(z.string()), holders: z.array(z.string()), strip: z.string(), conflict: z.string(), page: z.string() });
type Shown = z.infer<typeof Shown>;

describe("a project that a program has", () => {
  let world: World;
  let site: LoginSite;
  let firefox: Firefox;
  let popup: string;
  let state: string;

  beforeAll(async () => {
    world = await World.make();
    site = await startLoginSite();
    state = join(world.home, "state.json");
    await world.json("install", "--browser", "firefox");
    firefox = await world.firefox({ profile: join(world.home, "one") });
    await world.connected();
    await world.json("project", "add", "acme");
    await world.json("project", "add", "beta");
    await world.json("switch", "acme");
    await textIn(firefox, await containerOf(firefox, "acme"), site.loginUrl("ada", ["lax", "strict"]));
    await hasItems(3);
    popup = await firefox.openExtensionPage("popup/popup.html");
  });

  afterAll(async () => {
    await world.end();
    await site.close();
  });

  const look = async (at: Firefox = firefox, page: string = popup): Promise<Shown> =>
    Shown.parse(
      await at.evaluate(page, `(() => {
        const text = (selector) => document.querySelector(selector)?.textContent ?? "";
        return {
          lines: [...document.querySelectorAll("[role=option] > :first-child")].map((line) => line.textContent),
          holders: [...document.querySelectorAll(".lease")].map((lease) => lease.textContent),
          strip: text(".lease-strip p"),
          conflict: text(".conflict"),
          page: text("main"),
        };
      })()`),
    );
  const shows = async (what: string, isSo: (shown: Shown) => boolean): Promise<Shown> =>
    waitFor(what, async () => {
      const shown = await look();
      return isSo(shown) && shown;
    });
  const press = (key: string): Promise<unknown> =>
    firefox.evaluate(popup, `void document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: ${JSON.stringify(key)}, bubbles: true, cancelable: true }))`);
  const click = (label: string): Promise<unknown> =>
    firefox.evaluate(popup, `[...document.querySelectorAll("button")].find((button) => (button.ariaLabel ?? button.textContent) === ${JSON.stringify(label)}).click()`);
  const badge = async (): Promise<string> => String(await firefox.extension("browser.action.getBadgeText({})"));

  const hasItems = (items: number): Promise<unknown> =>
    waitFor(`${items} items of acme`, async () => {
      const { projects } = await world.json("list");
      return Array.isArray(projects) && projects.some((one: { name: string; items: number }) => one.name === "acme" && one.items === items);
    });
  const checkout = async (...args: string[]): Promise<string> =>
    z.string().parse((await world.json("checkout", "acme", "--holder", "agent", "--out", state, ...args))["token"]);
  const checkin = (token: string): Promise<CommandResult> => world.stead(["checkin", "acme", state, "--token", token, "--json"]);

  it("shows in the popup who has it, and until when, as soon as it is checked out", async () => {
    expect((await shows("the projects", ({ lines }) => lines.length === 2)).holders).toEqual([]);
    await checkout();
    const { lines, strip } = await shows("the holder", ({ holders }) => holders.join() === "agent");
    expect(strip).toMatch(/^Checked out by agent until .*\d/u);
    expect(lines).toEqual([expect.stringContaining("acme, current, Checked out by agent until"), expect.stringMatching(/^beta, \d/u)]);
  });

  it("is shown so to a popup that is opened later", async () => {
    await firefox.closeTab(popup);
    popup = await firefox.openExtensionPage("popup/popup.html");
    await shows("the holder", ({ holders }) => holders.join() === "agent");
  });

  it("is taken back there after a question, and the holder's check-in is refused", async () => {
    await world.json("lease", "revoke", "acme");
    await shows("no holder", ({ holders }) => holders.length === 0);
    const token = await checkout();
    await shows("the holder", ({ holders }) => holders.join() === "agent");
    await press("F8");
    expect((await shows("the question", ({ page }) => page.includes("Take “acme” back from agent?"))).page).toContain("nothing stored is lost");
    expect(await world.json("lease", "list")).toMatchObject({ leases: [{ project: "acme", holder: "agent" }] });
    await click("Take back");
    await shows("no holder", ({ holders, lines }) => lines.length === 2 && holders.length === 0);
    expect(await world.json("lease", "list")).toEqual({ leases: [] });

    await writeFile(state, (await readFile(state, "utf8")).replace('"lax"', '"from-the-agent"'));
    const refused = await checkin(token);
    expect([refused.status, JSON.parse(refused.stdout)]).toMatchObject([5, { error: { code: "conflict" } }]);
    expect((await world.stead(["export", "acme", "--format", "json"])).stdout).not.toContain("from-the-agent");
  });

  it("is free again when its lease runs out, without a word from anyone", async () => {
    await checkout("--ttl", "3s");
    await shows("the holder", ({ holders }) => holders.join() === "agent");
    await shows("no holder", ({ holders }) => holders.length === 0);
  });

  it("has the human told when both changed the same: in the popup and on the button, until it is dismissed", async () => {
    expect(await badge()).toBe("");
    const token = await checkout();
    const before = await revision();
    await textIn(firefox, await containerOf(firefox, "acme"), site.url("/set?kind=lax&value=from-the-human"));
    await waitFor("the human's change in the store", async () => (await revision()) > before);
    await writeFile(state, (await readFile(state, "utf8")).replace('"ada-lax"', '"from-the-agent"'));
    const done = await checkin(token);
    expect([done.status, JSON.parse(done.stdout)]).toMatchObject([3, { conflicts: [{ kind: "cookie", name: cookieName("lax") }] }]);

    const { conflict } = await shows("the conflict", (shown) => shown.conflict !== "");
    expect(conflict).toContain("agent and you changed the same item of acme.");
    expect(conflict).toContain(`${cookieName("lax")} of app.stead.localhost`);
    expect(conflict).toContain("What agent wrote is newer and stands. Yours is kept:stead history acme");
    expect(conflict).not.toMatch(/from-the-/u);
    expect(await badge()).toBe("!");

    await click("Dismiss");
    await shows("no conflict", (shown) => shown.conflict === "");
    expect(await badge()).toBe("");
  });

  it("does not have the human told again when the host or Firefox comes back", async () => {
    const pid = async (): Promise<number> => Number(/"pid":(\d+)/.exec(JSON.stringify(await world.json("status")))?.[1]);
    const first = await pid();
    process.kill(first, "SIGKILL");
    await waitFor("another host", async () => (await pid()) !== first && world.connected());
    await checkout();
    // The store's word has come when the holder is there.
    await shows("the holder", ({ holders }) => holders.join() === "agent");
    expect((await look()).conflict).toBe("");

    const { profile } = firefox;
    await firefox.close();
    world.forget(firefox);
    firefox = await world.firefox({ profile });
    await world.connected();
    popup = await firefox.openExtensionPage("popup/popup.html");
    await shows("the holder", ({ holders }) => holders.join() === "agent");
    expect((await look()).conflict).toBe("");
    expect(await badge()).toBe("");
  });

  it("has every Firefox profile told once", async () => {
    const other = await world.firefox({ profile: join(world.home, "two") });
    await world.connected(2);
    const page = await other.openExtensionPage("popup/popup.html");
    await waitFor("the conflict", async () => (await look(other, page)).conflict.includes("agent and you changed the same item of acme."));
    expect((await look()).conflict).toBe("");
  });

  async function revision(): Promise<number> {
    return z.object({ revision: z.number() }).parse((await world.json("status"))["store"]).revision;
  }
});
