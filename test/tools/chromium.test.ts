import { type Browser, type BrowserContextOptions, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formats } from "../../shared/formats/index.ts";
import type { Cookie } from "../../shared/models.ts";
import { chromiumOptions } from "./chromium.ts";
import { type Echo, startEcho } from "./echoServer.ts";
import { expectedPairs, jar, pairs, requests, valueJar, valuePairs } from "./jar.ts";

const secureLocal: Cookie = { name: "p", value: "of-p", domain: "localhost", path: "/", secure: true, httpOnly: true, sameSite: "no_restriction" };

let echo: Echo;
let browser: Browser;
beforeAll(async () => {
  echo = await startEcho();
  browser = await chromium.launch({
    ...chromiumOptions,
    args: [...chromiumOptions.args, "--host-resolver-rules=MAP *.test 127.0.0.1, MAP *.github.io 127.0.0.1"],
  });
});
afterAll(async () => {
  await browser.close();
  await echo.close();
});

/** The storage state as a script would take it from the file. */
function storageState(cookies: readonly Cookie[]): NonNullable<Exclude<BrowserContextOptions["storageState"], string>> {
  const { document } = formats.playwright.write({ cookies, origins: [] }, { now: Date.now(), project: "acme" });
  return JSON.parse(document) as NonNullable<Exclude<BrowserContextOptions["storageState"], string>>;
}

async function sent(cookies: readonly Cookie[], url: string): Promise<string> {
  const context = await browser.newContext({ storageState: storageState(cookies) });
  try {
    const page = await context.newPage();
    const response = await page.goto(url);
    return (await response?.body())?.toString() ?? "";
  } finally {
    await context.close();
  }
}

describe("a storage state in real Chromium, by real Playwright", () => {
  it.each(requests)("sends exactly $names to $host at $path", async ({ host, path, names }) => {
    expect(pairs(await sent(jar, `http://${host}:${echo.port}${path}`))).toEqual(expectedPairs(names));
  });

  it("sends Secure cookies to localhost", async () => {
    expect(pairs(await sent(jar, `http://localhost:${echo.port}/`))).toEqual(expectedPairs(["local", "localtls"]));
  });

  it("carries every value bit for bit", async () => {
    expect(pairs(await sent(valueJar, `http://localhost:${echo.port}/`))).toEqual(valuePairs.toSorted());
  });

  it("comes back as it was, but for a SameSite that was not said", async () => {
    const context = await browser.newContext({ storageState: storageState([...jar, secureLocal]) });
    const back = formats.playwright.read(JSON.stringify(await context.storageState()), { now: Date.now() });
    await context.close();
    const live = [...jar, secureLocal].filter(({ name }) => name !== "gone");
    const byName = (a: Cookie, b: Cookie) => (a.name < b.name ? -1 : 1);
    expect(back).toMatchObject({ repaired: [], dropped: [] });
    expect(back.cookies.toSorted(byName)).toEqual(
      live.map((cookie) => ({ ...cookie, sameSite: cookie.sameSite === "unspecified" ? "lax" : cookie.sameSite })).toSorted(byName),
    );
  });

  it("keeps a partitioned cookie in its partition", async () => {
    const partitioned = { ...secureLocal, partitionKey: { topLevelSite: "http://127.0.0.1", hasCrossSiteAncestor: true } };
    const framed = async (top: string, path: string) => {
      const context = await browser.newContext({ storageState: storageState([partitioned]) });
      const page = await context.newPage();
      await page.goto(`http://${top}:${echo.port}/frame?${encodeURIComponent(`http://localhost:${echo.port}${path}`)}`, { waitUntil: "load" });
      await context.close();
      return echo.received(path);
    };
    expect(await framed("127.0.0.1", "/within")).toEqual(["p=of-p"]);
    expect(await framed("app.acme.test", "/elsewhere")).toEqual([null]);
  });

  it("is taken whole where any one cookie left out would have made Playwright refuse all of it", async () => {
    const bad: Partial<Cookie>[] = [
      { name: "__Host-x" }, { name: "__sEcUrE-x" }, { name: "__Http-x", secure: true }, { value: "a\tb" }, { value: "a;b" }, { value: "\u007f" }, { name: "a=b" },
      { value: " a" }, { value: "x".repeat(4096) }, { path: "x" }, { path: `/${"p".repeat(1024)}` }, { name: "", value: "" }, { name: "", value: "a=b" },
      { partitionKey: { topLevelSite: "https://top.test" } }, { secure: true, partitionKey: { topLevelSite: "top.test" } },
    ];
    const good: Cookie = { name: "n", value: "v", domain: "app.acme.test", path: "/", secure: false, httpOnly: false, sameSite: "unspecified" };
    for (const more of bad) {
      const cookie = { name: "n", value: "v", domain: "app.acme.test", path: "/", ...more, partitionKey: more.partitionKey?.topLevelSite, expires: -1, httpOnly: false, secure: more.secure ?? false, sameSite: "Lax" as const };
      const { partitionKey, ...plain } = cookie;
      const given = partitionKey === undefined ? plain : { ...plain, partitionKey };
      await expect(browser.newContext({ storageState: { cookies: [given], origins: [] } }), JSON.stringify(more).slice(0, 80)).rejects.toThrow();
    }
    const cookies = bad.map((more) => ({ ...good, ...more }));
    expect(storageState([...cookies, good]).cookies).toHaveLength(1);
    expect(await sent([...cookies, good], `http://app.acme.test:${echo.port}/`)).toBe("n=v");
  });

  it("takes the last expiry there is", async () => {
    expect(await sent([{ ...secureLocal, expires: 1e15 }], `http://localhost:${echo.port}/`)).toBe("p=of-p");
  });
});
