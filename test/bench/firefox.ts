import { execFileSync } from "node:child_process";
import { homeFrom } from "../../native-host/home.ts";
import { openStore } from "../../native-host/store/openStore.ts";
import { containerOf, World } from "../e2e/support/world.ts";
import { startLoginSite } from "../support/loginSite.ts";
import { inTurn, median, milliseconds, quantile, ratioLine } from "./sample.ts";

/** The command line beside a bare node, and a cookie's way from a page to its committed row, with a real Firefox. */
export async function benchFirefox(): Promise<string[]> {
  const world = await World.make();
  const site = await startLoginSite();
  try {
    await world.json("install", "--browser", "firefox");
    const firefox = await world.firefox();
    await world.connected();
    for (const name of ["acme", "beta"]) {
      await world.json("project", "add", name);
      await world.json("switch", name);
      for (let tab = 0; tab < 5; tab++) await firefox.openTab(site.url("/"), { userContextId: await containerOf(firefox, name) });
    }

    const stead = (...args: string[]) => () => execFileSync(process.execPath, ["dist/native-host/stead.js", ...args], { env: world.env, stdio: "ignore" });
    let turn = 0;
    const cli = await inTurn(
      {
        bare: () => execFileSync(process.execPath, ["-e", "0"], { env: world.env, stdio: "ignore" }),
        version: stead("--version"),
        current: stead("current"),
        switch: () => stead("switch", turn++ % 2 === 0 ? "acme" : "beta")(),
        list: stead("list"),
      },
      40,
    );

    const store = await openStore({ home: homeFrom(world.env), env: world.env });
    const page = await firefox.openTab(site.url("/"), { userContextId: await containerOf(firefox, "acme") });
    const delays: number[] = [];
    for (let round = 0; round < 60; round++) {
      const before = store.revision();
      const begin = Number(await firefox.evaluate(page, `(() => { document.cookie = "bench=${round}"; return Date.now(); })()`));
      while (store.revision() === before) await new Promise((done) => setTimeout(done, 1));
      delays.push(Date.now() - begin);
    }
    store.close();
    const bare = median(cli.bare);
    return [
      ratioLine("stead --version beside node -e 0 (p50)", median(cli.version), bare, "under 1.5 ×"),
      ratioLine("stead current beside node -e 0 (p50)", median(cli.current), bare),
      ratioLine("stead switch, start to acknowledged by Firefox, 10 tabs, beside node -e 0 (p50)", median(cli.switch), bare),
      ratioLine("stead list beside node -e 0 (p50)", median(cli.list), bare),
      `a cookie's change in a page to its committed row: p50 ${milliseconds(median(delays))}, p95 ${milliseconds(quantile(delays, 0.95))}; aim 250 ms at p95`,
    ];
  } finally {
    await world.end();
    await site.close();
  }
}
