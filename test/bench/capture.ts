import * as z from "zod/mini";
import { homeFrom } from "../../native-host/home.ts";
import { openStore } from "../../native-host/store/openStore.ts";
import type { Store } from "../../native-host/store/types.ts";
import { makeProjects } from "../e2e/support/projectTabs.ts";
import { World } from "../e2e/support/world.ts";
import type { Firefox } from "../support/firefox.ts";
import { startStorageSite } from "../support/storageSite.ts";
import { waitFor } from "../support/waitFor.ts";
import { copyToHost } from "./copyToHost.ts";
import { processTime } from "./processTime.ts";
import { median, milliseconds, quantile } from "./sample.ts";

/** How long a page is left alone while its process's time is counted, in seconds. */
const restSeconds = 10;
const writes = 20;

/** What a page holds, and how many items it comes to. */
interface Holding {
  what: string;
  items: number;
  /** In the page: makes it. */
  make: string;
  /** In the page: changes one item of a few characters to `value`, and answers when it had begun. */
  change: (value: string) => string;
}

const keys = (count: number, characters: number): string =>
  `(() => { for (let index = 0; index < ${count}; index++) localStorage.setItem("key" + index, "x".repeat(${characters})); localStorage.setItem("changing", "0"); return true; })()`;
const changeKey = (value: string): string => `(() => { const begin = Date.now(); localStorage.setItem("changing", "${value}"); return begin; })()`;

const inDatabase = (work: string, answer: string): string => `new Promise((done, fail) => {
  const begin = Date.now();
  const open = indexedDB.open("db", 1);
  open.onupgradeneeded = () => open.result.createObjectStore("s");
  open.onerror = () => fail(open.error);
  open.onsuccess = () => {
    const transaction = open.result.transaction("s", "readwrite");
    const store = transaction.objectStore("s");
    ${work};
    transaction.oncomplete = () => { open.result.close(); done(${answer}); };
  };
})`;

const holdings: readonly Holding[] = [
  { what: "1 key", items: 1, make: keys(0, 0), change: changeKey },
  { what: "1,000 keys of 100 characters", items: 1001, make: keys(1000, 100), change: changeKey },
  { what: "5 MB in 1,000 keys", items: 1001, make: keys(1000, 5000), change: changeKey },
  {
    what: "1,000 records",
    items: 1002,
    make: inDatabase(`for (let index = 0; index < 1000; index++) store.put({ id: index, name: "x".repeat(100) }, index); store.put("0", "changing")`, "true"),
    change: (value) => inDatabase(`store.put("${value}", "changing")`, "begin"),
  },
];

/**
 * What it costs a page that its storage is looked at, and how soon a change is in the store: a page in front, left alone, in a project
 * and in none, and then changed at moments that have nothing to do with the last look.
 */
export async function benchCapture(): Promise<string[]> {
  const world = await World.make();
  const site = await startStorageSite();
  let store: Store | undefined;
  try {
    await world.json("install", "--browser", "firefox");
    const sentSoFar = await copyToHost(world);
    const firefox = await world.firefox();
    await world.connected();
    const { acme = 0 } = await makeProjects(world, firefox, ["acme"]);
    store = await openStore({ home: homeFrom(world.env), env: world.env });
    const lines: string[] = [];
    for (const [index, holding] of holdings.entries()) {
      const url = site.url("/plain", `127.0.0.${index + 1}`);
      const outside = await restIn(firefox, await openWith(firefox, url, 0, holding), true);
      const before = items(store);
      const tab = await openWith(firefox, url, acme, holding);
      await waitFor(`${holding.what} in the store`, () => store && items(store) === before + holding.items, 60_000);
      const inside = await restIn(firefox, tab, false);
      const { delays, sent } = await changes(firefox, tab, store, holding, sentSoFar);
      await firefox.closeTab(tab);
      lines.push(
        `a page with ${holding.what}: ${percent(inside)} of a core, in no project ${percent(outside)}; ` +
          `a change to its committed row p50 ${milliseconds(median(delays))}, p95 ${milliseconds(quantile(delays, 0.95))} (aim 2 s); ` +
          `all that Firefox sent its host meanwhile: ${sent.toFixed(0)} bytes for each change`,
      );
    }
    return lines;
  } finally {
    store?.close();
    await world.end();
    await site.close();
  }
}

async function openWith(firefox: Firefox, url: string, userContextId: number, { make }: Holding): Promise<string> {
  const tab = await firefox.openTab(url, { userContextId, front: true });
  await firefox.evaluate(tab, make);
  return tab;
}

/** The share of a core that the page's process uses while nothing happens in it. */
async function restIn(firefox: Firefox, tab: string, close: boolean): Promise<number> {
  const pid = z.number().parse(await firefox.onTab(tab, "tab.linkedBrowser.frameLoader.remoteTab.osPid"));
  // What the start of the page left to be done.
  await pause(3);
  const before = processTime(pid);
  await pause(restSeconds);
  const used = processTime(pid) - before;
  if (close) await firefox.closeTab(tab);
  return used / restSeconds;
}

async function changes(firefox: Firefox, tab: string, store: Store, { change }: Holding, sentSoFar: () => Promise<number>): Promise<{ delays: number[]; sent: number }> {
  const delays: number[] = [];
  const sentBefore = await sentSoFar();
  for (let round = 1; round <= writes; round++) {
    // The last row came with a look: the next change comes anywhere between two.
    await pause(((round * 7) % writes) / writes * 2);
    const before = store.revision();
    const begin = z.number().parse(await firefox.evaluate(tab, change(String(round))));
    while (store.revision() === before) await pause(0.002);
    delays.push(Date.now() - begin);
  }
  return { delays, sent: ((await sentSoFar()) - sentBefore) / writes };
}

function items(store: Store): number {
  return store.registry().projects.reduce((sum, { id }) => sum + store.unaudited.entries(id).length, 0);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function pause(seconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, seconds * 1000));
}
