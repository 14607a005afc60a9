import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Firefox } from "../support/firefox.ts";
import { type LoginSite, startLoginSite } from "../support/loginSite.ts";
import { type StorageSite, startStorageSite } from "../support/storageSite.ts";
import { waitFor } from "../support/waitFor.ts";
import { makeProjects } from "./support/projectTabs.ts";
import { stored, waitForStored } from "./support/stored.ts";
import { containerOf, textIn, World } from "./support/world.ts";

/** Firefox as its users have it: after a crash it restores the session it last wrote. */
const restoring = { "browser.sessionstore.resume_from_crash": true, "browser.sessionstore.interval": 1000 };
const never = 3_600_000;

describe("after a crash from which Firefox restores its session", () => {
  let world: World;
  let site: LoginSite;
  let firefox: Firefox;

  beforeAll(async () => {
    world = await World.make();
    site = await startLoginSite();
    await world.json("install", "--browser", "firefox");
    firefox = await world.firefox({ prefs: restoring });
    await world.connected();
    for (const name of ["acme", "beta"]) {
      await world.json("project", "add", name);
      await world.json("switch", name);
      await firefox.openTab(site.url(`/${name}`), { userContextId: await containerOf(firefox, name), front: true });
    }
    await world.json("switch", "acme");
    await textIn(firefox, await containerOf(firefox, "acme"), site.loginUrl("old-ada"));
    await textIn(firefox, await containerOf(firefox, "beta"), site.loginUrl("bob"));
  });

  afterAll(async () => {
    await world.end();
    await site.close();
  });

  const who = async (project: string): Promise<string> => textIn(firefox, await containerOf(firefox, project), site.url("/whoami"));
  const hidden = async (): Promise<Record<string, boolean>> =>
    Object.fromEntries((await firefox.tabs()).filter(({ url }) => /\/(acme|beta)$/.test(url)).map((tab) => [new URL(tab.url).pathname, tab.hidden]));

  it("the newer login stands where Firefox brings back an older one, and a logout stays a logout", async () => {
    const session = join(firefox.profile, "sessionstore-backups", "recovery.jsonlz4");
    await waitFor("Firefox to write its session with both tabs and the old logins", async () => {
      const written = String(await firefox.chrome(`IOUtils.readUTF8(${JSON.stringify(session)}, { decompress: true })`));
      return written.includes("/acme") && written.includes("/beta") && written.split('"name":"sid"').length === 3;
    }, 40_000);
    await waitFor("Firefox to write its containers", async () => (await readFile(join(firefox.profile, "containers.json"), "utf8")).includes("beta"));
    await firefox.chrome(`void Services.prefs.setIntPref("browser.sessionstore.interval", ${never})`);

    await textIn(firefox, await containerOf(firefox, "acme"), site.loginUrl("new-ada"));
    await textIn(firefox, await containerOf(firefox, "beta"), site.url("/clear?kind=session"));
    await textIn(firefox, await containerOf(firefox, "beta"), site.url("/logout"));
    await waitFor("both in the store", async () => {
      const { projects } = await world.json("list");
      return JSON.stringify(projects).includes('"items":0');
    });
    firefox = await world.crash(firefox, { prefs: restoring });
    await world.connected();

    await waitFor("the newer login", async () => (await who("acme")) === "new-ada");
    await waitFor("the logout", async () => (await who("beta")) === "nobody");
    const { projects } = await world.json("list");
    expect(projects).toMatchObject([{ name: "acme", items: 1 }, { name: "beta", items: 0 }]);
  });

  it("the active project's tabs are shown and the others hidden, as before", async () => {
    expect(await world.json("current")).toEqual({ project: "acme" });
    expect(await waitFor("the restored tabs", async () => {
      const state = await hidden();
      return Object.keys(state).length === 2 && state;
    })).toEqual({ "/acme": false, "/beta": true });
    await world.json("switch", "beta");
    expect(await hidden()).toEqual({ "/acme": true, "/beta": false });
  });
});

describe("after a crash that lost what localStorage had not written yet", () => {
  let world: World;
  let site: StorageSite;
  beforeAll(async () => {
    world = await World.make();
    site = await startStorageSite();
    await world.json("install", "--browser", "firefox");
  });
  afterAll(async () => {
    await world.end();
    await site.close();
  });

  it("the page has the newer value again, which the store had in time", async () => {
    let firefox = await world.firefox();
    await world.connected();
    const { acme = 0 } = await makeProjects(world, firefox, ["acme"]);
    const tab = await firefox.openTab(site.url("/plain"), { userContextId: acme });
    await firefox.evaluate(tab, `(localStorage.setItem("token", "older"), 1)`);
    const file = join(firefox.profile, "storage/default", `http+++localhost+${new URL(site.origin()).port}^userContextId=${acme}`, "ls/data.sqlite");
    const onDisk = async (): Promise<string> => (await readFile(file).catch(() => Buffer.alloc(0))).toString("latin1");
    await waitFor("Firefox to write the older value", async () => (await onDisk()).includes("older"), 30_000);
    await waitForStored(world, "acme", "the older value", (state) => JSON.stringify(state.origins).includes("older"));

    await firefox.evaluate(tab, `(localStorage.setItem("token", "newer"), 1)`);
    await waitForStored(world, "acme", "the newer value", (state) => JSON.stringify(state.origins).includes("newer"));
    firefox = await world.crash(firefox);
    await world.connected();

    const again = await firefox.openTab(site.url("/head"), { userContextId: acme });
    await waitFor("the newer value", async () => (await firefox.evaluate(again, "localStorage.token")) === "newer");
    expect(JSON.stringify((await stored(world, "acme")).origins)).toContain("newer");
  });
});
