import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Browser, BrowserContext } from "playwright-core";
import * as z from "zod/mini";
import { stead as library, type Stead } from "../../native-host/library/index.ts";
import { makeProjects } from "../e2e/support/projectTabs.ts";
import { type Stored, stored } from "../e2e/support/stored.ts";
import { World } from "../e2e/support/world.ts";
import type { Firefox } from "../support/firefox.ts";
import { startStorageSite, type StorageSite, type Told } from "../support/storageSite.ts";
import { waitFor } from "../support/waitFor.ts";
import { attachPlaywright } from "./attachPlaywright.ts";
import { cookiesEach, fill, hosts, isWhole, entriesEach } from "./fullOrigins.ts";
import { inTurn, median, milliseconds, quantile, ratioLine, time, timesLine } from "./sample.ts";

const restores = 3;
/** Pages opened at once by the eager way. */
const atOnce = 10;

/** Exact page times; a page may close itself; more cookies than Firefox keeps unless told. */
const prefs = { "privacy.reduceTimerPrecision": false, "dom.allow_scripts_to_close_windows": true, "network.cookie.maxNumber": 20_000 };

/**
 * Export and restore of 50 origins and 1,000 cookies: Stead's out of a project's container and into one, beside Playwright's out of a
 * context and into one, in the same running Firefox.
 */
export async function benchStates(): Promise<string[]> {
  const world = await World.make();
  const site = await startStorageSite();
  const stead = library.open({ env: world.env });
  let browser: Browser | undefined;
  try {
    await world.json("install", "--browser", "firefox");
    const firefox = await world.firefox({ prefs });
    await world.connected();
    await fillProject(world, firefox, site);
    const file = join(world.home, "stead.json");
    await stead.export("acme", file);
    // First: with Playwright attached, switching and opening failed with Firefox's own "Unexpected Error" (153, cause not found).
    const ours = await restoreWithStead(world, firefox, site, stead, file);
    browser = await attachPlaywright(firefox);
    const context = await browser.newContext();
    await fillContext(context, site);
    const exported = await benchExport(world, stead, context, file);
    await context.close();
    const theirs = await restoreWithPlaywright(browser, site, file);
    return [
      ...exported,
      timesLine("restore of the same, `stead import` to its answer, origins written when they are opened, beside Playwright's newContext({ storageState }) (p50)", median(ours.lazy), theirs),
      timesLine(`  until all 50 origins have been opened once, ${atOnce} at a time, and have everything`, median(ours.eager), theirs),
      ratioLine("  an origin's first load, to its first script, beside a load with nothing pending (p50)", median(ours.held), median(ours.free)),
      `    added at p50: ${milliseconds(median(ours.held) - median(ours.free))}; at p95: ${milliseconds(quantile(ours.held, 0.95) - quantile(ours.free, 0.95))}`,
    ];
  } finally {
    await browser?.close();
    await stead.close();
    await world.end();
    await site.close();
  }
}

async function fillProject(world: World, firefox: Firefox, site: StorageSite): Promise<void> {
  const { acme = 0 } = await makeProjects(world, firefox, ["acme"]);
  for (let begin = 0; begin < hosts.length; begin += atOnce) {
    const some = hosts.slice(begin, begin + atOnce);
    const tabs = await Promise.all(some.map(async (host) => {
      const tab = await firefox.openTab(site.url("/plain", host), { userContextId: acme });
      await firefox.evaluate(tab, fill(host));
      return tab;
    }));
    await waitFor("all of it in the store", async () => entries(await stored(world, "acme")) === (begin + some.length) * entriesEach, 60_000);
    for (const tab of tabs) await firefox.closeTab(tab);
  }
}

function entries({ cookies, origins = [] }: Stored): number {
  return origins.reduce((sum, { localStorage, databases }) => sum + localStorage.length + databases.reduce((inner, { records }) => inner + 1 + records.length, 0), cookies.length);
}

async function fillContext(context: BrowserContext, site: StorageSite): Promise<void> {
  const page = await context.newPage();
  for (const host of hosts) {
    await page.goto(site.url("/plain", host));
    await page.evaluate(fill(host));
  }
  await page.close();
}

