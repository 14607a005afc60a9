import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod/mini";
import { homeFrom } from "../../native-host/home.ts";
import { openStore } from "../../native-host/store/openStore.ts";
import { World } from "../e2e/support/world.ts";
import { type Firefox, launchFirefox } from "../support/firefox.ts";
import { waitFor } from "../support/waitFor.ts";
import { median, milliseconds, quantile, ratioLine } from "./sample.ts";

const rounds = 200;
const ruleCount = 1000;

/** The default of 1 ms would hide what is measured. */
const exactClock = { "privacy.reduceTimerPrecision": false };

/**
 * From the start of a navigation to the first byte of its answer, for a page that no rule names: in a Firefox with Stead
 * and 1,000 rules, in one whose only add-on has a blocking listener that does nothing, and in one without add-ons. All
 * three run at once and navigate in turn.
 */
export async function benchNavigation(): Promise<string[]> {
  const pages = createServer((_request, response) => response.setHeader("content-type", "text/html").end("<!doctype html><title>page</title>"));
  await new Promise<void>((done) => pages.listen(0, "127.0.0.1", done));
  const { port } = pages.address() as AddressInfo;
  const world = await World.make();
  const folder = await mkdtemp(join(tmpdir(), "stead-bench-"));
  const others: Firefox[] = [];
  try {
    const stead = await startWithRules(world);
    others.push(await launchFirefox({ prefs: exactClock, extension: await idleListener(folder), extensionId: "idle@stead" }));
    others.push(await launchFirefox({ prefs: exactClock }));
    const [listening, bare] = others;
    if (!listening || !bare) throw new Error("Firefox did not start.");

    const candidates = { stead, listening, bare };
    const names = ["stead", "listening", "bare"] as const;
    const tabs = { stead: await stead.openTab("about:blank"), listening: await listening.openTab("about:blank"), bare: await bare.openTab("about:blank") };
    const samples: Record<(typeof names)[number], number[]> = { stead: [], listening: [], bare: [] };
    for (let round = -20; round < rounds; round++) {
      for (let turn = 0; turn < names.length; turn++) {
        const name = names[(round + 20 + turn) % names.length] ?? "bare";
        const took = await navigate(candidates[name], tabs[name], `http://site${Math.abs(round)}.localhost:${port}/page?${round}`);
        if (round >= 0) samples[name].push(took);
      }
    }
    const p50 = (name: keyof typeof samples): number => median(samples[name]);
    const p95 = (name: keyof typeof samples): number => quantile(samples[name], 0.95);
    return [
      ratioLine(`an unassigned page, to its first byte, ${ruleCount} rules, beside a listener that does nothing (p50)`, p50("stead"), p50("listening"), "at most 1.2 ×"),
      ratioLine("  the same at p95", p95("stead"), p95("listening")),
      ratioLine("  beside no add-on at all (p50)", p50("stead"), p50("bare")),
      `  added by Stead at p50: ${milliseconds(p50("stead") - p50("bare"))}; by the listener that does nothing: ${milliseconds(p50("listening") - p50("bare"))}`,
    ];
  } finally {
    for (const firefox of others) await firefox.close();
    await world.end();
    pages.closeAllConnections();
    await new Promise((done) => pages.close(done));
    await rm(folder, { recursive: true, force: true });
  }
}

/** A Firefox whose Stead has taken every rule in. */
async function startWithRules(world: World): Promise<Firefox> {
  await world.json("install", "--browser", "firefox");
  await world.json("project", "add", "acme");
  const store = await openStore({ home: homeFrom(world.env), env: world.env });
  const project = store.registry().projects[0]?.id ?? "";
  const put = Array.from({ length: ruleCount }, (_, index) => ({ id: randomUUID(), project, pattern: pattern(index), ask: false }));
  store.changeRules({ put, remove: [] });
  store.close();
  const firefox = await world.firefox({ prefs: exactClock });
  await world.connected();
  await waitFor("the rules to be in the extension", async () => {
    const stored = z.record(z.string(), z.unknown()).parse(await firefox.extension("browser.storage.local.get()"));
    return Object.entries(stored).reduce((sum, [key, shelf]) => sum + (key.startsWith("rules:") && Array.isArray(shelf) ? shelf.length : 0), 0) === ruleCount;
  });
  return firefox;
}

function pattern(index: number): string {
  const kinds = [`*.wide${index}.example`, `github.com/org${index}`, `localhost:${20_000 + index}`, `app${index}.example/team`];
  return kinds[index % kinds.length] ?? "";
}

/** What the issue of navigation delay is measured against: the least that any add-on with a blocking listener costs. */
async function idleListener(folder: string): Promise<string> {
  await writeFile(
    join(folder, "manifest.json"),
    JSON.stringify({
      manifest_version: 3,
      name: "A listener that does nothing",
      version: "1",
      browser_specific_settings: { gecko: { id: "idle@stead" } },
      permissions: ["webRequest", "webRequestBlocking"],
      host_permissions: ["<all_urls>"],
      background: { scripts: ["background.js"] },
    }),
  );
  await writeFile(
    join(folder, "background.js"),
    'browser.webRequest.onBeforeRequest.addListener(() => {}, { urls: ["<all_urls>"], types: ["main_frame"] }, ["blocking"]);\n' +
      // As Stead's port to its host does, this keeps the page from being put to sleep in the middle.
      "setInterval(() => browser.runtime.getPlatformInfo(), 5000);\n",
  );
  return folder;
}

/** Milliseconds from the navigation's start to the first byte of the answer. */
async function navigate(firefox: Firefox, context: string, url: string): Promise<number> {
  await firefox.session.send("browsingContext.navigate", { context, url, wait: "complete" });
  return z.number().parse(await firefox.evaluate(context, 'performance.getEntriesByType("navigation")[0].responseStart'));
}
