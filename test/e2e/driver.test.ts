import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pack } from "../../native-host/dev/pack.ts";
import { startDisplay } from "../support/display.ts";
import { launchFirefox } from "../support/firefox.ts";
import type { Firefox } from "../support/firefox.ts";
import { cookieKinds, cookieName, startLoginSite } from "../support/loginSite.ts";
import type { CookieKind, LoginSite } from "../support/loginSite.ts";
import { waitFor } from "../support/waitFor.ts";

const extensionId = "driver@stead.test";
let scratch: string;
let unpacked: string;
let site: LoginSite;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "stead-driver-"));
  unpacked = join(scratch, "extension");
  await mkdir(join(unpacked, "icons"), { recursive: true });
  await writeFile(join(unpacked, "icons/stead.svg"), '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16"/>');
  await writeFile(join(unpacked, "background.js"), "globalThis.greeting = 'hello';");
  await writeFile(join(unpacked, "manifest.json"), JSON.stringify({
    manifest_version: 3,
    name: "Driver test",
    version: "1",
    browser_specific_settings: { gecko: { id: extensionId, data_collection_permissions: { required: ["none"] } } },
    permissions: ["contextualIdentities", "cookies", "tabs", "tabHide", "storage"],
    host_permissions: ["<all_urls>"],
    background: { scripts: ["background.js"] },
  }));
  site = await startLoginSite();
});

afterAll(async () => {
  await site.close();
  await rm(scratch, { recursive: true, force: true });
});

describe("the Firefox driver", () => {
  let firefox: Firefox;
  beforeAll(async () => {
    firefox = await launchFirefox({ extension: unpacked, extensionId });
  });
  afterAll(() => firefox.close());

  it("logs two users in at once in two containers", async () => {
    const acme = await firefox.createContainer("Acme", "red", "briefcase");
    const globex = await firefox.createContainer("Globex");
    const a = await firefox.openTab(site.loginUrl("A"), { userContextId: acme });
    const b = await firefox.openTab(site.loginUrl("B"), { userContextId: globex });
    for (const [context, user] of [[a, "A"], [b, "B"]] as const) {
      await firefox.navigate(context, site.url("/whoami"));
      expect(await firefox.evaluate(context, "document.body.textContent")).toBe(user);
    }
    expect(await firefox.tabs()).toContainEqual(expect.objectContaining({ context: a, userContextId: acme, hidden: false }));
    expect(await firefox.containers()).toContainEqual({ userContextId: acme, name: "Acme", color: "red", icon: "briefcase" });
    expect(site.requests.filter(({ path }) => path === "/whoami").map(({ user }) => user)).toEqual(["A", "B"]);
  });

  it("evaluates in the extension's pages and its background", async () => {
    expect(await firefox.extension("(await browser.contextualIdentities.query({ name: 'Acme' })).length")).toBe(1);
    expect(await firefox.background("background.greeting")).toBe("hello");
    await firefox.extension("browser.storage.local.set({ kept: 1 })");
    expect(await firefox.background("background.browser.storage.local.get('kept')")).toEqual({ kept: 1 });
    expect((await firefox.tabs()).filter(({ url }) => url.startsWith("moz-extension:"))).toEqual([]);
  });

  it("tells what failed in the page", async () => {
    await expect(firefox.extension("browser.tabs.get(123456)")).rejects.toThrow("Invalid tab ID");
    await expect(firefox.chrome("nothing.here")).rejects.toThrow("nothing is not defined");
  });

  it("sees hidden tabs, windows and which is in front", async () => {
    const tab = await firefox.openTab(site.url("/"), { front: true });
    expect((await firefox.tabs()).filter(({ selected }) => selected).map(({ context }) => context)).toEqual([tab]);
    const [other] = await firefox.tabs();
    await firefox.selectTab(other?.context ?? "");
    await firefox.extension(`browser.tabs.query({ title: "nobody" }).then((tabs) => browser.tabs.hide(tabs.map(({ id }) => id)))`);
    expect((await firefox.tabs()).filter(({ hidden }) => hidden).map(({ context }) => context)).toEqual([tab]);
    await firefox.closeTab(tab);
    expect((await firefox.tabs()).map(({ context }) => context)).not.toContain(tab);
    expect(await firefox.openWindow()).toBe(1);
    expect(await firefox.windows()).toHaveLength(2);
    const there = await firefox.openTab(site.url("/"), { window: 1 });
    expect((await firefox.tabs()).find(({ context }) => context === there)?.window).toBe(1);
  });

  it("changes and removes containers as Firefox's settings would", async () => {
    const gone = await firefox.createContainer("Gone");
    const tab = await firefox.openTab(site.url("/"), { userContextId: gone });
    await firefox.updateContainer(gone, "Going", "green", "tree");
    expect(await firefox.containers()).toContainEqual({ userContextId: gone, name: "Going", color: "green", icon: "tree" });
    await firefox.removeContainer(gone);
    await waitFor("the container's tab to close", async () => (await firefox.tabs()).every(({ context }) => context !== tab));
    expect((await firefox.containers()).map(({ name }) => name)).not.toContain("Going");
  });

  it("is handed every kind of cookie by the site", async () => {
    const kinds = Object.keys(cookieKinds).filter((word): word is CookieKind => word in cookieKinds);
    await firefox.openTab(site.loginUrl("C", kinds));
    const cookies = await firefox.extension(
      `browser.cookies.getAll({ partitionKey: {}, firstPartyDomain: null }).then((all) => all.map(({ name }) => name).sort())`,
    );
    const reachable = kinds.filter((kind) => kind !== "path");
    expect(cookies).toEqual(["path", "sid", ...reachable.map(cookieName)].sort());
  });

  it("opens private windows", async () => {
    const position = await firefox.openWindow({ private: true });
    const tab = await firefox.openTab(site.url("/whoami"), { window: position });
    expect(await firefox.evaluate(tab, "document.body.textContent")).toBe("nobody");
  });
});

describe("the Firefox driver with a packed extension", () => {
  it("finds extension and storage again after a quit and after a crash", async () => {
    const home = join(scratch, "home");
    await pack(unpacked, scratch, "test.xpi");
    const first = await launchFirefox({ home, extensionId, extension: join(scratch, "test.xpi") });
    await first.extension("browser.storage.local.set({ kept: 1 })");
    expect(await first.extension("browser.permissions.contains({ origins: ['<all_urls>'] })")).toBe(true);
    await first.close();
    const second = await launchFirefox({ home, extensionId });
    expect(await second.extension("browser.storage.local.get()")).toEqual({ kept: 1 });
    await second.kill();
    const third = await launchFirefox({ home, extensionId });
    expect(await third.background("background.greeting")).toBe("hello");
    await third.close();
  });
});

describe("the screen", () => {
  it("shows a headed Firefox, takes keys and pictures", async () => {
    const display = await startDisplay();
    try {
      const firefox = await launchFirefox({ headless: false, env: display.env });
      try {
        await display.focusWindow("Mozilla Firefox");
        await display.key("ctrl+t");
        await waitFor("the new tab", async () => (await firefox.tabs()).length === 2);
        const picture = await readFile(await display.screenshot(join(scratch, "screen.png")));
        expect(picture.subarray(1, 4).toString()).toBe("PNG");
        expect(picture.length).toBeGreaterThan(5000);
      } finally {
        await firefox.close();
      }
    } finally {
      await display.close();
    }
  });
});