async function benchExport(world: World, stead: Stead, context: BrowserContext, file: string): Promise<string[]> {
  const theirs = join(world.home, "playwright.json");
  const took = await inTurn(
    {
      command: () => world.json("export", "acme", "--format", "playwright", "--out", file),
      library: () => stead.export("acme", file),
      playwright: () => context.storageState({ path: theirs, indexedDB: true }),
    },
    5,
  );
  const [ours, others] = [plain(await readFile(file, "utf8")), plain(await readFile(theirs, "utf8"))];
  if (!isDeepStrictEqual(ours, others)) throw new Error("Stead and Playwright did not export the same state.");
  const base = median(took.playwright);
  return [
    timesLine("export of 50 origins and 1,000 cookies, `stead export`, beside Playwright's storageState({ indexedDB: true }) in the same Firefox (p50)", median(took.command), base, "50"),
    timesLine("  by the library, without the start of a process", median(took.library), base, "50"),
  ];
}

/** Milliseconds of each: imports to their answer; imports with all origins opened; first scripts of origins held and not held. */
type Restores = Record<"lazy" | "eager" | "held" | "free", number[]>;

async function restoreWithStead(world: World, firefox: Firefox, site: StorageSite, stead: Stead, file: string): Promise<Restores> {
  const took: Restores = { lazy: [], eager: [], held: [], free: [] };
  await makeProjects(world, firefox, ["idle"]);
  for (let round = 0; round < restores; round++) {
    await inEmptyProject(world, firefox, `lazy${round}`, async (project) => {
      took.lazy.push(await time(() => world.json("import", project, file)));
      for (const [index, host] of hosts.entries()) {
        // Either first by turns, so that neither finds the other's warmth.
        for (const held of index % 2 === 0 ? [true, false] : [false, true]) {
          const told = await open(stead, site, held ? project : "idle", host);
          if (held !== isWhole(host, told)) throw new Error(`${host} found ${held ? "not all of" : "something of"} the state.`);
          (held ? took.held : took.free).push(told.firstScriptMs);
        }
      }
    });
    await inEmptyProject(world, firefox, `eager${round}`, async (project) => {
      took.eager.push(await time(async () => {
        await world.json("import", project, file);
        for (let begin = 0; begin < hosts.length; begin += atOnce) {
          await Promise.all(hosts.slice(begin, begin + atOnce).map(async (host) => {
            if (!isWhole(host, await open(stead, site, project, host))) throw new Error(`${host} found not all of the state.`);
          }));
        }
      }));
    });
  }
  return took;
}

/** Milliseconds at the median. */
async function restoreWithPlaywright(browser: Browser, site: StorageSite, file: string): Promise<number> {
  const took: number[] = [];
  for (let round = 0; round < restores; round++) {
    const begin = performance.now();
    const context = await browser.newContext({ storageState: file });
    took.push(performance.now() - begin);
    await expectWhole(context, site);
    await context.close();
  }
  return median(took);
}

/** Makes a project with an empty container; removes it afterwards, its tabs with it. */
async function inEmptyProject(world: World, firefox: Firefox, project: string, work: (project: string) => Promise<void>): Promise<void> {
  await makeProjects(world, firefox, [project]);
  await work(project);
  await world.json("project", "remove", project, "--yes");
}

/** What the first script of a page found that was opened in the project, and closed again. */
async function open(stead: Stead, site: StorageSite, project: string, host: string): Promise<Told> {
  const before = site.told.length;
  await stead.openUrl(site.url("/tell?close", host), { project });
  return waitFor(`${host} to be opened in ${project}`, () => site.told.slice(before).find(({ origin }) => origin === site.origin(host)), 30_000);
}

async function expectWhole(context: BrowserContext, site: StorageSite): Promise<void> {
  const page = await context.newPage();
  for (const host of hosts) {
    const before = site.told.length;
    await page.goto(site.url("/tell", host));
    const told = await waitFor(`${host} to be opened by Playwright`, () => site.told[before]);
    if (!isWhole(host, told)) throw new Error(`Playwright did not restore all of ${host}.`);
  }
  await page.close();
}

const State = z.object({
  cookies: z.array(z.object({ name: z.string(), value: z.string(), domain: z.string() })),
  origins: z.array(z.object({
    origin: z.string(),
    localStorage: z.array(z.object({ name: z.string(), value: z.string() })),
    indexedDB: z.array(z.object({ name: z.string(), version: z.number(), stores: z.array(z.object({ name: z.string(), records: z.array(z.object({ key: z.string(), value: z.unknown() })) })) })),
  })),
});

/** The content of a storage state, in one order. */
function plain(text: string): unknown {
  const { cookies, origins } = State.parse(JSON.parse(text));
  if (cookies.length !== hosts.length * cookiesEach || origins.length !== hosts.length) throw new Error(`${cookies.length} cookies and ${origins.length} origins were exported.`);
  const sorted = <T>(list: readonly T[]): T[] => [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  return { cookies: sorted(cookies), origins: sorted(origins.map((one) => ({ ...one, localStorage: sorted(one.localStorage) }))) };
}
